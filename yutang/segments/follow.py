"""Following the log from a durable position: every event is seen, though transactions commit out of order."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from yutang.events.models import Event

WAIT_SECONDS = 300.0  # how long an id passed by may yet appear: longer than any transaction that announces
MAX_GAPS = 200

Gap = list[float]  # first id, last id, until when (epoch) it is waited for: as JSON keeps it


@dataclass(frozen=True)
class Position:
    """Everything up to `read_to` was read, but for what may still appear in the gaps."""

    read_to: int
    gaps: tuple[tuple[int, int, float], ...] = ()

    @classmethod
    def load(cls, read_to: int, gaps: Sequence[Gap]) -> "Position":
        return cls(read_to, tuple((int(first), int(last), until) for first, last, until in gaps))

    def dump(self) -> list[Gap]:
        return [list(gap) for gap in self.gaps]

    def ahead(self) -> Q:
        """Events not read yet, as far as they have committed."""
        wanted = Q(pk__gt=self.read_to)
        for first, last, _ in self.gaps:
            wanted |= Q(pk__range=(first, last))
        return wanted

    def past(self, ids: Sequence[int]) -> "Position":
        """After reading these, in rising order."""
        now = time.time()
        gaps = [gap for gap in self.gaps if gap[2] > now]
        read_to = self.read_to
        for pk in ids:
            if pk <= read_to:
                gaps = _filled(gaps, pk)
                continue
            # SQLite has one writer at a time: an id passed by there was rolled back.
            if pk > read_to + 1 and connection.vendor == "postgresql":
                gaps.append((read_to + 1, pk - 1, now + WAIT_SECONDS))
            read_to = pk
        return Position(read_to, tuple(gaps[-MAX_GAPS:]))


def _filled(gaps: list[tuple[int, int, float]], pk: int) -> list[tuple[int, int, float]]:
    parted: list[tuple[int, int, float]] = []
    for first, last, until in gaps:
        if first <= pk <= last:
            parted += [part for part in ((first, pk - 1, until), (pk + 1, last, until)) if part[0] <= part[1]]
        else:
            parted.append((first, last, until))
    return parted


@dataclass(frozen=True)
class Heard:
    """One event, and the record of the customer it befell, with the person it belongs to now."""

    id: int
    name: str
    props: dict[str, Any]
    record: int | None
    person: int | None


def last_id() -> int:
    last: int | None = Event.objects.aggregate(last=Max("pk"))["last"]
    return last or 0


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
