"""How the log forgets a customer: what was written about them goes, that something happened stays for the sums."""

from collections.abc import Sequence
from typing import Any

from yutang.customers.forgetting import forgets, tells
from yutang.customers.models import Identity
from yutang.events.collecting.visiting import next_turn
from yutang.events.models import Event, EventSource, FailedEvent, Introduction, Quarantine, Visitor
from yutang.kernel import clock

_BATCH = 1_000
_FORGOTTEN = "erased:"


@forgets("events")
def forget(record_ids: Sequence[int]) -> int:
    """Words go from the props; numbers and yes or no, which reports add up, stay. Gives back how many were blanked."""
    blanked: list[Event] = []
    for event in Event.objects.filter(customer__in=record_ids).only("pk", "props").iterator(_BATCH):
        kept = {name: value for name, value in event.props.items() if isinstance(value, int | float)}
        if kept != event.props:
            event.props = kept
            blanked.append(event)
    Event.objects.bulk_update(blanked, ["props"], batch_size=300)
    quarantined = Quarantine.objects.filter(content__customer_id__in=list(record_ids))
    return len(blanked) + quarantined.update(content={})


@forgets("visitors")
def forget_visitors(record_ids: Sequence[int]) -> int:
    """The ids sources gave the person end and are blanked; whoever comes under them later is somebody new."""
    turn, now = next_turn(), clock.now()
    visitors = list(Visitor.objects.select_for_update().filter(customer__in=record_ids))
    for visitor in visitors:
        visitor.value = f"{_FORGOTTEN}{visitor.pk}"
        visitor.ended_at, visitor.turn = visitor.ended_at or now, turn
    Visitor.objects.bulk_update(visitors, ["value", "ended_at", "turn"], batch_size=300)
    Introduction.objects.filter(visitor__in=visitors).delete()
    return len(visitors)


@forgets("failed_events")
def forget_failed(record_ids: Sequence[int]) -> int:
    """What was refused and names one of the person's ids is blanked. Asked of each id, while ids can still be read."""
    blanked = 0
    values = set(Identity.objects.filter(customer__in=record_ids).values_list("value", flat=True))
    values |= set(Visitor.objects.filter(customer__in=record_ids).values_list("value", flat=True))
    for value in values:
        told = {value, value.removeprefix("+86")}
        for each in told:
            if len(each) >= 3:  # shorter ones would blank what is others'
                naming = FailedEvent.objects.filter(body__contains=f'"{each}"')
                blanked += naming.update(body="", is_whole=False, message_id="")
    return blanked


@tells("events")
def tell(record_ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = Event.objects.filter(customer__in=record_ids).order_by("at", "pk")
    return [dict(row) for row in rows.values("name", "at", "source", "props")]


@tells("visitors")
def tell_visitors(record_ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = Visitor.objects.filter(customer__in=record_ids).order_by("since", "pk")
    names = dict(EventSource.objects.values_list("issuer", "name"))
    return [
        {**row, "source": names.get(str(row["issuer"]), "")}
        for row in rows.values("issuer", "kind", "value", "since", "ended_at")
    ]
