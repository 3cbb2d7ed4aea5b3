"""The console's files."""

import gzip
from pathlib import Path

import pytest
from django.test import Client

SCRIPT = "console.log('鱼塘');" * 200


@pytest.fixture(autouse=True)
def dist(tmp_path: Path, settings) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Yutang</title>")
    (root / "assets" / "app-1a2b.js").write_text(SCRIPT)
    (root / "assets" / "logo-3c.png").write_bytes(b"\x89PNG" + bytes(5000))
    (tmp_path / "secret.key").write_text("secret")
    settings.WEB_DIST = root
    return root


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_page_address_is_the_one_page(client):
    for path in ("/", "/customers", "/customers/12", "/sign-in?refused=x"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
        assert b"<title>Yutang" in body(answer)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_hashed_files_are_kept_for_ever_and_packed_where_that_helps(client):
    plain = client.get("/assets/app-1a2b.js")
    packed = client.get("/assets/app-1a2b.js", headers={"accept-encoding": "gzip, br"})
    picture = client.get("/assets/logo-3c.png", headers={"accept-encoding": "gzip"})

    assert body(plain).decode() == SCRIPT
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body(packed)).decode() == SCRIPT
    assert (packed.headers["Content-Type"], packed.headers["Vary"]) == ("text/javascript", "Accept-Encoding")
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Content-Encoding" not in picture.headers
    assert picture.headers["Content-Type"] == "image/png"
    body(picture)


def test_an_unchanged_file_is_not_sent_again(client, dist):
    first = client.get("/")
    body(first)
    again = client.get("/", headers={"if-modified-since": first.headers["Last-Modified"]})
    assert (again.status_code, body(again)) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/../secret.key", "/%2e%2e/secret.key", "/assets/..%2f..%2f..%2fsecret.key", "/assets/x.js"]
)
def test_nothing_outside_the_folder_is_served(client, path):
    answer = client.get(path)
    assert b"secret" not in body(answer)
    assert answer.status_code == 404


def test_a_path_that_cannot_be_one_is_not_found(client):
    assert client.get("/" + "a" * 5000 + ".js").status_code == 404


def test_unknown_api_addresses_get_json(client):
    answer = Client(headers={"accept-language": "en"}).get("/api/pigeons")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_unbuilt_console_says_what_to_do(client, dist):
    (dist / "index.html").unlink()
    answer = client.get("/")
    assert (answer.status_code, b"make web" in answer.content) == (503, True)


def test_pages_take_no_posts(client):
    assert client.post("/customers").status_code == 405
