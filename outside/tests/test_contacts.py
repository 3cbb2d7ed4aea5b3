from __future__ import annotations

import pytest

from outside.testing import AGENTID, CORPID, OutsideServer


def _befriend(shop: OutsideServer, person: str = "lin", userid: str = "zhangsan") -> str:
    return str(shop.act("add_by_member", corpid=CORPID, userid=userid, person=person)["external_userid"])


def test_a_member_without_customers(shop: OutsideServer) -> None:
    assert shop.api("externalcontact/list", userid="lisi")["errcode"] == 84061
    assert shop.api("externalcontact/list", userid="ghost")["errcode"] == 60111
    assert shop.api("externalcontact/list", userid="clerk")["errcode"] == 84074
    assert shop.api("externalcontact/list")["errcode"] == 41009


def test_only_members_with_the_function_count(shop: OutsideServer) -> None:
    customer = _befriend(shop, userid="clerk")
    assert set(shop.api("externalcontact/get_follow_user_list")["follow_user"]) == {"lisi", "wangwu", "ZhangSan"}
    assert shop.api("externalcontact/get", external_userid=customer)["errcode"] == 40096


def test_who_initiated_is_told(shop: OutsideServer) -> None:
    customer = _befriend(shop)
    (follow,) = shop.api("externalcontact/get", external_userid=customer)["follow_user"]
    assert (follow["oper_userid"], follow["add_way"]) == ("ZhangSan", 2)


def test_a_customer_of_two_members_seen_by_an_app_of_one(shop: OutsideServer) -> None:
    customer = _befriend(shop)
    _befriend(shop, userid="wangwu")
    both = shop.api("externalcontact/get", external_userid=customer)
    assert {f["userid"] for f in both["follow_user"]} == {"wangwu", "ZhangSan"}

    shop.put("apps", corpid=CORPID, agentid=AGENTID, visible_parties=[3])
    one = shop.api("externalcontact/get", external_userid=customer)
    assert [f["userid"] for f in one["follow_user"]] == ["wangwu"]
    assert shop.api("externalcontact/list", userid="zhangsan")["errcode"] == 60011

    shop.put("apps", corpid=CORPID, agentid=AGENTID, visible_parties=[], visible_users=["lisi"])
    assert shop.api("externalcontact/get", external_userid=customer)["errcode"] == 40096


def test_the_unionid_needs_a_bound_developer(shop: OutsideServer) -> None:
    customer = _befriend(shop)
    unionid = shop.api("externalcontact/get", external_userid=customer)["external_contact"]["unionid"]
    found = shop.api("externalcontact/unionid_to_external_userid", {"unionid": unionid})
    assert found["external_userid"] == customer
    converted = shop.api("idconvert/unionid_to_external_userid", {"unionid": unionid, "openid": "o1"})
    assert converted["external_userid"] == customer

    shop.put("corps", corpid=CORPID, name="鲜果时光", developer_bound=False)
    assert "unionid" not in shop.api("externalcontact/get", external_userid=customer)["external_contact"]
    assert shop.api("externalcontact/unionid_to_external_userid", {"unionid": unionid})["errcode"] == 41057


def test_a_wecom_user_of_another_corp_has_other_fields(shop: OutsideServer) -> None:
    shop.put("people", id="biz", nickname="采购周", type=2, corp_name="好邻居", position="采购")
    customer = _befriend(shop, "biz")
    contact = shop.api("externalcontact/get", external_userid=customer)["external_contact"]
    assert customer.startswith("wo")
    assert (contact["type"], contact["corp_name"], contact["position"]) == (2, "好邻居", "采购")
    assert "unionid" not in contact


def test_pages_of_a_batch(shop: OutsideServer) -> None:
    shop.control("POST", "bulk/relations", {"corpid": CORPID, "userids": ["zhangsan", "lisi"], "count": 230})
    body = {"userid_list": ["zhangsan", "lisi"], "limit": 100}
    pages = [shop.api("externalcontact/batch/get_by_user", body)]
    while pages[-1]["next_cursor"]:
        pages.append(
            shop.api("externalcontact/batch/get_by_user", {**body, "cursor": pages[-1]["next_cursor"], "limit": 100})
        )
    rows = [row for page in pages for row in page["external_contact_list"]]
    pairs = {(row["follow_info"]["userid"], row["external_contact"]["external_userid"]) for row in rows}

    assert [len(page["external_contact_list"]) for page in pages] == [100, 100, 30]
    assert len(pairs) == 230
    assert "tag_id" in rows[0]["follow_info"]
    assert "tags" not in rows[0]["follow_info"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 40058),
        ({"userid_list": []}, 40058),
        ({"userid_list": ["u"] * 101}, 40058),
        ({"userid_list": "zhangsan"}, 40058),
        ({"userid_list": ["ghost"]}, 60111),
        ({"userid_list": ["zhangsan"], "cursor": "zzz"}, 50100),
        ({"userid_list": ["zhangsan"], "limit": 5000}, 0),
    ],
)
def test_a_batch_refuses(shop: OutsideServer, body: dict[str, object], code: int) -> None:
    assert shop.api("externalcontact/batch/get_by_user", body)["errcode"] == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 40058),
        ({"remark": "备" * 20, "description": "述" * 150, "remark_company": "司" * 20}, 0),
        ({"remark": "备" * 21}, 40058),
        ({"description": "述" * 151}, 40058),
        ({"remark_company": "司" * 21}, 40058),
        ({"remark_mobiles": "13800000000"}, 40058),
        ({"remark_pic_mediaid": "nothing"}, 40007),
        ({"remark": "x", "external_userid": "wmunknown"}, 40096),
        ({"remark": "x", "userid": "lisi"}, 84061),
        ({"remark": "x", "userid": "clerk"}, 84074),
        ({"remark": "x", "userid": ""}, 40063),
        ({"remark": "x", "external_userid": ""}, 41035),
    ],
)
def test_the_limits_of_a_remark(shop: OutsideServer, fields: dict[str, object], code: int) -> None:
    body = {"userid": "zhangsan", "external_userid": _befriend(shop), **fields}
    assert shop.api("externalcontact/remark", body)["errcode"] == code


def test_mobiles_are_replaced_and_cleared(shop: OutsideServer) -> None:
    customer = _befriend(shop)

    def mobiles(new: list[str]) -> list[str]:
        shop.api("externalcontact/remark", {"userid": "zhangsan", "external_userid": customer, "remark_mobiles": new})
        (follow,) = shop.api("externalcontact/get", external_userid=customer)["follow_user"]
        return list(follow["remark_mobiles"])

    assert mobiles(["13800000001", "13800000002"]) == ["13800000001", "13800000002"]
    assert mobiles([""]) == []


def _codes(shop: OutsideServer, customer: str) -> tuple[int, int, int]:
    remark = {"userid": "zhangsan", "external_userid": customer, "remark": "x"}
    return (
        shop.api("externalcontact/get", external_userid=customer)["errcode"],
        shop.api("externalcontact/list", userid="zhangsan")["errcode"],
        shop.api("externalcontact/remark", remark)["errcode"],
    )


def test_the_four_states_of_a_friendship(shop: OutsideServer) -> None:
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"]})
    shop.switch(add_sequence="half_only")
    customer = shop.scan("lin", way["config_id"])["external_userid"]
    assert _codes(shop, customer) == (0, 0, 84061)
    shop.switch(half_is_readable=False)
    assert _codes(shop, customer) == (84061, 84061, 84061)

    pair = {"corpid": CORPID, "userid": "zhangsan", "person": "lin"}
    shop.act("confirm", **pair)
    assert _codes(shop, customer) == (0, 0, 0)
    shop.act("delete_member", **pair)
    assert _codes(shop, customer) == (0, 0, 0)
    shop.act("delete_customer", **pair)
    assert _codes(shop, customer) == (84061, 84061, 84061)


def test_who_comes_back_is_the_same_customer(shop: OutsideServer) -> None:
    customer = _befriend(shop)
    shop.api("externalcontact/remark", {"userid": "zhangsan", "external_userid": customer, "remark": "老客"})
    shop.act("delete_member", corpid=CORPID, userid="zhangsan", person="lin")
    shop.advance(86400)

    assert _befriend(shop) == customer
    (follow,) = shop.api("externalcontact/get", external_userid=customer)["follow_user"]
    assert follow["remark"] == "老客"
    assert abs(follow["createtime"] - shop.now()) < 5
