from __future__ import annotations

from outside.testing import AGENTID, CORPID, SYNC_SECRET, OutsideServer


def _sync(shop: OutsideServer) -> str:
    return shop.token(secret=SYNC_SECRET)


def test_a_member_is_found_in_any_case_and_told_in_its_own(shop: OutsideServer) -> None:
    told = shop.api("user/get", userid="ZHANGSAN")
    assert (told["userid"], told["name"], told["department"]) == ("ZhangSan", "张三", [2])
    assert told["gender"] == "0"
    assert "mobile" not in told


def test_private_fields_are_for_apps_that_may_see_them(shop: OutsideServer) -> None:
    shop.put("apps", corpid=CORPID, agentid=AGENTID, sees_private_fields=True)
    assert shop.api("user/get", userid="zhangsan")["mobile"] == "13800000001"


def test_members_are_listed_by_department_without_its_children(shop: OutsideServer) -> None:
    assert shop.api("user/simplelist", department_id=1)["userlist"] == []
    assert {m["userid"] for m in shop.api("user/simplelist", department_id=2)["userlist"]} == {"ZhangSan", "lisi"}


def test_what_is_outside_the_visible_range_is_hidden(shop: OutsideServer) -> None:
    shop.put("apps", corpid=CORPID, agentid=AGENTID, visible_parties=[2])

    assert shop.api("user/get", userid="wangwu")["errcode"] == 60111
    assert shop.api("user/simplelist", department_id=3)["errcode"] == 60011
    assert [d["id"] for d in shop.api("department/simplelist")["department_id"]] == [2]
    assert shop.api("department/get", id=3)["errcode"] == 60011
    assert shop.api("externalcontact/get_follow_user_list")["follow_user"] == ["ZhangSan", "lisi"]
    assert shop.api("agent/get", agentid=AGENTID)["allow_partys"] == {"partyid": [2]}


def test_unknown_ids(shop: OutsideServer) -> None:
    assert shop.api("user/get", userid="ghost")["errcode"] == 60111
    assert shop.api("user/get")["errcode"] == 41009
    assert shop.api("user/get", userid="x" * 65)["errcode"] == 40003
    assert shop.api("user/list", department_id=99)["errcode"] == 60003
    assert shop.api("department/get", id=99)["errcode"] == 60123
    assert shop.api("user/getuserid", {"mobile": "13800000001"})["userid"] == "ZhangSan"
    assert shop.api("user/getuserid", {"mobile": "13811111111"})["errcode"] == 46004
    assert shop.api("agent/get", agentid=1)["errcode"] == 301002


def test_the_sync_secret_reads_ids_only(shop: OutsideServer) -> None:
    token = _sync(shop)
    assert shop.api("user/get", token=token, userid="lisi")["errcode"] == 48009
    assert shop.api("department/list", token=token)["errcode"] == 48009
    assert len(shop.api("department/simplelist", token=token)["department_id"]) == 3
    assert shop.api("user/list_id", {})["errcode"] == 48002

    first = shop.api("user/list_id", {"limit": 3}, token=token)
    rest = shop.api("user/list_id", {"limit": 3, "cursor": first["next_cursor"]}, token=token)
    assert [row["userid"] for row in first["dept_user"] + rest["dept_user"]] == ["clerk", "lisi", "wangwu", "ZhangSan"]
    assert rest["next_cursor"] == ""
    assert shop.api("user/list_id", {"cursor": "made-up"}, token=token)["errcode"] == 50100


def test_the_sync_secret_writes_departments(shop: OutsideServer) -> None:
    token = _sync(shop)

    def create(**fields: object) -> dict[str, object]:
        return shop.api("department/create", fields, token=token)

    made = create(name="城南店", parentid=1)
    assert made["errcode"] == 0
    assert create(name="城南店", parentid=1)["errcode"] == 60008
    assert create(name="a:b", parentid=1)["errcode"] == 60009
    assert create(name="x" * 65, parentid=1)["errcode"] == 60001
    assert create(name="y", parentid=77)["errcode"] == 60004
    assert shop.api("department/create", {"name": "z", "parentid": 1})["errcode"] == 48002

    child = create(name="仓库", parentid=made["id"])
    assert shop.api("department/update", {"id": made["id"], "parentid": child["id"]}, token=token)["errcode"] == 60010
    assert shop.api("department/delete", token=token, id=made["id"])["errcode"] == 60006
    assert shop.api("department/delete", token=token, id=2)["errcode"] == 60005
    assert shop.api("department/delete", token=token, id=1)["errcode"] == 60007
    assert shop.api("department/delete", token=token, id=child["id"])["errcode"] == 0


def test_the_sync_secret_writes_members(shop: OutsideServer) -> None:
    token = _sync(shop)

    def create(**fields: object) -> int:
        return int(shop.api("user/create", fields, token=token)["errcode"])

    assert create(userid="new", name="新人", mobile="13700000000", department=[2]) == 0
    assert create(userid="NEW", name="新人", mobile="13700000009") == 60102
    assert create(userid="n2", name="新人", mobile="13700000000") == 60104
    assert create(userid="n2", name="新人", mobile="abc") == 60103
    assert create(userid="n2", name="新人", email="nope") == 60105
    assert create(userid="n2", name="新人") == 60129
    assert create(userid="n2", mobile="13700000001") == 60112
    assert create(userid="n2", name="x" * 65, mobile="13700000001") == 60112
    assert create(userid="-bad", name="x", mobile="13700000001") == 40003
    assert create(userid="n2", name="x", mobile="13700000001", department=[88]) == 60123

    assert shop.api("user/update", {"userid": "new", "position": "店长"}, token=token)["errcode"] == 0
    assert shop.api("user/get", userid="new")["position"] == "店长"
    assert shop.api("user/get", userid="new")["status"] == 4
    assert shop.api("user/delete", token=token, userid="new")["errcode"] == 0
    assert shop.api("user/get", userid="new")["errcode"] == 60111


def test_the_sync_secret_tags_members(shop: OutsideServer) -> None:
    token = _sync(shop)
    tag_id = shop.api("tag/create", {"tagname": "店长"}, token=token)["tagid"]
    assert shop.api("tag/create", {"tagname": "店长"}, token=token)["errcode"] == 40071
    people = {"tagid": tag_id, "userlist": ["zhangsan", "ghost"], "partylist": [3, 77]}
    told = shop.api("tag/addtagusers", people, token=token)
    assert (told["errcode"], told["invalidlist"], told["invalidparty"]) == (0, "ghost", [77])
    tag = shop.api("tag/get", tagid=tag_id)
    assert ([u["userid"] for u in tag["userlist"]], tag["partylist"]) == (["ZhangSan"], [3])
    assert shop.api("tag/deltagusers", {"tagid": tag_id, "userlist": ["ZHANGSAN"]}, token=token)["errcode"] == 0
    assert shop.api("tag/get", tagid=tag_id)["userlist"] == []
    assert shop.api("tag/update", {"tagid": tag_id, "tagname": "导购"}, token=token)["errcode"] == 0
    assert shop.api("tag/delete", token=token, tagid=tag_id)["errcode"] == 0
    assert shop.api("tag/get", tagid=tag_id)["errcode"] == 40068


def test_openids_of_members(shop: OutsideServer) -> None:
    openid = shop.api("user/convert_to_openid", {"userid": "lisi"})["openid"]
    assert shop.api("user/convert_to_userid", {"openid": openid})["userid"] == "lisi"
    assert shop.api("user/convert_to_userid", {"openid": "o1"})["errcode"] == 40073
