"""What is common to all calls: verbs, bodies, unknown paths and fields, frequency."""

from __future__ import annotations

import pytest

from outside.testing import AGENTID, CORPID, OutsideServer


def _post(shop: OutsideServer, path: str, content: bytes) -> dict[str, object]:
    response = shop.http.post(f"/cgi-bin/{path}", params={"access_token": shop.token()}, content=content)
    assert response.status_code == 200
    return dict(response.json())


def test_an_unknown_api_is_forbidden_not_an_error(shop: OutsideServer) -> None:
    answer = shop.api("externalcontact/add_moment_task", {})
    assert answer["errcode"] == 48002
    assert "add_moment_task" in answer["errmsg"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', b"null", b"\xef\xbb\xbf{}", b'{"a": "\xff"}', b"[" * 5000, b"{'a': 1}"]
)
def test_a_body_that_is_no_json_object(shop: OutsideServer, body: bytes) -> None:
    answer = _post(shop, "externalcontact/remark", body)
    assert answer["errcode"] == 40058
    assert "Warning: wrong json format." in str(answer["errmsg"])


def test_a_huge_body_is_refused(shop: OutsideServer) -> None:
    assert _post(shop, "externalcontact/remark", b" " * (10 * 1024 * 1024 + 1))["errcode"] == 40206


def test_get_on_a_post_call_reads_no_body(shop: OutsideServer) -> None:
    assert shop.api("externalcontact/remark", userid="zhangsan")["errcode"] == 40063
    assert shop.api("externalcontact/add_contact_way", type=1)["errcode"] == 41037
    assert shop.api("externalcontact/get_corp_tag_list")["errcode"] == 40058


def test_unknown_fields_are_ignored_and_text_stays_raw(shop: OutsideServer) -> None:
    way = shop.api(
        "externalcontact/add_contact_way",
        {"type": 1, "scene": 2, "user": ["lisi"], "remark": "门店 🐟", "colour": "blue", "nested": {"a": [1]}},
    )
    response = shop.http.post(
        "/cgi-bin/externalcontact/get_contact_way",
        params={"access_token": shop.token()},
        json={"config_id": way["config_id"]},
    )
    assert "门店 🐟".encode() in response.content


def test_escapes_can_be_refused_as_some_endpoints_do(shop: OutsideServer) -> None:
    body = b'{"type":1,"scene":2,"user":["lisi"],"remark":"\\u95e8"}'
    assert _post(shop, "externalcontact/add_contact_way", body)["errcode"] == 0
    shop.switch(reject_unicode_escapes=True)
    assert _post(shop, "externalcontact/add_contact_way", body)["errcode"] == 40033


def test_too_many_calls_are_blocked_for_the_length_of_the_window(shop: OutsideServer) -> None:
    shop.switch(limits={"getcallbackip": {"per_minute": 3}})
    token = shop.token()
    codes = [shop.api("getcallbackip", token=token)["errcode"] for _ in range(5)]
    assert codes[-1] == 45009
    assert codes.count(0) == 3
    assert shop.api("get_api_domain_ip", token=token)["errcode"] == 0  # another API has its own count

    shop.advance(61)
    assert shop.api("getcallbackip", token=token)["errcode"] == 0


def test_an_app_off_the_callable_list_may_not_read_customers(shop: OutsideServer) -> None:
    shop.put("apps", corpid=CORPID, agentid=AGENTID, callable=False)
    assert shop.api("externalcontact/get_follow_user_list")["errcode"] == 48002
    assert shop.api("user/get", userid="lisi")["errcode"] == 0
