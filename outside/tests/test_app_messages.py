from __future__ import annotations

from typing import Any

import pytest

from outside.testing import AGENTID, CORPID, OutsideServer
from outside.tests.conftest import Receiver
from outside.tests.test_welcome import upload

_CARD = {"title": "新客户", "description": "来自门口", "url": "https://example.com/c/1"}


def _send(shop: OutsideServer, msgtype: str = "text", body: Any = None, **fields: Any) -> dict[str, Any]:
    content = {"content": "你好"} if body is None else body
    given = {"touser": "zhangsan", "msgtype": msgtype, "agentid": AGENTID, msgtype: content, **fields}
    return shop.api("message/send", {name: value for name, value in given.items() if value is not None})


def test_a_message_reaches_the_members_phone(shop: OutsideServer) -> None:
    answer = _send(shop, touser="ZhangSan|Ghost")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "ghost")
    (message,) = shop.app_messages(userid="zhangsan")
    assert (message["msgid"], message["content"]) == (answer["msgid"], {"content": "你好"})


@pytest.mark.parametrize(
    ("msgtype", "body", "fields", "code"),
    [
        ("text", None, {"touser": None}, 82001),
        ("text", None, {"touser": "ghost"}, 81013),
        ("text", None, {"touser": "@all"}, 0),
        ("text", None, {"touser": None, "toparty": "2"}, 0),
        ("text", None, {"touser": None, "toparty": "77"}, 81013),
        ("text", None, {"touser": None, "totag": "1"}, 81013),
        ("text", None, {"touser": "|".join(["u"] * 1001)}, 40032),
        ("text", None, {"toparty": "|".join(["2"] * 101)}, 82002),
        ("text", None, {"totag": "|".join(["2"] * 101)}, 82003),
        ("text", None, {"agentid": 1000003}, 301002),
        ("text", None, {"agentid": None}, 41011),
        ("text", None, {"agentid": "many"}, 40056),
        ("text", None, {"agentid": str(AGENTID)}, 0),
        ("text", {"content": ""}, {}, 44004),
        ("text", {"content": "x" * 5000}, {}, 0),
        ("poem", {"content": "x"}, {}, 40008),
        ("markdown", {"content": "x" * 2049}, {}, 45002),
        ("textcard", _CARD, {}, 0),
        ("textcard", {**_CARD, "title": ""}, {}, 41016),
        ("textcard", {**_CARD, "description": ""}, {}, 41033),
        ("textcard", {**_CARD, "url": ""}, {}, 41010),
        ("textcard", {**_CARD, "url": "example.com"}, {}, 45034),
        ("textcard", {**_CARD, "title": "x" * 129}, {}, 45002),
        ("image", {"media_id": "none"}, {}, 40007),
        ("news", {"articles": []}, {}, 45008),
        ("news", {"articles": [{"title": "t", "url": "https://e.com"}] * 9}, {}, 45008),
        ("news", {"articles": [{"title": "t", "url": "https://e.com"}]}, {}, 0),
        ("news", {"articles": [{"title": "t", "url": "https://e.com"}]}, {"safe": 1}, 40074),
        ("template_card", {"card_type": "poster"}, {}, 42031),
        ("template_card", {"card_type": "text_notice"}, {}, 42033),
        ("template_card", {"card_type": "text_notice", "main_title": {"title": "t"}}, {}, 42045),
    ],
)
def test_the_limits_of_a_message(
    shop: OutsideServer, msgtype: str, body: Any, fields: dict[str, Any], code: int
) -> None:
    assert _send(shop, msgtype, body, **fields)["errcode"] == code


def test_a_long_text_is_cut_at_a_whole_character(shop: OutsideServer) -> None:
    _send(shop, body={"content": "鱼" * 1000})
    (message,) = shop.app_messages()
    assert message["content"]["content"] == "鱼" * 682


def test_a_member_is_spared_more_than_thirty_a_minute(shop: OutsideServer) -> None:
    assert {_send(shop)["errcode"] for _ in range(32)} == {0}
    assert len(shop.app_messages(userid="zhangsan")) == 30
    shop.advance(61)
    _send(shop)
    assert len(shop.app_messages(userid="zhangsan")) == 31


def test_a_duplicate_is_suppressed_for_its_interval(shop: OutsideServer) -> None:
    check = {"enable_duplicate_check": 1, "duplicate_check_interval": 60}
    first = _send(shop, **check)
    assert _send(shop, **check)["msgid"] == first["msgid"]
    shop.advance(61)
    assert _send(shop, **check)["msgid"] != first["msgid"]
    assert len(shop.app_messages()) == 2


def test_tags_and_pictures(shop: OutsideServer) -> None:
    shop.put("member_tags", corpid=CORPID, id=7, name="店长", users=["zhangsan"])
    assert shop.api("tag/list")["taglist"] == [{"tagid": 7, "tagname": "店长"}]
    assert shop.api("tag/get", tagid=7)["userlist"] == [{"userid": "ZhangSan", "name": "张三"}]
    picture = upload(shop)["media_id"]
    assert _send(shop, "image", {"media_id": picture}, touser=None, totag="7")["errcode"] == 0
    (message,) = shop.app_messages(userid="zhangsan")
    assert message["content"]["file_url"].endswith(picture)


def test_a_message_is_recalled_within_a_day(shop: OutsideServer) -> None:
    early, late = _send(shop)["msgid"], _send(shop, body={"content": "b"})["msgid"]
    assert shop.api("message/recall", {"msgid": early})["errcode"] == 0
    shop.advance(86401)
    assert shop.api("message/recall", {"msgid": late})["errcode"] == 42052
    assert [m["recalled"] for m in shop.app_messages()] == [True, False]


def test_a_card_with_buttons_is_clicked_and_updated_once(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    card = {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "确认群发？"},
        "button_list": [{"text": "同意", "key": "ok"}],
    }
    sent = _send(shop, "template_card", card)
    shop.act("click_card", corpid=CORPID, userid="zhangsan", msgid=sent["msgid"], key="ok")
    shop.wait_for_callbacks()
    (event,) = receiver.events()
    assert (event["Event"], event["EventKey"], event["TaskId"], event["FromUserName"]) == (
        "template_card_event",
        "ok",
        "task-1",
        "ZhangSan",
    )
    update = {
        "userids": ["zhangsan", "ghost"],
        "agentid": AGENTID,
        "response_code": sent["response_code"],
        "button": {"replace_name": "已同意"},
    }
    assert shop.api("message/update_template_card", update)["invaliduser"] == ["ghost"]
    assert shop.api("message/update_template_card", update)["errcode"] == 60140


def test_an_interactive_card_needs_a_callback_address(shop: OutsideServer) -> None:
    card = {"card_type": "button_interaction", "task_id": "t", "main_title": {"title": "t"}, "button_list": [{}]}
    assert _send(shop, "template_card", card)["errcode"] == 42038
    card["button_list"] = [{"text": "好", "key": "k"}]
    assert _send(shop, "template_card", card)["errcode"] == 43012
