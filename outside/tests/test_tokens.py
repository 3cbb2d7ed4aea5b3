from __future__ import annotations

import re

import pytest

from outside.testing import AGENTID, CORPID, SECRET, OutsideServer


def _get(shop: OutsideServer, **query: str) -> dict[str, object]:
    return dict(shop.http.get("/cgi-bin/gettoken", params=query).json())


def test_the_same_token_is_given_until_it_ends(shop: OutsideServer) -> None:
    first = _get(shop, corpid=CORPID, corpsecret=SECRET)
    shop.advance(600)
    again = _get(shop, corpid=CORPID, corpsecret=SECRET)
    shop.advance(6601)
    later = _get(shop, corpid=CORPID, corpsecret=SECRET)

    assert first["expires_in"] == 7200
    assert again["access_token"] == first["access_token"]
    assert 6598 <= int(str(again["expires_in"])) <= 6600
    assert later["access_token"] != first["access_token"]


def test_an_ended_token_is_refused_and_a_new_one_works(shop: OutsideServer) -> None:
    old = shop.token()
    shop.advance(7201)

    assert shop.api("getcallbackip", token=old)["errcode"] == 42001
    assert shop.api("getcallbackip")["errcode"] == 0


def test_a_token_may_end_early(shop: OutsideServer) -> None:
    old = shop.token()
    shop.control("POST", f"apps/{CORPID}/{AGENTID}/expire_tokens")

    assert shop.api("getcallbackip", token=old)["errcode"] == 42001
    assert shop.token() != old


def test_a_new_secret_kills_the_old_one_and_its_tokens(shop: OutsideServer) -> None:
    old = shop.token()
    secret = shop.control("POST", f"apps/{CORPID}/{AGENTID}/new_secret")["secret"]

    assert shop.api("getcallbackip", token=old)["errcode"] == 40014
    assert _get(shop, corpid=CORPID, corpsecret=SECRET)["errcode"] == 40001
    assert _get(shop, corpid=CORPID, corpsecret=secret)["errcode"] == 0


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 41002),
        ({"corpid": CORPID}, 41004),
        ({"corpid": "wwnobody", "corpsecret": SECRET}, 40013),
        ({"corpid": CORPID, "corpsecret": "wrong"}, 40001),
    ],
)
def test_gettoken_refuses(shop: OutsideServer, query: dict[str, str], code: int) -> None:
    assert _get(shop, **query)["errcode"] == code


def test_calls_need_a_token_that_exists(shop: OutsideServer) -> None:
    missing = shop.http.get("/cgi-bin/user/get").json()
    unknown = shop.http.get("/cgi-bin/user/get", params={"access_token": "nonsense"}).json()

    assert (missing["errcode"], unknown["errcode"]) == (41001, 40014)
    pattern = (
        r"invalid access_token, hint: \[\d+_\d+_[0-9a-f]{32}\], from ip: 127\.0\.0\.1, "
        r"more info at https://open\.work\.weixin\.qq\.com/devtool/query\?e=40014"
    )
    assert re.fullmatch(pattern, unknown["errmsg"])


def test_a_disabled_app_gets_nothing(shop: OutsideServer) -> None:
    token = shop.token()
    shop.put("apps", corpid=CORPID, agentid=AGENTID, enabled=False)

    assert _get(shop, corpid=CORPID, corpsecret=SECRET)["errcode"] == 50003
    assert shop.api("getcallbackip", token=token)["errcode"] == 50003


def test_a_stranger_address_is_refused(shop: OutsideServer) -> None:
    shop.put("apps", corpid=CORPID, agentid=AGENTID, trusted_ips=["203.0.113.9"])
    assert shop.token()
    assert shop.api("externalcontact/get_follow_user_list")["errcode"] == 60020

    shop.put("apps", corpid=CORPID, agentid=AGENTID, trusted_ips=["127.0.0.1"])
    assert shop.api("externalcontact/get_follow_user_list")["errcode"] == 0
