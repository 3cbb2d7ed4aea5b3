"""Trying a rule before it is saved: how many, who for example, how it overlaps with others, and each leaf by itself."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pyroaring import BitMap

from yutang.kernel import clock
from yutang.organization.scope import Viewer
from yutang.segments.leaves import Leaf
from yutang.segments.models import Keeping, KeptLeaf, Segment
from yutang.segments.queries import narrowed, people_in_scope, people_of_segment
from yutang.segments.rule import All, Any, Node, Not, leaves_of, people_of
from yutang.segments.services.kept_leaves import read_anew
from yutang.segments.trees import EVERYONE, unique

SAMPLE = 20
LIMIT_SECONDS = 30.0  # for each question to the lake
KEPT_FOR = timedelta(hours=1)  # leaves of previews are kept current so long
MOST_KEPT = 300  # leaves of previews at a time
KEEPER_SEEN = timedelta(seconds=20)  # older than this, nobody keeps leaves current


@dataclass(frozen=True)
class Overlap:
    segment: Segment
    both: int
    count: int


@dataclass(frozen=True)
class Part:
    """How many a part of a rule means by itself; below it, the parts it is joined of."""

    count: int
    of: list["Part"]


@dataclass(frozen=True)
class Preview:
    count: int
    everyone: int
    parts: Part
    sample: list[int]
    leaves: list[tuple[Leaf, int]]
    overlaps: list[Overlap]
    took_ms: int
    at: datetime


def preview(
    node: Node,
    viewer: Viewer,
    *,
    asked: Node | None = None,
    compare_with: Sequence[Segment] = (),
    fresh: bool = False,
) -> Preview:
    """All counts are of people in the viewer's scope. Raises QueryTooLong where the lake takes too long to answer.

    `asked`: the rule before segments it refers to were written out, whose parts are counted.
    `fresh`: read everything anew, as if nothing were kept.
    """
    began = time.monotonic()
    leaves = unique(leaves_of(node))
    people = current_people([EVERYONE, *leaves], fresh=fresh)
    scope = people_in_scope(viewer)
    everyone = people[EVERYONE.key]

    def meant(part: Node) -> BitMap:
        return narrowed(people_of(part, everyone, lambda leaf: people[leaf.key]), scope)

    found = meant(node)
    overlaps = []
    for segment in compare_with:
        other = narrowed(people_of_segment(segment), scope)
        overlaps.append(Overlap(segment, len(found & other), len(other)))
    return Preview(
        count=len(found),
        everyone=len(narrowed(everyone, scope)),
        parts=_parts(asked or node, node, lambda part: len(meant(part))),
        sample=list(reversed(found[-SAMPLE:])) if found else [],
        leaves=[(leaf, len(narrowed(people[leaf.key], scope))) for leaf in leaves],
        overlaps=overlaps,
        took_ms=round((time.monotonic() - began) * 1000),
        at=clock.now(),
    )


def _parts(asked: Node, node: Node, count: Callable[[Node], int]) -> Part:
    """`node` is `asked` with segments written out: of one shape, but where `asked` has a leaf."""
    below: list[tuple[Node, Node]] = []
    match asked, node:
        case (All(of=parts), All(of=written)) | (Any(of=parts), Any(of=written)):
            below = list(zip(parts, written, strict=True))
        case Not(of=part), Not(of=rest):
            below = [(part, rest)]
    return Part(count(node), [_parts(*each, count) for each in below])


def current_people(leaves: Sequence[Leaf], *, fresh: bool = False) -> Mapping[str, BitMap]:
    """Who each leaf holds for: as kept, where somebody keeps it, else read now and kept for a while."""
    kept = {} if fresh or not is_kept_current() else _kept(leaves)
    lacking = [leaf for leaf in unique(leaves) if leaf.key not in kept]
    if lacking:
        _make_room(len(lacking))
        read_anew(lacking, wanted_until=clock.now() + KEPT_FOR, seconds=LIMIT_SECONDS)
        kept |= _kept(lacking)
    return kept


def is_kept_current() -> bool:
    looked = Keeping.objects.filter(pk=1).values_list("looked_at", flat=True).first()
    return looked is not None and abs(clock.now() - looked) < KEEPER_SEEN


def _kept(leaves: Sequence[Leaf]) -> dict[str, BitMap]:
    rows = KeptLeaf.objects.filter(key__in=[leaf.key for leaf in leaves], is_stale=False)
    return {row.key: row.people for row in rows.only("key", "base", "come", "gone")}


def _make_room(count: int) -> None:
    """The eldest leaves of previews go where there are too many."""
    mine = KeptLeaf.objects.exclude(wanted_until=None).order_by("-wanted_until")
    surplus = list(mine.values_list("pk", flat=True)[max(0, MOST_KEPT - count) :])
    if surplus:
        KeptLeaf.objects.filter(pk__in=surplus).delete()
