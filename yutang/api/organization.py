"""The merchant and its departments. Corps, stores and members have modules of their own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from ninja import Field, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.me import MerchantOut
from yutang.kernel.permissions import Permission
from yutang.organization import queries
from yutang.organization.models import Department, Member, MemberStatus
from yutang.organization.services.merchant import change_merchant, the_merchant

router = Router(tags=["organization"])


class MerchantIn(Schema):
    name: str = Field(max_length=200)
    time_zone: str = Field(max_length=64, description="An IANA name, as in Asia/Shanghai.")


class DepartmentOut(Schema):
    id: int
    corp_id: int
    parent_id: int | None
    name: str = Field(description="Empty where WeCom withholds it.")
    depth: int
    member_count: int = Field(description="Members in this very department who have not left.")
    is_gone: bool


class Departments(Schema):
    items: list[DepartmentOut]


@router.get("/merchant", response=MerchantOut)
@needs(Permission.SEE_ORGANIZATION)
def read_merchant(request: ViewerRequest) -> MerchantOut:
    merchant = the_merchant()
    return MerchantOut(name=merchant.name, time_zone=merchant.time_zone)


@router.put("/merchant", response=MerchantOut)
@needs(Permission.EDIT_ORGANIZATION)
def put_merchant(request: ViewerRequest, given: MerchantIn) -> MerchantOut:
    merchant = change_merchant(name=given.name, time_zone=given.time_zone, by=request.auth.actor)
    return MerchantOut(name=merchant.name, time_zone=merchant.time_zone)


@router.get("/departments", response=Departments)
@needs(Permission.SEE_ORGANIZATION)
def list_departments(request: ViewerRequest, corp_id: int | None = None, gone: bool = False) -> Departments:
    """The viewer's part of the tree: parents stand before their children, siblings in WeCom's order."""
    rows = queries.visible_departments(request.auth)
    if corp_id is not None:
        rows = rows.filter(corp=corp_id)
    if not gone:
        rows = rows.filter(gone_at=None)
    present = Q(members__in=Member.objects.exclude(status=MemberStatus.LEFT))
    return Departments(items=_tree(rows.annotate(member_count=Count("members", filter=present))))


def _tree(departments: Iterable[Any]) -> list[DepartmentOut]:
    rows = {row.pk: row for row in departments}
    children: dict[int | None, list[Any]] = {}
    for row in rows.values():
        children.setdefault(row.parent_id if row.parent_id in rows else None, []).append(row)
    ordered: list[DepartmentOut] = []
    waiting = [(row, 0) for row in sorted(children.get(None, []), key=_among_siblings)]
    while waiting:
        row, depth = waiting.pop()
        ordered.append(_department(row, depth))
        waiting += [(child, depth + 1) for child in sorted(children.get(row.pk, []), key=_among_siblings)]
    return ordered


def _among_siblings(department: Department) -> tuple[int, int]:
    # The last of a stack is taken first: WeCom puts greater `order` first, and older departments before younger.
    return (department.order, -department.pk)


def _department(row: Any, depth: int) -> DepartmentOut:
    return DepartmentOut(
        id=row.pk,
        corp_id=row.corp_id,
        parent_id=row.parent_id,
        name=row.name,
        depth=depth,
        member_count=row.member_count,
        is_gone=row.gone_at is not None,
    )
