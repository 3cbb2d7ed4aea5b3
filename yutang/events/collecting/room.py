"""How many refused events are kept, and how long: whoever sends nonsense must not fill the disk."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from yutang.events.models import EventSource, FailedEvent, FailedState
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.kernel.audit import audit

LOOK_AFTER = 500  # refusals of a source, in one process
AT_ONCE = 1_000

_taken: Counter[int] = Counter()  # source → refusals since its room was last looked at


def taken(source_id: int, rows: int) -> None:
    """Called where refusals are written. Now and then it makes room, so that no source outgrows its share by much."""
    _taken[source_id] += rows
    if _taken[source_id] >= LOOK_AFTER:
        _taken[source_id] = 0
        make_room(source_id)


def make_room(source_id: int) -> int:
    """Drop what a source has beyond its share: what was dealt with first, then what waits; the oldest first."""
    of_source = FailedEvent.objects.filter(source=source_id)
    beyond = of_source.count() - settings.FAILED_EVENTS_KEPT
    if beyond <= 0:
        return 0
    oldest = of_source.order_by("last_at", "pk").values_list("pk", flat=True)
    settled = list(oldest.exclude(state=FailedState.WAITING)[:beyond])
    waiting = list(oldest.filter(state=FailedState.WAITING)[: beyond - len(settled)])
    return _drop(settled + waiting, source_id, "failed_event.dropped", waiting=len(waiting))


def forget_old() -> int:
    """Drop what has not come again for longer than the operator keeps it, and what is beyond a source's share."""
    before = clock.now() - timedelta(days=settings.FAILED_EVENT_DAYS)
    dropped = 0
    for source_id in EventSource.objects.order_by("pk").values_list("pk", flat=True):
        old = FailedEvent.objects.filter(source=source_id, last_at__lt=before)
        waiting = old.filter(state=FailedState.WAITING).count()
        dropped += _drop(list(old.values_list("pk", flat=True)), source_id, "failed_event.expired", waiting=waiting)
        dropped += make_room(source_id)
    return dropped


@transaction.atomic
def _drop(pks: list[int], source_id: int, action: str, *, waiting: int) -> int:
    """Says how many are gone. That they went is on record: nothing refused vanishes in silence."""
    for start in range(0, len(pks), AT_ONCE):
        FailedEvent.objects.filter(pk__in=pks[start : start + AT_ONCE]).delete()
    if pks:
        told = {"count": len(pks), "waiting": waiting}
        audit(action, by=SYSTEM, subject_kind="event_source", subject_id=source_id, **told)
    return len(pks)
