"""Connecting a corp, and being told what is wrong and where to mend it."""

import pytest

from outside.testing import AGENTID, CORPID, SECRET
from yutang.channels.wecom.models import WeComApp
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def connect(api, outside, settings):
    from outside.testing import shop_world

    outside.seed(shop_world())

    def call(**changes):
        body = {"corp_id": CORPID, "name": "鲜果时光", "agent_id": AGENTID, "secret": SECRET, "base_url": outside.url}
        return api.post("/corps", {**body, **changes})

    return call


def checks(api, corp_id):
    answer = api.post(f"/corps/{corp_id}/check").json()
    return answer["ok"], {item["name"]: item for item in answer["items"]}


def test_a_corp_is_connected_and_its_callback_verified_by_wecom(api, connect, outside, live_address):
    corp = connect().json()
    assert (corp["is_connected"], corp["wecom_corpid"]) == (True, CORPID)
    assert SECRET not in str(corp)
    shown = api.get(f"/corps/{corp['id']}/callback").json()
    assert (len(shown["token"]), len(shown["aes_key"])) == (32, 43)
    assert AuditEntry.objects.filter(action="wecom.callback_key_shown").exists()

    ok, found = checks(api, corp["id"])
    assert not ok
    failed = {name for name, item in found.items() if item["outcome"] == "failed"}
    assert failed == {"callback"}
    assert "接收消息" in found["callback"]["page"] or "Receive" in found["callback"]["page"]


@pytest.fixture
def live_address():
    return ""


@pytest.mark.parametrize(
    ("changes", "step", "errcode", "page"),
    [
        ({"secret": "wrong-secret-of-nobody"}, "token", 40001, "Self-built app"),
        ({"corp_id": "ww9999999999999999"}, "token", 40013, "My Company"),
        ({"agent_id": 1000099}, "address", None, ""),
        ({"base_url": "http://127.0.0.1:9"}, "token", None, ""),
    ],
)
def test_each_mistake_is_named_with_the_page_that_mends_it(api, connect, changes, step, errcode, page):
    corp = connect(**changes).json()
    ok, found = checks(api, corp["id"])
    assert not ok
    assert found[step]["outcome"] == "failed"
    assert found[step]["advice"]
    if errcode:
        assert found[step]["errcode"] == errcode
    assert page in (found[step]["page"] or "")
    later = [item["outcome"] for name, item in found.items() if name in ("callable", "tags", "media")]
    assert later == ["skipped"] * 3


def test_a_rejected_address_is_told_which_it_is(api, connect, outside):
    corp = connect().json()
    outside.fault("ip_rejected")
    _, found = checks(api, corp["id"])
    assert found["address"]["errcode"] == 60020
    assert "127.0.0.1" in found["address"]["message"]
    assert "trusted IPs" in found["address"]["page"]


def test_an_app_off_the_callable_list_is_sent_to_the_customer_contact_page(api, connect, outside):
    corp = connect().json()
    outside.put("apps", corpid=CORPID, agentid=AGENTID, secret=SECRET, callable=False)
    _, found = checks(api, corp["id"])
    assert found["callable"]["errcode"] == 48002
    assert "Callable apps" in found["callable"]["page"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"corp_id": "not-a-corp"}, "corp_id"),
        ({"secret": "short"}, "secret"),
        ({"base_url": "ftp://x"}, "base_url"),
        ({"base_url": "http://user@host"}, "base_url"),
    ],
)
def test_what_cannot_be_right_is_refused_by_field(connect, changes, field):
    refused = connect(**changes)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])
    assert not WeComApp.objects.exists()


def test_a_corp_is_connected_once_and_can_be_let_go_and_connected_again(api, connect):
    corp = connect().json()
    assert connect().json()["code"] == "wecom_already_connected"
    assert api.delete(f"/corps/{corp['id']}").status_code == 204
    assert api.get(f"/corps/{corp['id']}").json()["is_connected"] is False
    assert WeComApp.objects.get().secret == ""
    assert connect().status_code == 201


def test_secrets_are_encrypted_at_rest(connect):
    from django.db import connection

    connect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, callback_token, callback_aes_key FROM wecom_wecomapp")
        stored = cursor.fetchone()
    app = WeComApp.objects.get()
    assert app.secret == SECRET
    assert not {app.secret, app.callback_token, app.callback_aes_key} & set(stored)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.GUIDE, Role.AUDITOR])
def test_only_those_who_may_connect_corps_do(api_for, make_account, connect, role):
    corp = connect().json()
    stranger = api_for(make_account(role=role))
    assert stranger.post(f"/corps/{corp['id']}/check").status_code == 403
    assert stranger.get(f"/corps/{corp['id']}/callback").status_code == 403
    assert stranger.delete(f"/corps/{corp['id']}").status_code == 403
    assert stranger.get(f"/corps/{corp['id']}").status_code == 200


def test_after_a_changed_secret_key_the_secrets_can_be_entered_again(connect, settings, api_for, make_account):
    corp = connect().json()
    settings.SECRET_KEY = "another installation's key"
    api = api_for(make_account())  # sessions have ended with the old key
    assert api.get(f"/corps/{corp['id']}").status_code == 200
    assert api.post(f"/corps/{corp['id']}/check").json()["code"] == "secret_unreadable"
    assert api.get(f"/corps/{corp['id']}/callback").json()["code"] == "secret_unreadable"

    entered = {"secret": SECRET, "callback_token": "QDG6eK", "callback_aes_key": "a" * 43}
    assert api.patch(f"/corps/{corp['id']}", entered).status_code == 200
    assert api.get(f"/corps/{corp['id']}/callback").json()["token"] == "QDG6eK"
    assert checks(api, corp["id"])[1]["token"]["outcome"] == "ok"
