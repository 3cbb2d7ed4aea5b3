"""The pages and what they are made from."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from outside.testing import AGENTID, CORPID, OutsideServer


@pytest.mark.parametrize("path", ["/", "/phone/customer", "/phone/member", "/console", "/static/app.js"])
def test_pages_are_served(outside: OutsideServer, path: str) -> None:
    assert outside.http.get(path).status_code == 200


def test_files_beyond_the_folder_are_not(outside: OutsideServer) -> None:
    assert outside.http.get("/static/../server.py").status_code == 404
    assert outside.http.get("/static/%2e%2e/server.py").status_code == 404


def test_what_the_phones_show(shop: OutsideServer) -> None:
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"], "remark": "门口"})
    shop.put("pages", url="http://127.0.0.1:8000/c/1", title="包裹卡")
    shop.scan("lin", way["config_id"])
    shop.api(
        "message/send", {"touser": "zhangsan", "msgtype": "text", "agentid": AGENTID, "text": {"content": "新客户"}}
    )
    shop.act("customer_says", corpid=CORPID, userid="zhangsan", person="lin", text="在吗")

    mine = shop.http.get("/phones/customer/lin").json()
    assert [(c["member"]["name"], c["last"]["content"]) for c in mine["chats"]] == [("张三", {"content": "在吗"})]
    members = shop.http.get(f"/phones/member/{CORPID}/zhangsan").json()
    (row,) = members["customers"]
    assert (row["person"]["name"], row["relation"]["unread"], members["notices"]["count"]) == ("林小鱼", True, 1)
    chat = shop.http.get("/phones/chat", params={"corpid": CORPID, "userid": "zhangsan", "person": "lin"}).json()
    assert [m["sender"] for m in chat["messages"]] == ["system", "customer"]
    assert {g["kind"] for g in shop.http.get("/phones/codes").json()} == {"way", "page"}
    target = shop.http.get("/phones/resolve", params={"url": way["qr_code"]}).json()
    assert (target["kind"], target["corp"], target["count"]) == ("member", "鲜果时光", 1)
    assert shop.http.get("/phones/customer/nobody").status_code == 404


def test_news_arrives_without_asking(shop: OutsideServer) -> None:
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"]})
    with httpx.stream("GET", f"{shop.url}/phones/live", trust_env=False, timeout=10) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        shop.scan("lin", way["config_id"])
        news = next(line for line in lines if line.startswith("data:"))
    assert '"topic": "chat"' in news or '"topic": "relation"' in news


def test_codes_in_a_page_are_found(shop: OutsideServer) -> None:
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"]})
    body = f'<img src="{way["qr_code"]}"><a href="{shop.url}/q/{way["config_id"]}">x</a>'.encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/c/1"
        found = shop.http.get("/phones/codes_in", params={"url": url}).json()["codes"]
    finally:
        server.shutdown()
        server.server_close()
    assert found == [way["qr_code"], f"{shop.url}/q/{way['config_id']}"]


def test_a_hostile_name_stays_a_name(shop: OutsideServer) -> None:
    shop.put("members", corpid=CORPID, userid="evil", name="<script>alert(1)</script>")
    query = {"appid": CORPID, "agentid": AGENTID, "redirect_uri": "http://x.test/", "response_type": "code"}
    page = shop.http.get("/connect/oauth2/authorize", params=query).text
    assert "<script>alert" not in page
    svg = shop.http.get(f"/avatar/member/{CORPID}/evil.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "<script>" not in svg.text


def test_a_scanned_code_in_an_ordinary_browser(shop: OutsideServer) -> None:
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"]})
    page = shop.http.get(f"/q/{way['config_id']}")
    assert (page.status_code, "data-wecom-qr" in page.text) == (200, True)
    assert shop.http.get("/q/none").status_code == 400


def test_every_text_of_the_phones_has_its_english() -> None:
    scripts = Path(__file__).parents[1] / "web"
    known = re.findall(r"'([^'\n]+)':\s*['\"]", (scripts / "i18n.js").read_text())
    said = {text for file in scripts.glob("*.js") for text in re.findall(r"\bt\('([^']+)'\)", file.read_text())}
    assert {text for text in said if not text.isascii()} - set(known) == set()
