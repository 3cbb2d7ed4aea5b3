from __future__ import annotations

import pytest

from outside.testing import OutsideServer
from outside.tests.test_welcome import png, upload

_MB = 1024 * 1024


def test_a_file_lives_three_days(shop: OutsideServer) -> None:
    answer = upload(shop)
    assert isinstance(answer["created_at"], str)
    query = {"access_token": shop.token(), "media_id": answer["media_id"]}
    got = shop.http.get("/cgi-bin/media/get", params=query)
    assert (got.content, got.headers["content-type"]) == (png(), "image/png")
    assert got.headers["content-disposition"] == 'attachment; filename="a.png"'

    shop.advance(3 * 86400 + 1)
    assert shop.api("media/get", media_id=answer["media_id"])["errcode"] == 40007
    assert shop.api("media/get")["errcode"] == 41006


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("image", png(), 0),
        ("image", b"GIF89a" + b"x" * 20, 40004),
        ("image", b"no picture at all", 40123),
        ("image", b"", 44001),
        ("image", b"tiny", 40006),
        ("image", b"\x89PNG\r\n\x1a\n" + b"x" * 10 * _MB, 40009),
        ("voice", b"#!AMR\n" + b"x" * 20, 0),
        ("voice", b"RIFF" + b"x" * 20, 40004),
        ("voice", b"#!AMR\n" + b"x" * 2 * _MB, 45001),
        ("video", b"\0\0\0\x18ftypmp42" + b"x" * 20, 0),
        ("video", b"x" * 40, 40004),
        ("video", b"\0\0\0\x18ftypmp42" + b"x" * 10 * _MB, 40011),
        ("file", b"anything at all", 0),
        ("file", b"x" * (20 * _MB + 1), 45001),
        ("poem", png(), 40005),
    ],
)
def test_the_limits_of_a_file(shop: OutsideServer, kind: str, body: bytes, code: int) -> None:
    assert upload(shop, kind, body)["errcode"] == code


def test_part_of_a_file(shop: OutsideServer) -> None:
    media_id = upload(shop, "file", b"0123456789", "n.txt")["media_id"]
    query = {"access_token": shop.token(), "media_id": media_id}
    got = shop.http.get("/cgi-bin/media/get", params=query, headers={"range": "bytes=2-5"})
    assert (got.status_code, got.content, got.headers["content-range"]) == (206, b"2345", "bytes 2-5/10")
    beyond = shop.http.get("/cgi-bin/media/get", params=query, headers={"range": "bytes=50-60"})
    assert beyond.status_code == 416


def test_without_a_file_or_with_another_field(shop: OutsideServer) -> None:
    query = {"access_token": shop.token(), "type": "image"}
    assert shop.http.post("/cgi-bin/media/upload", params=query).json()["errcode"] == 44001
    wrong = shop.http.post("/cgi-bin/media/upload", params=query, files={"picture": ("a.png", png())})
    assert wrong.json()["errcode"] == 44001


def test_a_picture_for_good(shop: OutsideServer) -> None:
    query = {"access_token": shop.token()}
    answer = shop.http.post("/cgi-bin/media/uploadimg", params=query, files={"picture": ("a.png", png())}).json()
    shop.advance(30 * 86400)
    assert shop.http.get(answer["url"]).content == png()
    large = b"\x89PNG\r\n\x1a\n" + b"x" * 2 * _MB
    refused = shop.http.post(
        "/cgi-bin/media/uploadimg", params={"access_token": shop.token()}, files={"picture": ("a.png", large)}
    )
    assert refused.json()["errcode"] == 45001


def test_an_attachment(shop: OutsideServer) -> None:
    query = {"access_token": shop.token(), "media_type": "image", "attachment_type": 1}
    answer = shop.http.post("/cgi-bin/media/upload_attachment", params=query, files={"media": ("a.png", png())}).json()
    assert isinstance(answer["created_at"], int)


def test_a_file_belongs_to_its_corp(shop: OutsideServer) -> None:
    media_id = upload(shop)["media_id"]
    shop.put("corps", corpid="wwother", name="别家")
    secret = "other-corp-secret-other-corp-secret-000000"
    shop.put("apps", corpid="wwother", secret=secret)
    other = shop.token("wwother", secret)
    assert shop.api("media/get", token=other, media_id=media_id)["errcode"] == 40007
