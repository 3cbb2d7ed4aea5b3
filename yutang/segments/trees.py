"""The rules of segments as trees in which no segment refers to another any more, and the leaves these need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yutang.segments.leaves import Everyone, Leaf
from yutang.segments.models import Segment, SegmentState, SegmentVersion
from yutang.segments.rule import Node, Rule, inlined, leaves_of

EVERYONE = Everyone()


@dataclass(frozen=True)
class Tree:
    """A live segment, and its rule written out."""

    segment: Segment
    node: Node
    leaves: tuple[Leaf, ...]

    @property
    def keys(self) -> set[str]:
        return {leaf.key for leaf in self.leaves}


def current_rules() -> dict[int, Node]:
    """The rule that counts of every live or draft segment; frozen ones are lists."""
    rules = SegmentVersion.objects.filter(segment__state__in=(SegmentState.LIVE, SegmentState.DRAFT))
    rows = rules.values_list("segment_id", "segment__version", "number", "rule")
    return {segment: Rule.model_validate(rule).when for segment, counts, number, rule in rows if counts == number}


def live_trees() -> list[Tree]:
    rules = current_rules()
    live = Segment.objects.filter(state=SegmentState.LIVE).defer("base", "come", "gone")
    return [tree_of(segment, rules) for segment in live.order_by("pk") if segment.pk in rules]


def tree_of(segment: Segment, rules: Mapping[int, Node]) -> Tree:
    node = inlined(rules[segment.pk], rules)
    return Tree(segment, node, tuple(unique(leaves_of(node))))


def unique(leaves: Iterable[Leaf]) -> list[Leaf]:
    return list({leaf.key: leaf for leaf in leaves}.values())


def needed(trees: Iterable[Tree]) -> list[Leaf]:
    """The leaves of these, and everybody: what all that is kept is measured against."""
    leaves = unique(leaf for tree in trees for leaf in tree.leaves)
    return unique([EVERYONE, *leaves]) if leaves else []
