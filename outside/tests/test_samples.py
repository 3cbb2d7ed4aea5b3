"""Requests and responses as public SDKs have copied them from the documentation."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from outside import server  # noqa: F401  registers the table of APIs
from outside.callbacks import to_xml
from outside.endpoints import ENDPOINTS
from outside.testing import AGENTID, CORPID, SYNC_SECRET, OutsideServer
from outside.tests.test_welcome import upload

_DATA = Path(os.environ.get("YUTANG_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data") / "wecom_protocol"
_READY = (_DATA / "api_samples.jsonl.gz").exists()
pytestmark = pytest.mark.skipif(not _READY, reason=f"no samples in {_DATA}: set YUTANG_TEST_DATA")


def _rows(name: str) -> list[dict[str, Any]]:
    if not _READY:
        return []
    with gzip.open(_DATA / name, "rt") as lines:
        return [json.loads(line) for line in lines]


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower().removeprefix("cgibin").removeprefix("cgi-bin/"))


_PATHS = {_squeezed(path): path for path in ENDPOINTS}


def _samples(direction: str) -> list[Any]:
    found = []
    for row in _rows("api_samples.jsonl.gz"):
        path = _PATHS.get(_squeezed(row["api"]))
        is_answer = row["direction"] == "response" or "errcode" in row["body"]
        if path and ("response" if is_answer else "request") == direction:
            found.append(pytest.param(path, row["body"], id=row["id"]))
    return found


# Values that samples leave open, put in place of their examples.
def _made_real(shop: OutsideServer, body: Any, names: dict[str, Any]) -> Any:
    if isinstance(body, dict):
        return {k: names[k] if k in names else _made_real(shop, v, names) for k, v in body.items()}
    if isinstance(body, list):
        return [_made_real(shop, item, names) for item in body]
    return body


# Samples that show every field at once, also those that exclude each other, or ids that are only examples.
_CONTRADICTIONS = {
    "externalcontact/add_contact_way": {"type": 2, "is_temp": False, "conclusions": None, "scene": 2, "style": None},
    "externalcontact/update_contact_way": {"conclusions": None},
}
_BUSINESS_REFUSALS = {
    0, 40007, 40068, 40096, 40097, 41044, 41050, 46004, 50100, 60102, 60111, 60140, 84061, 86003, 301002,
}  # fmt: skip


@pytest.mark.parametrize(("path", "body"), _samples("request"))
def test_a_documented_request_is_understood(shop: OutsideServer, path: str, body: dict[str, Any]) -> None:
    world = {"items": [{"corpid": CORPID, "userid": u} for u in ("zhangsan", "lisi", "wangwu", "tom")]}
    shop.control("POST", "members", world)
    picture = upload(shop)["media_id"]
    names = {"media_id": picture, "pic_media_id": picture, "remark_pic_mediaid": picture, "party": [2, 3]}
    given = {**_made_real(shop, body, names), **_CONTRADICTIONS.get(path, {})}
    grant = ENDPOINTS[path].grant
    token = shop.token(secret=SYNC_SECRET) if grant == "contacts" else shop.token()

    answer = shop.api(path, {k: v for k, v in given.items() if v is not None}, token=token)

    of_an_example_id = re.search(r"unknown (link_id|template_id|msgid)", answer["errmsg"])
    assert answer["errcode"] in _BUSINESS_REFUSALS or of_an_example_id, answer


def _shape(shop: OutsideServer, path: str) -> dict[str, Any]:
    """A real answer of this server, from a small shop where everything has happened once."""
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"], "state": "s"})
    customer = shop.scan("lin", way["config_id"])["external_userid"]
    shop.put("group_chats", corpid=CORPID, name="群", owner="zhangsan", chat_id="wr1")
    shop.put("member_tags", corpid=CORPID, id=1, name="店长", users=["zhangsan"])
    shop.put("apps", corpid=CORPID, agentid=AGENTID, sees_private_fields=True)
    if path in _GETS:
        return shop.api(path, **{"external_userid": customer, **_GETS[path]})
    if path in _LATER:
        return _LATER[path](shop, customer)
    if path in _POSTS:
        token = shop.token(secret=SYNC_SECRET) if ENDPOINTS[path].grant == "contacts" else None
        return shop.api(path, {"config_id": way["config_id"], **_POSTS[path]}, token=token)
    raise AssertionError(path)


_GETS: dict[str, Any] = {
    "agent/get": {"agentid": AGENTID},
    "agent/list": {},
    "department/get": {"id": 2},
    "department/list": {},
    "getcallbackip": {},
    "tag/get": {"tagid": 1},
    "user/get": {"userid": "zhangsan"},
    "user/list": {"department_id": 2},
    "user/simplelist": {"department_id": 2},
    "externalcontact/get": {},
    "externalcontact/get_follow_user_list": {},
    "externalcontact/list": {"userid": "zhangsan"},
}
_WELCOME = {"text": {"content": "欢迎"}, "link": {"title": "群规", "url": "https://example.com"}}
_POSTS: dict[str, Any] = {
    "externalcontact/add_contact_way": {"type": 1, "scene": 2, "user": ["zhangsan"]},
    "externalcontact/get_contact_way": {},
    "externalcontact/batch/get_by_user": {"userid_list": ["zhangsan"]},
    "externalcontact/add_corp_tag": {"group_name": "g", "tag": [{"name": "t"}]},
    "externalcontact/groupchat/get": {"chat_id": "wr1", "need_name": 1},
    "externalcontact/groupchat/add_join_way": {"scene": 2, "chat_id_list": ["wr1"]},
    "externalcontact/group_welcome_template/add": _WELCOME,
    "externalcontact/get_unassigned_list": {"page_id": 0},
    "externalcontact/customer_acquisition/list_link": {},
    "message/send": {"touser": "zhangsan", "agentid": AGENTID, "msgtype": "text", "text": {"content": "x"}},
    "user/getuserid": {"mobile": "13800000001"},
    "user/list_id": {},
}


def _hand_over(shop: OutsideServer, customer: str, path: str) -> dict[str, Any]:
    body = {"handover_userid": "zhangsan", "takeover_userid": "lisi", "external_userid": [customer]}
    if path.startswith("resigned/"):
        shop.act("resign", corpid=CORPID, userid="zhangsan")
    started = shop.api(f"externalcontact/{path}transfer_customer", body)
    assert started["errcode"] == 0
    return started


def _handed_over(shop: OutsideServer, customer: str) -> dict[str, Any]:
    _hand_over(shop, customer, "resigned/")
    body = {"handover_userid": "zhangsan", "takeover_userid": "lisi"}
    return shop.api("externalcontact/resigned/transfer_result", body)


def _join_way(shop: OutsideServer, customer: str) -> dict[str, Any]:
    made = shop.api("externalcontact/groupchat/add_join_way", {"scene": 2, "chat_id_list": ["wr1"], "state": "s"})
    return shop.api("externalcontact/groupchat/get_join_way", {"config_id": made["config_id"]})


def _link_customers(shop: OutsideServer, customer: str, path: str = "customer", **more: Any) -> dict[str, Any]:
    prefix = "externalcontact/customer_acquisition"
    body = {"link_name": "春", "range": {"user_list": ["lisi"]}}
    link = shop.api(f"{prefix}/create_link", body)["link"]
    shop.scan("chen", f"{link['url']}?customer_channel=c")
    return shop.api(f"{prefix}/{path}", {"link_id": link["link_id"], **more})


_NOW = 1_900_000_000


def _link_figures(shop: OutsideServer, customer: str) -> dict[str, Any]:
    shop.control("POST", "clock", {"set": _NOW})
    return _link_customers(shop, customer, "statistic", start_time=_NOW, end_time=_NOW)


_LATER: dict[str, Any] = {
    "externalcontact/transfer_customer": lambda shop, customer: _hand_over(shop, customer, ""),
    "externalcontact/resigned/transfer_customer": lambda shop, customer: _hand_over(shop, customer, "resigned/"),
    "externalcontact/resigned/transfer_result": _handed_over,
    "externalcontact/groupchat/get_join_way": _join_way,
    "externalcontact/customer_acquisition/customer": _link_customers,
    "externalcontact/customer_acquisition/statistic": _link_figures,
    "media/upload": lambda shop, customer: upload(shop),
}

# Fields of the documentation that depend on the app's kind or the situation and may rightly be absent.
_OPTIONAL = {
    "enable", "isleader", "hide_mobile", "open_userid", "unionid", "avatar_mediaid", "corp_full_name", "corp_name",
    "position", "external_profile", "wechat_channels", "fail_info", "next_cursor", "expires_in", "chat_expires_in",
    "conclusions", "style", "state", "invitor", "group_nickname", "tags", "tag_id", "department_leader", "name_en",
    "thumb_avatar", "mobile", "qr_code", "english_name", "strategy_id", "home_url", "deleted",
    "invaliduser", "invalidparty", "invalidtag", "unlicenseduser", "response_code", "strategy_name",
}  # fmt: skip


def _missing(sample: Any, real: Any, at: str = "") -> list[str]:
    if isinstance(sample, dict) and isinstance(real, dict):
        gone = [f"{at}.{k}" for k in sample if k not in real and k not in _OPTIONAL]
        both = [k for k in sample if k in real and k not in ("external_profile", "extattr", "conclusions")]
        return gone + [m for k in both for m in _missing(sample[k], real[k], f"{at}.{k}")]
    if isinstance(sample, list) and isinstance(real, list) and sample and real:
        return _missing(sample[0], real[0], f"{at}[0]")
    return [] if _alike(sample, real) else [f"{at}: {type(real).__name__} instead of {type(sample).__name__}"]


def _alike(sample: Any, real: Any) -> bool:
    numbers = (int, float)
    return isinstance(real, type(sample)) or (isinstance(sample, numbers) and isinstance(real, numbers))


_ANSWERED = [s for s in _samples("response") if s.values[0] in {**_GETS, **_POSTS, **_LATER}]


@pytest.mark.parametrize(("path", "body"), _ANSWERED)
def test_an_answer_has_the_documented_fields(shop: OutsideServer, path: str, body: dict[str, Any]) -> None:
    if path == "externalcontact/list" and "external_userid" not in body:
        pytest.skip("a sample of another call")
    assert _missing(body, _shape(shop, path)) == []


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=r["id"]) for r in _rows("callbacks.jsonl.gz") if r["format"] == "xml"]
)
def test_our_xml_says_what_documented_callbacks_say(row: dict[str, Any]) -> None:
    """Read a documented callback, write it our way, and read that: the same names and texts."""
    fields = _read(ElementTree.fromstring(row["body"]))
    assert _read(ElementTree.fromstring(to_xml(fields))) == fields


def _read(element: ElementTree.Element) -> Any:
    found: dict[str, Any] = {}
    for child in element:
        value = _read(child) if len(child) else (child.text or "").strip()
        if child.tag in found:
            found[child.tag] = (found[child.tag] if isinstance(found[child.tag], list) else [found[child.tag]]) + [
                value
            ]
        else:
            found[child.tag] = value
    return found
