"""Accounts: who may sign in, as what, and whose customers they see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line
from yutang.organization.errors import BeyondRank, LastOwner
from yutang.organization.models import Account, Department, Member, Role, ScopeKind, Store
from yutang.organization.services.password_rules import refuse_weak
from yutang.organization.services.second_factor import remove_second_factor
from yutang.organization.services.sign_in import end_sign_ins

TAKEN = Text("这个用户名已被使用。", "This user name is taken.")
NEEDED = Text("必填。", "This is needed.")
BAD_USERNAME = Text("只能用字母、数字和 . _ - @，最多 64 个。", "Letters, digits and . _ - @ only, at most 64 of them.")
WHOLE_SCOPE = Text("所有者和管理员的数据范围必须是全部。", "Owners and administrators must have the whole data scope.")
NO_DEPARTMENT = Text("请选择至少一个有效的部门。", "Choose at least one department that exists.")
NO_STORE = Text("请选择至少一个有效的门店。", "Choose at least one store that exists.")
NO_MEMBER = Text("没有这个员工。", "There is no such member.")
MEMBER_NEEDED = Text("「自己的客户」需要关联员工。", "Own customers needs a linked member.")
MEMBER_TAKEN = Text("这个员工已关联其他账号。", "This member is linked to another account.")

_WHOLE = (Role.OWNER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class AccountDraft:
    """What an account is to be. Departments and stores count for the scope of that kind only."""

    username: str
    name: str
    role: Role
    scope_kind: ScopeKind = ScopeKind.ALL
    department_ids: Sequence[int] = ()
    store_ids: Sequence[int] = ()
    member_id: int | None = None


@transaction.atomic
def create_account(draft: AccountDraft, *, password: str, by: Actor) -> Account:
    """Raises BeyondRank, BadInput naming the fields at fault, or WeakPassword."""
    _refuse_beyond_rank(by, draft.role)
    account = Account(created_at=clock.now())
    _refuse_faulty(draft, account)
    account.username, account.name = draft.username.strip(), one_line(draft.name, 200)
    refuse_weak(password, account, field="password")
    account.set_password(password)
    _apply(draft, account)
    audit("account.created", by=by, subject_kind="account", subject_id=account.pk, **_told(account))
    return account


@transaction.atomic
def change_account(account: Account, draft: AccountDraft, *, by: Actor) -> Account:
    """Raises BeyondRank, LastOwner or BadInput. What the account sees and may do changes with its next request."""
    _refuse_beyond_rank(by, draft.role, account)
    if draft.role != Role.OWNER:
        _refuse_losing_last_owner(account)
    _refuse_faulty(draft, account)
    before = _told(account)
    _apply(draft, account)
    audit("account.changed", by=by, subject_kind="account", subject_id=account.pk, before=before, after=_told(account))
    return account


@transaction.atomic
def disable_account(account: Account, *, by: Actor) -> None:
    """Shut the account out; its browsers are signed out at once."""
    _refuse_beyond_rank(by, account.role, account)
    _refuse_losing_last_owner(account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sign_ins(account, by=by)
    audit("account.disabled", by=by, subject_kind="account", subject_id=account.pk)


@transaction.atomic
def enable_account(account: Account, *, by: Actor) -> None:
    _refuse_beyond_rank(by, account.role, account)
    account.is_active = True
    account.save(update_fields=["is_active"])
    audit("account.enabled", by=by, subject_kind="account", subject_id=account.pk)


@transaction.atomic
def reset_password(account: Account, password: str, *, by: Actor) -> None:
    """Give the account another password; its browsers are signed out."""
    _refuse_beyond_rank(by, account.role, account)
    refuse_weak(password, account, field="password")
    account.set_password(password)
    account.save(update_fields=["password"])
    end_sign_ins(account, by=by)
    audit("account.password_reset", by=by, subject_kind="account", subject_id=account.pk)


def reset_second_factor(account: Account, *, by: Actor) -> None:
    """For somebody who lost phone and recovery codes."""
    _refuse_beyond_rank(by, account.role, account)
    remove_second_factor(account, by=by)


def end_sign_ins_of(account: Account, *, by: Actor, only: list[int] | None = None, keep_session: str = "") -> int:
    """As `end_sign_ins`, by somebody else. Raises BeyondRank."""
    _refuse_beyond_rank(by, account.role, account)
    return end_sign_ins(account, by=by, only=only, keep_session=keep_session)


def _refuse_beyond_rank(by: Actor, role: str, account: Account | None = None) -> None:
    """Only owners make owners and touch owners. The machine itself, as at set-up, may."""
    concerns_owner = role == Role.OWNER or (account is not None and account.role == Role.OWNER)
    if concerns_owner and by.kind != "system" and not _is_owner(by):
        raise BeyondRank


def _is_owner(actor: Actor) -> bool:
    owners = Account.objects.filter(role=Role.OWNER, is_active=True)
    return actor.kind == "account" and actor.id is not None and owners.filter(pk=actor.id).exists()


def _refuse_losing_last_owner(account: Account) -> None:
    """The account is about to stop being an owner who can sign in. Owners are locked, so two cannot leave at once."""
    owners = Account.objects.select_for_update().filter(role=Role.OWNER, is_active=True)
    if {owner.pk for owner in owners} == {account.pk}:
        raise LastOwner


def _refuse_faulty(draft: AccountDraft, account: Account) -> None:
    faults = {name: fault for name, fault in _faults(draft, account).items() if fault is not None}
    if faults:
        first = next(iter(faults.values()))
        raise BadInput(first, fields={name: fault.here() for name, fault in faults.items()})


def _faults(draft: AccountDraft, account: Account) -> dict[str, Text | None]:
    return {
        "username": _username_fault(draft.username.strip(), account),
        "name": None if one_line(draft.name, 200) else NEEDED,
        "scope_kind": WHOLE_SCOPE if draft.role in _WHOLE and draft.scope_kind != ScopeKind.ALL else None,
        "department_ids": _departments_fault(draft),
        "store_ids": _stores_fault(draft),
        "member_id": _member_fault(draft, account),
    }


def _username_fault(username: str, account: Account) -> Text | None:
    allowed = all(each.isalnum() or each in "._-@" for each in username)
    if not username or len(username) > 64 or not allowed:
        return BAD_USERNAME
    taken = Account.objects.filter(username__iexact=username).exclude(pk=account.pk).exists()
    return TAKEN if taken else None


def _departments_fault(draft: AccountDraft) -> Text | None:
    if draft.scope_kind != ScopeKind.DEPARTMENT:
        return None
    wanted = set(draft.department_ids)
    return None if wanted and Department.objects.filter(pk__in=wanted).count() == len(wanted) else NO_DEPARTMENT


def _stores_fault(draft: AccountDraft) -> Text | None:
    if draft.scope_kind != ScopeKind.STORE:
        return None
    wanted = set(draft.store_ids)
    return None if wanted and Store.objects.filter(pk__in=wanted).count() == len(wanted) else NO_STORE


def _member_fault(draft: AccountDraft, account: Account) -> Text | None:
    if draft.member_id is None:
        return MEMBER_NEEDED if draft.scope_kind == ScopeKind.OWN else None
    if not Member.objects.filter(pk=draft.member_id).exists():
        return NO_MEMBER
    taken = Account.objects.filter(member_id=draft.member_id).exclude(pk=account.pk).exists()
    return MEMBER_TAKEN if taken else None


def _apply(draft: AccountDraft, account: Account) -> None:
    account.username, account.name = draft.username.strip(), one_line(draft.name, 200)
    account.role, account.scope_kind, account.member_id = draft.role, draft.scope_kind, draft.member_id
    account.save()
    account.scope_departments.set(draft.department_ids if draft.scope_kind == ScopeKind.DEPARTMENT else [])
    account.scope_stores.set(draft.store_ids if draft.scope_kind == ScopeKind.STORE else [])


def _told(account: Account) -> dict[str, object]:
    """The account as the audit trail keeps it."""
    return {
        "username": account.username,
        "name": account.name,
        "role": account.role,
        "scope_kind": account.scope_kind,
        "departments": sorted(account.scope_departments.values_list("pk", flat=True)),
        "stores": sorted(account.scope_stores.values_list("pk", flat=True)),
        "member": account.member_id,
    }
