"""Accounts, roles and ranks."""

import pytest

from conftest import PASSWORD
from yutang.api.tests.browser import Browser
from yutang.kernel.models import AuditEntry
from yutang.kernel.permissions import Permission
from yutang.organization.models import Account, Role
from yutang.organization.roles import PERMISSION_NAMES, ROLE_NAMES, ROLE_PURPOSES

NEW = {"username": "lan", "name": "小兰", "role": "operator", "password": "A-quiet-pond-88"}


def test_an_owner_makes_an_account_that_can_sign_in(api):
    made = api.post("/accounts", NEW)

    assert made.status_code == 201
    body = made.json()
    assert (body["username"], body["role"], body["role_name"], body["scope_label"]) == (
        "lan",
        "operator",
        "Operator",
        "Everything",
    )
    assert Browser().sign_in("lan", NEW["password"]).status_code == 200
    entry = AuditEntry.objects.get(action="account.created")
    assert (entry.actor_name, entry.subject_id, entry.detail["role"]) == ("boss", str(body["id"]), "operator")
    assert NEW["password"] not in str(entry.detail)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"username": "BOSS"}, "username", "This user name is taken."),
        ({"username": "a b"}, "username", "Letters, digits and . _ - @ only, at most 64 of them."),
        ({"name": " "}, "name", "This is needed."),
        ({"role": "administrator", "scope_kind": "own"}, "scope_kind", None),
        ({"scope_kind": "department"}, "department_ids", "Choose at least one department that exists."),
        ({"scope_kind": "store", "store_ids": [999]}, "store_ids", "Choose at least one store that exists."),
        ({"scope_kind": "own"}, "member_id", "Own customers needs a linked member."),
        ({"member_id": 2**62}, "member_id", "There is no such member."),
        ({"password": "short"}, "password", "At least 10 characters are needed."),
        ({"password": "qwertyuiop"}, "password", "This is a commonly used password."),
        (
            {"username": "laolaowang", "password": "laolaowang1"},
            "password",
            "It is too similar to the user name or name.",
        ),
    ],
)
def test_a_faulty_account_is_refused_naming_the_field(api, change, field, said):
    refused = api.post("/accounts", NEW | change)

    assert refused.status_code == 422, refused.json()
    assert field in refused.json()["fields"]
    assert said in (None, refused.json()["fields"][field])
    assert Account.objects.count() == 1


def test_an_unknown_role_is_refused_in_the_callers_language(make_account, api_for):
    refused = api_for(make_account(), language="zh").post("/accounts", NEW | {"role": "king"})

    assert refused.status_code == 422
    assert refused.json()["fields"]["role"].startswith("应为以下之一")


def test_a_member_has_one_account(api, make_member):
    member = make_member()
    assert api.post("/accounts", NEW | {"member_id": member.pk, "scope_kind": "own"}).status_code == 201

    again = api.post("/accounts", NEW | {"username": "lan2", "member_id": member.pk})
    assert again.json()["fields"] == {"member_id": "This member is linked to another account."}


def test_only_owners_make_and_touch_owners(make_account, api_for):
    owner, administrator = make_account("boss"), make_account("admin", role=Role.ADMINISTRATOR)
    api = api_for(administrator)
    body = {"username": "boss", "name": "Boss", "role": "operator"}

    refusals = [
        api.post("/accounts", NEW | {"role": "owner"}),
        api.put(f"/accounts/{administrator.pk}", {"username": "admin", "name": "Me", "role": "owner"}),
        api.put(f"/accounts/{owner.pk}", body),
        api.post(f"/accounts/{owner.pk}/disable"),
        api.post(f"/accounts/{owner.pk}/password", {"password": "Mine-now-2026-x"}),
        api.delete(f"/accounts/{owner.pk}/totp"),
        api.delete(f"/accounts/{owner.pk}/sessions"),
        api.delete(f"/accounts/{owner.pk}/sessions/1"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in refusals] == [(403, "beyond_rank")] * 8
    owner.refresh_from_db()
    assert (owner.role, owner.is_active, owner.check_password(PASSWORD)) == ("owner", True, True)
    assert api.post("/accounts", NEW).status_code == 201


def test_the_last_owner_can_neither_go_nor_be_demoted(api, make_account):
    boss = Account.objects.get()
    make_account("admin", role=Role.ADMINISTRATOR)
    demoted = {"username": "boss", "name": "Boss", "role": "operator"}

    assert api.post(f"/accounts/{boss.pk}/disable").json()["code"] == "last_owner"
    assert api.put(f"/accounts/{boss.pk}", demoted).json()["code"] == "last_owner"

    second = make_account("second")
    second.is_active = False
    second.save()
    assert api.put(f"/accounts/{boss.pk}", demoted).json()["code"] == "last_owner"
    assert api.post(f"/accounts/{second.pk}/enable").status_code == 200
    assert api.put(f"/accounts/{boss.pk}", demoted).status_code == 200


def test_disabling_signs_out_everywhere_at_once(api, make_account):
    lan = make_account("lan", role=Role.OPERATOR)
    first, second = Browser(), Browser()
    first.sign_in("lan")
    second.sign_in("lan")
    assert len(api.get(f"/accounts/{lan.pk}/sessions").json()["items"]) == 2

    assert api.post(f"/accounts/{lan.pk}/disable").json()["is_active"] is False

    assert (first.get("/me").status_code, second.get("/me").status_code) == (401, 401)
    assert api.get(f"/accounts/{lan.pk}/sessions").json()["items"] == []
    assert api.post(f"/accounts/{lan.pk}/enable").json()["is_active"] is True
    assert first.get("/me").status_code == 401
    assert Browser().sign_in("lan").status_code == 200


def test_a_changed_role_counts_from_the_next_request_on(api, make_account):
    lan = make_account("lan", role=Role.OPERATOR)
    client = Browser()
    client.sign_in("lan")
    assert client.get("/accounts").status_code == 403

    api.put(f"/accounts/{lan.pk}", {"username": "lan", "name": "Lan", "role": "administrator"})

    assert client.get("/accounts").status_code == 200
    assert AuditEntry.objects.get(action="account.changed").detail["before"]["role"] == "operator"


def test_an_administrator_helps_somebody_who_lost_password_and_phone(make_account, api_for):
    admin, lan = make_account("admin", role=Role.ADMINISTRATOR), make_account("lan", role=Role.GUIDE)
    lan.totp_secret = "JBSWY3DPEHPK3PXP"
    lan.save()
    api = api_for(admin)

    assert api.post(f"/accounts/{lan.pk}/password", {"password": "1234567890"}).json()["code"] == "weak_password"
    assert api.post(f"/accounts/{lan.pk}/password", {"password": "Brand-new-pond-9"}).status_code == 204
    assert Browser().sign_in("lan", "Brand-new-pond-9").json()["code"] == "totp_required"
    assert api.delete(f"/accounts/{lan.pk}/totp").status_code == 204
    assert Browser().sign_in("lan", "Brand-new-pond-9").status_code == 200


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.OWNER, Role.ADMINISTRATOR)])
def test_other_roles_do_not_manage_accounts(make_account, api_for, role):
    api = api_for(make_account("me", role=role))

    refused = api.post("/accounts", NEW)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "Manage accounts" in refused.json()["message"]
    assert api.get("/accounts").status_code == 403


def test_accounts_are_listed_and_filtered(api, make_account):
    make_account("lan", role=Role.GUIDE)
    make_account("hua", role=Role.ANALYST)

    assert [each["username"] for each in api.get("/accounts").json()["items"]] == ["hua", "lan", "boss"]
    assert [each["username"] for each in api.get("/accounts", q="LA").json()["items"]] == ["lan"]
    assert [each["username"] for each in api.get("/accounts", role="analyst").json()["items"]] == ["hua"]
    first = api.get("/accounts", limit=2).json()
    assert first["total"] == {"count": 3, "exact": True}
    assert [each["username"] for each in api.get("/accounts", cursor=first["next"]).json()["items"]] == ["boss"]
    assert api.get("/accounts/999999").json()["code"] == "not_found"


def test_every_role_and_permission_has_words_in_both_languages(api):
    answered = api.get("/roles").json()

    assert {each["name"] for each in answered["roles"]} == set(Role)
    assert {each["name"] for each in answered["permissions"]} == set(Permission)
    assert set(ROLE_NAMES) == set(ROLE_PURPOSES) == set(Role)
    assert set(PERMISSION_NAMES) == set(Permission)


def test_an_administrator_signs_somebody_out_everywhere(api, make_account):
    lan = make_account("lan", role=Role.OPERATOR)
    client = Browser()
    client.sign_in("lan")

    assert api.delete(f"/accounts/{lan.pk}/sessions").status_code == 204

    assert client.get("/me").status_code == 401
    assert AuditEntry.objects.get(action="account.signed_out").actor_name == "boss"


def test_an_administrator_ends_one_session_of_somebody_and_no_other(api, make_account):
    lan, hua = make_account("lan", role=Role.OPERATOR), make_account("hua", role=Role.OPERATOR)
    lost, kept, other = Browser(), Browser(), Browser()
    lost.sign_in("lan")
    (lost_id,) = [each["id"] for each in api.get(f"/accounts/{lan.pk}/sessions").json()["items"]]
    kept.sign_in("lan")
    other.sign_in("hua")

    assert api.delete(f"/accounts/{hua.pk}/sessions/{lost_id}").json()["code"] == "not_found"
    assert api.delete(f"/accounts/{lan.pk}/sessions/{lost_id}").status_code == 204
    assert api.delete(f"/accounts/{lan.pk}/sessions/{lost_id}").json()["code"] == "not_found"

    assert [each.get("/me").status_code for each in (lost, kept, other)] == [401, 200, 200]
    assert AuditEntry.objects.filter(action="account.signed_out").count() == 1


def test_ending_ones_own_sessions_from_the_accounts_page_keeps_this_browser(make_account):
    boss = make_account("boss")
    here, there = Browser(), Browser()
    here.sign_in("boss")
    there.sign_in("boss")

    assert here.delete(f"/accounts/{boss.pk}/sessions").status_code == 204

    assert (here.get("/me").status_code, there.get("/me").status_code) == (200, 401)


def test_other_roles_neither_see_nor_end_sessions_of_others(make_account, api_for):
    boss = make_account("boss")
    client = Browser()
    client.sign_in("boss")
    operator = api_for(make_account("op", role=Role.OPERATOR))
    (sign_in,) = boss.sign_ins.all()

    refusals = [
        operator.get(f"/accounts/{boss.pk}/sessions"),
        operator.delete(f"/accounts/{boss.pk}/sessions"),
        operator.delete(f"/accounts/{boss.pk}/sessions/{sign_in.pk}"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in refusals] == [(403, "not_allowed")] * 3
    assert operator.delete(f"/me/sessions/{sign_in.pk}").json()["code"] == "not_found"
    assert client.get("/me").status_code == 200
