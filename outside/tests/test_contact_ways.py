from __future__ import annotations

import pytest

from outside.testing import AGENTID, CORPID, OutsideServer

_WAY = {"type": 2, "scene": 2, "user": ["zhangsan"]}


def _add(shop: OutsideServer, **fields: object) -> dict[str, object]:
    return shop.api("externalcontact/add_contact_way", {**_WAY, **fields})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"remark": "备" * 30, "state": "s" * 30}, 0),
        ({"type": None}, 41037),
        ({"type": 3}, 41039),
        ({"type": "one"}, 41039),
        ({"scene": None}, 41038),
        ({"scene": 3}, 41040),
        ({"remark": "备" * 31}, 40058),
        ({"state": "s" * 31}, 40058),
        ({"style": 3}, 41042),
        ({"type": 1, "style": 3}, 0),
        ({"type": 1, "style": 4}, 41042),
        ({"type": 1, "user": ["zhangsan", "lisi"]}, 40058),
        ({"type": 1, "user": []}, 40058),
        ({"user": []}, 40058),
        ({"user": [], "party": [2]}, 0),
        ({"user": ["ghost"]}, 60111),
        ({"user": ["clerk"]}, 41054),
        ({"party": [77]}, 40066),
        ({"is_temp": True}, 40058),
        ({"type": 1, "is_temp": True, "expires_in": 1209600, "chat_expires_in": 1209600}, 0),
        ({"type": 1, "is_temp": True, "expires_in": 1209601}, 40058),
        ({"conclusions": {"text": {"content": "再见"}}}, 40058),
        ({"type": 1, "is_temp": True, "conclusions": {}}, 0),
        ({"type": 1, "is_temp": True, "conclusions": {"text": {"content": "再见"}}}, 0),
        ({"type": 1, "is_temp": True, "conclusions": {"image": {"media_id": "none"}}}, 40007),
        ({"type": 1, "is_temp": True, "conclusions": {"link": {"title": "t"}}}, 40058),
        ({"skip_verify": "maybe"}, 40058),
    ],
)
def test_the_limits_of_a_code(shop: OutsideServer, fields: dict[str, object], code: int) -> None:
    given = {name: value for name, value in {**_WAY, **fields}.items() if value is not None}
    assert shop.api("externalcontact/add_contact_way", given)["errcode"] == code


def test_a_code_covers_at_most_a_hundred_members(shop: OutsideServer) -> None:
    shop.control(
        "POST",
        "members",
        {"items": [{"corpid": CORPID, "userid": f"m{n}", "departments": [3]} for n in range(99)]},
    )
    assert _add(shop, user=["zhangsan"], party=[3])["errcode"] == 41041
    assert _add(shop, user=[f"m{n}" for n in range(99)])["errcode"] == 0


def test_a_code_is_read_changed_and_deleted(shop: OutsideServer) -> None:
    config_id = _add(shop, user=["zhangsan", "lisi"], party=[3], remark="门口", state="door")["config_id"]
    body = {"config_id": config_id}
    assert shop.api("externalcontact/get_contact_way", body)["contact_way"] == {
        "config_id": config_id,
        "type": 2,
        "scene": 2,
        "remark": "门口",
        "skip_verify": True,
        "state": "door",
        "user": ["zhangsan", "lisi"],
        "party": [3],
        "is_temp": False,
        "is_exclusive": False,
        "mark_source": True,
        "qr_code": f"{shop.url}/qr/{config_id}.png",
    }
    change = {**body, "remark": "里面", "user": ["lisi"], "party": [], "skip_verify": False}
    assert shop.api("externalcontact/update_contact_way", change)["errcode"] == 0
    assert shop.api("externalcontact/update_contact_way", {**body, "user": []})["errcode"] == 40058
    way = shop.api("externalcontact/get_contact_way", body)["contact_way"]
    assert (way["remark"], way["user"], way["party"], way["skip_verify"]) == ("里面", ["lisi"], [], False)

    assert shop.api("externalcontact/del_contact_way", body)["errcode"] == 0
    assert shop.api("externalcontact/get_contact_way", body)["errcode"] == 41044
    assert shop.api("externalcontact/get_contact_way", {})["errcode"] == 41043


def test_another_app_may_read_but_not_change(shop: OutsideServer) -> None:
    config_id = _add(shop)["config_id"]
    shop.put("apps", corpid=CORPID, agentid=1000009, secret="another-app-secret-another-app-secret-0000")
    other = shop.token(secret="another-app-secret-another-app-secret-0000")
    body = {"config_id": config_id}

    assert shop.api("externalcontact/get_contact_way", body, token=other)["errcode"] == 0
    assert shop.api("externalcontact/del_contact_way", body, token=other)["errcode"] == 41044


def test_codes_are_listed_in_pages_without_temporary_ones(shop: OutsideServer) -> None:
    made = {str(_add(shop, state=f"s{n}")["config_id"]) for n in range(5)}
    _add(shop, type=1, is_temp=True)
    listed: list[str] = []
    cursor = ""
    while True:
        page = shop.api("externalcontact/list_contact_way", {"limit": 2, "cursor": cursor})
        listed += [way["config_id"] for way in page["contact_way"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert set(listed) == made
    assert len(listed) == 5
    assert shop.api("externalcontact/list_contact_way", {"limit": 1001})["errcode"] == 40058
    assert shop.api("externalcontact/list_contact_way", {"end_time": int(shop.now()) - 100})["contact_way"] == []


def test_the_quota_is_shared_with_group_codes(shop: OutsideServer) -> None:
    shop.put("corps", corpid=CORPID, name="鲜果时光", settings={"contact_way_quota": 2})
    shop.put("group_chats", corpid=CORPID, name="吃桃群", owner="zhangsan", chat_id="wrchat")
    join = {"scene": 2, "chat_id_list": ["wrchat"]}
    assert shop.api("externalcontact/groupchat/add_join_way", join)["errcode"] == 0
    assert _add(shop)["errcode"] == 0
    assert _add(shop)["errcode"] == 41045
    assert shop.api("externalcontact/groupchat/add_join_way", join)["errcode"] == 41045
    assert _add(shop, type=1, is_temp=True)["errcode"] == 0


def test_the_picture_says_the_address(shop: OutsideServer) -> None:
    way = _add(shop)
    picture = shop.http.get(str(way["qr_code"]))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert shop.http.get(f"/qr/{'0' * 32}.png").status_code == 404


def test_a_temporary_code_dies_with_its_first_friend_or_its_time(shop: OutsideServer) -> None:
    first = _add(shop, type=1, is_temp=True)["config_id"]
    assert shop.scan("lin", str(first))["outcome"] == "friends"
    assert shop.scan("chen", str(first))["outcome"] == "unavailable"

    second = _add(shop, type=1, is_temp=True, expires_in=60)["config_id"]
    shop.advance(61)
    assert shop.scan("chen", str(second))["outcome"] == "unavailable"
    assert shop.api("externalcontact/update_contact_way", {"config_id": second, "remark": "x"})["errcode"] == 41044


def test_a_temporary_chat_is_closed_with_its_conclusion(shop: OutsideServer) -> None:
    way = _add(shop, type=1, is_temp=True, conclusions={"text": {"content": "问诊结束"}})
    customer = shop.scan("lin", str(way["config_id"]))["external_userid"]
    body = {"userid": "zhangsan", "external_userid": customer}

    assert shop.api("externalcontact/close_temp_chat", body)["errcode"] == 0
    assert shop.messages(person="lin")[-1]["content"] == {"content": "问诊结束"}
    assert shop.api("externalcontact/close_temp_chat", body)["errcode"] == 84061


def test_a_scan_finds_the_friend_already_there(shop: OutsideServer) -> None:
    way = str(_add(shop, user=["zhangsan", "lisi", "wangwu"])["config_id"])
    met = shop.scan("lin", way)
    assert shop.scan("lin", f"{shop.url}/qr/{way}.png") == {**met, "outcome": "already_friends"}
    assert shop.scan("chen", f"{shop.url}/q/{way}")["outcome"] == "friends"


def test_members_who_are_full_or_gone_are_passed_over(shop: OutsideServer) -> None:
    way = str(_add(shop, user=["zhangsan", "lisi"])["config_id"])
    shop.put("members", corpid=CORPID, userid="zhangsan", customer_limit=0)
    assert shop.scan("lin", way)["userid"] == "lisi"
    shop.act("resign", corpid=CORPID, userid="lisi")
    assert shop.scan("chen", way)["outcome"] == "unavailable"


def test_with_verification_the_member_decides(shop: OutsideServer) -> None:
    way = str(_add(shop, skip_verify=False, state="fair")["config_id"])
    assert shop.scan("lin", way)["outcome"] == "waiting"
    assert shop.relations(corpid=CORPID) == []

    customer = shop.act("accept", corpid=CORPID, userid="zhangsan", person="lin")["external_userid"]
    (follow,) = shop.api("externalcontact/get", external_userid=customer)["follow_user"]
    assert (follow["state"], follow["add_way"]) == ("fair", 1)

    assert shop.scan("chen", way)["outcome"] == "waiting"
    shop.act("refuse", corpid=CORPID, userid="zhangsan", person="chen")
    assert len(shop.relations(corpid=CORPID)) == 1


def test_a_personal_code_and_a_page(shop: OutsideServer) -> None:
    assert shop.scan("lin", f"{shop.url}/u/{CORPID}/zhangsan")["outcome"] == "waiting"
    shop.put("members", corpid=CORPID, userid="lisi", no_verification=True)
    assert shop.scan("lin", f"{shop.url}/u/{CORPID}/lisi")["outcome"] == "friends"
    assert shop.scan("lin", "http://127.0.0.1:8000/c/xyz") == {"outcome": "page", "url": "http://127.0.0.1:8000/c/xyz"}


def test_agentid_of_the_app_is_kept(shop: OutsideServer) -> None:
    _add(shop)
    (way,) = shop.control("GET", "contact_ways")
    assert way["creator"] == AGENTID


def test_a_code_for_one_person(shop: OutsideServer) -> None:
    (lin,) = shop.control("GET", "people", id="lin")
    way = str(_add(shop, type=1, is_temp=True, unionid=lin["unionid"])["config_id"])
    assert shop.scan("chen", way)["outcome"] == "unavailable"
    assert shop.scan("lin", way)["outcome"] == "friends"
