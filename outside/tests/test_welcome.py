from __future__ import annotations

import io
import struct
import threading
import zlib
from typing import Any

import pytest

from outside.testing import CORPID, OutsideServer

_TEXT = {"text": {"content": "欢迎"}}


def png(side: int = 4) -> bytes:
    """The smallest honest picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\x80\x00" * side for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def upload(shop: OutsideServer, kind: str = "image", body: bytes | None = None, name: str = "a.png") -> dict[str, Any]:
    response = shop.http.post(
        "/cgi-bin/media/upload",
        params={"access_token": shop.token(), "type": kind},
        files={"media": (name, io.BytesIO(png() if body is None else body), "application/octet-stream")},
    )
    return dict(response.json())


@pytest.fixture
def code(shop: OutsideServer) -> str:
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"]})
    shop.scan("lin", way["config_id"])
    return str(shop.control("GET", "welcome_codes")[-1]["code"])


def _send(shop: OutsideServer, code: str, **parts: Any) -> int:
    return int(shop.api("externalcontact/send_welcome_msg", {"welcome_code": code, **parts})["errcode"])


def test_a_code_is_good_for_twenty_seconds(shop: OutsideServer, code: str) -> None:
    shop.advance(19)
    assert _send(shop, code, **_TEXT) == 0


def test_a_code_is_dead_after_twenty_seconds(shop: OutsideServer, code: str) -> None:
    shop.advance(20.5)
    assert _send(shop, code, **_TEXT) == 41050
    assert [m["sender"] for m in shop.messages(person="lin")] == ["system"]


def test_a_code_is_good_once(shop: OutsideServer, code: str) -> None:
    assert _send(shop, code, **_TEXT) == 0
    assert _send(shop, code, **_TEXT) == 41051


def test_a_started_chat_ends_the_time_of_welcomes(shop: OutsideServer, code: str) -> None:
    shop.act("customer_says", corpid=CORPID, userid="zhangsan", person="lin", text="在吗")
    assert _send(shop, code, **_TEXT) == 41051


def test_missing_comes_before_unknown_and_unknown_before_content(shop: OutsideServer, code: str) -> None:
    assert _send(shop, "", text={"content": ""}) == 41049
    assert _send(shop, "nonsense", text={"content": ""}) == 41050
    assert _send(shop, code, text={"content": ""}) == 40058
    assert _send(shop, code, **_TEXT) == 0  # a refused content does not use the code up


def _link(**fields: str) -> dict[str, Any]:
    return {"msgtype": "link", "link": {"title": "价目表", "url": "https://example.com/p", **fields}}


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ({}, 40058),
        ({"text": {"content": "x" * 4000}}, 0),
        ({"text": {"content": "鱼" * 1334}}, 45002),
        ({"attachments": [_link()] * 9}, 0),
        ({"attachments": [_link()] * 10}, 41064),
        ({"attachments": [{"msgtype": "voice", "voice": {}}]}, 41065),
        ({"attachments": [{"link": {}}]}, 41065),
        ({"attachments": [{"msgtype": "link"}]}, 40058),
        ({"attachments": [{"msgtype": "link", "link": {"title": "t"}}]}, 40058),
        ({"attachments": [_link(title="x" * 129)]}, 45002),
        ({"attachments": [_link(desc="x" * 513)]}, 45002),
        ({"attachments": [_link(url="h" * 2049)]}, 45002),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "none"}}]}, 40007),
        ({"attachments": [{"msgtype": "image", "image": {}}]}, 40007),
        ({"attachments": [{"msgtype": "image", "image": {"pic_url": "https://example.com/a.png"}}]}, 40058),
        ({"attachments": [{"msgtype": "file", "file": {"media_id": "none"}}]}, 40007),
        ({"attachments": "many"}, 40058),
        ({"link": {"title": "价目表", "url": "https://example.com"}}, 0),
    ],
)
def test_the_limits_of_a_welcome(shop: OutsideServer, code: str, parts: dict[str, Any], answer: int) -> None:
    assert _send(shop, code, **parts) == answer


def test_all_parts_arrive_in_order(shop: OutsideServer, code: str) -> None:
    picture = upload(shop)["media_id"]
    page = {"title": "商城", "appid": "wx1", "page": "/index.html", "pic_media_id": picture}
    attachments = [
        {"msgtype": "image", "image": {"media_id": picture}},
        _link(),
        {"msgtype": "miniprogram", "miniprogram": page},
        {"msgtype": "file", "file": {"media_id": upload(shop, "file", b"a long list", "l.txt")["media_id"]}},
    ]
    assert _send(shop, code, text={"content": "欢迎"}, attachments=attachments) == 0

    told = [m for m in shop.messages(person="lin") if m["sender"] == "welcome"]
    assert [m["msgtype"] for m in told] == ["text", "image", "link", "miniprogram", "file"]
    assert shop.http.get(told[1]["content"]["file_url"]).content == png()


def test_a_picture_by_address_must_be_uploaded_here(shop: OutsideServer, code: str) -> None:
    answer = shop.http.post(
        "/cgi-bin/media/uploadimg", params={"access_token": shop.token()}, files={"any": ("p.png", png())}
    ).json()
    assert _send(shop, code, attachments=[{"msgtype": "image", "image": {"pic_url": answer["url"]}}]) == 0


def test_two_callers_at_once_and_the_first_wins(shop: OutsideServer, code: str) -> None:
    shop.switch(welcome_processing_seconds=0.4)
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(_send(shop, code, **_TEXT))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0, 41096]


def test_a_welcome_of_the_console_leaves_no_code(shop: OutsideServer) -> None:
    shop.put("members", corpid=CORPID, userid="zhangsan", console_welcome="欢迎光临")
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"]})
    shop.scan("lin", way["config_id"])
    assert shop.control("GET", "welcome_codes") == []
    assert shop.messages(person="lin")[-1]["content"] == {"content": "欢迎光临"}


def test_the_library_of_group_welcomes(shop: OutsideServer) -> None:
    path = "externalcontact/group_welcome_template"
    body = {"text": {"content": "欢迎 %NICKNAME%"}, "link": {"title": "群规", "url": "https://example.com/r"}}
    made = shop.api(f"{path}/add", body)
    assert made["template_id"].startswith("msg")
    named = {"template_id": made["template_id"]}
    assert shop.api(f"{path}/get", named) == {"errcode": 0, "errmsg": "ok", **body}
    assert shop.api(f"{path}/edit", {**named, "text": {"content": "你好"}})["errcode"] == 0
    assert shop.api(f"{path}/get", named)["text"] == {"content": "你好"}
    assert shop.api(f"{path}/add", {})["errcode"] == 40058
    assert shop.api(f"{path}/add", {"text": {"content": "x" * 3001}})["errcode"] == 45002
    for _ in range(99):
        assert shop.api(f"{path}/add", body)["errcode"] == 0
    assert shop.api(f"{path}/add", body)["errcode"] == 41055
    assert shop.api(f"{path}/del", named)["errcode"] == 0
    assert shop.api(f"{path}/get", named)["errcode"] == 40058
