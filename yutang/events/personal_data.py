"""How the log forgets a customer: what was written about them goes, that something happened stays for the sums."""

from collections.abc import Sequence
from typing import Any

from yutang.customers.forgetting import forgets, tells
from yutang.events.models import Event, Quarantine

_BATCH = 1_000


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


@tells("events")
def tell(record_ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = Event.objects.filter(customer__in=record_ids).order_by("at", "pk")
    return [dict(row) for row in rows.values("name", "at", "source", "props")]
