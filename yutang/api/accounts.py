"""Accounts and roles."""

from datetime import datetime

from django.db.models import Q
from ninja import Field, Query, Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.me import Browser, Browsers
from yutang.api.paged import PagedOut, Paging
from yutang.kernel.errors import NotFound
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.models import Account, Role, ScopeKind
from yutang.organization.roles import PERMISSION_NAMES, PERMISSIONS, ROLE_NAMES, ROLE_PURPOSES
from yutang.organization.scope import scope_label
from yutang.organization.services import accounts
from yutang.organization.services.sign_in import open_sign_ins

router = Router(tags=["accounts"])


class Ref(Schema):
    id: int
    name: str


class AccountOut(Schema):
    id: int
    username: str
    name: str
    role: Role
    role_name: str
    scope_kind: ScopeKind
    scope_label: str
    departments: list[Ref]
    stores: list[Ref]
    member: Ref | None
    is_active: bool
    totp_enabled: bool
    last_sign_in_at: datetime | None
    created_at: datetime


class AccountIn(Schema):
    username: str = Field(max_length=64)
    name: str = Field(max_length=200)
    role: Role
    scope_kind: ScopeKind = ScopeKind.ALL
    department_ids: list[int] = Field(default=[], max_length=500)
    store_ids: list[int] = Field(default=[], max_length=500)
    member_id: int | None = None


class NewAccount(AccountIn):
    password: str = Field(max_length=1000)


class NewPassword(Schema):
    password: str = Field(max_length=1000)


class AccountFilter(Paging):
    q: str = Field("", max_length=100, description="Part of the user name or the name.")
    role: Role | None = None
    is_active: bool | None = None


class PermissionOut(Schema):
    name: str
    label: str


class RoleOut(Schema):
    name: str
    label: str
    purpose: str
    permissions: list[str]


class Roles(Schema):
    roles: list[RoleOut]
    permissions: list[PermissionOut]


@router.get("/roles", response=Roles)
@needs(Permission.SEE_ORGANIZATION)
def roles(request: ViewerRequest) -> Roles:
    """Every role with its permissions, in the caller's language."""
    return Roles(
        roles=[
            RoleOut(
                name=role,
                label=ROLE_NAMES[role].here(),
                purpose=ROLE_PURPOSES[role].here(),
                permissions=sorted(PERMISSIONS[role]),
            )
            for role in Role
        ],
        permissions=[PermissionOut(name=each, label=PERMISSION_NAMES[each].here()) for each in Permission],
    )


@router.get("/accounts", response=PagedOut[AccountOut])
@needs(Permission.MANAGE_ACCOUNTS)
def list_accounts(request: ViewerRequest, wanted: Query[AccountFilter]) -> PagedOut[AccountOut]:
    rows = Account.objects.select_related("member").prefetch_related("scope_departments", "scope_stores")
    if wanted.q.strip():
        rows = rows.filter(Q(username__icontains=wanted.q.strip()) | Q(name__icontains=wanted.q.strip()))
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.is_active is not None:
        rows = rows.filter(is_active=wanted.is_active)
    return PagedOut.of(newest_first(rows, limit=wanted.limit, cursor=wanted.cursor), shape)


@router.post("/accounts", response={201: AccountOut})
@needs(Permission.MANAGE_ACCOUNTS)
def create_account(request: ViewerRequest, new: NewAccount) -> Status[AccountOut]:
    made = accounts.create_account(draft_of(new), password=new.password, by=request.auth.actor)
    return Status(201, shape(made))


@router.get("/accounts/{int:account_id}", response=AccountOut)
@needs(Permission.MANAGE_ACCOUNTS)
def read_account(request: ViewerRequest, account_id: int) -> AccountOut:
    return shape(find_account(account_id))


@router.put("/accounts/{int:account_id}", response=AccountOut)
@needs(Permission.MANAGE_ACCOUNTS)
def change_account(request: ViewerRequest, account_id: int, change: AccountIn) -> AccountOut:
    changed = accounts.change_account(find_account(account_id), draft_of(change), by=request.auth.actor)
    return shape(changed)


@router.post("/accounts/{int:account_id}/disable", response=AccountOut)
@needs(Permission.MANAGE_ACCOUNTS)
def disable_account(request: ViewerRequest, account_id: int) -> AccountOut:
    """Shut the account out and sign it out everywhere."""
    account = find_account(account_id)
    accounts.disable_account(account, by=request.auth.actor)
    return shape(account)


@router.post("/accounts/{int:account_id}/enable", response=AccountOut)
@needs(Permission.MANAGE_ACCOUNTS)
def enable_account(request: ViewerRequest, account_id: int) -> AccountOut:
    account = find_account(account_id)
    accounts.enable_account(account, by=request.auth.actor)
    return shape(account)


@router.post("/accounts/{int:account_id}/password", response={204: None})
@needs(Permission.MANAGE_ACCOUNTS)
def reset_password(request: ViewerRequest, account_id: int, new: NewPassword) -> Status[None]:
    """Give somebody a new password; they are signed out everywhere."""
    accounts.reset_password(find_account(account_id), new.password, by=request.auth.actor)
    return Status(204, None)


@router.delete("/accounts/{int:account_id}/totp", response={204: None})
@needs(Permission.MANAGE_ACCOUNTS)
def reset_totp(request: ViewerRequest, account_id: int) -> Status[None]:
    """Remove the second factor of somebody who lost it."""
    accounts.reset_second_factor(find_account(account_id), by=request.auth.actor)
    return Status(204, None)


@router.get("/accounts/{int:account_id}/sessions", response=Browsers)
@needs(Permission.MANAGE_ACCOUNTS)
def sessions_of(request: ViewerRequest, account_id: int) -> Browsers:
    current = request.session.session_key
    return Browsers(items=[Browser.of(row, current) for row in open_sign_ins(find_account(account_id))])


@router.delete("/accounts/{int:account_id}/sessions", response={204: None})
@needs(Permission.MANAGE_ACCOUNTS)
def end_sessions_of(request: ViewerRequest, account_id: int) -> Status[None]:
    """Sign an account out everywhere; of one's own, this browser stays."""
    here = request.session.session_key or ""
    accounts.end_sign_ins_of(find_account(account_id), by=request.auth.actor, keep_session=here)
    return Status(204, None)


@router.delete("/accounts/{int:account_id}/sessions/{int:sign_in_id}", response={204: None})
@needs(Permission.MANAGE_ACCOUNTS)
def end_session_of(request: ViewerRequest, account_id: int, sign_in_id: int) -> Status[None]:
    if not accounts.end_sign_ins_of(find_account(account_id), by=request.auth.actor, only=[sign_in_id]):
        raise NotFound
    return Status(204, None)


def find_account(account_id: int) -> Account:
    """Whoever manages accounts sees them all: owners and administrators have the whole scope."""
    account = Account.objects.select_related("member").filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def draft_of(given: AccountIn) -> accounts.AccountDraft:
    return accounts.AccountDraft(
        username=given.username,
        name=given.name,
        role=given.role,
        scope_kind=given.scope_kind,
        department_ids=given.department_ids,
        store_ids=given.store_ids,
        member_id=given.member_id,
    )


def shape(account: Account) -> AccountOut:
    return AccountOut(
        id=account.pk,
        username=account.username,
        name=account.name,
        role=Role(account.role),
        role_name=ROLE_NAMES[account.role].here(),
        scope_kind=ScopeKind(account.scope_kind),
        scope_label=scope_label(account).here(),
        departments=[Ref(id=each.pk, name=each.name) for each in account.scope_departments.all()],
        stores=[Ref(id=each.pk, name=each.name) for each in account.scope_stores.all()],
        member=Ref(id=account.member.pk, name=account.member.label) if account.member else None,
        is_active=account.is_active,
        totp_enabled=account.has_second_factor,
        last_sign_in_at=account.last_login,
        created_at=account.created_at,
    )
