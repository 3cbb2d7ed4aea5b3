"""Choosing the tag that a segment hands out. One segment alone has the say about a tag."""

from collections.abc import Mapping

from django.db import transaction

from yutang.customers.models import Tag
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.segments.errors import SegmentAtRest, TagHandedElsewhere, TagInCircle, UnknownReference
from yutang.segments.leaves import TagsAre
from yutang.segments.models import HandedTag, Segment, SegmentState
from yutang.segments.references import WHAT
from yutang.segments.rule import Node, inlined, leaves_of
from yutang.segments.services import hand_out
from yutang.segments.trees import current_rules


@transaction.atomic
def hand_out_tag(segment: Segment, tag_id: int, *, keeps: bool, by: Actor) -> HandedTag:
    """Give who is in the segment a tag, in place of the one it gave; `keeps`: who leaves keeps it.

    Raises UnknownReference, TagHandedElsewhere, TagInCircle, and SegmentAtRest for frozen and archived segments.
    """
    row = Segment.objects.select_for_update().get(pk=segment.pk)
    if row.state not in (SegmentState.LIVE, SegmentState.DRAFT):
        raise SegmentAtRest
    tag = Tag.objects.select_for_update(of=("self",)).filter(pk=tag_id, deleted_at=None).first()
    if tag is None:
        raise UnknownReference(what=WHAT["tag"], key=tag_id)
    other = HandedTag.objects.filter(tag=tag, ended_at=None).exclude(segment=row).select_related("segment").first()
    if other is not None:
        raise TagHandedElsewhere(tag=tag.name, by=other.segment.name)
    end_handing(row, but=tag)
    handed, _ = HandedTag.objects.update_or_create(
        segment=row,
        tag=tag,
        defaults={"keeps": keeps, "ended_at": None, "at": clock.now(), "by_name": by.name[:200]},
    )
    refuse_tag_circle(current_rules())
    audit("segment.tag_chosen", by=by, subject_kind="segment", subject_id=row.pk, tag=tag.name, keeps=keeps)
    hand_out.to_all_soon(row.pk)
    return handed


@transaction.atomic
def hand_out_no_more(segment: Segment, *, by: Actor) -> None:
    """Who has the tag by this rule gives it back, unless who leaves keeps it."""
    row = Segment.objects.select_for_update().get(pk=segment.pk)
    if end_handing(row):
        audit("segment.tag_ended", by=by, subject_kind="segment", subject_id=row.pk)


def end_handing(segment: Segment, *, but: Tag | None = None) -> bool:
    """False where nothing was handed out."""
    current = HandedTag.objects.filter(segment=segment, ended_at=None)
    if but is not None:
        current = current.exclude(tag=but)
    ended = current.update(ended_at=clock.now())
    if ended:
        hand_out.to_all_soon(segment.pk)
    return bool(ended)


def refuse_tag_circle(rules: Mapping[int, Node]) -> None:
    """Raises TagInCircle where a rule depends on the tag it gives, by itself or through tags that other rules give."""
    rows = HandedTag.objects.filter(ended_at=None, segment__in=list(rules)).select_related("segment", "tag")
    handed = {each.tag_id: each for each in rows}
    feeds = {
        tag: {read for read in _tags_read(inlined(rules[each.segment_id], rules)) if read in handed}
        for tag, each in handed.items()
    }
    for tag, each in handed.items():
        reached, edge = set[int](), {tag}
        while edge:
            edge = {read for at in edge for read in feeds[at]} - reached
            reached |= edge
        if tag in reached:
            raise TagInCircle(segment=each.segment.name, tag=each.tag.name)


def _tags_read(node: Node) -> set[int]:
    return {tag for leaf in leaves_of(node) if isinstance(leaf, TagsAre) for tag in leaf.tags}
