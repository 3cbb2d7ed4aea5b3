"""Following the log: what was recorded since the last look, though transactions commit out of order."""

from dataclasses import dataclass
from datetime import datetime

from yutang.events.models import Event
from yutang.events.position import Position, last_id

BATCH = 20_000


@dataclass(frozen=True)
class Recorded:
    """One new event; `person_id` is the person its customer's record belongs to."""

    id: int
    name: str
    at: datetime
    member_id: int | None
    person_id: int | None


class Tail:
    """Gives each event recorded after its making once."""

    def __init__(self) -> None:
        self._position = Position(last_id())

    def read(self) -> list[Recorded]:
        """New events by id, at most BATCH of them; the rest come with the next call."""
        rows = Event.objects.filter(self._position.ahead()).order_by("pk")
        columns = rows.values_list("pk", "name", "at", "member_id", "customer_id", "customer__person_id")
        found = [
            Recorded(pk, name, at, member, person or record) for pk, name, at, member, record, person in columns[:BATCH]
        ]
        self._position = self._position.past([each.id for each in found])
        return found
