"""Deciding who a set of ids belongs to: pure, over what is known in memory; `services.resolve` loads and writes.

Several sets are decided one after the other over one `Known`, so that a batch of ten thousand buyers sees itself: the
second row of a new buyer finds the first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from yutang.customers.identity import (
    RULES,
    SHARED_AFTER,
    Key,
    asks_for_review,
    contradiction,
    settles,
    strength,
)
from yutang.customers.models import IdentityKind

Why = Literal["malformed_or_stand_in", "blocked", "shared_by_many", "contradicts", "too_many"]


@dataclass(eq=False)
class Record:
    """A record as the decision sees it; without `pk` until it is written."""

    pk: int | None
    person: "Person"
    written_person: int | None = None  # its person as the rows have it, before what is being decided
    keys: set[Key] = field(default_factory=set)

    @property
    def row(self) -> int:
        """Its id, once it is written."""
        if self.pk is None:
            raise ValueError("This record has not been written yet.")
        return self.pk

    @property
    def age(self) -> float:
        return float("inf") if self.pk is None else self.pk


@dataclass(eq=False)
class Person:
    records: list[Record] = field(default_factory=list)

    @property
    def keys(self) -> set[Key]:
        return {key for record in self.records for key in record.keys}

    def absorb(self, other: "Person") -> None:
        for record in other.records:
            record.person = self
        self.records += other.records


@dataclass
class Known:
    """Live identities by id, first edge first, and the people behind them."""

    holders: dict[Key, list[Record]] = field(default_factory=dict)
    by_pk: dict[int, Record] = field(default_factory=dict)
    blocked: frozenset[tuple[str, str]] = frozenset()  # kind, value

    def people_with(self, key: Key) -> list[Person]:
        return list(dict.fromkeys(record.person for record in self.holders.get(key, ())))


@dataclass(frozen=True)
class Attach:
    """An id newly learnt of a record."""

    record: Record
    key: Key
    is_first: bool


@dataclass(frozen=True)
class Link:
    """Two records met over an id: merge them, or (`contradicting` or a weak kind) let somebody look."""

    left: Record
    right: Record
    key: Key
    merge: bool
    contradicting: str | None = None


@dataclass
class Placement:
    record: Record
    created: bool
    attach: list[Attach] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    dropped: list[tuple[Key, Why]] = field(default_factory=list)


MayMerge = Callable[[Record, Record], bool]


def place(keys: Sequence[Key], known: Known, *, may_merge: MayMerge, anchor: Record | None = None) -> Placement | None:
    """Find or make the record for one set of ids, and update `known` with what was decided. None: nothing usable.

    anchor: the record the ids were said of, where that is known already.
    may_merge: false where somebody has decided before that two records are different people.
    """
    usable, dropped = _usable(keys, known)
    if not usable and anchor is None:
        return None
    home = anchor or _home(usable, known)
    placed = Placement(home or _stranger(), created=home is None, dropped=dropped)
    for key in usable:
        _attach(placed, key, known)
    for key in usable:
        _link(placed, key, known, may_merge)
    return placed


def _usable(keys: Iterable[Key], known: Known) -> tuple[list[Key], list[tuple[Key, Why]]]:
    usable: list[Key] = []
    dropped: list[tuple[Key, Why]] = []
    for key in sorted(set(keys), key=lambda key: (strength(key[0]), key)):
        if (key[0], key[2]) in known.blocked:
            dropped.append((key, "blocked"))
        elif len(known.people_with(key)) >= SHARED_AFTER:
            dropped.append((key, "shared_by_many"))
        else:
            usable.append(key)
    return usable, dropped


def _stranger() -> Record:
    record = Record(pk=None, person=Person())
    record.person.records.append(record)
    return record


def _home(keys: Sequence[Key], known: Known) -> Record | None:
    """The record of the strongest id that is known, unless a stronger id of the set speaks against its person."""
    for key in keys:
        for record in known.holders.get(key, ()):
            held = record.person.keys
            against = contradiction(keys, held)
            if against is not None and strength(against) < strength(key[0]):
                continue
            if settles(key, keys, held):
                return record
    return None


def _attach(placed: Placement, key: Key, known: Known) -> None:
    record = placed.record
    if key in record.keys:
        return
    if contradiction([key], record.person.keys):
        placed.dropped.append((key, "contradicts" if RULES[IdentityKind(key[0])].per_person == 1 else "too_many"))
        return
    holders = known.holders.setdefault(key, [])
    placed.attach.append(Attach(record, key, is_first=not holders))
    holders.append(record)
    record.keys.add(key)


def _link(placed: Placement, key: Key, known: Known, may_merge: MayMerge) -> None:
    mine = placed.record.person
    for other in known.people_with(key):
        if other is mine:
            continue
        left, right = min(other.records, key=lambda record: record.age), placed.record
        # The id they share is no contradiction by itself; all the others are weighed.
        against = contradiction(mine.keys, other.keys)
        merge = against is None and settles(key, mine.keys, other.keys)
        if not merge and not asks_for_review(key[0]):
            continue
        if not may_merge(left, right):
            continue
        placed.links.append(Link(left, right, key, merge, against))
        if merge:
            mine.absorb(other)
