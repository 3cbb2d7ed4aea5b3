"""Following the log: what was recorded since the last look, though transactions commit out of order."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from yutang.events.models import Event

LATE_SECONDS = 60.0  # a transaction holding an event open for longer is not waited for
MAX_GAPS = 50
BATCH = 20_000


@dataclass(frozen=True)
class Recorded:
    """One new event; `person_id` is the person its customer's record belongs to."""

    id: int
    name: str
    at: datetime
    member_id: int | None
    person_id: int | None


@dataclass
class _Gap:
    """Ids passed by, which may yet appear: on PostgreSQL a later id can commit before an earlier one."""

    first: int
    last: int
    until: float  # monotonic


class Tail:
    """Gives each event recorded after its making once."""

    def __init__(self) -> None:
        self._read_to: int = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        self._gaps: list[_Gap] = []

    def read(self) -> list[Recorded]:
        """New events by id, at most BATCH of them; the rest come with the next call."""
        now = time.monotonic()
        self._gaps = [gap for gap in self._gaps if gap.until > now][-MAX_GAPS:]
        wanted = Q(pk__gt=self._read_to)
        for gap in self._gaps:
            wanted |= Q(pk__range=(gap.first, gap.last))
        rows = Event.objects.filter(wanted).order_by("pk")
        columns = rows.values_list("pk", "name", "at", "member_id", "customer_id", "customer__person_id")
        found = [
            Recorded(pk, name, at, member, person or record) for pk, name, at, member, record, person in columns[:BATCH]
        ]
        self._pass([each.id for each in found], now)
        return found

    def _pass(self, ids: list[int], now: float) -> None:
        for pk in ids:
            if pk > self._read_to:
                if pk > self._read_to + 1:
                    self._gaps.append(_Gap(self._read_to + 1, pk - 1, now + LATE_SECONDS))
                self._read_to = pk
            else:
                self._fill(pk)

    def _fill(self, pk: int) -> None:
        gap = next(gap for gap in self._gaps if gap.first <= pk <= gap.last)
        self._gaps.remove(gap)
        parts = [_Gap(gap.first, pk - 1, gap.until), _Gap(pk + 1, gap.last, gap.until)]
        self._gaps += [part for part in parts if part.first <= part.last]
