"""The signed-in person's own matters: who one is, language, password, second factor, browsers."""

from datetime import datetime
from typing import Literal

import segno
from django.contrib.auth import update_session_auth_hash
from ninja import Field, Router, Schema, Status

from yutang import __version__
from yutang.api.auth import ViewerRequest
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission
from yutang.lake import warming
from yutang.organization.models import Member, SignIn
from yutang.organization.scope import Viewer, scope_label
from yutang.organization.services import own_account, second_factor
from yutang.organization.services.merchant import the_merchant
from yutang.organization.services.sign_in import end_sign_ins, open_sign_ins

router = Router(tags=["me"])


class OwnMember(Schema):
    id: int
    name: str
    takes_customers: bool


class OwnAccount(Schema):
    id: int
    username: str
    name: str
    role: str
    avatar: str | None
    language: Literal["zh", "en"]
    totp_enabled: bool
    member: OwnMember | None


class ScopeOut(Schema):
    kind: str
    label: str


class MerchantOut(Schema):
    name: str
    time_zone: str


class Me(Schema):
    account: OwnAccount
    permissions: list[str]
    scope: ScopeOut
    merchant: MerchantOut
    version: str


class MeChange(Schema):
    language: Literal["zh", "en"]


class PasswordChange(Schema):
    current: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


class TotpStart(Schema):
    secret: str = Field(description="Base32, for typing in by hand.")
    uri: str
    qr_svg: str = Field(description="The same as a QR code: a data URI to show as an image.")


class TotpCode(Schema):
    code: str = Field(max_length=20)


class RecoveryCodes(Schema):
    recovery_codes: list[str] = Field(description="Each opens the account once, in place of a code. Shown only now.")


class TotpOff(Schema):
    password: str = Field(max_length=1000)


class Browser(Schema):
    id: int
    current: bool
    method: str
    address: str
    browser: str
    started_at: datetime
    last_seen_at: datetime

    @classmethod
    def of(cls, row: SignIn, current: str | None) -> "Browser":
        return cls(
            id=row.pk,
            current=row.session_key == current,
            method=row.method,
            address=row.ip,
            browser=row.agent,
            started_at=row.at,
            last_seen_at=row.seen_at,
        )


class Browsers(Schema):
    items: list[Browser]


def describe(viewer: Viewer) -> Me:
    account, merchant = viewer.account, the_merchant()
    return Me(
        account=OwnAccount(
            id=account.pk,
            username=account.username,
            name=account.name,
            role=account.role,
            avatar=(account.member.avatar or None) if account.member else None,
            language="en" if account.language == "en" else "zh",
            totp_enabled=account.has_second_factor,
            member=_own_member(account.member),
        ),
        permissions=sorted(viewer.permissions),
        scope=ScopeOut(kind=account.scope_kind, label=scope_label(account).here()),
        merchant=MerchantOut(name=merchant.name, time_zone=merchant.time_zone),
        version=__version__,
    )


def _own_member(member: Member | None) -> OwnMember | None:
    if member is None:
        return None
    return OwnMember(id=member.pk, name=member.label, takes_customers=member.takes_customers)


@router.get("/me", response=Me)
def me(request: ViewerRequest) -> Me:
    """Who is signed in. A stranger is refused with 401 and gets the CSRF cookie to sign in with."""
    if request.auth.may(Permission.SEE_INSIGHTS):
        warming.soon()  # the console asks this first, and its reports a moment later
    return describe(request.auth)


@router.patch("/me", response=Me)
def change_me(request: ViewerRequest, change: MeChange) -> Me:
    own_account.choose_language(request.auth.account, change.language, by=request.auth.actor)
    return describe(request.auth)


@router.post("/me/password", response={204: None})
def change_password(request: ViewerRequest, change: PasswordChange) -> Status[None]:
    """Set a new password. Every other browser of the account is signed out."""
    account, before = request.auth.account, request.session.session_key or ""
    own_account.change_own_password(account, current=change.current, new=change.new, by=request.auth.actor)
    end_sign_ins(account, by=request.auth.actor, keep_session=before)
    update_session_auth_hash(request, account)  # gives this browser's session a new key
    account.sign_ins.filter(session_key=before).update(session_key=request.session.session_key)
    return Status(204, None)


@router.post("/me/totp/start", response=TotpStart)
def start_totp(request: ViewerRequest) -> TotpStart:
    account = request.auth.account
    secret = second_factor.start_second_factor(account, by=request.auth.actor)
    uri = second_factor.provisioning_uri(account, secret, issuer=f"Yutang {the_merchant().name}".strip())
    return TotpStart(secret=secret, uri=uri, qr_svg=_qr(uri))


@router.post("/me/totp/confirm", response=RecoveryCodes)
def confirm_totp(request: ViewerRequest, given: TotpCode) -> RecoveryCodes:
    codes = second_factor.confirm_second_factor(request.auth.account, given.code, by=request.auth.actor)
    return RecoveryCodes(recovery_codes=codes)


@router.post("/me/totp/off", response={204: None})
def remove_totp(request: ViewerRequest, given: TotpOff) -> Status[None]:
    own_account.check_own_password(request.auth.account, given.password, field="password")
    second_factor.remove_second_factor(request.auth.account, by=request.auth.actor)
    return Status(204, None)


@router.get("/me/sessions", response=Browsers)
def my_sessions(request: ViewerRequest) -> Browsers:
    current = request.session.session_key
    return Browsers(items=[Browser.of(row, current) for row in open_sign_ins(request.auth.account)])


@router.delete("/me/sessions/{int:sign_in_id}", response={204: None})
def end_my_session(request: ViewerRequest, sign_in_id: int) -> Status[None]:
    if not end_sign_ins(request.auth.account, by=request.auth.actor, only=[sign_in_id]):
        raise NotFound
    return Status(204, None)


@router.delete("/me/sessions", response={204: None})
def end_my_other_sessions(request: ViewerRequest) -> Status[None]:
    """Sign out every browser but this one."""
    end_sign_ins(request.auth.account, by=request.auth.actor, keep_session=request.session.session_key or "")
    return Status(204, None)


def _qr(text: str) -> str:
    return str(segno.make(text, error="m").svg_data_uri(scale=5, border=2))
