from __future__ import annotations

import re

from outside.testing import CORPID, OutsideServer
from outside.tests.conftest import Receiver

_GROUP = "externalcontact/groupchat"


def test_groups_are_listed_and_read(shop: OutsideServer) -> None:
    shop.put("group_chats", corpid=CORPID, name="吃桃群", owner="ZhangSan", chat_id="wrpeach")
    shop.put("group_chats", corpid=CORPID, name="吃梨群", owner="wangwu", chat_id="wrpear")

    assert shop.api(f"{_GROUP}/list", {"limit": 10})["group_chat_list"] == [
        {"chat_id": "wrpeach", "status": 0},
        {"chat_id": "wrpear", "status": 0},
    ]
    filtered = shop.api(f"{_GROUP}/list", {"limit": 10, "owner_filter": {"userid_list": ["wangwu"]}})
    assert [g["chat_id"] for g in filtered["group_chat_list"]] == ["wrpear"]
    assert shop.api(f"{_GROUP}/list", {})["errcode"] == 40058

    group = shop.api(f"{_GROUP}/get", {"chat_id": "wrpeach", "need_name": 1})["group_chat"]
    assert (group["name"], group["owner"]) == ("吃桃群", "ZhangSan")
    assert re.fullmatch(r"[0-9a-f]{32}", group["member_version"])
    assert group["member_list"][0]["name"] == "张三"
    assert shop.api(f"{_GROUP}/get", {"chat_id": "wrnone"})["errcode"] == 86003


def test_a_customer_joins_by_a_code(listening_shop: OutsideServer, receiver: Receiver) -> None:
    shop = listening_shop
    shop.put("group_chats", corpid=CORPID, name="吃桃群", owner="ZhangSan", chat_id="wrpeach")
    body = {"scene": 2, "chat_id_list": ["wrpeach"], "state": "room-7", "remark": "备" * 40}
    config_id = shop.api(f"{_GROUP}/add_join_way", body)["config_id"]
    way = shop.api(f"{_GROUP}/get_join_way", {"config_id": config_id})["join_way"]
    assert (way["remark"], way["auto_create_room"]) == ("备" * 30, 1)

    assert shop.scan("lin", way["qr_code"])["outcome"] == "joined"
    shop.wait_for_callbacks()
    (event,) = receiver.events()
    assert (event["ChangeType"], event["UpdateDetail"], event["JoinScene"]) == ("update", "add_member", "3")
    group = shop.api(f"{_GROUP}/get", {"chat_id": "wrpeach"})["group_chat"]
    assert (group["member_list"][1]["state"], group["member_list"][1]["type"]) == ("room-7", 2)
    assert group["member_version"] == event["CurMemVer"]

    assert shop.api(f"{_GROUP}/add_join_way", {**body, "chat_id_list": ["wr"] * 6})["errcode"] == 41091
    assert shop.api(f"{_GROUP}/del_join_way", {"config_id": config_id})["errcode"] == 0
    assert shop.api(f"{_GROUP}/get_join_way", {"config_id": config_id})["errcode"] == 41044


def test_the_figures_of_yesterday(shop: OutsideServer) -> None:
    day = (int(shop.now()) + 8 * 3600) // 86400 * 86400 - 8 * 3600 + 86400
    shop.control("POST", "clock", {"set": day + 36000})
    pair = {"corpid": CORPID, "userid": "zhangsan"}
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"]})["config_id"]
    for person in ("lin", "chen"):
        shop.scan(person, way)
    shop.act("add_by_member", **pair, person="hua")
    shop.act("customer_says", **pair, person="lin", text="在吗")
    shop.advance(120)
    shop.act("member_says", **pair, person="lin", text="在的")
    shop.act("customer_says", **pair, person="chen", text="在吗")
    shop.act("delete_member", **pair, person="hua")
    ask = {"userid": ["zhangsan"], "start_time": day, "end_time": day}
    path = "externalcontact/get_user_behavior_data"

    assert shop.api(path, ask)["behavior_data"] == []
    shop.advance(86400)
    assert shop.api(path, ask)["behavior_data"] == [
        {
            "stat_time": day,
            "new_apply_cnt": 1,
            "new_contact_cnt": 3,
            "negative_feedback_cnt": 1,
            "chat_cnt": 1,
            "message_cnt": 1,
            "reply_percentage": 50.0,
            "avg_reply_time": 2,
        }
    ]
    assert shop.api(path, {**ask, "userid": []})["errcode"] == 40058
    assert shop.api(path, {**ask, "start_time": day - 31 * 86400})["errcode"] == 40058
    assert shop.api(path, {**ask, "start_time": day - 200 * 86400, "end_time": day - 190 * 86400})["errcode"] == 40058
    by_party = shop.api(path, {"partyid": [2], "start_time": day, "end_time": day})["behavior_data"]
    assert by_party[0]["new_contact_cnt"] == 3


def test_groups_change_hands(shop: OutsideServer) -> None:
    shop.put("group_chats", corpid=CORPID, name="吃桃群", owner="ZhangSan", chat_id="wrpeach")
    body = {"chat_id_list": ["wrpeach", "wrnone"], "new_owner": "lisi"}

    def codes(path: str) -> dict[str, int]:
        rows = shop.api(f"{_GROUP}/{path}", body)["failed_chat_list"]
        return {row["chat_id"]: row["errcode"] for row in rows}

    assert codes("transfer") == {"wrpeach": 90500, "wrnone": 90501}
    assert codes("onjob_transfer") == {"wrnone": 90501}
    assert codes("onjob_transfer") == {"wrpeach": 90504, "wrnone": 90501}
    shop.act("resign", corpid=CORPID, userid="lisi")
    body["new_owner"] = "wangwu"
    assert codes("onjob_transfer") == {"wrpeach": 90502, "wrnone": 90501}
    assert codes("transfer") == {"wrnone": 90501}
    assert shop.api(f"{_GROUP}/get", {"chat_id": "wrpeach"})["group_chat"]["owner"] == "wangwu"
