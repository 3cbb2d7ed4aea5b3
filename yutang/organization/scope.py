"""The viewer: who looks, what they may do, and which members' customers they may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from yutang.kernel.actors import Actor
from yutang.kernel.errors import NotAllowed
from yutang.kernel.language import Text
from yutang.kernel.permissions import Permission
from yutang.organization.models import Account, Member, ScopeKind
from yutang.organization.roles import PERMISSION_NAMES, PERMISSIONS


@dataclass(frozen=True)
class Viewer:
    """One signed-in account as of this request. Every query that shows rows of people takes one."""

    account: Account
    ip: str = ""

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return PERMISSIONS[self.account.role]

    @property
    def actor(self) -> Actor:
        return Actor(kind="account", id=self.account.pk, name=self.account.name, ip=self.ip)

    @property
    def sees_all(self) -> bool:
        return self.account.scope_kind == ScopeKind.ALL

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed when the role lacks the permission."""
        if not self.may(permission):
            raise NotAllowed(permission=PERMISSION_NAMES[permission])

    @cached_property
    def member_ids(self) -> frozenset[int] | None:
        """Members whose customers this viewer sees; None means everybody's, and customers without any owner too."""
        return None if self.sees_all else frozenset(members_in_scope(self.account))


def members_in_scope(account: Account) -> list[int]:
    match account.scope_kind:
        case ScopeKind.DEPARTMENT:
            subtree = Q(pk__in=[])
            for path in account.scope_departments.values_list("path", flat=True):
                subtree |= Q(departments__path__startswith=path)
            who = Member.objects.filter(subtree)
        case ScopeKind.STORE:
            who = Member.objects.filter(store__in=account.scope_stores.all())
        case ScopeKind.OWN:
            who = Member.objects.filter(account=account)
        case _:
            who = Member.objects.all()
    return list(who.values_list("pk", flat=True).distinct())


def scope_label(account: Account) -> Text:
    """What the account sees, in words: the names of its departments or stores where it is bound to some."""
    match account.scope_kind:
        case ScopeKind.DEPARTMENT:
            return _named(account.scope_departments.values_list("name", flat=True), Text("无部门", "no department"))
        case ScopeKind.STORE:
            return _named(account.scope_stores.values_list("name", flat=True), Text("无门店", "no store"))
        case ScopeKind.OWN:
            return Text("自己的客户", "Own customers")
        case _:
            return Text("全部", "Everything")


def _named(names: Iterable[str], none: Text) -> Text:
    found = list(names)
    return Text("、".join(found), ", ".join(found)) if found else none
