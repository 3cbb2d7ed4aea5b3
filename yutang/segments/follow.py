"""Following the log from a durable position: every event is seen, though transactions commit out of order."""

from dataclasses import dataclass
from typing import Any

from yutang.events.models import Event
from yutang.events.position import Position


@dataclass(frozen=True)
class Heard:
    """One event, and the record of the customer it befell, with the person it belongs to now."""

    id: int
    name: str
    props: dict[str, Any]
    record: int | None
    person: int | None


def read(position: Position, limit: int) -> tuple[list[Heard], Position]:
    """The next events by id, and the position after them."""
    rows = Event.objects.filter(position.ahead()).order_by("pk")
    return _heard(rows[:limit], position)


def _heard(rows: Any, position: Position) -> tuple[list[Heard], Position]:
    columns = rows.values_list(
        "pk",
        "name",
        "props",
        "customer_id",
        "customer__person_id",
        "visitor__customer_id",
        "visitor__customer__person_id",
    )
    heard = []
    for pk, name, props, record, person, visitor_record, visitor_person in columns:
        whose, owner = (record, person) if record else (visitor_record, visitor_person)
        heard.append(Heard(pk, name, props, whose, owner or whose))
    return heard, position.past([each.id for each in heard])


def between(after: int, upto: int, limit: int) -> list[Heard]:
    """Events with ids in (after, upto], whether read before or not."""
    rows = Event.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")
    return _heard(rows[:limit], Position(0))[0]
