from __future__ import annotations

from typing import Any

from outside.testing import CORPID, OutsideServer
from outside.tests.conftest import Receiver

_DAY = 86400


def _customer(shop: OutsideServer, userid: str = "zhangsan", person: str = "lin") -> str:
    return str(shop.act("add_by_member", corpid=CORPID, userid=userid, person=person)["external_userid"])


def _transfer(shop: OutsideServer, *customers: str, path: str = "", **fields: Any) -> dict[str, Any]:
    body = {"handover_userid": "zhangsan", "takeover_userid": "lisi", "external_userid": list(customers), **fields}
    return shop.api(f"externalcontact/{path}transfer_customer", body)


def _result(shop: OutsideServer, path: str = "") -> list[dict[str, Any]]:
    body = {"handover_userid": "zhangsan", "takeover_userid": "lisi"}
    return list(shop.api(f"externalcontact/{path}transfer_result", body)["customer"])


def test_a_customer_changes_hands_after_a_day(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    customer = _customer(shop)
    shop.api("externalcontact/remark", {"userid": "zhangsan", "external_userid": customer, "remark": "老客"})
    shop.wait_for_callbacks()
    receiver.received.clear()

    assert _transfer(shop, customer, transfer_success_msg="以后由李四为您服务")["customer"] == [
        {"external_userid": customer, "errcode": 0}
    ]
    (waiting,) = _result(shop)
    assert (waiting["status"], abs(waiting["takeover_time"] - shop.now() - _DAY) < 5) == (2, True)
    shop.advance(_DAY - 60)
    assert _result(shop)[0]["status"] == 2
    shop.advance(61)
    shop.wait_for_callbacks()

    assert _result(shop)[0]["status"] == 1
    events = {(e["ChangeType"], e["UserID"]): e for e in receiver.events()}
    assert set(events) == {("add_external_contact", "lisi"), ("del_external_contact", "ZhangSan")}
    assert events["del_external_contact", "ZhangSan"]["Source"] == "DELETE_BY_TRANSFER"
    (follow,) = shop.api("externalcontact/get", external_userid=customer)["follow_user"]
    assert (follow["userid"], follow["remark"], follow["add_way"]) == ("lisi", "老客", 202)
    assert shop.messages(person="lin")[-1]["content"] == {"content": "以后由李四为您服务"}


def test_what_cannot_be_handed_over(shop: OutsideServer) -> None:
    customer, other = _customer(shop), _customer(shop, "lisi", "chen")
    codes = {r["external_userid"]: r["errcode"] for r in _transfer(shop, customer, other, "wmnone")["customer"]}
    assert codes == {customer: 0, other: 40131, "wmnone": 40096}
    assert _transfer(shop, customer)["customer"][0]["errcode"] == 40129
    assert _transfer(shop, customer, takeover_userid="zhangsan")["errcode"] == 40130
    assert _transfer(shop, customer, takeover_userid="clerk")["errcode"] == 84074
    assert _transfer(shop, customer, takeover_userid="ghost")["errcode"] == 60111
    assert _transfer(shop, *["wm"] * 101)["errcode"] == 40058
    assert _transfer(shop)["errcode"] == 41035
    assert _transfer(shop, customer, transfer_success_msg="x" * 201)["errcode"] == 40058
    assert _transfer(shop, customer, path="resigned/")["errcode"] == 40097


def test_twice_in_ninety_days(shop: OutsideServer) -> None:
    customer = _customer(shop)
    for giver, taker in (("zhangsan", "lisi"), ("lisi", "wangwu")):
        assert _transfer(shop, customer, handover_userid=giver, takeover_userid=taker)["customer"][0]["errcode"] == 0
        shop.advance(_DAY + 1)
    third = _transfer(shop, customer, handover_userid="wangwu", takeover_userid="zhangsan")
    assert third["customer"][0]["errcode"] == 40128
    shop.advance(90 * _DAY)
    third = _transfer(shop, customer, handover_userid="wangwu", takeover_userid="zhangsan")
    assert third["customer"][0]["errcode"] == 0


def test_a_full_taker(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    customer = _customer(shop)
    _transfer(shop, customer)
    shop.put("members", corpid=CORPID, userid="lisi", customer_limit=0)
    shop.advance(_DAY + 1)
    shop.wait_for_callbacks()
    assert _result(shop)[0] == {"external_userid": customer, "status": 4, "takeover_time": 0}
    assert receiver.events()[-1]["FailReason"] == "customer_limit_exceed"


def test_the_customer_refuses(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    customer = _customer(shop)
    _transfer(shop, customer)
    shop.act("refuse_transfer", corpid=CORPID, person="lin")
    shop.wait_for_callbacks()
    assert _result(shop)[0]["status"] == 3
    assert receiver.events()[-1]["FailReason"] == "customer_refused"
    shop.advance(_DAY + 1)
    (follow,) = shop.api("externalcontact/get", external_userid=customer)["follow_user"]
    assert follow["userid"] == "ZhangSan"


def test_customers_of_who_left(shop: OutsideServer) -> None:
    customers = {_customer(shop), _customer(shop, person="chen"), _customer(shop, person="hua")}
    shop.act("resign", corpid=CORPID, userid="zhangsan")

    first = shop.api("externalcontact/get_unassigned_list", {"page_size": 2})
    rest = shop.api("externalcontact/get_unassigned_list", {"page_size": 2, "cursor": first["next_cursor"]})
    assert (first["is_last"], rest["is_last"], rest["next_cursor"]) == (False, True, "")
    rows = first["info"] + rest["info"]
    assert {row["external_userid"] for row in rows} == customers
    assert {row["handover_userid"] for row in rows} == {"ZhangSan"}
    legacy = shop.api("externalcontact/get_unassigned_list", {"page_id": 1, "page_size": 2})
    assert (len(legacy["info"]), "next_cursor" in legacy) == (1, False)

    assert _transfer(shop, *customers, path="resigned/")["errcode"] == 0
    shop.advance(_DAY + 1)
    assert {row["status"] for row in _result(shop, "resigned/")} == {1}
    assert shop.api("externalcontact/get_unassigned_list", {})["info"] == []
    assert set(shop.api("externalcontact/list", userid="lisi")["external_userid"]) == customers
