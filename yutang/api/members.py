"""Members: who is there, in which store, on line for new customers or not."""

from collections.abc import Iterable, Mapping

from django.db.models import Count, Q
from ninja import Field, Query, Router, Schema

from yutang.api.accounts import Ref
from yutang.api.auth import ViewerRequest, needs
from yutang.api.paged import PagedOut, Paging
from yutang.customers.models import HELD, Ownership
from yutang.kernel.errors import NotAllowed
from yutang.kernel.language import Text
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization import queries
from yutang.organization.models import Member, MemberStatus
from yutang.organization.scope import Viewer
from yutang.organization.services import members

router = Router(tags=["organization"])

NO_MEMBER_OF_YOURS = Text("切换本人接待状态（账号未关联员工）", "Switch yourself (no member is linked to this account)")


class MemberOut(Schema):
    id: int
    corp_id: int
    userid: str
    name: str
    alias: str
    position: str
    avatar: str | None
    status: MemberStatus
    serves_customers: bool
    takes_customers: bool
    store: Ref | None
    departments: list[Ref]
    customer_count: int
    account_id: int | None


class MemberFilter(Paging):
    q: str = Field("", max_length=100, description="Part of the name, the alias or the userid.")
    corp_id: int | None = None
    department_id: int | None = Field(None, description="This department and all below it.")
    store_id: int | None = None
    status: MemberStatus | None = None
    serves_customers: bool | None = None


class MembersMove(Schema):
    member_ids: list[int] = Field(min_length=1, max_length=500)
    store_id: int | None


class MembersMoved(Schema):
    moved: int


class LineSwitch(Schema):
    takes_customers: bool


@router.get("/members", response=PagedOut[MemberOut])
@needs(Permission.SEE_ORGANIZATION)
def list_members(request: ViewerRequest, wanted: Query[MemberFilter]) -> PagedOut[MemberOut]:
    rows = queries.visible_members(request.auth).select_related("store", "account").prefetch_related("departments")
    if words := wanted.q.strip():
        rows = rows.filter(Q(name__icontains=words) | Q(alias__icontains=words) | Q(userid__icontains=words))
    if wanted.department_id is not None:
        subtree = queries.within(queries.find_department(request.auth, wanted.department_id))
        links = Member.departments.through.objects.filter(department__in=subtree)
        rows = rows.filter(pk__in=links.values("member_id"))
    exact = {"corp": wanted.corp_id, "store": wanted.store_id, "status": wanted.status}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.serves_customers is not None:
        rows = rows.filter(serves_customers=wanted.serves_customers)
    page = newest_first(rows, limit=wanted.limit, cursor=wanted.cursor)
    held = _held_by(row.pk for row in page.items)
    return PagedOut.of(page, lambda member: _member(member, held))


@router.get("/members/{int:member_id}", response=MemberOut)
@needs(Permission.SEE_ORGANIZATION)
def read_member(request: ViewerRequest, member_id: int) -> MemberOut:
    return _member(queries.find_member(request.auth, member_id), _held_by([member_id]))


@router.post("/members/move", response=MembersMoved)
@needs(Permission.EDIT_ORGANIZATION)
def move_members(request: ViewerRequest, move: MembersMove) -> MembersMoved:
    """Place members in a store; `store_id` null takes them out of theirs."""
    store = queries.find_store(request.auth, move.store_id) if move.store_id is not None else None
    chosen = [queries.find_member(request.auth, each) for each in dict.fromkeys(move.member_ids)]
    return MembersMoved(moved=members.assign_store(chosen, store, by=request.auth.actor))


@router.put("/members/{int:member_id}/line", response=MemberOut)
@needs(Permission.SWITCH_MEMBERS)
def switch_member(request: ViewerRequest, member_id: int, switch: LineSwitch) -> MemberOut:
    """Put a member in the viewer's scope on or off line for new customers."""
    member = queries.find_member(request.auth, member_id)
    members.switch_line(member, takes_customers=switch.takes_customers, by=request.auth.actor)
    return _member(member, _held_by([member_id]))


@router.put("/me/line", response=MemberOut)
def switch_myself(request: ViewerRequest, switch: LineSwitch) -> MemberOut:
    """Put oneself on or off line for new customers."""
    member = _own_member(request.auth)
    members.switch_line(member, takes_customers=switch.takes_customers, by=request.auth.actor)
    return _member(member, _held_by([member.pk]))


def _own_member(viewer: Viewer) -> Member:
    if viewer.account.member is None:
        raise NotAllowed(permission=NO_MEMBER_OF_YOURS)
    return viewer.account.member


def _held_by(member_ids: Iterable[int]) -> dict[int, int]:
    """How many contacts each member holds."""
    held = Ownership.objects.filter(member__in=list(member_ids), state__in=HELD)
    return dict(held.order_by().values_list("member").annotate(count=Count("pk")))


def _member(member: Member, held: Mapping[int, int]) -> MemberOut:
    account = getattr(member, "account", None)
    return MemberOut(
        id=member.pk,
        corp_id=member.corp_id,
        userid=member.userid,
        name=member.label,
        alias=member.alias,
        position=member.position,
        avatar=member.avatar or None,
        status=MemberStatus(member.status),
        serves_customers=member.serves_customers,
        takes_customers=member.takes_customers,
        store=Ref(id=member.store.pk, name=member.store.name) if member.store else None,
        departments=[Ref(id=each.pk, name=each.name) for each in member.departments.all()],
        customer_count=held.get(member.pk, 0),
        account_id=account.pk if account else None,
    )
