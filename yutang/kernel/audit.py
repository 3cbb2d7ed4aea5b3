"""The audit trail: written by services in the transaction of the change it tells of."""

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.models import AuditEntry


def audit(action: str, *, by: Actor, subject_kind: str, subject_id: object = "", **detail: object) -> AuditEntry:
    """Add one line. `action` is `subject.verb_in_the_past`; `detail` is JSON without secrets or phone numbers."""
    return AuditEntry.objects.create(
        at=clock.now(),
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name[:200],
        ip=by.ip[:64],
        action=action,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        detail=detail,
    )
