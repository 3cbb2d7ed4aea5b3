"""Refused events: mending them, sending them again, putting them aside."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from yutang.events.collecting.accept import Arrival, accept, digest_of
from yutang.events.collecting.bodies import MAX_BODY_BYTES, Delivery, named, parse, read_batch, read_call
from yutang.events.collecting.messages import Reading
from yutang.events.collecting.refusals import Refused
from yutang.events.collecting.sources import sender_from
from yutang.events.errors import AlreadySettled, NotReplayable, StillRefused
from yutang.events.models import FailedEvent, FailedState
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput, DomainError
from yutang.kernel.language import Text

BATCH_CALL = "batch"
MANY = 2_000  # in one call


@transaction.atomic
def edit_body(failed: FailedEvent, body: str, *, by: Actor) -> FailedEvent:
    """Mend what was sent. It is not sent yet. Raises AlreadySettled, NotReplayable, BadInput."""
    row = _lock(failed)
    if len(body.encode()) > MAX_BODY_BYTES:
        raise BadInput(Text("内容太大。", "This is too big."), fields={"body": "too_large"})
    try:
        parse(body.encode())
    except Refused as refused:
        raise BadInput(refused.said, fields={"body": refused.said.here()}) from None
    row.body, row.digest, row.is_edited = body, digest_of(body.encode()), True
    if FailedEvent.objects.filter(source=row.source_id, digest=row.digest).exclude(pk=row.pk).exists():
        problem = Text("已有一条内容相同的记录。", "There is one with the same content already.")
        raise BadInput(problem, fields={"body": "duplicate"})
    row.save(update_fields=["body", "digest", "is_edited"])
    audit("failed_event.edited", by=by, subject_kind="failed_event", subject_id=row.pk)
    return row


def replay(failed: FailedEvent, *, by: Actor) -> FailedEvent:
    """Send it again, as of when it first came, under the id it had. Raises StillRefused, and what `edit_body` raises.

    It is written under that id before it is marked as replayed: whatever dies in between, a second try counts once.
    """
    row = FailedEvent.objects.select_related("source").get(pk=failed.pk)
    _refuse_settled(row)
    accept(Arrival(sender_from(row.source), clock.now(), delivery_of(row)))
    with transaction.atomic():
        _settle([row.pk], FailedState.REPLAYED, by)
        audit("failed_event.replayed", by=by, subject_kind="failed_event", subject_id=row.pk, reason=row.reason)
    row.refresh_from_db()
    return row


def delivery_of(row: FailedEvent) -> Delivery:
    """Its messages, if all of them can be accepted now. Raises StillRefused."""
    sender = sender_from(row.source)
    try:
        raw = parse(row.body.encode())
        reading = Reading(
            received_at=row.received_at, consent_category=sender.consent_category, declared=sender.declared
        )
        if isinstance(raw, dict) and "batch" in raw:
            delivery = read_batch(raw, reading)
        else:
            if isinstance(raw, dict):
                named(raw)
            call = row.call if row.call not in ("", BATCH_CALL) else None
            told = raw.get("type") if isinstance(raw, dict) else None
            delivery = read_call(raw, reading, str(told or call or ""), len(row.body.encode()))
    except Refused as refused:
        raise StillRefused(problem=refused.said) from None
    if delivery.failures:
        raise StillRefused(problem=delivery.failures[0].refused.said)
    return delivery


def replay_many(rows: QuerySet[FailedEvent], *, by: Actor) -> tuple[int, int]:
    """The oldest first, so that what was told in order stays so. Returns how many were sent, and how many not."""
    sent = refused = 0
    for row in rows.filter(state=FailedState.WAITING).order_by("received_at", "pk")[:MANY]:
        try:
            replay(row, by=by)
            sent += 1
        except DomainError:
            refused += 1
    audit("failed_event.replayed_many", by=by, subject_kind="failed_event", sent=sent, refused=refused)
    return sent, refused


@transaction.atomic
def discard_many(rows: QuerySet[FailedEvent], *, by: Actor) -> int:
    """Put aside what nobody will mend. It stays to be seen."""
    pks = list(rows.filter(state=FailedState.WAITING).order_by("pk").values_list("pk", flat=True)[:MANY])
    done = _settle(pks, FailedState.DISCARDED, by)
    audit("failed_event.discarded", by=by, subject_kind="failed_event", count=done, ids=pks[:50])
    return done


def _settle(pks: Sequence[int], state: FailedState, by: Actor) -> int:
    waiting = FailedEvent.objects.filter(pk__in=pks, state=FailedState.WAITING)
    return waiting.update(state=state, settled_at=clock.now(), settled_by=by.name[:200])


def _lock(failed: FailedEvent) -> FailedEvent:
    row = FailedEvent.objects.select_for_update().get(pk=failed.pk)
    _refuse_settled(row)
    return row


def _refuse_settled(row: FailedEvent) -> None:
    if row.state != FailedState.WAITING:
        raise AlreadySettled
    if not row.is_whole:
        raise NotReplayable
