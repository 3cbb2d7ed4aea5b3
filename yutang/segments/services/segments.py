"""Creating, editing, freezing and archiving segments. A rule is never changed: an edit adds a version."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from yutang.kernel import clock, jobs
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.plain_text import lines, one_line
from yutang.segments.errors import (
    RuleInCircle,
    RuleInvalid,
    RuleTooDeep,
    RuleTooLarge,
    SegmentAtRest,
    SegmentChangedMeanwhile,
    SegmentInUse,
    SegmentNameTaken,
    SegmentNotReady,
    TooManySegments,
)
from yutang.segments.models import Segment, SegmentState, SegmentVersion
from yutang.segments.references import check_references
from yutang.segments.rule import MAX_DEPTH, MAX_LEAVES, Node, Rule, depth_of, inlined, leaves_of, segments_in
from yutang.segments.services import hand_out
from yutang.segments.services.handed_tags import end_handing, refuse_tag_circle
from yutang.segments.services.keep import BRING_UP
from yutang.segments.trees import current_rules

MAX_SEGMENTS = 1_000
AT_WORK = (SegmentState.LIVE, SegmentState.DRAFT)


def parsed(data: Mapping[str, Any]) -> Rule:
    """A rule from JSON. Raises RuleInvalid, naming the place at fault, or RuleTooDeep."""
    if _nesting(data) > MAX_DEPTH * 4:
        raise RuleTooDeep(most=MAX_DEPTH)
    try:
        return Rule.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RuleInvalid(where=where, problem=first["msg"]) from None


def _nesting(data: object) -> int:
    """How deep a JSON value goes, found without recursion: it comes from outside."""
    deepest, level = 0, [data]
    while level and deepest < 200:
        deepest += 1
        below: list[object] = []
        for each in level:
            below += each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ()
        level = below
    return deepest


def checked(rule: Rule, *, segment: Segment | None = None) -> Node:
    """The rule written out, or a refusal: too deep, too large, in a circle, naming what is not there."""
    if depth_of(rule.when) > MAX_DEPTH:
        raise RuleTooDeep(most=MAX_DEPTH)
    check_references(leaves_of(rule.when))
    rules = current_rules()
    if segment is not None:
        rules[segment.pk] = rule.when
    _refuse_circle(rule.when, rules, [segment.pk] if segment else [])
    count = _count(rule.when, rules)
    if count > MAX_LEAVES:
        raise RuleTooLarge(count=count, most=MAX_LEAVES)
    if segment is not None:
        refuse_tag_circle(rules)
    return inlined(rule.when, rules)


def _refuse_circle(node: Node, rules: Mapping[int, Node], path: list[int]) -> None:
    for other in sorted(segments_in(node)):
        if other in path:
            names = dict(Segment.objects.filter(pk__in=path).values_list("pk", "name"))
            said = [names.get(pk, str(pk)) for pk in [*path[path.index(other) :], other]]
            raise RuleInCircle(path=" → ".join(said))
        if other in rules:
            _refuse_circle(rules[other], rules, [*path, other])


def _count(node: Node, rules: Mapping[int, Node]) -> int:
    """Leaves after writing out, counted without writing out: references double quickly."""
    counted: dict[int, int] = {}

    def of(part: Node) -> int:
        inside = segments_in(part) & set(rules)
        total = sum(1 for leaf in leaves_of(part) if getattr(leaf, "segment", None) not in inside)
        for leaf in leaves_of(part):
            other = getattr(leaf, "segment", None)
            if other in inside:
                if other not in counted:
                    counted[other] = of(rules[other])
                total += counted[other]
        return total

    return of(node)


@transaction.atomic
def create_segment(
    name: str, rule: Rule, *, description: str = "", draft: bool = False, by: Actor, note: str = ""
) -> Segment:
    """Raises SegmentNameTaken, TooManySegments and what `checked` raises. Its people come a moment later."""
    if Segment.objects.exclude(state=SegmentState.ARCHIVED).count() >= MAX_SEGMENTS:
        raise TooManySegments(most=MAX_SEGMENTS)
    checked(rule)
    now = clock.now()
    segment = Segment(
        name=_free_name(name),
        description=lines(description, 1_000),
        state=SegmentState.DRAFT if draft else SegmentState.LIVE,
        created_at=now,
        updated_at=now,
        created_by=by.name[:200],
    )
    segment.save()
    _add_version(segment, rule, by, note)
    audit("segment.created", by=by, subject_kind="segment", subject_id=segment.pk, name=segment.name)
    _put_to_work(segment)
    return segment


@transaction.atomic
def edit_segment(
    segment: Segment,
    *,
    version: int,
    by: Actor,
    name: str | None = None,
    description: str | None = None,
    rule: Rule | None = None,
    live: bool | None = None,
    note: str = "",
) -> Segment:
    """Changes what is given. `version` is the one the editor saw: raises SegmentChangedMeanwhile where it is not the
    last any more, SegmentAtRest for frozen and archived ones."""
    row = Segment.objects.select_for_update().get(pk=segment.pk)
    if row.state not in AT_WORK:
        raise SegmentAtRest
    if row.version != version:
        raise SegmentChangedMeanwhile(version=row.version)
    if name is not None:
        row.name = _free_name(name, but=row.pk)
    if description is not None:
        row.description = lines(description, 1_000)
    if live is not None:
        row.state = SegmentState.LIVE if live else SegmentState.DRAFT
    if rule is not None and rule.dump() != rule_of(row).dump():
        checked(rule, segment=row)
        row.version += 1
        _add_version(row, rule, by, note)
    row.updated_at = clock.now()
    row.save(update_fields=["name", "description", "state", "version", "updated_at"])
    audit("segment.edited", by=by, subject_kind="segment", subject_id=row.pk, version=row.version)
    _put_to_work(row)
    _put_dependents_to_work(row)
    hand_out.to_all_soon(row.pk)
    return row


@transaction.atomic
def freeze_segment(segment: Segment, *, name: str, by: Actor) -> Segment:
    """A list of who is in it now, under a name of its own. Raises SegmentNotReady before the first computation."""
    row = Segment.objects.select_for_update().get(pk=segment.pk)
    if not row.settled_version or row.settled_version != row.version:
        raise SegmentNotReady
    now = clock.now()
    frozen = Segment(
        name=_free_name(name),
        description=row.description,
        state=SegmentState.FROZEN,
        settled_version=1,
        settled_at=now,
        frozen_at=now,
        created_at=now,
        updated_at=now,
        created_by=by.name[:200],
    )
    frozen.set_people(row.people)
    frozen.save()
    _add_version(frozen, rule_of(row), by, f"{row.name} v{row.version}"[:200])
    audit("segment.frozen", by=by, subject_kind="segment", subject_id=frozen.pk, of=row.pk, people=frozen.count)
    return frozen


@transaction.atomic
def archive_segment(segment: Segment, *, by: Actor) -> None:
    """Raises SegmentInUse where another refers to it."""
    row = Segment.objects.select_for_update().get(pk=segment.pk)
    if row.state == SegmentState.ARCHIVED:
        return
    if user := _referring_to(row.pk):
        raise SegmentInUse(by=user.name)
    row.state, row.updated_at = SegmentState.ARCHIVED, clock.now()
    row.entering = row.leaving = b""
    row.telling_because = ""
    row.save(update_fields=["state", "updated_at", "entering", "leaving", "telling_because"])
    end_handing(row)
    audit("segment.archived", by=by, subject_kind="segment", subject_id=row.pk, name=row.name)
    _put_to_work(row)


def rule_of(segment: Segment, number: int | None = None) -> Rule:
    """The rule that counts, or that of an earlier version."""
    version = SegmentVersion.objects.get(segment=segment, number=number or segment.version)
    return Rule.model_validate(version.rule)


def _referring_to(segment_id: int) -> Segment | None:
    for other, node in current_rules().items():
        if segment_id in segments_in(node):
            return Segment.objects.get(pk=other)
    return None


def _put_dependents_to_work(segment: Segment) -> None:
    """Who refers to an edited segment, directly or through others, is settled anew by the same job."""
    rules = current_rules()
    reached, edge = {segment.pk}, {segment.pk}
    while edge:
        edge = {pk for pk, node in rules.items() if pk not in reached and segments_in(node) & edge}
        reached |= edge
    Segment.objects.filter(pk__in=reached - {segment.pk}, state=SegmentState.LIVE).update(needs_settling=True)


def _add_version(segment: Segment, rule: Rule, by: Actor, note: str) -> None:
    SegmentVersion.objects.create(
        segment=segment,
        number=segment.version,
        rule=rule.dump(),
        by_name=by.name[:200],
        at=clock.now(),
        note=one_line(note, 200),
    )


def _put_to_work(segment: Segment) -> None:
    jobs.enqueue(BRING_UP, {}, key=BRING_UP)


def _free_name(name: str, *, but: int | None = None) -> str:
    tidy = one_line(name, 100)
    if not tidy:
        raise BadInput(Text("请填写名称。", "Give it a name."), fields={"name": "empty"})
    if Segment.objects.filter(name=tidy).exclude(state=SegmentState.ARCHIVED).exclude(pk=but or 0).exists():
        raise SegmentNameTaken(name=tidy)
    return tidy
