"""Welcomes of corps, departments and members; a live code's own is part of the code."""

from datetime import datetime
from typing import Annotated

from ninja import Field, Query, Router, Schema

from yutang.acquisition.models import Welcome
from yutang.acquisition.services.greet import places
from yutang.acquisition.services.welcomes import Holder, set_welcome
from yutang.acquisition.shapes import WelcomeShape
from yutang.api.accounts import Ref
from yutang.api.auth import ViewerRequest, needs
from yutang.api.live_code_shapes import PersonRef, person, welcome_shape
from yutang.content import parts as content
from yutang.content.parts import Part
from yutang.kernel.errors import BadInput, NotFound
from yutang.kernel.language import Text
from yutang.kernel.permissions import Permission
from yutang.organization.models import Corp, Department, Member
from yutang.organization.queries import find_department, find_member
from yutang.organization.scope import Viewer

router = Router(tags=["welcomes"])


class WelcomeHolder(Schema):
    """Whose welcome: the corp's default, or one department's or one member's."""

    corp_id: int
    department_id: int | None = None
    member_id: int | None = None


class WelcomeOut(Schema):
    corp: Ref
    department: Ref | None
    member: PersonRef | None
    version: int | None = Field(description="None: there is no welcome here yet.")
    updated_at: datetime | None
    welcome: WelcomeShape


class Welcomes(Schema):
    items: list[WelcomeOut]


class WelcomeChange(WelcomeHolder):
    version: int | None = Field(description="As it was read; refused with 409 when somebody changed it meanwhile.")
    welcome: WelcomeShape


class WelcomePreviewIn(Schema):
    parts: Annotated[list[Part], Field(max_length=20)]
    nickname: str = Field("", max_length=100)
    member_id: int | None = None


class PartProblem(Schema):
    field: str
    message: str


class WelcomePreviewOut(Schema):
    parts: list[Part]
    problems: list[PartProblem]


@router.get("/welcomes", response=Welcomes)
@needs(Permission.SEE_LIVE_CODES)
def list_welcomes(request: ViewerRequest, corp_id: int | None = None) -> Welcomes:
    """Every welcome there is but those of live codes, the corps' defaults first."""
    found = Welcome.objects.filter(code=None).select_related("corp", "department", "member").prefetch_related("slots")
    if corp_id is not None:
        found = found.filter(corp=corp_id)
    if request.auth.member_ids is not None:
        found = found.filter(member__in=request.auth.member_ids) | found.filter(member=None, department=None)
    ordered = sorted(found, key=lambda each: (each.member_id or 0, each.department_id or 0, each.corp_id))
    return Welcomes(items=[_shape(_holder_of(each), each) for each in ordered])


@router.get("/welcomes/of", response=WelcomeOut)
@needs(Permission.SEE_LIVE_CODES)
def get_welcome(request: ViewerRequest, of: Query[WelcomeHolder]) -> WelcomeOut:
    """One holder's welcome, empty where there is none."""
    holder = _holder(request.auth, of)
    return _shape(holder, holder.welcome())


@router.put("/welcomes", response=WelcomeOut)
@needs(Permission.EDIT_WELCOMES)
def put_welcome(request: ViewerRequest, given: WelcomeChange) -> WelcomeOut:
    """Replace a welcome; one without slots is taken away, and the next in line greets."""
    holder = _holder(request.auth, given)
    _refuse_out_of_scope(request.auth, holder)
    return _shape(holder, set_welcome(holder, given.welcome, version=given.version, by=request.auth.actor))


@router.post("/welcomes/preview", response=WelcomePreviewOut)
@needs(Permission.SEE_LIVE_CODES)
def preview(request: ViewerRequest, given: WelcomePreviewIn) -> WelcomePreviewOut:
    """The message as a customer would see it, and what WeCom would refuse about it."""
    member = find_member(request.auth, given.member_id) if given.member_id is not None else Member(name="小鱼")
    values = places(member, given.nickname) | {"profile_link": "https://…/p/…"}
    problems = [PartProblem(field=each.field, message=each.text.here()) for each in content.problems(given.parts)]
    return WelcomePreviewOut(parts=content.fill(given.parts, values), problems=problems)


def _holder(viewer: Viewer, of: WelcomeHolder) -> Holder:
    corp = Corp.objects.filter(pk=of.corp_id).first()
    if corp is None:
        raise NotFound
    if of.member_id is not None and of.department_id is not None:
        raise BadInput(Text("请只选择部门或员工之一。", "Name a department or a member, not both."))
    member = find_member(viewer, of.member_id) if of.member_id is not None else None
    department = find_department(viewer, of.department_id) if of.department_id is not None else None
    for each in (member, department):
        if each is not None and each.corp_id != corp.pk:
            raise NotFound
    return Holder(corp, member, department)


def _refuse_out_of_scope(viewer: Viewer, holder: Holder) -> None:
    """A welcome greets for all its members, so whoever writes it has to be in charge of all of them."""
    if viewer.member_ids is None or holder.member is not None:
        return
    if holder.department is None:
        raise NotFound
    beneath = Member.objects.filter(departments__path__startswith=holder.department.path)
    if beneath.exclude(pk__in=viewer.member_ids).exists():
        raise NotFound


def _holder_of(welcome: Welcome) -> Holder:
    return Holder(welcome.corp, welcome.member, welcome.department)


def _shape(holder: Holder, welcome: Welcome | None) -> WelcomeOut:
    department: Department | None = holder.department
    return WelcomeOut(
        corp=Ref(id=holder.corp.pk, name=holder.corp.name),
        department=Ref(id=department.pk, name=department.name) if department else None,
        member=person(holder.member) if holder.member else None,
        version=welcome.version if welcome else None,
        updated_at=welcome.updated_at if welcome else None,
        welcome=welcome_shape(welcome) if welcome else WelcomeShape(),
    )
