"""Reads of the organization, each within a viewer's scope. A stranger's id and a missing id are refused alike."""

from django.db.models import Q, QuerySet

from yutang.kernel.errors import NotFound
from yutang.organization.models import Department, Member, ScopeKind, Store
from yutang.organization.scope import Viewer


def visible_members(viewer: Viewer) -> QuerySet[Member]:
    everyone = Member.objects.all()
    return everyone if viewer.member_ids is None else everyone.filter(pk__in=viewer.member_ids)


def visible_stores(viewer: Viewer) -> QuerySet[Store]:
    """Stores the viewer is bound to, stores of its departments, and those its members work in."""
    if viewer.member_ids is None:
        return Store.objects.all()
    bound = Q(pk__in=viewer.account.scope_stores.values("pk")) if _bound_by(viewer, ScopeKind.STORE) else Q()
    placed = Q(department__in=_subtrees(viewer)) if _bound_by(viewer, ScopeKind.DEPARTMENT) else Q()
    staffed = Q(pk__in=Member.objects.filter(pk__in=viewer.member_ids).values("store"))
    return Store.objects.filter(bound | placed | staffed)


def visible_departments(viewer: Viewer) -> QuerySet[Department]:
    """The viewer's subtrees, or the departments its members are in."""
    if viewer.member_ids is None:
        return Department.objects.all()
    if _bound_by(viewer, ScopeKind.DEPARTMENT):
        return _subtrees(viewer)
    return Department.objects.filter(
        pk__in=Member.departments.through.objects.filter(member_id__in=viewer.member_ids).values("department_id")
    )


def within(department: Department) -> QuerySet[Department]:
    """The department and all below it."""
    return Department.objects.filter(path__startswith=department.path)


def find_member(viewer: Viewer, member_id: int) -> Member:
    member = visible_members(viewer).select_related("store", "corp").filter(pk=member_id).first()
    if member is None:
        raise NotFound
    return member


def find_store(viewer: Viewer, store_id: int) -> Store:
    store = visible_stores(viewer).select_related("brand", "department").filter(pk=store_id).first()
    if store is None:
        raise NotFound
    return store


def find_department(viewer: Viewer, department_id: int) -> Department:
    department = visible_departments(viewer).filter(pk=department_id).first()
    if department is None:
        raise NotFound
    return department


def _bound_by(viewer: Viewer, kind: ScopeKind) -> bool:
    return viewer.account.scope_kind == kind


def _subtrees(viewer: Viewer) -> QuerySet[Department]:
    below = Q(pk__in=[])
    for path in viewer.account.scope_departments.values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return Department.objects.filter(below)
