"""What happened in a sync, and how two syncs keep out of each other's way."""

from dataclasses import dataclass

from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.organization.models import Corp

BATCH = 500


@dataclass
class Changes:
    created: int = 0
    changed: int = 0
    gone: int = 0


def one_at_a_time(corp: Corp) -> None:
    """Hold the corp till the transaction ends: two syncs at once would each add what the other adds."""
    Corp.objects.select_for_update().get(pk=corp.pk)


def tell(action: str, corp: Corp, changes: Changes, by: Actor) -> None:
    if changes != Changes():
        counts = {"created": changes.created, "changed": changes.changed, "gone": changes.gone}
        audit(action, by=by, subject_kind="corp", subject_id=corp.pk, **counts)
