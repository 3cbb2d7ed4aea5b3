"""What happened in a sync, and how two syncs keep out of each other's way."""

from dataclasses import dataclass

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.facts import Fact, announce
from yutang.organization.events import AddressBookChanged
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
        announce(address_book_fact(action, sum(counts.values()), corp_id=corp.pk))


def address_book_fact(what: str, members: int, *, corp_id: int | None = None) -> Fact:
    now = clock.now()
    key = f"address_book.changed:{what}:{corp_id or 0}:{now.isoformat()}"
    return Fact(event=AddressBookChanged(what=what, members=members), key=key, at=now, corp_id=corp_id)
