"""Values that say nothing about who somebody is: a store's shared phone, a marketplace's stand-in number."""

from django.db import transaction

from yutang.customers.errors import NothingToGoBy
from yutang.customers.identity import masked, normal
from yutang.customers.models import BlockedIdentity, Identity
from yutang.customers.services.resolve import end_identity
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.plain_text import one_line


@transaction.atomic
def block(kind: str, value: str, *, reason: str, by: Actor) -> BlockedIdentity:
    """Nobody is known by this value any more. Merges it led to stay until they are undone. Raises NothingToGoBy."""
    written = normal(kind, value)
    if written is None:
        raise NothingToGoBy(fields={"value": "malformed_or_stand_in"})
    now = clock.now()
    row, is_new = BlockedIdentity.objects.get_or_create(
        kind=kind, value=written, defaults={"reason": one_line(reason, 200), "created_at": now}
    )
    if is_new:
        for edge in Identity.objects.filter(kind=kind, value=written, ended_at=None):
            end_identity(edge, reason="blocked", at=now)
        said = masked(kind, written)
        audit("identity.blocked", by=by, subject_kind="blocked_identity", subject_id=row.pk, kind=kind, value=said)
    return row


@transaction.atomic
def unblock(row: BlockedIdentity, *, by: Actor) -> None:
    """From now on the value identifies again; what it identified before stays ended."""
    said = masked(row.kind, row.value)
    audit("identity.unblocked", by=by, subject_kind="blocked_identity", subject_id=row.pk, kind=row.kind, value=said)
    row.delete()
