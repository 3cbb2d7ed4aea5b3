"""Leaves that name people outright: a stable share of everybody, a list, another segment."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from django.db.models.functions import Coalesce
from pydantic import Field
from pyroaring import BitMap, FrozenBitMap

from yutang.customers.models import Customer
from yutang.kernel.language import Text
from yutang.segments.history import NOTHING, History, Needs
from yutang.segments.leaves.base import Leaf, Names, Reading, World
from yutang.segments.models import Segment
from yutang.segments.windows import Moment

if TYPE_CHECKING:
    import numpy

_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB  # of SplitMix64
_MASK = 2**64 - 1
_HUNDRED_PERCENT = 10_000  # hundredths of a percent


def lot_of(person: int, salt: str) -> int:
    """A number below 2**64 that is the person's for ever under this salt: SplitMix64 of the id, moved by a keyed hash.

    Another salt deals independently. A merged person keeps the lot of their eldest record, whose id they bear.
    """
    mixed = (_start(salt) + person * _GOLDEN) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * _FIRST) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * _SECOND) & _MASK
    return mixed ^ (mixed >> 31)


def _start(salt: str) -> int:
    return int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8, person=b"yutang-lot").digest(), "big")


def _lots(ids: "numpy.ndarray", salt: str) -> "numpy.ndarray":
    """`lot_of` for many."""
    import numpy

    with numpy.errstate(over="ignore"):
        mixed = numpy.uint64(_start(salt)) + ids * numpy.uint64(_GOLDEN)
        mixed = (mixed ^ (mixed >> numpy.uint64(30))) * numpy.uint64(_FIRST)
        mixed = (mixed ^ (mixed >> numpy.uint64(27))) * numpy.uint64(_SECOND)
        return mixed ^ (mixed >> numpy.uint64(31))


class Share(Leaf):
    """A random share of everybody, `percent` from `start` on: the same people for ever, independent for each salt.

    Shares under one salt that do not overlap hold different people: 0–10 and 10–20 are two tests of a tenth each.
    """

    kind: Literal["share"] = "share"
    percent: Annotated[float, Field(ge=0.01, le=100)]
    start: Annotated[float, Field(ge=0, lt=100)] = 0.0
    salt: Annotated[str, Field(min_length=1, max_length=64)]

    def needs(self) -> Needs:
        return NOTHING

    def hears(self) -> Collection[str]:
        return ()

    @property
    def bounds(self) -> tuple[int, int]:
        """The lots of this share: from the first, before the second."""
        first = round(self.start * 100)
        last = min(first + round(self.percent * 100), _HUNDRED_PERCENT)
        return (first << 64) // _HUNDRED_PERCENT, (last << 64) // _HUNDRED_PERCENT

    def people(self, world: World) -> Reading:
        import numpy

        ids = numpy.array(world.everyone.to_array(), dtype=numpy.uint64)
        mixed = _lots(ids, self.salt)
        first, end = self.bounds
        inside = mixed >= numpy.uint64(first)
        if end < 2**64:
            inside &= mixed < numpy.uint64(end)
        return Reading(BitMap(ids[inside].astype(numpy.uint32)))

    def holds_for(self, history: History, moment: Moment) -> bool:
        first, end = self.bounds
        return first <= lot_of(history.person, self.salt) < end

    def sentence(self, names: Names, moment: Moment) -> Text:
        text = Text("随机 {percent}%（{salt}，自 {start}% 起）", "a random {percent}% ({salt}, from {start}%)")
        return text.fill(percent=f"{self.percent:g}", salt=self.salt, start=f"{self.start:g}")

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        lot = f"{lot_of(history.person, self.salt) / 2**64 * 100:.4f}%"
        return Text(f"落在 {lot}", f"falls at {lot}")


class Listed(Leaf):
    """People of a list, by the id of any of their records; merges and un-merges carry the list along."""

    kind: Literal["people"] = "people"
    ids: Annotated[list[Annotated[int, Field(ge=1, le=2**32 - 1)]], Field(max_length=10_000)]

    def needs(self) -> Needs:
        return Needs(profile=True)

    def hears(self) -> Collection[str]:
        return ()

    def people(self, world: World) -> Reading:
        return Reading(people_of_records(self.ids) & world.everyone)

    def holds_for(self, history: History, moment: Moment) -> bool:
        return not set(self.ids).isdisjoint(history.records)

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("名单中的 {n} 人", "one of {n} people listed").fill(n=len(self.ids))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        found = sorted(set(self.ids) & set(history.records))
        return Text(str(found[0]), str(found[0])) if found else Text("不在名单中", "not listed")


def people_of_records(record_ids: Iterable[int]) -> BitMap:
    """The people these records belong to today."""
    found, ids = BitMap(), sorted(record_ids)
    for begin in range(0, len(ids), 5_000):
        rows = Customer.objects.filter(pk__in=ids[begin : begin + 5_000]).annotate(owner=Coalesce("person_id", "pk"))
        found.update(rows.values_list("owner", flat=True))
    return found


class InSegment(Leaf):
    """A member of another segment. Of a live one the rule takes the place of this leaf (`rule.inlined`), so only lists
    frozen at a moment are read here: by the records that were people then, whoever's they are today."""

    kind: Literal["segment"] = "segment"
    segment: Annotated[int, Field(ge=1, le=2**63 - 1)]

    def needs(self) -> Needs:
        return Needs(profile=True)

    def hears(self) -> Collection[str]:
        return ()

    def people(self, world: World) -> Reading:
        return Reading(people_of_records(self._list()) & world.everyone)

    def holds_for(self, history: History, moment: Moment) -> bool:
        listed = self._list()
        return any(record in listed for record in history.records)

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("属于人群「{name}」", "is in the segment “{name}”").fill(name=names.of("segment", self.segment))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return Text("在名单中", "listed") if self.holds_for(history, moment) else Text("不在名单中", "not listed")

    def _list(self) -> FrozenBitMap:
        frozen_at = Segment.objects.filter(pk=self.segment).values_list("frozen_at", flat=True).first()
        return _frozen(self.segment, frozen_at)


@lru_cache(maxsize=32)
def _frozen(segment_id: int, frozen_at: datetime | None) -> FrozenBitMap:
    """A frozen list never changes; `frozen_at` tells it from another under the same id."""
    segment = Segment.objects.filter(pk=segment_id, frozen_at=frozen_at).exclude(frozen_at=None).first()
    return FrozenBitMap(segment.people) if segment else FrozenBitMap()
