"""Proving who one is, and the sessions that follow from it. Cookies and requests are the API's business."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.throttle import forget_attempts, take_attempt
from yutang.organization.errors import AccountDisabled, NoAccountForMember, TotpRequired, WrongPassword
from yutang.organization.models import Account, Corp, Member, MemberStatus, SignIn
from yutang.organization.services.second_factor import check_second_factor

# A person mistypes a few times; a guesser needs thousands. The window is short, for anybody can fill it for a name.
ATTEMPTS_PER_NAME = 8
ATTEMPTS_PER_ADDRESS = 40  # a whole shop may stand behind one address
WINDOW = timedelta(minutes=5)


def sign_in_with_password(username: str, password: str, *, totp: str = "", ip: str) -> Account:
    """The account these open. Unknown names cost the time of known ones and are refused alike.

    Raises TooMany, WrongPassword, AccountDisabled, TotpRequired or TotpWrong.
    """
    by_name = f"signin:name:{username.lower()}"
    take_attempt(f"signin:ip:{ip}", limit=ATTEMPTS_PER_ADDRESS, per=WINDOW)
    take_attempt(by_name, limit=ATTEMPTS_PER_NAME, per=WINDOW)
    account = Account.objects.filter(username__iexact=username).first()
    if account is None:
        make_password(password)
        raise WrongPassword
    if not account.check_password(password):
        raise WrongPassword
    if not account.is_active:
        raise AccountDisabled
    if account.has_second_factor:
        if not totp:
            raise TotpRequired
        check_second_factor(account, totp)
    forget_attempts(by_name)
    return account


def account_of_member(corp: Corp, userid: str) -> Account:
    """The account linked to a member whom WeCom has vouched for. Raises NoAccountForMember or AccountDisabled."""
    member = Member.objects.filter(corp=corp, userid=userid).first()
    account = Account.objects.filter(member=member).first() if member else None
    if account is None:
        raise NoAccountForMember(member=member.label if member else userid)
    if not account.is_active or (member and member.status in {MemberStatus.DISABLED, MemberStatus.LEFT}):
        raise AccountDisabled
    return account


@transaction.atomic
def record_sign_in(account: Account, *, session_key: str, method: str, ip: str, agent: str) -> SignIn:
    """Write down a sign-in that has just succeeded, and clear away sessions that have run out."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    now = clock.now()
    by = Actor(kind="account", id=account.pk, name=account.name, ip=ip)
    audit("account.signed_in", by=by, subject_kind="account", subject_id=account.pk, method=method)
    return SignIn.objects.create(
        account=account, session_key=session_key, method=method, ip=ip[:64], agent=agent[:300], at=now, seen_at=now
    )


def open_sign_ins(account: Account) -> list[SignIn]:
    """The account's browsers that are signed in now, the latest seen first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = SignIn.objects.filter(account=account, ended_at=None, session_key__in=alive)
    return list(rows.order_by("-seen_at", "-pk"))


@transaction.atomic
def end_sign_ins(account: Account, *, by: Actor, only: list[int] | None = None, keep_session: str = "") -> int:
    """End the account's sign-ins (of these ids only, where given) at once, but for the kept session."""
    rows = SignIn.objects.filter(account=account, ended_at=None).exclude(session_key=keep_session)
    if only is not None:
        rows = rows.filter(pk__in=only)
    keys = list(rows.values_list("session_key", flat=True))
    if not keys:
        return 0
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).update(ended_at=clock.now())
    audit("account.signed_out", by=by, subject_kind="account", subject_id=account.pk, sessions=len(keys))
    return len(keys)


def note_seen(session_key: str) -> None:
    SignIn.objects.filter(session_key=session_key).update(seen_at=clock.now())
