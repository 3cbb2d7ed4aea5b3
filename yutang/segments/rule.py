"""A rule: a tree of all, any and not over leaves. Data with a version of its form, so that rules outlive this code."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pyroaring import BitMap

from yutang.kernel.language import Text
from yutang.segments.leaves import AnyLeaf, InSegment, Leaf, Names
from yutang.segments.windows import Moment

MAX_DEPTH = 8
MAX_LEAVES = 60  # after segments referred to are written out


class _Branch(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class All(_Branch):
    """Everything below holds. Of nothing: everybody."""

    kind: Literal["all"] = "all"
    of: Annotated[list["Node"], Field(max_length=60)]


class Any(_Branch):
    """Something below holds. Of nothing: nobody."""

    kind: Literal["any"] = "any"
    of: Annotated[list["Node"], Field(max_length=60)]


class Not(_Branch):
    """What is below does not hold: of all people, those it does not hold for."""

    kind: Literal["not"] = "not"
    of: "Node"


Node = Annotated[All | Any | Not | AnyLeaf, Field(discriminator="kind")]
All.model_rebuild()
Any.model_rebuild()
Not.model_rebuild()


class Rule(BaseModel):
    """Who is meant. `schema` is the version of the form."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    schema_: Literal[1] = Field(1, alias="schema")
    when: Node

    def dump(self) -> dict[str, object]:
        return self.model_dump(mode="json", by_alias=True)


def leaves_of(node: Node) -> Iterator[Leaf]:
    """All leaves, in the order they are read; one that stands twice comes twice."""
    match node:
        case All() | Any():
            for each in node.of:
                yield from leaves_of(each)
        case Not():
            yield from leaves_of(node.of)
        case _:
            yield node


def depth_of(node: Node) -> int:
    match node:
        case All() | Any():
            return 1 + max((depth_of(each) for each in node.of), default=0)
        case Not():
            return 1 + depth_of(node.of)
        case _:
            return 1


def people_of(node: Node, everyone: BitMap, of_leaf: Callable[[Leaf], BitMap]) -> BitMap:
    """The algebra: the people a rule means, from those of its leaves."""
    match node:
        case All():
            found = everyone
            # The smallest first would be quicker still; at a million people this is microseconds either way.
            for each in node.of:
                found = found & people_of(each, everyone, of_leaf)
            return found
        case Any():
            return BitMap.union(BitMap(), *(people_of(each, everyone, of_leaf) for each in node.of))
        case Not():
            return everyone - people_of(node.of, everyone, of_leaf)
        case _:
            return of_leaf(node)


def holds(node: Node, of_leaf: Callable[[Leaf], bool]) -> bool:
    """The same for one person."""
    match node:
        case All():
            return all(holds(each, of_leaf) for each in node.of)
        case Any():
            return any(holds(each, of_leaf) for each in node.of)
        case Not():
            return not holds(node.of, of_leaf)
        case _:
            return of_leaf(node)


def inlined(node: Node, rules: Mapping[int, Node]) -> Node:
    """With segments referred to written out; those not in `rules` (frozen lists) stay as leaves."""
    match node:
        case All():
            return All(of=[inlined(each, rules) for each in node.of])
        case Any():
            return Any(of=[inlined(each, rules) for each in node.of])
        case Not():
            return Not(of=inlined(node.of, rules))
        case InSegment() if node.segment in rules:
            return inlined(rules[node.segment], rules)
        case _:
            return node


def segments_in(node: Node) -> set[int]:
    return {leaf.segment for leaf in leaves_of(node) if isinstance(leaf, InSegment)}


def sentence(node: Node, names: Names, moment: Moment, *, nested: bool = False) -> Text:
    """The rule as one says it."""
    match node:
        case All() | Any():
            return _joined(node, names, moment, nested)
        case Not():
            text = Text("不是（{what}）", "not ({what})")
            return text.fill(what=sentence(node.of, names, moment))
        case _:
            return node.sentence(names, moment)


def _joined(node: All | Any, names: Names, moment: Moment, nested: bool) -> Text:
    if not node.of:
        return Text("所有人", "everybody") if isinstance(node, All) else Text("没有人", "nobody")
    if len(node.of) == 1:
        return sentence(node.of[0], names, moment, nested=nested)
    parts = [sentence(each, names, moment, nested=True) for each in node.of]
    zh, en = ("，且", " and ") if isinstance(node, All) else ("，或", " or ")
    said = Text(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
    return Text("（{said}）", "({said})").fill(said=said) if nested else said


def json_schema() -> dict[str, object]:
    """The published form of rules, as JSON Schema."""
    return Rule.model_json_schema(by_alias=True)
