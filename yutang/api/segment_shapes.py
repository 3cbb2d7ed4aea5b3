"""How segments look over the API."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from yutang.api.customer_shapes import CustomerRow, TagRef
from yutang.api.live_code_shapes import PersonRef
from yutang.customers.models import TagGroupKind
from yutang.kernel import clock
from yutang.kernel.facts import CATALOGUE
from yutang.kernel.language import Text
from yutang.organization.scope import Viewer
from yutang.segments.errors import UnknownReference
from yutang.segments.leaves import LEAF
from yutang.segments.models import (
    Because,
    HandedTag,
    LeafCheck,
    Segment,
    SegmentChange,
    SegmentState,
    SegmentVersion,
)
from yutang.segments.queries import Moved
from yutang.segments.references import NamesOfThings, check_references
from yutang.segments.rule import Rule, leaves_of, sentence
from yutang.segments.services.explain import Reason
from yutang.segments.services.hand_out import given_by_rule
from yutang.segments.services.preview import Part, Preview
from yutang.segments.services.segments import rule_of
from yutang.segments.services.world import moment_of

GIVES_BACK = Text(
    "进入时打上标签「{tag}」，离开时去掉", "Gives the tag “{tag}” on entering and takes it away on leaving"
)
KEEPS = Text("进入时打上标签「{tag}」，离开后保留", "Gives the tag “{tag}” on entering; who leaves keeps it")
TAG_GONE = Text("它发放的标签「{tag}」已删除。", "The tag “{tag}” that it gives was deleted.")

RuleData = dict[str, Any]
RULE = "A rule of the form that GET /segments/rule-schema publishes."


class SegmentRow(Schema):
    id: int
    name: str
    description: str
    state: SegmentState
    version: int
    is_ready: bool = Field(description="False while its people are being computed for this version.")
    count: int | None = Field(description="People in the viewer's scope; none before the first computation.")
    entered_lately: int = Field(description="In the last 24 hours, of people in the viewer's scope.")
    left_lately: int
    sentence: str
    problem: str | None = Field(description="Why it could not be computed, or what its rule names that is gone.")
    settled_at: datetime | None = Field(description="When its people last changed, or were confirmed as a whole.")
    frozen_at: datetime | None
    created_at: datetime
    updated_at: datetime
    created_by: str


class HandedTagOut(Schema):
    """The tag that who is in the segment gets."""

    tag: TagRef
    kind: TagGroupKind
    keeps: bool = Field(description="Who leaves keeps it.")
    sentence: str
    wearing: int | None = Field(description="How many have it by this rule; told to who sees everybody.")
    since: datetime
    by: str


class SegmentOut(SegmentRow):
    rule: RuleData = Field(description=RULE)
    hands_out: HandedTagOut | None


class VersionOut(Schema):
    number: int
    at: datetime
    by: str
    note: str
    sentence: str
    rule: RuleData


class DiffOut(Schema):
    """Conditions that one version has and the other has not, as sentences."""

    before: int
    after: int
    added: list[str]
    removed: list[str]
    before_sentence: str
    after_sentence: str


class LeafCount(Schema):
    kind: str
    sentence: str
    count: int


class OverlapOut(Schema):
    id: int
    name: str
    count: int
    both: int


class PartOut(Schema):
    """How many a part of the rule means by itself. Of the shape of the rule that was sent."""

    count: int
    of: list["PartOut"]


class PreviewOut(Schema):
    count: int = Field(description="People in the viewer's scope, as all counts here.")
    everyone: int
    parts: PartOut
    sentence: str
    sample: list[CustomerRow]
    leaves: list[LeafCount]
    overlaps: list[OverlapOut]
    took_ms: int
    at: datetime


class ReasonOut(Schema):
    kind: str = Field(description="all, any, not, or the kind of a condition.")
    holds: bool
    sentence: str
    seen: str | None = Field(description="What the answer was read from.")
    of: list["ReasonOut"]


class WhyOut(Schema):
    customer: PersonRef
    is_in: bool
    since: datetime | None = Field(description="When the person last entered or left, if that was after the beginning.")
    sentence: str
    reason: ReasonOut


class ChangeOut(Schema):
    id: int
    customer: PersonRef
    entered: bool
    at: datetime
    because: Because
    event: str | None = Field(description="What the event was called that was the cause.")
    version: int


class FlowDay(Schema):
    day: date
    entered: int
    left: int


class SegmentCheckOut(Schema):
    at: datetime
    sentence: str
    people: int
    wrong: int
    missing: list[int]
    surplus: list[int]
    took_ms: int


def row_of(segment: Segment, count: int | None, moved: Moved) -> dict[str, Any]:
    rule = rule_of(segment)
    return {
        "id": segment.pk,
        "name": segment.name,
        "description": segment.description,
        "state": SegmentState(segment.state),
        "version": segment.version,
        "is_ready": segment.settled_version == segment.version and not segment.needs_settling,
        "count": count,
        "entered_lately": moved.entered,
        "left_lately": moved.left,
        "sentence": said(rule),
        "problem": _problem(segment, rule),
        "settled_at": segment.settled_at,
        "frozen_at": segment.frozen_at,
        "created_at": segment.created_at,
        "updated_at": segment.updated_at,
        "created_by": segment.created_by,
    }


def _problem(segment: Segment, rule: Rule) -> str | None:
    if segment.error:
        return Text(segment.error["zh"], segment.error["en"]).here()
    if segment.state not in (SegmentState.LIVE, SegmentState.DRAFT):
        return None
    try:
        check_references(leaves_of(rule.when))
    except UnknownReference as gone:
        return gone.said.here()
    gone_tag = HandedTag.objects.filter(segment=segment, ended_at=None, tag__deleted_at__isnull=False).first()
    return TAG_GONE.fill(tag=gone_tag.tag.name).here() if gone_tag else None


def handed_out(segment: Segment, viewer: Viewer) -> HandedTagOut | None:
    handed = HandedTag.objects.filter(segment=segment, ended_at=None).select_related("tag__group").first()
    if handed is None:
        return None
    tag, group = handed.tag, handed.tag.group
    return HandedTagOut(
        tag=TagRef(id=tag.pk, name=tag.name, group=group.name),
        kind=TagGroupKind(group.kind),
        keeps=handed.keeps,
        sentence=(KEEPS if handed.keeps else GIVES_BACK).fill(tag=tag.name).here(),
        wearing=given_by_rule(handed).values("person").distinct().count() if viewer.member_ids is None else None,
        since=handed.at,
        by=handed.by_name,
    )


def said(rule: Rule) -> str:
    return sentence(rule.when, NamesOfThings(), moment_of(clock.now())).here()


def version_out(version: SegmentVersion) -> VersionOut:
    rule = Rule.model_validate(version.rule)
    return VersionOut(
        number=version.number,
        at=version.at,
        by=version.by_name,
        note=version.note,
        sentence=said(rule),
        rule=version.rule,
    )


def reason_out(reason: Reason) -> ReasonOut:
    return ReasonOut(
        kind=reason.kind,
        holds=reason.holds,
        sentence=reason.sentence.here(),
        seen=None if reason.seen is None else reason.seen.here(),
        of=[reason_out(each) for each in reason.of],
    )


def _part_out(part: Part) -> PartOut:
    return PartOut(count=part.count, of=[_part_out(each) for each in part.of])


def preview_out(rule: Rule, found: Preview, sample: list[CustomerRow]) -> PreviewOut:
    names, moment = NamesOfThings(), moment_of(found.at)
    return PreviewOut(
        count=found.count,
        everyone=found.everyone,
        parts=_part_out(found.parts),
        sentence=said(rule),
        sample=sample,
        leaves=[
            LeafCount(kind=leaf.model_dump()["kind"], sentence=leaf.sentence(names, moment).here(), count=count)
            for leaf, count in found.leaves
        ],
        overlaps=[
            OverlapOut(id=each.segment.pk, name=each.segment.name, count=each.count, both=each.both)
            for each in found.overlaps
        ],
        took_ms=found.took_ms,
        at=found.at,
    )


def change_out(change: SegmentChange, events: dict[int, str], names: dict[int, PersonRef]) -> ChangeOut:
    cause = events.get(change.event_id or 0)
    return ChangeOut(
        id=change.pk,
        customer=names[change.customer_id],
        entered=change.entered,
        at=change.at,
        because=Because(change.because),
        event=CATALOGUE[cause].label.here() if cause in CATALOGUE else cause,
        version=change.version,
    )


def check_out(check: LeafCheck) -> SegmentCheckOut:
    leaf = LEAF.validate_python(check.leaf)
    return SegmentCheckOut(
        at=check.at,
        sentence=leaf.sentence(NamesOfThings(), moment_of(check.at)).here(),
        people=check.people,
        wrong=check.wrong,
        missing=check.missing,
        surplus=check.surplus,
        took_ms=check.read_ms,
    )
