"""Who is calling: the signed-in account behind the session cookie, as a Viewer."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from yutang.api.errors import CsrfFailed
from yutang.kernel.language import speak
from yutang.kernel.permissions import Permission
from yutang.organization.models import Account
from yutang.organization.scope import Viewer
from yutang.organization.services.sign_in import note_seen

F = TypeVar("F", bound=Callable[..., Any])

SEEN_EVERY_SECONDS = 300

_seen: dict[str, float] = {}  # session key → when its sign-in was last marked as seen (monotonic)


class ViewerRequest(HttpRequest):
    """A request that passed `SessionAuth`."""

    auth: Viewer


class SessionAuth(APIKeyCookie):
    """The session cookie; writes also need the CSRF header."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked here, for a refusal in our own shape

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        refuse_forged(request)
        account = request.user
        if not isinstance(account, Account) or not account.is_active:
            get_token(request)  # a stranger gets the CSRF cookie here, to sign in with
            return None
        speak_with(request, account)
        _mark_seen(request)
        return Viewer(account, ip=client_ip(request))


def refuse_forged(request: HttpRequest) -> None:
    """Raises CsrfFailed for a write that does not come from our own pages."""
    if check_csrf(request):
        raise CsrfFailed


def stranger(request: HttpRequest) -> bool:
    """Auth of the few endpoints that need no sign-in; their writes need the CSRF header all the same."""
    refuse_forged(request)
    return True


def client_ip(request: HttpRequest) -> str:
    """The caller's address. Behind a proxy (YUTANG_BEHIND_PROXY) it is what the proxy appended, not what came in."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.split(",")[-1].strip()[:64] or str(request.META.get("REMOTE_ADDR", ""))


def speak_with(request: HttpRequest, account: Account) -> None:
    """The account's language, unless the caller asks for one alone, as the console does; browsers send a list."""
    if request.headers.get("Accept-Language", "") not in {"zh", "en"}:
        speak("en" if account.language == "en" else "zh")


def _mark_seen(request: HttpRequest) -> None:
    key, now = request.session.session_key or "", time.monotonic()
    if now - _seen.get(key, -SEEN_EVERY_SECONDS) < SEEN_EVERY_SECONDS:
        return
    if len(_seen) > 10_000:
        _seen.clear()
    _seen[key] = now
    note_seen(key)


def needs(permission: Permission) -> Callable[[F], F]:
    """Refuse the endpoint to viewers without the permission. Stands between the router's decorator and the function."""

    def guard(view: F) -> F:
        @wraps(view)
        def guarded(request: ViewerRequest, *args: Any, **kwargs: Any) -> Any:
            request.auth.require(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard
