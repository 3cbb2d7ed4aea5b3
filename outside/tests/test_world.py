"""What the control API promises: descriptions, restarts, the clock, many at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from outside.testing import AGENTID, CORPID, OutsideServer, Refused, shop_world


def test_the_same_description_twice_is_the_same_world(outside: OutsideServer) -> None:
    world = shop_world()
    world["corps"][0]["relations"] = [{"userid": "zhangsan", "person": "lin", "tags": ["VIP"], "remark": "老客"}]
    world["corps"][0]["contact_ways"] = [{"agentid": AGENTID, "remark": "门口", "state": "door", "user": ["lisi"]}]
    world["pages"] = [{"url": "http://127.0.0.1:8000/c/1", "title": "包裹卡"}]

    def snapshot() -> list[object]:
        kinds = ("corps", "departments", "members", "apps", "people", "tag_groups", "tags", "contact_ways", "pages")
        return [outside.control("GET", kind) for kind in (*kinds, "relations")]

    outside.seed(world)
    first = snapshot()
    outside.act("edit", corpid=CORPID, userid="zhangsan", person="lin", remark="改过的")
    outside.seed(world)
    second = snapshot()

    assert first[:-1] == second[:-1]
    assert second[-1][0]["remark"] == "改过的"  # type: ignore[index]
    assert first[-1][0]["tags"] == ["ettagvip"]  # type: ignore[index]


def test_an_id_is_the_same_in_every_run(outside: OutsideServer) -> None:
    def meet() -> str:
        outside.reset()
        outside.seed(shop_world())
        return str(outside.act("add_by_member", corpid=CORPID, userid="lisi", person="lin")["external_userid"])

    assert meet() == meet()


def test_mistakes_in_a_description_are_named(outside: OutsideServer) -> None:
    with pytest.raises(Refused, match="Member has no nickname"):
        outside.seed({"corps": [{"corpid": "ww1", "name": "x", "members": [{"userid": "a", "nickname": "b"}]}]})
    with pytest.raises(Refused, match="no corp wwnone"):
        outside.put("members", corpid="wwnone", userid="a")
    with pytest.raises(Refused, match="person is missing"):
        outside.act("scan", url="x")
    with pytest.raises(Refused, match="no action fly"):
        outside.act("fly")
    with pytest.raises(Refused, match="no switch colour"):
        outside.switch(colour="blue")


def test_nothing_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    server = OutsideServer(home=tmp_path)
    server.start()
    try:
        server.seed(shop_world())
        server.advance(3600)
        server.switch(add_sequence="half_only")
        server.set_callback("http://127.0.0.1:9/none", force=True)
        server.switch(callback_retry_seconds=30)
        token = server.token()
        way = server.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["lisi"]})
        met = server.scan("lin", way["config_id"])
        kinds = ("corps", "apps", "members", "people", "contact_ways", "relations", "messages", "switches")
        before = {kind: server.control("GET", kind) for kind in kinds}
        server.kill()

        server.start()
        after = {kind: server.control("GET", kind) for kind in kinds}
        assert after == before
        assert server.control("GET", "clock")["offset"] == 3600
        assert server.api("getcallbackip", token=token)["errcode"] == 0
        server.switch(callback_retry_seconds=0.02)
        assert [c["status"] for c in server.callbacks()] == ["pending"]
        assert server.scan("lin", way["config_id"])["external_userid"] == met["external_userid"]
        code = server.control("GET", "welcome_codes")[0]["code"]
        body = {"welcome_code": code, "text": {"content": "还来得及"}}
        assert server.api("externalcontact/send_welcome_msg", body)["errcode"] == 0
    finally:
        server.kill()
        server.http.close()


def test_a_clock_in_a_file_is_shared(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    with OutsideServer(clock_file=clock) as server:
        assert abs(server.now() - time.time()) < 5
        clock.write_text("86400.5")
        assert abs(server.now() - time.time() - 86400.5) < 5
        server.advance(100)
        assert float(clock.read_text()) == 86500.5


def test_the_clock_is_moved_and_set(outside: OutsideServer) -> None:
    outside.control("POST", "clock", {"set": 2_000_000_000})
    assert 2_000_000_000 <= outside.now() < 2_000_000_005
    outside.control("POST", "clock", {"offset": 0})
    assert abs(outside.now() - time.time()) < 5


def test_many_friendships_at_once(shop: OutsideServer) -> None:
    body = {"corpid": CORPID, "userids": ["zhangsan", "lisi"], "count": 3000}
    assert shop.control("POST", "bulk/relations", body) == {"relations": 3000}
    shop.control("POST", "bulk/relations", body)
    assert len(shop.api("externalcontact/list", userid="lisi")["external_userid"]) == 1500


def test_scans_at_a_rate(shop: OutsideServer) -> None:
    way = shop.api("externalcontact/add_contact_way", {"type": 2, "scene": 2, "user": ["zhangsan", "lisi"]})
    job = shop.control("POST", "bulk/scan", {"url": way["config_id"], "count": 40, "per_second": 100})
    deadline = time.monotonic() + 10
    while not (report := shop.control("GET", f"bulk/{job['id']}"))["done"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert report["outcomes"] == {"friends": 40}
    assert 0.35 < report["seconds"] < 3


def test_calls_are_logged(shop: OutsideServer) -> None:
    shop.api("externalcontact/list", userid="lisi")
    call = shop.calls(path="externalcontact/list")[-1]
    assert (call["errcode"], call["given"], call["corpid"]) == (84061, {"userid": "lisi"}, CORPID)
