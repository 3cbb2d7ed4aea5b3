"""Who is calling: the signed-in account behind the session cookie, as a Viewer."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja.security import APIKeyCookie

from yutang.kernel.permissions import Permission
from yutang.organization.models import Account
from yutang.organization.scope import Viewer

F = TypeVar("F", bound=Callable[..., Any])


class ViewerRequest(HttpRequest):
    """A request that passed `SessionAuth`."""

    auth: Viewer


class SessionAuth(APIKeyCookie):
    """The session cookie; writes also need the CSRF header."""

    param_name = "yutang_session"

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        account = request.user
        if not isinstance(account, Account) or not account.is_active:
            return None
        return Viewer(account, ip=client_ip(request))


def client_ip(request: HttpRequest) -> str:
    # granian fills REMOTE_ADDR from the socket; behind a proxy the administrator sets YUTANG_BEHIND_PROXY.
    return str(request.META.get("REMOTE_ADDR", ""))


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
