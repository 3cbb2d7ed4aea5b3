"""The leaves of rules. Each is one class with its readings side by side: over everybody, for one person, in words."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from yutang.segments.leaves.base import Lake, Leaf, Names, Reading, World
from yutang.segments.leaves.fields import FieldIs
from yutang.segments.leaves.happenings import EventsAre, OrdersAre
from yutang.segments.leaves.profile import CreatedIn, Everyone, GenderIs, Named, SourceIs, StageIs
from yutang.segments.leaves.relations import ConsentStands, HasIdentity, RelationIs, TagsAre
from yutang.segments.leaves.sequence import Sequence
from yutang.segments.leaves.sets import InSegment, Listed, Share

AnyLeaf = (
    Everyone
    | StageIs
    | GenderIs
    | Named
    | SourceIs
    | CreatedIn
    | RelationIs
    | TagsAre
    | HasIdentity
    | ConsentStands
    | FieldIs
    | EventsAre
    | OrdersAre
    | Sequence
    | Share
    | Listed
    | InSegment
)
LEAF: TypeAdapter[AnyLeaf] = TypeAdapter(Annotated[AnyLeaf, Field(discriminator="kind")])

__all__ = [
    "LEAF",
    "AnyLeaf",
    "ConsentStands",
    "CreatedIn",
    "EventsAre",
    "Everyone",
    "FieldIs",
    "GenderIs",
    "HasIdentity",
    "InSegment",
    "Lake",
    "Leaf",
    "Listed",
    "Named",
    "Names",
    "OrdersAre",
    "Reading",
    "RelationIs",
    "Sequence",
    "Share",
    "SourceIs",
    "StageIs",
    "TagsAre",
    "World",
]
