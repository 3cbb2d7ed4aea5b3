"""Signing in and out with a password, and the second factor."""

from datetime import timedelta

import pyotp
import pytest

from conftest import PASSWORD
from yutang.api.tests.browser import Browser
from yutang.kernel import clock
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Account, Role, SignIn


@pytest.fixture
def with_second_factor(make_account):
    account: Account = make_account("careful")
    account.totp_secret = pyotp.random_base32()
    account.save()
    return account


def code_for(account: Account, at=None) -> str:
    return pyotp.TOTP(account.totp_secret).at(at or clock.now())


def test_a_stranger_is_refused_and_gets_the_cookie_to_sign_in_with(db):
    client = Browser()
    refused = client.get("/me")

    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused.cookies["yutang_csrf"].value


def test_signing_in_answers_who_one_is(make_account):
    make_account("boss")
    client = Browser()

    answered = client.sign_in("BOSS")

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
    assert client.get("/me").json() == me
    assert client.get("/session").json()["signed_in"]
    row = SignIn.objects.get()
    assert (row.method, row.ip, row.ended_at) == ("password", "127.0.0.1", None)
    assert AuditEntry.objects.get().action == "account.signed_in"


@pytest.mark.parametrize(("username", "password"), [("boss", "not-the-password"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(make_account, username, password):
    make_account("boss")
    client = Browser()

    refused = client.sign_in(username, password)

    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_password")
    assert refused.json()["message"] == "The user name or the password is wrong."
    assert client.get("/me").status_code == 401
    assert not SignIn.objects.exists()


def test_refusals_speak_chinese_to_those_who_read_chinese(db):
    assert Browser("zh-CN,zh;q=0.9,en;q=0.8").sign_in("nobody").json()["message"] == "用户名或密码不正确。"
    assert Browser("fr").sign_in("nobody").json()["message"] == "用户名或密码不正确。"
    client = Browser("zh")
    client.get("/session")
    assert client.post("/session", {}).json()["fields"] == {"username": "必填。", "password": "必填。"}


def test_an_unknown_name_costs_a_hash_too(make_account, monkeypatch):
    from yutang.organization.passwords import ThriftyArgon2

    hashed: list[str] = []
    encode = ThriftyArgon2.encode
    monkeypatch.setattr(ThriftyArgon2, "encode", lambda self, *given: hashed.append("") or encode(self, *given))

    Browser().sign_in("nobody")

    assert len(hashed) == 1


def test_guessing_at_one_name_is_stopped_and_says_how_long(make_account):
    make_account("boss")
    for _ in range(8):
        assert Browser().sign_in("boss", "guess").status_code == 401

    stopped = Browser().sign_in("Boss")

    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_attempts")
    assert 0 < stopped.json()["retry_after_seconds"] <= 300
    assert stopped.headers["Retry-After"] == str(stopped.json()["retry_after_seconds"])
    with clock.shifted(timedelta(minutes=5, seconds=1)):
        assert Browser().sign_in("boss").status_code == 200


def test_guessing_at_many_names_from_one_address_is_stopped(make_account):
    make_account("boss")
    for n in range(40):
        assert Browser().sign_in(f"name{n}", "guess").status_code == 401

    assert Browser().sign_in("boss").status_code == 429


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(make_account, settings):
    make_account("boss")
    settings.BEHIND_PROXY = True
    Browser(x_forwarded_for="1.2.3.4, 203.0.113.9").sign_in("boss")

    assert SignIn.objects.get().ip == "203.0.113.9"


def test_a_disabled_account_is_told_so_only_with_the_right_password(make_account):
    account = make_account("gone")
    account.is_active = False
    account.save()

    assert Browser().sign_in("gone", "wrong").json()["code"] == "wrong_password"
    assert Browser().sign_in("gone").json()["code"] == "account_disabled"


def test_disabling_an_account_shuts_its_open_browsers_out(make_account):
    account = make_account("boss")
    client = Browser()
    client.sign_in("boss")
    Account.objects.filter(pk=account.pk).update(is_active=False)

    assert client.get("/me").status_code == 401


def test_signing_in_without_the_csrf_header_is_refused(make_account):
    make_account("boss")
    client = Browser()
    client.get("/session")

    refused = client.post("/session", {"username": "boss", "password": PASSWORD}, token="")

    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    assert not SignIn.objects.exists()


def test_writing_without_the_csrf_header_is_refused(make_account):
    make_account("boss")
    client = Browser()
    client.sign_in("boss")

    assert client.patch("/me", {"language": "en"}, token="").json()["code"] == "csrf_failed"
    assert client.patch("/me", {"language": "en"}, token="x" * 64).json()["code"] == "csrf_failed"
    assert client.patch("/me", {"language": "en"}).status_code == 200


def test_the_language_chosen_on_one_machine_is_spoken_on_the_next(make_account):
    account = make_account("boss", role=Role.GUIDE)
    first, second = Browser("zh-CN,zh;q=0.9"), Browser("zh-CN,zh;q=0.9")  # as browsers send it
    console = Browser("zh")  # as the console sends it
    for each in (first, console):
        each.sign_in("boss")
    assert first.get("/accounts").json()["message"].startswith("您的角色")

    assert first.patch("/me", {"language": "en"}).json()["account"]["language"] == "en"

    assert second.sign_in("boss").json()["account"]["language"] == "en"
    assert second.get("/accounts").json()["message"].startswith("Your role")
    assert console.get("/accounts").json()["message"].startswith("您的角色")
    assert first.patch("/me", {"language": "fr"}).status_code == 422
    entry = AuditEntry.objects.get(action="account.language_chosen")
    assert (entry.subject_id, entry.detail) == (str(account.pk), {"language": "en"})


def test_a_session_planted_before_signing_in_is_not_the_one_afterwards(make_account):
    make_account("boss")
    attacker = Browser()
    attacker.plant_session()
    victim = Browser()
    victim.cookies["yutang_session"] = attacker.cookies["yutang_session"].value

    victim.sign_in("boss")

    assert victim.cookies["yutang_session"].value != attacker.cookies["yutang_session"].value
    assert attacker.get("/me").status_code == 401
    assert victim.get("/me").status_code == 200


def test_cookies_cannot_be_read_by_scripts_nor_sent_from_elsewhere(make_account):
    make_account("boss")
    client = Browser()
    client.sign_in("boss")

    session = client.cookies["yutang_session"]
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", 14 * 24 * 3600)
    assert client.cookies["yutang_csrf"]["samesite"] == "Lax"


def test_signing_out_ends_the_session_for_good(make_account):
    make_account("boss")
    client = Browser()
    client.sign_in("boss")
    copied = client.cookies["yutang_session"].value

    assert client.delete("/session").status_code == 204

    thief = Browser()
    thief.cookies["yutang_session"] = copied
    assert thief.get("/me").status_code == 401
    assert SignIn.objects.get().ended_at is not None


def test_the_second_factor_is_asked_for_after_the_password(with_second_factor):
    client = Browser()

    assert client.sign_in("careful", "wrong").json()["code"] == "wrong_password"
    assert client.sign_in("careful").json()["code"] == "totp_required"
    assert client.sign_in("careful", totp="000000").json()["code"] == "totp_wrong"
    assert client.get("/me").status_code == 401
    assert client.sign_in("careful", totp=code_for(with_second_factor)).status_code == 200


def test_a_code_works_once(with_second_factor):
    code = code_for(with_second_factor)

    assert Browser().sign_in("careful", totp=code).status_code == 200
    assert Browser().sign_in("careful", totp=code).json()["code"] == "totp_wrong"


def test_an_earlier_code_does_not_work_after_a_later_one(with_second_factor):
    now = clock.now()
    Browser().sign_in("careful", totp=code_for(with_second_factor, now))

    assert (
        Browser().sign_in("careful", totp=code_for(with_second_factor, now - timedelta(seconds=30))).status_code == 401
    )


def test_guessing_codes_is_stopped_even_with_the_password(with_second_factor):
    for guess in range(6):
        assert Browser().sign_in("careful", totp=f"{guess:06}").status_code == 401

    assert Browser().sign_in("careful", totp=code_for(with_second_factor)).status_code == 429


def test_setting_up_the_second_factor_and_losing_the_phone(make_account):
    make_account("boss")
    client = Browser()
    client.sign_in("boss")
    started = client.post("/me/totp/start").json()
    assert started["qr_svg"].startswith("data:image/svg+xml")
    assert "secret=" + started["secret"] in started["uri"]
    assert client.post("/me/totp/confirm", {"code": "000000"}).json()["code"] == "totp_wrong"

    code = pyotp.TOTP(started["secret"]).at(clock.now())
    recovery = client.post("/me/totp/confirm", {"code": code}).json()["recovery_codes"]

    assert len(set(recovery)) == 10
    assert client.get("/me").json()["account"]["totp_enabled"]
    assert Browser().sign_in("boss").json()["code"] == "totp_required"
    assert Browser().sign_in("boss", totp=recovery[3].upper()).status_code == 200
    assert Browser().sign_in("boss", totp=recovery[3]).json()["code"] == "totp_wrong"

    assert client.post("/me/totp/off", {"password": "wrong"}).json()["fields"] == {
        "password": "The current password is wrong."
    }
    assert client.post("/me/totp/off", {"password": PASSWORD}).status_code == 204
    assert Browser().sign_in("boss").status_code == 200


def test_secrets_of_the_second_factor_are_encrypted_at_rest(with_second_factor):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT totp_secret FROM organization_account")
        assert with_second_factor.totp_secret not in cursor.fetchone()[0]


def test_changing_the_password_signs_out_the_other_browsers_only(make_account):
    make_account("boss")
    here, elsewhere = Browser(), Browser()
    here.sign_in("boss")
    elsewhere.sign_in("boss")

    wrong = here.post("/me/password", {"current": "wrong", "new": "A-new-pond-2027"})
    assert (wrong.status_code, wrong.json()["fields"]) == (422, {"current": "The current password is wrong."})
    weak = here.post("/me/password", {"current": PASSWORD, "new": "12345678"})
    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    assert "At least 10 characters" in weak.json()["fields"]["new"]
    assert "commonly used" in weak.json()["fields"]["new"]
    assert elsewhere.get("/me").status_code == 200

    assert here.post("/me/password", {"current": PASSWORD, "new": "A-new-pond-2027"}).status_code == 204

    assert (here.get("/me").status_code, elsewhere.get("/me").status_code) == (200, 401)
    assert [each["current"] for each in here.get("/me/sessions").json()["items"]] == [True]
    assert Browser().sign_in("boss").status_code == 401
    assert Browser().sign_in("boss", "A-new-pond-2027").status_code == 200


def test_a_browser_elsewhere_can_be_ended_at_once(make_account):
    make_account("boss")
    here, elsewhere = Browser(), Browser(user_agent="Lost phone")
    here.sign_in("boss")
    elsewhere.sign_in("boss")
    listed = {each["browser"]: each for each in here.get("/me/sessions").json()["items"]}
    assert listed["Lost phone"]["current"] is False

    assert here.delete(f"/me/sessions/{listed['Lost phone']['id']}").status_code == 204

    assert (here.get("/me").status_code, elsewhere.get("/me").status_code) == (200, 401)
    assert here.delete(f"/me/sessions/{listed['Lost phone']['id']}").status_code == 404


def test_nobody_ends_the_sessions_of_another_account(make_account):
    make_account("boss")
    make_account("other")
    mine, other = Browser(), Browser()
    mine.sign_in("boss")
    other.sign_in("other")

    assert mine.delete(f"/me/sessions/{SignIn.objects.get(account__username='other').pk}").status_code == 404
    assert other.get("/me").status_code == 200


def test_the_account_language_holds_unless_the_caller_asks_for_one(make_account, api_for):
    account = make_account("boss")
    as_browser = api_for(account, language="zh-CN,zh;q=0.9,en;q=0.5")
    as_browser.patch("/me", {"language": "en"})

    assert as_browser.get("/me").json()["scope"]["label"] == "Everything"
    assert api_for(account, language="zh").get("/me").json()["scope"]["label"] == "全部"
    assert as_browser.patch("/me", {"language": "fr"}).json()["fields"] == {
        "language": "This must be one of: 'zh' or 'en'."
    }


def test_all_other_browsers_are_ended_at_once(make_account):
    make_account("boss")
    here, one, two = Browser(), Browser(), Browser()
    for each in (here, one, two):
        each.sign_in("boss")

    assert here.delete("/me/sessions").status_code == 204

    assert [each.get("/me").status_code for each in (here, one, two)] == [200, 401, 401]
