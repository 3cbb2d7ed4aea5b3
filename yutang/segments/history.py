"""What is known of one person: everything a rule may ask about, as plain values, loaded for many people at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Happening:
    """One event. `amount_fen` and `item` are those of the lake's table of events."""

    id: int
    name: str
    at: datetime
    member_id: int | None = None
    source: str = ""
    amount_fen: int | None = None
    item: str | None = None
    props: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderLine:
    sku: str
    title: str
    amount_fen: int


@dataclass(frozen=True)
class OrderTold:
    """One order as the lake's table of orders holds it."""

    id: int
    source_id: int
    kind: str
    placed_at: datetime
    amount_fen: int
    store_id: int | None = None
    lines: Sequence[OrderLine] = ()


@dataclass(frozen=True)
class Relation:
    member_id: int
    state: str
    added_at: datetime
    add_way: int = 0
    state_code: str = ""
    store_id: int | None = None
    departments: frozenset[int] = frozenset()  # those the member is in, and all above them


@dataclass(frozen=True)
class TagPut:
    tag_id: int
    at: datetime


@dataclass
class History:
    """One person with all their records. Lists a leaf did not ask for may be empty."""

    person: int
    records: list[int] = field(default_factory=list)
    stage: str = "stranger"
    gender: str = "unknown"
    name: str = ""
    source: str = ""
    created_at: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    tags: list[TagPut] = field(default_factory=list)
    identities: set[str] = field(default_factory=set)  # kinds with a live id
    consents: dict[tuple[str, str], bool] = field(default_factory=dict)  # (purpose, channel) → what stands
    events: list[Happening] = field(default_factory=list)
    orders: list[OrderTold] = field(default_factory=list)


@dataclass(frozen=True)
class Needs:
    """What has to be loaded to answer some leaves."""

    profile: bool = False
    relations: bool = False
    tags: bool = False
    identities: bool = False
    consents: bool = False
    orders: bool = False
    events: frozenset[str] = frozenset()  # by name

    def __or__(self, other: "Needs") -> "Needs":
        return Needs(
            self.profile or other.profile,
            self.relations or other.relations,
            self.tags or other.tags,
            self.identities or other.identities,
            self.consents or other.consents,
            self.orders or other.orders,
            self.events | other.events,
        )


NOTHING = Needs()
