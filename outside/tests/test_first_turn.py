"""The shortest way through the world: a code, a scan, a callback, a welcome, a chat."""

from __future__ import annotations

import re

from outside.testing import CORPID, OutsideServer
from outside.tests.conftest import Receiver


def test_a_stranger_scans_a_code_is_called_back_and_welcomed(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"], "state": "door"})
    assert way == {
        "errcode": 0,
        "errmsg": "ok",
        "config_id": way["config_id"],
        "qr_code": f"{shop.url}/qr/{way['config_id']}.png",
    }

    met = shop.scan("lin", way["qr_code"])
    shop.wait_for_callbacks()

    (event,) = receiver.events()
    assert met == {
        "outcome": "friends",
        "corpid": CORPID,
        "userid": "ZhangSan",
        "external_userid": event["ExternalUserID"],
    }
    assert {k: v for k, v in event.items() if k not in ("CreateTime", "WelcomeCode", "ExternalUserID")} == {
        "ToUserName": CORPID,
        "FromUserName": "sys",
        "MsgType": "event",
        "Event": "change_external_contact",
        "ChangeType": "add_external_contact",
        "UserID": "ZhangSan",
        "State": "door",
    }
    answer = shop.api(
        "externalcontact/send_welcome_msg",
        {"welcome_code": event["WelcomeCode"], "text": {"content": "欢迎来到鲜果时光 🍎"}},
    )
    assert answer == {"errcode": 0, "errmsg": "ok"}
    bubbles = [(m["sender"], m["content"]["content"]) for m in shop.messages(person="lin")]
    assert bubbles[-1] == ("welcome", "欢迎来到鲜果时光 🍎")

    shop.act("customer_says", corpid=CORPID, userid="zhangsan", person="lin", text="有樱桃吗？")
    shop.act("member_says", corpid=CORPID, userid="zhangsan", person="lin", text="今天刚到的")
    assert [m["sender"] for m in shop.messages(person="lin")][-2:] == ["customer", "member"]


def test_the_customer_can_be_read_as_documented(shop: OutsideServer) -> None:
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"], "state": "door"})
    met = shop.scan("lin", way["config_id"])

    found = shop.api("externalcontact/get", external_userid=met["external_userid"])

    created = found["follow_user"][0].pop("createtime")
    assert abs(created - shop.now()) < 5
    assert found == {
        "errcode": 0,
        "errmsg": "ok",
        "external_contact": {
            "external_userid": met["external_userid"],
            "name": "林小鱼",
            "type": 1,
            "avatar": f"{shop.url}/avatar/person/lin.svg",
            "gender": 2,
            "unionid": found["external_contact"]["unionid"],
        },
        "follow_user": [
            {
                "userid": "ZhangSan",
                "remark": "",
                "description": "",
                "remark_corp_name": "",
                "remark_mobiles": [],
                "add_way": 1,
                "oper_userid": met["external_userid"],
                "state": "door",
                "tags": [],
            }
        ],
    }
    assert re.fullmatch(r"o.{27}", found["external_contact"]["unionid"])
