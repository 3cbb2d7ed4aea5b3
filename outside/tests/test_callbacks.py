from __future__ import annotations

import json
import time

import pytest

from outside.crypto import MessageCrypt
from outside.testing import AES_KEY, AGENTID, CALLBACK_TOKEN, CORPID, OutsideServer, shop_world
from outside.tests.conftest import Receiver

_PAIR = {"corpid": CORPID, "userid": "zhangsan", "person": "lin"}


def _way(shop: OutsideServer, **fields: object) -> str:
    body = {"type": 1, "scene": 2, "user": ["zhangsan"], **fields}
    return str(shop.api("externalcontact/add_contact_way", body)["config_id"])


def _changes(receiver: Receiver) -> list[str]:
    return [event["ChangeType"] for event in receiver.events()]


def test_an_address_is_verified_before_it_is_saved(shop: OutsideServer, receiver: Receiver) -> None:
    assert shop.set_callback(receiver.url)["saved"]
    assert shop.control("GET", "apps", agentid=AGENTID)[0]["callback_url"] == receiver.url


@pytest.mark.parametrize(
    ("echo", "problem"),
    [
        (lambda m: b'"' + m + b'"', "quotes"),
        (lambda m: b"\xef\xbb\xbf" + m, "bom"),
        (lambda m: m + b"\n", "blank"),
        (lambda m: b"ok", "echo"),
        (lambda m: b"", "echo"),
    ],
)
def test_a_wrong_answer_to_the_verification_is_named(
    shop: OutsideServer, receiver: Receiver, echo: object, problem: str
) -> None:
    receiver.echo = echo
    answer = shop.set_callback(receiver.url)
    assert (answer["saved"], answer["problem"]) == (False, problem)
    assert shop.control("GET", "apps", agentid=AGENTID)[0]["callback_url"] == ""


def test_other_failures_of_the_verification(shop: OutsideServer, receiver: Receiver) -> None:
    assert shop.set_callback("http://127.0.0.1:9/none")["problem"] == "connection"
    assert shop.set_callback("ftp://example.com")["problem"] == "url"
    assert shop.set_callback(receiver.url, aes_key="short")["problem"] == "aes_key"
    assert shop.set_callback(receiver.url, token="no blanks")["problem"] == "token"


def test_the_life_of_a_friendship_is_told_in_order(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.scan("lin", _way(shop))
    shop.act("edit", **_PAIR, remark="小鱼", tags=["ettagvip"])
    shop.act("delete_member", **_PAIR)
    shop.act("delete_customer", **_PAIR)
    shop.wait_for_callbacks()

    assert _changes(receiver) == [
        "add_external_contact",
        "edit_external_contact",
        "del_follow_user",
        "del_external_contact",
    ]
    assert "State" not in receiver.events()[0]
    assert "Source" not in receiver.events()[3]


def test_what_apps_do_is_not_called_back(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    customer = shop.scan("lin", _way(shop))["external_userid"]
    shop.wait_for_callbacks()
    receiver.received.clear()

    body = {"userid": "zhangsan", "external_userid": customer}
    assert shop.api("externalcontact/remark", {**body, "remark": "x"})["errcode"] == 0
    assert shop.api("externalcontact/mark_tag", {**body, "add_tag": ["ettagvip"]})["errcode"] == 0
    assert shop.api("externalcontact/add_corp_tag", {"group_name": "口味", "tag": [{"name": "甜"}]})["errcode"] == 0
    shop.wait_for_callbacks()
    assert receiver.received == []


def test_half_then_whole(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.switch(add_sequence="half_then_add", second_event_seconds=0.05)
    shop.scan("lin", _way(shop))
    shop.wait_for_callbacks()

    assert _changes(receiver) == ["add_half_external_contact", "add_external_contact"]
    codes = [event.get("WelcomeCode") for event in receiver.events()]
    assert all(codes)
    assert shop.relations(corpid=CORPID)[0]["status"] == "mutual"


def test_after_a_welcome_by_the_half_code_the_second_event_has_none(
    listening_shop: OutsideServer, receiver: Receiver
) -> None:
    shop = listening_shop
    shop.switch(add_sequence="half_then_add", second_event_seconds=0.5)
    shop.scan("lin", _way(shop))
    code = shop.control("GET", "welcome_codes")[0]["code"]
    assert (
        shop.api("externalcontact/send_welcome_msg", {"welcome_code": code, "text": {"content": "hi"}})["errcode"] == 0
    )
    shop.wait_for_callbacks()

    assert _changes(receiver) == ["add_half_external_contact", "add_external_contact"]
    assert "WelcomeCode" not in receiver.events()[1]


def test_a_status_other_than_200_is_kept_as_failed(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    receiver.statuses += [500]
    shop.scan("lin", _way(shop))
    shop.wait_for_callbacks()

    (failed,) = shop.callbacks(status="failed")
    assert [a["status"] for a in failed["attempts"]] == [500]
    assert len(receiver.received) == 1

    shop.control("POST", f"callbacks/{failed['id']}/resend")
    shop.wait_for_callbacks()
    assert shop.callbacks(status="failed") == []


def test_a_status_other_than_200_is_tried_again_where_switched_on(
    listening_shop: OutsideServer, receiver: Receiver
) -> None:
    shop = listening_shop
    shop.switch(callback_retry_on_status=True)
    receiver.statuses += [500, 502]
    shop.scan("lin", _way(shop))
    shop.wait_for_callbacks()

    (delivered,) = shop.callbacks(status="delivered")
    assert [a["status"] for a in delivered["attempts"]] == [500, 502, 200]
    tries = receiver.received
    assert len({t.query["nonce"] for t in tries}) == 3
    assert len({t.body for t in tries}) == 3
    assert len({receiver.plain(t) for t in tries}) == 1


def test_a_slow_receiver_gets_three_tries(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.switch(callback_timeout_seconds=0.2)
    receiver.pauses += [1.0, 1.0, 1.0]
    shop.scan("lin", _way(shop))
    shop.wait_for_callbacks()

    (failed,) = shop.callbacks(status="failed")
    assert [a.get("error") for a in failed["attempts"]] == ["timeout"] * 3


def test_nobody_listening_is_tried_three_times(shop: OutsideServer) -> None:
    shop.set_callback("http://127.0.0.1:9/none", force=True)
    shop.scan("lin", _way(shop))
    shop.wait_for_callbacks()

    (failed,) = shop.callbacks(status="failed")
    assert len(failed["attempts"]) == 3
    assert "ConnectError" in failed["attempts"][0]["error"]


def test_a_duplicate_is_the_same_text_in_another_packet(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.fault("duplicate", times=3, count=1)
    shop.scan("lin", _way(shop))
    shop.wait_for_callbacks()

    assert len(receiver.received) == 3
    assert len({receiver.plain(r) for r in receiver.received}) == 1
    assert len({r.query["msg_signature"] for r in receiver.received}) == 3


def test_events_out_of_order(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.fault("reorder", where="*/add_external_contact", count=1)
    shop.scan("lin", _way(shop))
    shop.act("edit", **_PAIR, remark="小鱼")
    shop.wait_for_callbacks()
    assert _changes(receiver) == ["edit_external_contact", "add_external_contact"]


def test_events_late_lost_and_in_one_second(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    way = _way(shop)
    shop.fault("delay", seconds=0.3, count=1)
    shop.fault("same_second")
    started = time.monotonic()
    shop.scan("lin", way)
    shop.wait_for_callbacks()
    assert time.monotonic() - started >= 0.3

    shop.advance(30)
    shop.scan("chen", way)
    shop.wait_for_callbacks()
    assert len({event["CreateTime"] for event in receiver.events()}) == 1

    shop.fault("callback_drop", count=1)
    shop.scan("hua", way)
    shop.wait_for_callbacks()
    assert len(receiver.received) == 2
    assert len(shop.callbacks(status="dropped")) == 1


def test_json_packets(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.set_callback(receiver.url, format="json", force=True)
    shop.scan("lin", _way(shop, state="door"))
    shop.wait_for_callbacks()

    (got,) = receiver.received
    envelope = json.loads(got.body)
    assert got.content_type == "application/json"
    assert envelope["tousername"] == CORPID
    crypt = MessageCrypt(CALLBACK_TOKEN, AES_KEY, CORPID)
    plain = json.loads(
        crypt.open(got.query["msg_signature"], got.query["timestamp"], got.query["nonce"], envelope["encrypt"])
    )
    assert (plain["Event"], plain["State"]) == ("change_external_contact", "door")


def test_an_app_hears_only_of_members_it_sees(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.put("apps", corpid=CORPID, agentid=AGENTID, visible_parties=[3])
    shop.act("add_by_member", corpid=CORPID, userid="zhangsan", person="lin")
    shop.act("add_by_member", corpid=CORPID, userid="wangwu", person="lin")
    shop.wait_for_callbacks()
    assert [event["UserID"] for event in receiver.events()] == ["wangwu"]


def test_a_member_without_the_function_makes_no_event(listening_shop: OutsideServer, receiver: Receiver) -> None:
    listening_shop.act("add_by_member", corpid=CORPID, userid="clerk", person="lin")
    listening_shop.wait_for_callbacks()
    assert receiver.received == []


def test_the_tag_library_of_the_console(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    tag = shop.act("create_tag", corpid=CORPID, group="口味", name="甜")
    shop.act("edit_tag", corpid=CORPID, id=tag["id"], name="很甜")
    shop.act("delete_tag", corpid=CORPID, id=tag["group_id"])
    shop.wait_for_callbacks()
    told = [(e["Event"], e["ChangeType"], e["TagType"]) for e in receiver.events()]
    assert sorted(told) == sorted(
        [
            ("change_external_tag", "create", "tag_group"),
            ("change_external_tag", "create", "tag"),
            ("change_external_tag", "update", "tag"),
            ("change_external_tag", "delete", "tag_group"),
        ]
    )


def test_members_come_and_go(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.act("edit_member", corpid=CORPID, userid="lisi", name="李思", departments=[3])
    shop.act("resign", corpid=CORPID, userid="lisi")
    shop.wait_for_callbacks()
    events = receiver.events()
    assert {e["ChangeType"] for e in events} == {"update_user", "delete_user"}
    assert next(e for e in events if e["ChangeType"] == "update_user")["Name"] == "李思"


def test_a_member_writes_to_the_app(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.act("write_to_app", corpid=CORPID, agentid=AGENTID, userid="lisi", text="你好]]>&<鱼")
    shop.wait_for_callbacks()
    (message,) = receiver.events()
    assert (message["MsgType"], message["FromUserName"], message["Content"]) == ("text", "lisi", "你好]]>&<鱼")
    assert "Event" not in message


def test_events_nobody_has_heard_of(listening_shop: OutsideServer, receiver: Receiver) -> None:
    fields = {"ShapeId": "s1", "Parts": {"Item": ["a", "b"]}}
    listening_shop.act("announce_event", corpid=CORPID, event="change_of_weather", change_type="rain", fields=fields)
    listening_shop.wait_for_callbacks()
    assert "<Parts><Item><![CDATA[a]]></Item><Item><![CDATA[b]]></Item></Parts>" in receiver.plain(receiver.received[0])


def test_a_reset_leaves_nothing_under_way(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.switch(add_sequence="half_then_add", second_event_seconds=0.3)
    shop.fault("delay", seconds=0.3)
    shop.scan("lin", _way(shop))
    shop.reset()
    shop.seed(shop_world(callback={"url": receiver.url, "token": CALLBACK_TOKEN, "aes_key": AES_KEY}))
    time.sleep(0.5)
    shop.wait_for_callbacks()
    assert receiver.received == []
