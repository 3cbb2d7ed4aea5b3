"""Signing in and out, with a password or with WeCom."""

import secrets
from typing import Literal
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponseRedirect
from django.middleware.csrf import get_token
from ninja import Field, Router, Schema, Status

from yutang import __version__
from yutang.api.auth import client_ip, speak_with, stranger
from yutang.api.me import Me, describe
from yutang.kernel import clock
from yutang.kernel.errors import DomainError, NotFound
from yutang.kernel.throttle import take_attempt
from yutang.organization.errors import SignInDeclined, SignInStateWrong
from yutang.organization.models import Account, Corp
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import the_merchant
from yutang.organization.services.sign_in import (
    ATTEMPTS_PER_ADDRESS,
    WINDOW,
    account_of_member,
    end_sign_ins,
    record_sign_in,
    sign_in_with_password,
)
from yutang.organization.signin import OAUTH, WeComSignIn

router = Router(tags=["session"])

_STATE = "wecom_sign_in"  # where the session keeps what a WeCom sign-in must bring back
STATE_SECONDS = 600


class CorpOffer(Schema):
    id: int
    name: str


class Door(Schema):
    """What a sign-in page needs to know."""

    signed_in: bool
    merchant_name: str
    version: str
    wecom: list[CorpOffer] = Field(description="Corps whose members can sign in with WeCom.")


class Credentials(Schema):
    username: str = Field(max_length=64)
    password: str = Field(max_length=1000)
    totp: str = Field("", max_length=40, description="One-time code or recovery code, where the account needs one.")


@router.get("/session", auth=stranger, response=Door)
def door(request: HttpRequest) -> Door:
    """Whether this browser is signed in, and the ways to do so. Sets the CSRF cookie."""
    get_token(request)
    offers = [CorpOffer(id=corp.pk, name=corp.name) for port in OAUTH for corp in port.corps()]
    return Door(
        signed_in=request.user.is_authenticated,
        merchant_name=the_merchant().name,
        version=__version__,
        wecom=offers,
    )


@router.post("/session", auth=stranger, response=Me)
def sign_in(request: HttpRequest, given: Credentials) -> Me:
    ip = client_ip(request)
    account = sign_in_with_password(given.username, given.password, totp=given.totp, ip=ip)
    _open_session(request, account, method="password")
    return describe(Viewer(account, ip=ip))


@router.delete("/session", response={204: None})
def sign_out(request: HttpRequest) -> Status[None]:
    viewer: Viewer = request.auth  # type: ignore[attr-defined]
    key = request.session.session_key
    mine = viewer.account.sign_ins.filter(session_key=key or "").values_list("pk", flat=True)
    end_sign_ins(viewer.account, by=viewer.actor, only=list(mine))
    logout(request)
    return Status(204, None)


@router.get("/session/wecom/{int:corp_id}/start", auth=stranger, response={302: None})
def start_with_wecom(request: HttpRequest, corp_id: int, then: str = "/") -> HttpResponseRedirect:
    """Send the browser to WeCom. The state it must bring back is kept in this browser's session."""
    port, corp = _offered(corp_id)
    state = secrets.token_hex(24)  # WeCom takes letters and digits only
    request.session[_STATE] = {"state": state, "corp": corp.pk, "at": clock.now().timestamp(), "then": _own_page(then)}
    inside = "wxwork" in request.headers.get("User-Agent", "").lower()
    redirect_uri = f"{settings.PUBLIC_URL}/api/session/wecom/{corp.pk}/callback"
    return HttpResponseRedirect(
        port.address(corp, redirect_uri=redirect_uri, state=state, inside_wecom=inside),
    )


@router.get("/session/wecom/{int:corp_id}/callback", auth=stranger, response={302: None})
def back_from_wecom(request: HttpRequest, corp_id: int, code: str = "", state: str = "") -> HttpResponseRedirect:
    """WeCom sends the browser here. Refusals go to the sign-in page, which tells them to the person."""
    try:
        then = _sign_in_with_wecom(request, corp_id, code, state)
    except DomainError as refusal:
        return HttpResponseRedirect("/sign-in?" + urlencode({"refused": refusal.code, "message": refusal.said.here()}))
    return HttpResponseRedirect(then)


def _sign_in_with_wecom(request: HttpRequest, corp_id: int, code: str, state: str) -> str:
    take_attempt(f"signin:ip:{client_ip(request)}", limit=ATTEMPTS_PER_ADDRESS, per=WINDOW)
    port, corp = _offered(corp_id)
    kept = request.session.pop(_STATE, {})
    fresh = clock.now().timestamp() - kept.get("at", 0) < STATE_SECONDS
    if not fresh or kept["corp"] != corp.pk or not secrets.compare_digest(kept["state"].encode(), state.encode()):
        raise SignInStateWrong
    if not code:
        raise SignInDeclined
    account = account_of_member(corp, port.userid(corp, code))
    _open_session(request, account, method="wecom")
    return str(kept["then"])


def _open_session(request: HttpRequest, account: Account, *, method: Literal["password", "wecom"]) -> None:
    request.session.flush()  # nothing of what a stranger's session held, nor its key, lives on
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    record_sign_in(
        account,
        session_key=request.session.session_key or "",
        method=method,
        ip=client_ip(request),
        agent=request.headers.get("User-Agent", ""),
    )
    speak_with(request, account)


def _offered(corp_id: int) -> tuple[WeComSignIn, Corp]:
    for port in OAUTH:
        for corp in port.corps():
            if corp.pk == corp_id:
                return port, corp
    raise NotFound


def _own_page(path: str) -> str:
    """A page of this console to return to; anything that could lead elsewhere becomes the first page."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else "/"
