from __future__ import annotations

import pytest

from outside.testing import CORPID, OutsideServer

_OTHER = "another-app-secret-another-app-secret-0000"


def _add(shop: OutsideServer, group: str = "口味", *names: str) -> dict[str, object]:
    body = {"group_name": group, "tag": [{"name": name} for name in names or ("甜", "酸")]}
    return dict(shop.api("externalcontact/add_corp_tag", body)["tag_group"])


def _library(shop: OutsideServer, **body: object) -> list[dict[str, object]]:
    return list(shop.api("externalcontact/get_corp_tag_list", body)["tag_group"])


def test_tags_are_made_and_told(shop: OutsideServer) -> None:
    made = _add(shop)
    assert [t["name"] for t in made["tag"]] == ["甜", "酸"]
    assert str(made["group_id"]).startswith("et")

    told = _library(shop)
    assert {g["group_name"] for g in told} == {"等级", "口味"}
    assert all("deleted" not in g and "deleted" not in g["tag"][0] for g in told)


def test_a_group_that_exists_is_filled(shop: OutsideServer) -> None:
    first = _add(shop)
    second = _add(shop, "口味", "辣", "辣")
    assert second["group_id"] == first["group_id"]
    assert [t["name"] for t in second["tag"]] == ["辣"]
    group = next(g for g in _library(shop) if g["group_name"] == "口味")
    assert {t["name"] for t in group["tag"]} == {"甜", "酸", "辣"}


def test_larger_order_comes_first(shop: OutsideServer) -> None:
    shop.api(
        "externalcontact/add_corp_tag",
        {"group_name": "A", "order": 5, "tag": [{"name": "x", "order": 1}, {"name": "y", "order": 2}]},
    )
    first = _library(shop)[0]
    assert (first["group_name"], [t["name"] for t in first["tag"]]) == ("A", ["y", "x"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"group_name": "等级", "tag": [{"name": "VIP"}]}, 40071),
        ({"group_name": "x" * 31, "tag": [{"name": "a"}]}, 40072),
        ({"group_name": "x", "tag": [{"name": "标" * 31}]}, 40072),
        ({"group_name": "x", "tag": [{"name": ""}]}, 40072),
        ({"group_name": "x", "tag": [{}]}, 40072),
        ({"group_name": "x", "tag": []}, 40058),
        ({"group_name": "x"}, 40058),
        ({"tag": [{"name": "a"}]}, 40072),
        ({"group_id": "etnone", "tag": [{"name": "a"}]}, 40068),
        ({"group_name": "x", "tag": [{"name": "a", "order": 2**32}]}, 40058),
        ({"group_name": "x", "order": -1, "tag": [{"name": "a"}]}, 40058),
        ({"group_id": "etgrouplevel", "group_name": "ignored", "tag": [{"name": "a"}]}, 0),
    ],
)
def test_the_limits_of_a_tag(shop: OutsideServer, body: dict[str, object], code: int) -> None:
    assert shop.api("externalcontact/add_corp_tag", body)["errcode"] == code


def test_the_quota(shop: OutsideServer) -> None:
    shop.switch(tag_quota=3)
    assert shop.api("externalcontact/add_corp_tag", {"group_name": "x", "tag": [{"name": "a"}]})["errcode"] == 0
    assert shop.api("externalcontact/add_corp_tag", {"group_name": "x", "tag": [{"name": "b"}]})["errcode"] == 40126


def test_only_the_maker_may_change(shop: OutsideServer) -> None:
    shop.put("apps", corpid=CORPID, agentid=1000009, secret=_OTHER)
    group = _add(shop)
    tag_id = group["tag"][0]["id"]
    other = shop.token(secret=_OTHER)

    for path, body in (
        ("edit_corp_tag", {"id": tag_id, "name": "苦"}),
        ("edit_corp_tag", {"id": group["group_id"], "name": "苦"}),
        ("del_corp_tag", {"tag_id": [tag_id]}),
    ):
        assert shop.api(f"externalcontact/{path}", body, token=other)["errcode"] == 81011
        assert shop.api(f"externalcontact/{path}", body)["errcode"] == 0
    # a tag of the console belongs to no app
    assert shop.api("externalcontact/edit_corp_tag", {"id": "ettagvip", "name": "贵宾"})["errcode"] == 81011


def test_names_stay_unique_when_edited(shop: OutsideServer) -> None:
    group = _add(shop)
    tag = group["tag"][0]
    assert shop.api("externalcontact/edit_corp_tag", {"id": tag["id"], "name": "酸"})["errcode"] == 40071
    assert shop.api("externalcontact/edit_corp_tag", {"id": group["group_id"], "name": "等级"})["errcode"] == 40071
    assert shop.api("externalcontact/edit_corp_tag", {"id": "etnone", "name": "x"})["errcode"] == 40068


def _customer(shop: OutsideServer) -> dict[str, object]:
    met = shop.act("add_by_member", corpid=CORPID, userid="zhangsan", person="lin")
    return {"userid": "zhangsan", "external_userid": met["external_userid"]}


def test_a_customer_is_marked(shop: OutsideServer) -> None:
    pair = _customer(shop)
    sweet = _add(shop)["tag"][0]["id"]
    assert shop.api("externalcontact/mark_tag", {**pair, "add_tag": [sweet, "ettagvip"]})["errcode"] == 0
    (follow,) = shop.api("externalcontact/get", external_userid=pair["external_userid"])["follow_user"]
    assert follow["tags"] == [
        {"group_name": "口味", "tag_name": "甜", "tag_id": sweet, "type": 1},
        {"group_name": "等级", "tag_name": "VIP", "tag_id": "ettagvip", "type": 1},
    ]
    assert shop.api("externalcontact/mark_tag", {**pair, "remove_tag": ["ettagvip"]})["errcode"] == 0
    batch = shop.api("externalcontact/batch/get_by_user", {"userid_list": ["zhangsan"]})
    assert batch["external_contact_list"][0]["follow_info"]["tag_id"] == [sweet]


def test_personal_tags_are_told_by_get_only(shop: OutsideServer) -> None:
    pair = _customer(shop)
    shop.act("edit", corpid=CORPID, userid="zhangsan", person="lin", personal_tags=["爱钓鱼"], tags=["ettagvip"])
    (follow,) = shop.api("externalcontact/get", external_userid=pair["external_userid"])["follow_user"]
    assert follow["tags"][1] == {"group_name": "个人标签", "tag_name": "爱钓鱼", "type": 2}
    batch = shop.api("externalcontact/batch/get_by_user", {"userid_list": ["zhangsan"]})
    assert batch["external_contact_list"][0]["follow_info"]["tag_id"] == ["ettagvip"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 40058),
        ({"add_tag": []}, 40058),
        ({"add_tag": ["etnone"]}, 40068),
        ({"add_tag": ["ettagvip"], "userid": "lisi"}, 84061),
        ({"add_tag": ["ettagvip"], "external_userid": "wmnone"}, 40096),
        ({"add_tag": "ettagvip"}, 40058),
    ],
)
def test_marking_refuses(shop: OutsideServer, body: dict[str, object], code: int) -> None:
    assert shop.api("externalcontact/mark_tag", {**_customer(shop), **body})["errcode"] == code


def test_deleting_the_last_tag_deletes_the_group_and_the_marks(shop: OutsideServer) -> None:
    pair = _customer(shop)
    group = _add(shop, "口味", "甜")
    tag_id = group["tag"][0]["id"]
    shop.api("externalcontact/mark_tag", {**pair, "add_tag": [tag_id]})
    assert shop.api("externalcontact/del_corp_tag", {})["errcode"] == 40068
    assert shop.api("externalcontact/del_corp_tag", {"tag_id": [tag_id]})["errcode"] == 0

    assert "口味" not in {g["group_name"] for g in _library(shop)}
    (follow,) = shop.api("externalcontact/get", external_userid=pair["external_userid"])["follow_user"]
    assert follow["tags"] == []
    (by_tag,) = _library(shop, tag_id=[tag_id])
    assert (by_tag["deleted"], by_tag["tag"][0]["deleted"]) == (True, True)
    (by_group,) = _library(shop, group_id=[group["group_id"]], tag_id=["ignored"])
    assert by_group["tag"][0]["deleted"]
    assert "deleted" not in by_group
