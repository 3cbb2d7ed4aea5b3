from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from outside.testing import AGENTID, CORPID, OutsideServer

_BACK = "http://127.0.0.1:8000/signed-in?next=%2F"


def _visit(shop: OutsideServer, path: str, **query: object) -> str:
    asked = {"appid": CORPID, "agentid": AGENTID, "redirect_uri": _BACK, "state": "abc123", **query}
    page = shop.http.get(path, params={k: v for k, v in asked.items() if v is not None})
    return page.text


def _code(shop: OutsideServer, who: dict[str, str], **query: object) -> dict[str, str]:
    asked = {"appid": CORPID, "agentid": AGENTID, "redirect_uri": _BACK, "state": "abc123", **query, **who}
    answer = shop.http.get("/connect/choose", params=asked, follow_redirects=False)
    assert answer.status_code == 302
    location = urlsplit(answer.headers["location"])
    assert (location.netloc, location.path) == ("127.0.0.1:8000", "/signed-in")
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def test_the_page_lists_members_and_customers(shop: OutsideServer) -> None:
    page = _visit(shop, "/connect/oauth2/authorize", response_type="code", scope="snsapi_base")
    assert "张三" in page
    assert "林小鱼" in page


def test_signing_in_lists_members_only(shop: OutsideServer) -> None:
    page = _visit(shop, "/wwlogin/sso/login", login_type="CorpApp")
    assert "张三" in page
    assert "林小鱼" not in page


def test_wrong_addresses_are_named(shop: OutsideServer) -> None:
    path = "/connect/oauth2/authorize"
    ask = {"response_type": "code", "scope": "snsapi_base"}
    assert "-31027" in _visit(shop, path, **ask, appid="wwnone")
    assert "-31028" in _visit(shop, path, **ask, agentid=5)
    assert "84025" in _visit(shop, path, **ask, state="a-b")
    assert "redirect_uri" in _visit(shop, path, **ask, redirect_uri="/local")
    assert "response_type" in _visit(shop, path, scope="snsapi_base")
    shop.put("apps", corpid=CORPID, agentid=AGENTID, redirect_domains=["crm.example.com"])
    assert "50001" in _visit(shop, path, **ask)


def test_a_members_code_is_good_once(shop: OutsideServer) -> None:
    back = _code(shop, {"as_member": "ZhangSan"}, login_type="CorpApp")
    assert (back["state"], back["appid"], back["next"]) == ("abc123", CORPID, "/")
    assert shop.api("auth/getuserinfo", code=back["code"]) == {"errcode": 0, "errmsg": "ok", "userid": "ZhangSan"}
    assert shop.api("auth/getuserinfo", code=back["code"])["errcode"] == 42022
    assert shop.api("auth/getuserinfo", code="nonsense")["errcode"] == 40029
    assert shop.api("auth/getuserinfo")["errcode"] == 41008


def test_a_code_lives_five_minutes(shop: OutsideServer) -> None:
    code = _code(shop, {"as_member": "ZhangSan"})["code"]
    shop.advance(301)
    assert shop.api("auth/getuserinfo", code=code)["errcode"] == 42003


def test_private_information_by_ticket(shop: OutsideServer) -> None:
    code = _code(shop, {"as_member": "ZhangSan"}, scope="snsapi_privateinfo")["code"]
    ticket = shop.api("auth/getuserinfo", code=code)["user_ticket"]
    assert shop.api("auth/getuserdetail", {"user_ticket": ticket})["mobile"] == "13800000001"
    assert shop.api("auth/getuserdetail", {"user_ticket": "x"})["errcode"] == 84015
    shop.advance(1801)
    assert shop.api("auth/getuserdetail", {"user_ticket": ticket})["errcode"] == 84014


def test_customers_and_strangers(shop: OutsideServer) -> None:
    customer = shop.act("add_by_member", corpid=CORPID, userid="zhangsan", person="lin")["external_userid"]
    known = shop.api("auth/getuserinfo", code=_code(shop, {"as_person": "lin"})["code"])
    stranger = shop.api("auth/getuserinfo", code=_code(shop, {"as_person": "hua"})["code"])
    assert known["external_userid"] == customer
    assert known["openid"].startswith("o")
    assert "external_userid" not in stranger
    old = shop.api("user/getuserinfo", code=_code(shop, {"as_member": "lisi"})["code"])
    assert old["UserId"] == "lisi"


def test_another_apps_code_is_refused(shop: OutsideServer) -> None:
    secret = "another-app-secret-another-app-secret-0000"
    shop.put("apps", corpid=CORPID, agentid=1000009, secret=secret)
    code = _code(shop, {"as_member": "ZhangSan"})["code"]
    assert shop.api("auth/getuserinfo", token=shop.token(secret=secret), code=code)["errcode"] == 50001


def test_tickets_of_the_page_signature(shop: OutsideServer) -> None:
    first = shop.api("get_jsapi_ticket")
    assert first["expires_in"] == 7200
    assert shop.api("get_jsapi_ticket")["ticket"] == first["ticket"]
    agent = shop.api("ticket/get", type="agent_config")
    assert agent["ticket"] != first["ticket"]
    assert shop.api("ticket/get", type="wx_card")["errcode"] == 91040
    shop.advance(7201)
    assert shop.api("get_jsapi_ticket")["ticket"] != first["ticket"]
