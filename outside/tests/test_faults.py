from __future__ import annotations

import threading
import time

import httpx
import pytest

from outside.testing import CORPID, SECRET, OutsideServer, Refused


def _code(shop: OutsideServer, path: str = "getcallbackip") -> int:
    return int(shop.api(path)["errcode"])


def test_an_error_code_by_count_and_after_a_pause(shop: OutsideServer) -> None:
    shop.fault("errcode", errcode=-1, where="getcallbackip", count=2, skip=1)
    assert [_code(shop) for _ in range(5)] == [0, -1, -1, 0, 0]
    assert _code(shop, "get_api_domain_ip") == 0
    (fault,) = shop.control("GET", "faults")
    assert (fault["struck"], fault["count"]) == (2, 0)


def test_an_error_for_a_while(shop: OutsideServer) -> None:
    shop.fault("errcode", errcode=6000, seconds_long=60)
    assert _code(shop) == 6000
    shop.advance(61)
    assert _code(shop) == 0


def test_an_error_of_one_corp(shop: OutsideServer) -> None:
    shop.fault("errcode", errcode=-1, corpid="wwother")
    assert _code(shop) == 0
    shop.fault("errcode", errcode=-1, corpid=CORPID)
    assert _code(shop) == -1
    shop.clear_faults()
    assert _code(shop) == 0


def test_chance_is_repeatable(shop: OutsideServer) -> None:
    def draw() -> list[int]:
        shop.switch(seed=42)
        return [_code(shop) for _ in range(20)]

    shop.fault("errcode", errcode=-1, probability=0.5, where="getcallbackip")
    first = draw()
    assert draw() == first
    assert 3 < first.count(-1) < 17


def test_the_server_fails(shop: OutsideServer) -> None:
    token = shop.token()
    shop.fault("http_500", count=1)
    assert shop.http.get("/cgi-bin/getcallbackip", params={"access_token": token}).status_code == 500


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_connection_breaks(shop: OutsideServer, when: str) -> None:
    token = shop.token()
    shop.fault("drop", count=1, when=when)
    body = {"type": 1, "scene": 2, "user": ["zhangsan"]}
    with pytest.raises(httpx.TransportError):
        shop.http.post("/cgi-bin/externalcontact/add_contact_way", params={"access_token": token}, json=body)
    assert len(shop.control("GET", "contact_ways")) == (1 if when == "after" else 0)


def test_latency(shop: OutsideServer) -> None:
    shop.fault("latency", seconds=0.3, count=1)
    started = time.monotonic()
    assert _code(shop) == 0
    assert time.monotonic() - started >= 0.3


def test_a_token_dies_early(shop: OutsideServer) -> None:
    old = shop.token()
    shop.fault("token_expired", count=1)
    assert shop.api("getcallbackip", token=old)["errcode"] == 42001
    assert shop.api("getcallbackip", token=old)["errcode"] == 42001
    assert shop.token() != old
    assert _code(shop) == 0


def test_address_and_rate(shop: OutsideServer) -> None:
    shop.fault("ip_rejected", count=1)
    assert [_code(shop), _code(shop)] == [60020, 0]
    shop.fault("rate_limited", count=1, seconds=30)
    assert [_code(shop), _code(shop)] == [45009, 45009]
    shop.advance(31)
    assert _code(shop) == 0


def test_too_many_at_the_same_time(shop: OutsideServer) -> None:
    shop.switch(concurrency=2)
    shop.fault("latency", seconds=0.4)
    token = shop.token()
    codes: list[int] = []

    def call() -> None:
        answer = httpx.get(f"{shop.url}/cgi-bin/getcallbackip", params={"access_token": token}, trust_env=False)
        codes.append(answer.json()["errcode"])

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [0, 0, 45033, 45033]


def test_an_unknown_fault_is_refused(shop: OutsideServer) -> None:
    with pytest.raises(Refused, match="unknown fault"):
        shop.fault("earthquake")


def test_gettoken_goes_wrong_too(shop: OutsideServer) -> None:
    query = {"corpid": CORPID, "corpsecret": SECRET}
    shop.fault("errcode", errcode=-1, where="gettoken", count=1)
    codes = [shop.http.get("/cgi-bin/gettoken", params=query).json()["errcode"] for _ in range(2)]
    assert codes == [-1, 0]
    shop.fault("http_500", where="gettoken", count=1)
    assert shop.http.get("/cgi-bin/gettoken", params=query).status_code == 500
    assert [call["errcode"] for call in shop.calls(path="gettoken")][:2] == [-1, 0]


def test_an_ended_token_uses_no_fault_up(shop: OutsideServer) -> None:
    old = shop.token()
    shop.fault("errcode", errcode=-1, where="getcallbackip", count=1)
    shop.advance(7201)
    assert shop.api("getcallbackip", token=old)["errcode"] == 42001
    assert [_code(shop), _code(shop)] == [-1, 0]
