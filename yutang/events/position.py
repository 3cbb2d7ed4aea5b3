"""How far somebody has read the log: nothing is passed by for good, though transactions commit out of order."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

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


def last_id() -> int:
    last: int | None = Event.objects.aggregate(last=Max("pk"))["last"]
    return last or 0
