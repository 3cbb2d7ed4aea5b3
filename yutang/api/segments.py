"""Segments: rules about people, who is in them, who came and went, and why."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from ninja import Field, Query, Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.csv_stream import csv_response
from yutang.api.customer_shapes import CustomerRow, Id, rows_of
from yutang.api.customers import CSV_ANSWER, export_header, export_line
from yutang.api.live_code_shapes import PersonRef
from yutang.api.paged import PagedOut, Paging, TotalOut
from yutang.api.segment_shapes import (
    RULE,
    ChangeOut,
    DiffOut,
    FlowDay,
    PreviewOut,
    RuleData,
    SegmentCheckOut,
    SegmentOut,
    SegmentRow,
    VersionOut,
    WhyOut,
    change_out,
    check_out,
    handed_out,
    preview_out,
    reason_out,
    row_of,
    said,
    version_out,
)
from yutang.api.segment_vocabulary import Vocabulary, vocabulary
from yutang.customers.cards import cards_of
from yutang.customers.queries import find_person
from yutang.events.models import Event
from yutang.kernel import clock
from yutang.kernel.audit import audit
from yutang.kernel.language import Language, current_language, speak
from yutang.kernel.paging import latest_first, newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import start_of_today, the_merchant
from yutang.segments.errors import TaggingBeyondScope
from yutang.segments.models import LeafCheck, Segment, SegmentState
from yutang.segments.queries import (
    Moved,
    changes_by_day,
    find_segment,
    find_version,
    list_segments,
    members_page,
    moved_since,
    narrowed,
    people_in_scope,
    people_of_segment,
    visible_changes,
)
from yutang.segments.references import NamesOfThings
from yutang.segments.rule import Rule, json_schema, leaves_of
from yutang.segments.services import segments as services
from yutang.segments.services.explain import explain
from yutang.segments.services.handed_tags import hand_out_no_more, hand_out_tag
from yutang.segments.services.preview import preview
from yutang.segments.services.world import moment_of
from yutang.segments.trees import unique

router = Router(tags=["segments"])

LATELY = timedelta(hours=24)

Name = Field(min_length=1, max_length=200)


class SegmentFilter(Paging):
    q: str = Field("", max_length=100, description="Part of the name.")
    state: list[SegmentState] = Field([], max_length=4, description="None: all but archived ones.")


class SegmentIn(Schema):
    name: str = Name
    description: str = Field("", max_length=4_000)
    rule: RuleData = Field(description=RULE)
    draft: bool = Field(False, description="Saved without being computed.")
    note: str = Field("", max_length=400, description="Why the rule is so; kept with the version.")


class SegmentEdit(Schema):
    """What is left out stays as it is."""

    version: int = Field(ge=1, le=2**31 - 1, description="The one that was edited.")
    name: str | None = Field(None, max_length=200)
    description: str | None = Field(None, max_length=4_000)
    rule: RuleData | None = Field(None, description=RULE)
    live: bool | None = Field(None, description="False: a draft again, no longer kept current.")
    note: str = Field("", max_length=400)


class FreezeIn(Schema):
    name: str = Name


class HandedTagIn(Schema):
    tag: Id
    keeps: bool = Field(False, description="Who leaves keeps it. False: it is taken away again.")


class PreviewIn(Schema):
    rule: RuleData = Field(description=RULE)
    compare_with: list[Id] = Field([], max_length=10, description="Segments to tell the overlap with.")


class FlowFilter(Schema):
    days: int = Field(30, ge=1, le=366)


class SegmentFlow(Schema):
    items: list[FlowDay]


class Versions(Schema):
    items: list[VersionOut]


class CustomerSegments(Schema):
    items: list[SegmentRow]


@router.get("/segments", response=PagedOut[SegmentRow])
@needs(Permission.SEE_SEGMENTS)
def segments(request: ViewerRequest, wanted: Query[SegmentFilter]) -> PagedOut[SegmentRow]:
    """Segments, the newest first, with their counts in the viewer's scope."""
    page = newest_first(list_segments(q=wanted.q, states=wanted.state), limit=wanted.limit, cursor=wanted.cursor)
    rows = _rows(page.items, request.auth)
    return PagedOut.of(page, lambda each: rows[each.pk])


@router.post("/segments", response={201: SegmentOut})
@needs(Permission.EDIT_SEGMENTS)
def create(request: ViewerRequest, given: SegmentIn) -> Status:
    """Save a rule under a name. Its people are there a moment later: `is_ready` tells."""
    made = services.create_segment(
        given.name,
        services.parsed(given.rule),
        description=given.description,
        draft=given.draft,
        note=given.note,
        by=request.auth.actor,
    )
    return Status(201, _out(made, request.auth))


@router.get("/segments/rule-schema", response=dict[str, Any])
@needs(Permission.SEE_SEGMENTS)
def rule_schema(request: ViewerRequest) -> dict[str, Any]:
    """The form of rules, as JSON Schema."""
    return json_schema()


@router.get("/segments/vocabulary", response=Vocabulary)
@needs(Permission.SEE_SEGMENTS)
def words(request: ViewerRequest) -> Vocabulary:
    """What a builder of rules can offer, in the caller's language."""
    return vocabulary()


@router.get("/segments/checks", response=PagedOut[SegmentCheckOut])
@needs(Permission.EDIT_SEGMENTS)
def checks(request: ViewerRequest, wanted: Query[Paging]) -> PagedOut[SegmentCheckOut]:
    """What the nightly readings found, the latest first. Ids of people are shown to who sees all alone."""
    page = latest_first(LeafCheck.objects.all(), limit=wanted.limit, cursor=wanted.cursor)
    shown = PagedOut.of(page, check_out)
    if request.auth.member_ids is not None:
        for each in shown.items:
            each.missing = each.surplus = []
    return shown


@router.post("/segments/preview", response=PreviewOut)
@needs(Permission.SEE_SEGMENTS)
def try_rule(request: ViewerRequest, given: PreviewIn) -> PreviewOut:
    """How many a rule means, some of them, each condition by itself, and overlaps. Nothing is saved."""
    rule = services.parsed(given.rule)
    node = services.checked(rule)
    others = [find_segment(each) for each in given.compare_with]
    found = preview(node, request.auth, asked=rule.when, compare_with=others)
    return preview_out(rule, found, rows_of(found.sample, request.auth))


@router.get("/segments/{int:segment_id}", response=SegmentOut)
@needs(Permission.SEE_SEGMENTS)
def segment(request: ViewerRequest, segment_id: Id) -> SegmentOut:
    return _out(find_segment(segment_id), request.auth)


@router.patch("/segments/{int:segment_id}", response=SegmentOut)
@needs(Permission.EDIT_SEGMENTS)
def edit(request: ViewerRequest, segment_id: Id, given: SegmentEdit) -> SegmentOut:
    """A changed rule becomes a new version. 409 where somebody else was quicker."""
    found = find_segment(segment_id)
    if found.handed_tags.filter(ended_at=None).exists() and (given.rule is not None or given.live is not None):
        _refuse_beyond_scope(request.auth)
    edited = services.edit_segment(
        found,
        version=given.version,
        name=given.name,
        description=given.description,
        rule=None if given.rule is None else services.parsed(given.rule),
        live=given.live,
        note=given.note,
        by=request.auth.actor,
    )
    return _out(edited, request.auth)


@router.delete("/segments/{int:segment_id}", response={204: None})
@needs(Permission.EDIT_SEGMENTS)
def archive(request: ViewerRequest, segment_id: Id) -> Status:
    """Put it away. Its versions and its history stay."""
    found = find_segment(segment_id)
    if found.handed_tags.filter(ended_at=None).exists():
        _refuse_beyond_scope(request.auth)
    services.archive_segment(found, by=request.auth.actor)
    return Status(204, None)


@router.post("/segments/{int:segment_id}/freeze", response={201: SegmentOut})
@needs(Permission.EDIT_SEGMENTS)
def freeze(request: ViewerRequest, segment_id: Id, given: FreezeIn) -> Status:
    """A new segment with the people of now, which stay."""
    frozen = services.freeze_segment(find_segment(segment_id), name=given.name, by=request.auth.actor)
    return Status(201, _out(frozen, request.auth))


@router.put("/segments/{int:segment_id}/tag", response=SegmentOut)
@needs(Permission.EDIT_SEGMENTS)
def choose_tag(request: ViewerRequest, segment_id: Id, given: HandedTagIn) -> SegmentOut:
    """Give who is in the segment a tag, and take it from who leaves. Tags put on by others are never touched."""
    request.auth.require(Permission.EDIT_CUSTOMERS)
    found = find_segment(segment_id)
    _refuse_beyond_scope(request.auth)
    hand_out_tag(found, given.tag, keeps=given.keeps, by=request.auth.actor)
    return _out(found, request.auth)


@router.delete("/segments/{int:segment_id}/tag", response=SegmentOut)
@needs(Permission.EDIT_SEGMENTS)
def end_tag(request: ViewerRequest, segment_id: Id) -> SegmentOut:
    """Give the tag to nobody any more; who has it by the rule gives it back, unless who leaves keeps it."""
    request.auth.require(Permission.EDIT_CUSTOMERS)
    found = find_segment(segment_id)
    _refuse_beyond_scope(request.auth)
    hand_out_no_more(found, by=request.auth.actor)
    return _out(found, request.auth)


@router.get("/segments/{int:segment_id}/members", response=PagedOut[CustomerRow])
@needs(Permission.SEE_SEGMENTS)
def members(request: ViewerRequest, segment_id: Id, wanted: Query[Paging]) -> PagedOut[CustomerRow]:
    """Its people in scope, the newest first."""
    request.auth.require(Permission.SEE_CUSTOMERS)
    people = people_of_segment(find_segment(segment_id))
    page = members_page(request.auth, people, limit=wanted.limit, cursor=wanted.cursor)
    total = TotalOut(count=page.total.count, exact=page.total.exact)
    return PagedOut(items=rows_of(page.items, request.auth), next=page.next, total=total)


@router.get("/segments/{int:segment_id}/export.csv", openapi_extra=CSV_ANSWER)
@needs(Permission.EXPORT_CUSTOMERS)
def export(request: ViewerRequest, segment_id: Id) -> StreamingHttpResponse:
    """Its people in scope as CSV, phones masked."""
    request.auth.require(Permission.SEE_SEGMENTS)
    found = find_segment(segment_id)
    people_of_segment(found)
    audit("segment.exported", by=request.auth.actor, subject_kind="segment", subject_id=found.pk)
    lines = _export_lines(request.auth, found, current_language())
    return csv_response(f"{found.name}.csv", export_header(), lines, zone=the_merchant().time_zone)


@router.get("/segments/{int:segment_id}/why/{int:customer_id}", response=WhyOut)
@needs(Permission.SEE_SEGMENTS)
def why(request: ViewerRequest, segment_id: Id, customer_id: Id) -> WhyOut:
    """Why a person is in it or not: each condition, its answer, and what that was read from."""
    request.auth.require(Permission.SEE_CUSTOMERS)
    found, person = find_segment(segment_id), find_person(request.auth, customer_id)
    reason = explain(found, person.pk)
    last = found.changes.filter(customer=person).order_by("-at", "-pk").first()
    return WhyOut(
        customer=_names([person.pk])[person.pk],
        is_in=reason.holds,
        since=last.at if last and last.entered == reason.holds else None,
        sentence=said(services.rule_of(found)),
        reason=reason_out(reason),
    )


@router.get("/segments/{int:segment_id}/changes", response=PagedOut[ChangeOut])
@needs(Permission.SEE_SEGMENTS)
def changes(request: ViewerRequest, segment_id: Id, wanted: Query[Paging]) -> PagedOut[ChangeOut]:
    """Who entered and who left, the latest first, and because of what."""
    request.auth.require(Permission.SEE_CUSTOMERS)
    rows = visible_changes(find_segment(segment_id), request.auth)
    page = latest_first(rows, limit=wanted.limit, cursor=wanted.cursor)
    causes = dict(
        Event.objects.filter(pk__in=[each.event_id for each in page.items if each.event_id]).values_list("pk", "name")
    )
    names = _names([each.customer_id for each in page.items])
    return PagedOut.of(page, lambda each: change_out(each, causes, names))


@router.get("/segments/{int:segment_id}/flow", response=SegmentFlow)
@needs(Permission.SEE_SEGMENTS)
def flow(request: ViewerRequest, segment_id: Id, wanted: Query[FlowFilter]) -> SegmentFlow:
    """How many entered and left by the merchant's day."""
    merchant = the_merchant()
    since = start_of_today(merchant, days_ago=wanted.days - 1)
    zone = ZoneInfo(merchant.time_zone)
    days = changes_by_day(find_segment(segment_id), request.auth, since=since, zone=zone)
    known = {each.day: each for each in days}
    first = since.astimezone(zone).date()
    return SegmentFlow(
        items=[
            FlowDay(
                day=day, entered=known[day].entered if day in known else 0, left=known[day].left if day in known else 0
            )
            for day in (first + timedelta(days=number) for number in range(wanted.days))
        ]
    )


@router.get("/segments/{int:segment_id}/versions", response=Versions)
@needs(Permission.SEE_SEGMENTS)
def versions(request: ViewerRequest, segment_id: Id) -> Versions:
    """Every rule it had, the latest first: at most 200."""
    found = find_segment(segment_id)
    return Versions(items=[version_out(each) for each in found.versions.order_by("-number")[:200]])


@router.get("/segments/{int:segment_id}/versions/{int:before}/diff/{int:after}", response=DiffOut)
@needs(Permission.SEE_SEGMENTS)
def diff(request: ViewerRequest, segment_id: Id, before: Id, after: Id) -> DiffOut:
    """Which conditions came and which went between two versions."""
    found = find_segment(segment_id)
    rules = [Rule.model_validate(find_version(found, number).rule) for number in (before, after)]
    left, right = ({leaf.key: leaf for leaf in unique(leaves_of(rule.when))} for rule in rules)
    names, moment = NamesOfThings(), moment_of(clock.now())
    return DiffOut(
        before=before,
        after=after,
        added=[leaf.sentence(names, moment).here() for key, leaf in right.items() if key not in left],
        removed=[leaf.sentence(names, moment).here() for key, leaf in left.items() if key not in right],
        before_sentence=said(rules[0]),
        after_sentence=said(rules[1]),
    )


@router.get("/customers/{int:customer_id}/segments", response=CustomerSegments)
@needs(Permission.SEE_SEGMENTS)
def segments_of_customer(request: ViewerRequest, customer_id: Id) -> CustomerSegments:
    """The live and frozen segments a person is in."""
    request.auth.require(Permission.SEE_CUSTOMERS)
    person = find_person(request.auth, customer_id)
    found = Segment.objects.filter(state__in=(SegmentState.LIVE, SegmentState.FROZEN), settled_version__gt=0)
    theirs = [each for each in found.order_by("name") if person.pk in people_of_segment(each)]
    return CustomerSegments(items=list(_rows(theirs, request.auth).values()))


def _refuse_beyond_scope(viewer: Viewer) -> None:
    """A tag goes to everybody in the segment. Raises TaggingBeyondScope for who does not see everybody."""
    if viewer.member_ids is not None:
        raise TaggingBeyondScope


def _out(found: Segment, viewer: Viewer) -> SegmentOut:
    row = _rows([found], viewer)[found.pk]
    return SegmentOut(**dict(row), rule=services.rule_of(found).dump(), hands_out=handed_out(found, viewer))


def _rows(found: Sequence[Segment], viewer: Viewer) -> dict[int, SegmentRow]:
    scope = people_in_scope(viewer)
    moved = moved_since([each.pk for each in found], viewer, since=clock.now() - LATELY)
    return {each.pk: SegmentRow(**row_of(each, _count(each, scope), moved.get(each.pk, Moved()))) for each in found}


def _count(found: Segment, scope: Any) -> int | None:
    if not found.settled_version:
        return None
    if scope is None and found.state != SegmentState.FROZEN:
        return found.count
    return len(narrowed(people_of_segment(found), scope))


def _names(person_ids: Sequence[int]) -> dict[int, PersonRef]:
    """People by id; somebody merged away or erased since is shown without a name."""
    found = {pk: PersonRef(id=pk, name="", avatar=None) for pk in person_ids}
    for card in cards_of(list(found)):
        found[card.id] = PersonRef(id=card.id, name=card.name, avatar=card.avatar)
    return found


def _export_lines(viewer: Viewer, found: Segment, language: Language) -> Iterator[Sequence[object]]:
    speak(language)  # lines are made while the answer is on its way, outside the request
    people, cursor = people_of_segment(found), None
    while True:
        page = members_page(viewer, people, limit=1_000, cursor=cursor)
        for row in rows_of(page.items, viewer):
            yield export_line(row)
        cursor = page.next
        if cursor is None:
            return
