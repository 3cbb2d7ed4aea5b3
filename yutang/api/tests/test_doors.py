"""Every endpoint stands behind sign-in and a permission, but for a few that are named here with the reason."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from ninja.constants import NOT_SET

from yutang.api.auth import SessionAuth, stranger
from yutang.api.main import api

# Open to strangers: one must be able to come in, and to ask whether the house stands.
OPEN = {
    ("GET", "/session"): "tells a sign-in page what it needs",
    ("POST", "/session"): "is signing in",
    ("GET", "/session/wecom/{int:corp_id}/start"): "begins signing in with WeCom",
    ("GET", "/session/wecom/{int:corp_id}/callback"): "ends signing in with WeCom",
    ("GET", "/health"): "is for load balancers",
}

# Signed in is enough: these concern nobody but the account itself.
OWN = {
    ("DELETE", "/session"),
    ("GET", "/me"),
    ("PATCH", "/me"),
    ("POST", "/me/password"),
    ("POST", "/me/totp/start"),
    ("POST", "/me/totp/confirm"),
    ("POST", "/me/totp/off"),
    ("GET", "/me/sessions"),
    ("DELETE", "/me/sessions"),
    ("DELETE", "/me/sessions/{int:sign_in_id}"),
    ("PUT", "/me/line"),
}


def endpoints() -> Iterator[tuple[str, str, Any]]:
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, path, operation


ALL = sorted(endpoints(), key=lambda each: each[:2])


def auth_of(operation: Any) -> list[Any]:
    callbacks = operation.auth_callbacks or []
    if operation.auth_param is NOT_SET and not callbacks:
        callbacks = api.auth if isinstance(api.auth, list) else [api.auth]
    return list(callbacks)


@pytest.mark.parametrize(("method", "path", "operation"), ALL, ids=lambda each: each if isinstance(each, str) else "")
def test_every_endpoint_demands_sign_in_and_a_permission(method, path, operation):
    auth = auth_of(operation)
    if (method, path) in OPEN:
        assert all(each is stranger for each in auth)
        return
    assert [type(each) for each in auth] == [SessionAuth]
    if (method, path) not in OWN:
        assert hasattr(operation.view_func, "permission"), "no @needs(Permission.…) below the router's decorator"


def test_what_is_named_open_or_own_exists():
    there = {(method, path) for method, path, _ in ALL}
    assert set(OPEN) | OWN <= there


def test_a_stranger_is_refused_everywhere_else(db):
    client = Client()
    for method, path, _ in ALL:
        if (method, path) in OPEN:
            continue
        for part in ("{int:", "{"):
            while part in path:
                start = path.index(part)
                path = path[:start] + "1" + path[path.index("}", start) + 1 :]
        answer = client.generic(method, f"/api{path}", data="{}", content_type="application/json")
        assert answer.status_code == 401, (method, path, answer.status_code)
        assert answer.json()["code"] == "not_signed_in"
