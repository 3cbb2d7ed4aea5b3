"""When answers may change by the passing of time alone: moments with people, kept as two packed arrays.

A moment may come too early, never too late: who is woken is asked again, and most answer as before.
"""

import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

NEVER = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    return _EPOCH + at * _MICROSECOND


@dataclass
class Flips:
    """Sorted by moment. `at` is microseconds since 1970, `people` the ids beside them."""

    at: "array[int]" = field(default_factory=lambda: array("q"))
    people: "array[int]" = field(default_factory=lambda: array("q"))

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> "Flips":
        ordered = sorted(pairs)
        return cls(array("q", [at for at, _ in ordered]), array("q", [person for _, person in ordered]))

    @classmethod
    def of_arrays(cls, at: "numpy.ndarray", people: "numpy.ndarray") -> "Flips":
        """From two arrays of int64; NEVER stands for no flip."""
        kept = at != NEVER
        at, people = at[kept], people[kept]
        order = at.argsort(kind="stable")
        flips = cls()
        flips.at.frombytes(at[order].tobytes())
        flips.people.frombytes(people[order].tobytes())
        return flips

    @classmethod
    def load(cls, blob: bytes) -> "Flips":
        if not blob:
            return cls()
        raw = zlib.decompress(blob)
        half = len(raw) // 2
        flips = cls()
        flips.at.frombytes(raw[:half])
        flips.people.frombytes(raw[half:])
        return flips

    def dump(self) -> bytes:
        return zlib.compress(self.at.tobytes() + self.people.tobytes(), 1) if self.at else b""

    def __len__(self) -> int:
        return len(self.at)

    def pairs(self) -> Iterable[tuple[int, int]]:
        return zip(self.at, self.people, strict=True)
