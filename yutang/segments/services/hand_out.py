"""Giving the tags of segments to who came in, and taking those given away from who left.

Work names people, never what to do with them: whether a person is in is read when the work is done, under a lock, so
that work done late, twice or in another order comes to the same. A tag put on by somebody else is never touched.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from pyroaring import BitMap

from yutang.customers.errors import NoContactToTag
from yutang.customers.models import Tag, Tagging
from yutang.customers.services import derive
from yutang.customers.services.tags import add_tags, remove_tags, taggable_people
from yutang.kernel import jobs, routines
from yutang.kernel.actors import Actor
from yutang.segments.leaves.base import people_in
from yutang.segments.models import HandedTag, Segment, SegmentState

SOME, ALL = "segments.hand_out", "segments.hand_out_all"
PORTION = 500  # people in one transaction
SOURCE = "segment"


def soon(segment_id: int, people: Collection[int]) -> None:
    """Who moved gets or gives back what the segment hands out: a job, in the present transaction."""
    if not people:
        return
    for handed in HandedTag.objects.filter(segment=segment_id, ended_at=None):
        _enqueue(handed, people)


def to_people_joined(people: Collection[int]) -> None:
    """A merge carries taggings along, its undoing takes them back, and neither need move anybody in a segment."""
    if not people:
        return
    for handed in HandedTag.objects.filter(ended_at=None):
        _enqueue(handed, people)


def _enqueue(handed: HandedTag, people: Collection[int]) -> None:
    for portion in derive.in_batches(people, PORTION):
        jobs.enqueue(SOME, {"handed": handed.pk, "people": portion})


def to_all_soon(segment_id: int) -> None:
    for handed in HandedTag.objects.filter(segment=segment_id):
        jobs.enqueue(ALL, {"handed": handed.pk}, key=f"{ALL}:{handed.pk}")


def check_all_soon() -> None:
    """Once a night: whoever lost a tag that a rule gives, or has one that no rule gives any more."""
    for segment in HandedTag.objects.values_list("segment", flat=True).distinct():
        to_all_soon(segment)


def giver(segment: Segment) -> Actor:
    """The rule, as who gave a tag."""
    return Actor(kind="segment", id=segment.pk, name=segment.name)


def given_by_rule(handed: HandedTag) -> QuerySet[Tagging]:
    """What people wear because of this rule."""
    return Tagging.objects.filter(tag=handed.tag_id, by_kind="segment", by_id=handed.segment_id, removed_at=None)


@transaction.atomic
def give_and_take(handed_id: int, people: Collection[int]) -> None:
    """Bring these people in line with the rule as it is now. Idempotent."""
    handed = HandedTag.objects.select_for_update().get(pk=handed_id)
    segment, tag = Segment.objects.get(pk=handed.segment_id), handed.tag
    if tag.deleted_at is not None:
        return
    inside, by = _entitled(handed, segment), giver(segment)
    whom = derive.people_of(set(people))
    give = [person for person in whom if person in inside]
    take = [] if handed.keeps else [person for person in whom if person not in inside]
    with suppress(NoContactToTag):  # a corp tag waits for a contact: the nightly check asks again
        add_tags(give, [tag.pk], by=by, reason=segment.name, source=SOURCE)
    remove_tags(take, [tag.pk], by=by, given_by=by, source=SOURCE)


def give_and_take_all(handed_id: int) -> None:
    """The same for everybody, in portions."""
    handed = HandedTag.objects.select_related("segment", "tag__group").get(pk=handed_id)
    inside = _entitled(handed, handed.segment)
    wearing = people_in(Tagging.objects.filter(tag=handed.tag_id, removed_at=None), "person_id")
    lacking = _reachable(handed.tag, inside) - wearing
    surplus = BitMap() if handed.keeps else people_in(given_by_rule(handed), "person_id") - inside
    for portion in derive.in_batches(set(lacking | surplus), PORTION):
        if routines.ending.is_set():
            raise jobs.Later(timedelta(seconds=1), "The worker ends; another goes on.")
        give_and_take(handed_id, portion)


def _entitled(handed: HandedTag, segment: Segment) -> BitMap:
    if handed.ended_at is not None or segment.state != SegmentState.LIVE or not segment.settled_version:
        return BitMap()
    return segment.people


def _reachable(tag: Tag, people: BitMap) -> BitMap:
    relations = taggable_people(tag)
    return people if relations is None else people & people_in(relations, "person_id")
