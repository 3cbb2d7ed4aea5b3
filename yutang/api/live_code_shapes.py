"""How live codes look over the API."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from ninja import Field, Schema

from yutang.acquisition import queries
from yutang.acquisition.hours import HoursText
from yutang.acquisition.models import Assignee, LiveCode, SyncState, Welcome
from yutang.acquisition.queries import Counts
from yutang.acquisition.shapes import CodeShape, SlotShape, WelcomeShape
from yutang.acquisition.staffing import day_of
from yutang.api.accounts import Ref
from yutang.content.parts import parts_from
from yutang.kernel import clock
from yutang.kernel.language import Text
from yutang.organization.models import Member
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import merchant_zone


class PersonRef(Schema):
    id: int
    name: str
    avatar: str | None


class SyncFault(Schema):
    """What WeCom refused, and what to do about it. It is tried again by itself."""

    message: str
    advice: str | None
    errcode: int | None


class CodeRow(Schema):
    id: int
    name: str
    corp: Ref
    folder: Ref | None
    touchpoint: str
    sync_state: SyncState
    sync_error: SyncFault | None
    members: list[PersonRef] = Field(description="Whom it leads to now.")
    expires_at: datetime | None
    archived_at: datetime | None
    created_at: datetime
    scans: int
    adds: int
    losses: int
    adds_today: int


class AssigneeOut(Schema):
    member: PersonRef | None
    department: Ref | None
    store: Ref | None
    is_backup: bool
    weight: int
    daily_cap: int | None


class ShiftOut(Schema):
    hours: HoursText
    members: list[PersonRef]


class CodeOut(CodeRow):
    version: int
    state_code: str
    landing_url: str = Field(description="What the printed code holds; it stays when members change.")
    qr_code_url: str | None = Field(description="WeCom's own picture, where WeCom has made one.")
    rotation: str
    one_member_only: bool
    accept: str
    accept_hours: list[HoursText]
    remark_template: str
    description: str
    tags: list[Ref]
    assignees: list[AssigneeOut]
    shifts: list[ShiftOut]
    welcome: WelcomeShape | None
    may_edit: bool


class CodeChange(CodeShape):
    version: int = Field(description="The version this change was made on; refused when there is a newer one.")


class CodeCounts(Schema):
    scans: int
    adds: int
    half_adds: int
    replies: int = Field(description="First messages of customers, where WeCom tells of each: acquisition links.")
    lost_by_customer: int
    lost_by_member: int


class CodeDayCounts(CodeCounts):
    day: date


class CodeMemberCounts(CodeCounts):
    member: PersonRef | None = Field(description="None: opens of a page that led to several members.")
    chats: int | None = Field(description="Customers the member wrote to, by any code, as WeCom told; a day later.")
    reply_percentage: float | None = Field(description="Of chats customers began with the member, by any code.")
    reply_minutes: float | None


class CodeStatistics(Schema):
    totals: CodeCounts
    days: list[CodeDayCounts]
    members: list[CodeMemberCounts]


def person(member: Member) -> PersonRef:
    return PersonRef(id=member.pk, name=member.label, avatar=member.avatar or None)


def landing_url(state_code: str) -> str:
    return f"{settings.PUBLIC_URL}/c/{state_code}"


def rows(viewer: Viewer, codes: Collection[LiveCode]) -> list[CodeRow]:
    """A page of codes with their figures: a few statements, however many codes."""
    return [CodeRow(**each) for each in _rows(viewer, codes)]


def _rows(viewer: Viewer, codes: Collection[LiveCode]) -> list[dict[str, Any]]:
    counts = queries.totals_of(viewer, codes)
    today = queries.adds_on(viewer, codes, day_of(clock.now(), merchant_zone()))
    members = Member.objects.in_bulk({pk for code in codes for pk in code.shown_members})
    return [_row(code, members, counts.get(code.pk, Counts()), today.get(code.pk, 0)) for code in codes]


def _row(code: LiveCode, members: Mapping[int, Member], counts: Counts, today: int) -> dict[str, Any]:
    return {
        "id": code.pk,
        "name": code.name,
        "corp": Ref(id=code.corp_id, name=code.corp.name),
        "folder": Ref(id=code.folder.pk, name=code.folder.name) if code.folder else None,
        "touchpoint": code.touchpoint,
        "sync_state": SyncState(code.sync_state),
        "sync_error": fault_of(code.sync_error),
        "members": [person(members[pk]) for pk in code.shown_members if pk in members],
        "expires_at": code.expires_at,
        "archived_at": code.archived_at,
        "created_at": code.created_at,
        "scans": counts.scans,
        "adds": counts.adds,
        "losses": counts.losses,
        "adds_today": today,
    }


def fault_of(error: Mapping[str, object]) -> SyncFault | None:
    if not error:
        return None
    message, advice = Text(str(error["zh"]), str(error["en"])), Text(str(error["advice_zh"]), str(error["advice_en"]))
    errcode = error.get("errcode")
    return SyncFault(
        message=message.here(), advice=advice.here() or None, errcode=errcode if isinstance(errcode, int) else None
    )


def detail(viewer: Viewer, code: LiveCode) -> CodeOut:
    (row,) = _rows(viewer, [code])
    assignees = code.assignees.select_related("member", "department", "store")
    shifts = code.shifts.prefetch_related("members")
    welcome = Welcome.objects.filter(code=code).prefetch_related("slots").first()
    return CodeOut(
        **row,
        version=code.version,
        state_code=code.state_code,
        landing_url=landing_url(code.state_code),
        qr_code_url=code.qr_code_url or None,
        rotation=code.rotation,
        one_member_only=code.one_member_only,
        accept=code.accept,
        accept_hours=[HoursText.model_validate(hours) for hours in code.accept_hours],
        remark_template=code.remark_template,
        description=code.description,
        tags=[Ref(id=tag.pk, name=tag.name) for tag in code.tags.order_by("group_id", "order", "pk")],
        assignees=[_assignee(each) for each in assignees],
        shifts=[
            ShiftOut(hours=HoursText.model_validate(each.hours), members=[person(m) for m in each.members.all()])
            for each in shifts
        ],
        welcome=welcome_shape(welcome) if welcome else None,
        may_edit=queries.may_edit(viewer, code),
    )


def _assignee(each: Assignee) -> AssigneeOut:
    return AssigneeOut(
        member=person(each.member) if each.member else None,
        department=Ref(id=each.department.pk, name=each.department.name) if each.department else None,
        store=Ref(id=each.store.pk, name=each.store.name) if each.store else None,
        is_backup=each.is_backup,
        weight=each.weight,
        daily_cap=each.daily_cap,
    )


def welcome_shape(welcome: Welcome) -> WelcomeShape:
    slots = [
        SlotShape(
            hours=HoursText.model_validate(slot.hours) if slot.hours else None,
            parts=parts_from(slot.parts),
        )
        for slot in welcome.slots.all()
    ]
    return WelcomeShape(slots=slots, suppressed_nicknames=welcome.suppressed_nicknames)
