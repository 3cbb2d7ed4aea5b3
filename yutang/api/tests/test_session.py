"""Signing in and out with a password, and the second factor."""

import pyotp
import pytest
from django.test import Client

from conftest import PASSWORD
from yutang.kernel import clock
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Account, SignIn


def browser(language: str = "en") -> Client:
    """A browser that nobody has signed in with, and that checks CSRF as real ones do."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": language})


def send(client: Client, method: str, path: str, body: object = None):
    token = client.cookies["yutang_csrf"].value if "yutang_csrf" in client.cookies else ""
    return client.generic(
        method,
        f"/api{path}",
        data=__import__("json").dumps(body or {}),
        content_type="application/json",
        headers={"x-csrftoken": token},
    )


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str):
    client.get("/api/session")
    return send(client, "POST", "/session", {"username": username, "password": password} | more)


@pytest.fixture
def with_second_factor(make_account):
    account: Account = make_account("careful")
    account.totp_secret = pyotp.random_base32()
    account.save()
    return account


def code_for(account: Account, at=None) -> str:
    return pyotp.TOTP(account.totp_secret).at(at or clock.now())


def test_a_stranger_is_refused_and_gets_the_cookie_to_sign_in_with(db):
    client = browser()
    refused = client.get("/api/me")

    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused.cookies["yutang_csrf"].value


def test_signing_in_answers_who_one_is(make_account):
    make_account("boss")
    client = browser()

    answered = sign_in(client, "BOSS")

    assert answered.status_code == 200
    me = answered.json()
    assert me["account"] | {"id": 0} == {
        "id": 0,
        "username": "boss",
        "name": "boss",
        "role": "owner",
        "avatar": None,
        "language": "zh",
        "totp_enabled": False,
        "member": None,
    }
    assert me["scope"] == {"kind": "all", "label": "Everything"}
    assert "accounts.manage" in me["permissions"]
    assert client.get("/api/me").json() == me
    assert client.get("/api/session").json()["signed_in"]
    row = SignIn.objects.get()
    assert (row.method, row.ip, row.ended_at) == ("password", "127.0.0.1", None)
    assert AuditEntry.objects.get().action == "account.signed_in"
