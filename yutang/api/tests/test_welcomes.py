from collections.abc import Callable
from typing import Any

import pytest

from yutang.acquisition.tests.conftest import text_slot
from yutang.organization.models import Department, Role, ScopeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(make_member: Callable[..., Any]) -> Any:
    return make_member("ann", name="安安")


def test_a_welcome_is_written_read_and_taken_away(api: Any, ann: Any) -> None:
    path, of = "/welcomes", {"corp_id": ann.corp_id}
    assert api.get("/welcomes/of", **of).json()["version"] is None

    welcome = {"slots": [text_slot("您好")], "suppressed_nicknames": ["代购 "]}
    put = api.put(path, of | {"version": None, "welcome": welcome})

    assert (put.status_code, put.json()["version"]) == (200, 1)
    assert put.json()["welcome"]["suppressed_nicknames"] == ["代购"]
    assert len(api.get("/welcomes").json()["items"]) == 1
    stale = api.put(path, of | {"version": None, "welcome": {"slots": [text_slot("旧")]}})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert api.put(path, of | {"version": 1, "welcome": {"slots": []}}).json()["version"] is None
    assert api.get("/welcomes").json()["items"] == []


def test_each_holder_has_a_welcome_of_its_own(api: Any, ann: Any) -> None:
    root = Department.objects.create(corp=ann.corp, wecom_id=1, name="总部")
    Department.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    for holder in ({}, {"member_id": ann.pk}, {"department_id": root.pk}):
        body = {"corp_id": ann.corp_id, "version": None, "welcome": {"slots": [text_slot("您好")]}} | holder
        assert api.put("/welcomes", body).status_code == 200

    told = [(row["member"], row["department"]) for row in api.get("/welcomes").json()["items"]]
    assert [(bool(m), bool(d)) for m, d in told] == [(False, False), (False, True), (True, False)]


def test_a_preview_fills_places_and_names_what_wecom_would_refuse(api: Any, ann: Any) -> None:
    parts = [{"kind": "text", "content": "{nickname}您好，我是{member}"}, {"kind": "link", "title": "", "url": "x"}]

    told = api.post("/welcomes/preview", {"parts": parts, "nickname": "林小鱼", "member_id": ann.pk}).json()

    assert told["parts"][0]["content"] == "林小鱼您好，我是安安"
    assert [each["field"] for each in told["problems"]] == ["parts.1.title", "parts.1.url"]


def test_only_who_is_in_charge_of_all_writes_for_all(api_for: Any, make_account: Any, ann: Any) -> None:
    operator = api_for(make_account(role=Role.OPERATOR, scope=ScopeKind.OWN, member=ann))
    body = {"corp_id": ann.corp_id, "version": None, "welcome": {"slots": [text_slot("您好")]}}

    assert operator.put("/welcomes", body).status_code == 404
    assert operator.put("/welcomes", body | {"member_id": ann.pk}).status_code == 200
    manager = api_for(make_account(role=Role.STORE_MANAGER))
    assert manager.put("/welcomes", body).status_code == 403
