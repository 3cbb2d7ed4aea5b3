from __future__ import annotations

from typing import Any

import pytest

from outside.testing import CORPID, OutsideServer
from outside.tests.conftest import Receiver

_PATH = "externalcontact/customer_acquisition"


def _create(shop: OutsideServer, **fields: Any) -> dict[str, Any]:
    body = {"link_name": "春天", "range": {"user_list": ["zhangsan"]}, **fields}
    return shop.api(f"{_PATH}/create_link", {name: value for name, value in body.items() if value is not None})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"link_name": None}, 40058),
        ({"link_name": "春" * 31}, 40058),
        ({"range": None}, 40058),
        ({"range": {}}, 40058),
        ({"range": {"user_list": ["u"] * 501}}, 40058),
        ({"range": {"user_list": ["ghost"]}}, 60111),
        ({"range": {"user_list": ["clerk"]}}, 84074),
        ({"range": {"department_list": [77]}}, 60011),
        ({"range": {"department_list": [2, 3]}}, 0),
        ({"priority_option": {"priority_type": 2}}, 40058),
        ({"priority_option": {"priority_type": 2, "priority_userid_list": ["zhangsan"]}}, 0),
        ({"priority_option": {"priority_type": 1}}, 0),
        ({"priority_option": {"priority_type": 3}}, 40058),
    ],
)
def test_the_limits_of_a_link(shop: OutsideServer, fields: dict[str, Any], code: int) -> None:
    assert _create(shop, **fields)["errcode"] == code


def test_a_link_is_kept(shop: OutsideServer) -> None:
    link = _create(shop)["link"]
    assert link["link_id"].startswith("ca")
    assert link["url"] == f"{shop.url}/ca/{link['link_id']}"
    named = {"link_id": link["link_id"]}
    assert shop.api(f"{_PATH}/get", named)["range"] == {"user_list": ["zhangsan"], "department_list": []}
    assert shop.api(f"{_PATH}/update_link", {**named, "link_name": "夏天", "skip_verify": False})["errcode"] == 0
    assert shop.api(f"{_PATH}/get", named)["link"]["link_name"] == "夏天"
    assert shop.api(f"{_PATH}/list_link", {})["link_id_list"] == [link["link_id"]]
    assert shop.api(f"{_PATH}/delete_link", named)["errcode"] == 0
    assert shop.api(f"{_PATH}/get", named)["errcode"] == 40058
    assert shop.api(f"{_PATH}/list_link", {})["link_id_list"] == []


def test_the_customer_contact_secret_may_not(shop: OutsideServer) -> None:
    shop.put("apps", corpid=CORPID, role="customer", secret="customer-contact-secret-0123456789abcdefgh")
    token = shop.token(secret="customer-contact-secret-0123456789abcdefgh")
    assert shop.api(f"{_PATH}/list_link", {}, token=token)["errcode"] == 48002
    assert shop.api("externalcontact/get_follow_user_list", token=token)["errcode"] == 0


def test_a_customer_comes_through_a_link(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    link = _create(shop)["link"]
    assert shop.scan("lin", f"{link['url']}?customer_channel=poster")["outcome"] == "friends"
    for _ in range(3):
        shop.act("customer_says", corpid=CORPID, userid="zhangsan", person="lin", text="在吗")
    shop.wait_for_callbacks()

    changes = {e["ChangeType"]: e for e in receiver.events()}
    assert changes["friend_request"]["State"] == changes["add_external_contact"]["State"] == "poster"
    assert changes["customer_start_chat"]["LinkId"] == link["link_id"]
    key = changes["message_from_customer"]["ChatKey"]
    info = shop.api(f"{_PATH}/get_chat_info", {"chat_key": key})
    assert info["chat_info"] == {"recv_msg_cnt": 3, "link_id": link["link_id"], "state": "poster"}

    rows = shop.api(f"{_PATH}/customer", {"link_id": link["link_id"]})["customer_list"]
    assert [(r["userid"], r["chat_status"], r["state"]) for r in rows] == [("ZhangSan", 1, "poster")]
    (follow,) = shop.api("externalcontact/get", external_userid=rows[0]["external_userid"])["follow_user"]
    assert follow["add_way"] == 16
    now = int(shop.now())
    counted = shop.api(f"{_PATH}/statistic", {"link_id": link["link_id"], "start_time": now, "end_time": now})
    assert (counted["click_link_customer_cnt"], counted["new_customer_cnt"]) == (1, 1)
    assert shop.api("externalcontact/customer_acquisition_quota")["balance"] == 999


def test_without_quota_nobody_is_added(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.put("corps", corpid=CORPID, name="鲜果时光", settings={"acquisition_balance": 1})
    link = _create(shop)["link"]
    assert shop.scan("lin", link["url"])["outcome"] == "friends"
    assert shop.scan("chen", link["url"])["outcome"] == "unavailable"
    shop.wait_for_callbacks()
    assert "balance_exhausted" in {e["ChangeType"] for e in receiver.events()}


def test_listed_members_come_first(shop: OutsideServer) -> None:
    option = {"priority_type": 2, "priority_userid_list": ["wangwu"]}
    people = {"user_list": ["zhangsan", "lisi", "wangwu"]}
    link = _create(shop, range=people, priority_option=option)["link"]
    assert {shop.scan(person, link["url"])["userid"] for person in ("lin", "chen", "hua")} == {"wangwu"}


def test_a_refused_change_changes_nothing(shop: OutsideServer) -> None:
    link = {"link_id": _create(shop)["link"]["link_id"]}
    change = {**link, "link_name": "夏天", "range": {"user_list": ["ghost"]}}
    assert shop.api(f"{_PATH}/update_link", change)["errcode"] == 60111
    assert shop.api(f"{_PATH}/get", link)["link"]["link_name"] == "春天"
