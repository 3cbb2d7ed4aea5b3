"""The script for merchants' pages, in a real browser, on a page of another origin."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from yutang.api.browser_script import SCRIPT
from yutang.events.tests.test_sending import Running, wait_for

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>鲜果商城</title><script>
window.yutang = window.yutang || [];
["track", "identify", "page", "group", "alias", "reset", "consent"].forEach(function (call) {
  yutang[call] = function () { yutang.push([call].concat([].slice.call(arguments))); };
});
yutang.page();
</script><script async src="HOST/e/yutang.js" data-key="KEY"></script></head><body>shop</body></html>"""

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0 Safari/537.36"
TOLD = """
from yutang.events.models import Event
rows = Event.objects.filter(key__startswith="in:shop:").select_related("visitor").order_by("at", "pk")
print(json.dumps([[row.name, row.visitor.kind, row.visitor.value, row.props] for row in rows]))
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    made.command("migrate")
    made.start("web")
    wait_for(made.answers)
    yield made
    made.stop()


@pytest.fixture
def shop(running: Running) -> Iterator[str]:
    """The address of a page of another origin, with the snippet as the console shows it."""
    told = running.command("event-sources", "create", "商城", "--kind", "browser", "--issuer", "shop", "--json")
    content = PAGE.replace("HOST", running.url).replace("KEY", json.loads(told)["write_key"]).encode()

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/fruit?utm_source=douyin&utm_campaign=spring"
    server.shutdown()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Page]:
    """A window that calls itself what people's browsers do; a headless one is taken for the program it is."""
    context = chromium.new_context(user_agent=AGENT)
    yield context.new_page()
    context.close()


def test_the_script_is_small() -> None:
    assert len(SCRIPT.encode()) < 4096


@pytest.mark.timeout(240)
def test_a_page_of_another_origin_tells_what_happens_on_it(running: Running, shop: str, visit: Page) -> None:
    page = visit
    page.goto(shop)
    page.wait_for_function("window.yutang.loaded")
    page.evaluate("yutang.track('Product Viewed', {sku: 'A-1'}); yutang.identify('M-1', {vip: true})")
    page.evaluate("yutang.track('Product Added', {sku: 'A-1'})")
    wait_for(lambda: len(running.ask(TOLD)) == 4)
    # The server is away: what happens meanwhile comes under its own id when it is back.
    page.route("**/v1/batch", lambda route: route.abort())
    page.evaluate("yutang.track('While Away')")
    page.wait_for_timeout(1_500)
    page.unroute("**/v1/batch")
    # Leaving at once: handed over by the browser itself.
    page.evaluate("yutang.reset(); yutang.track('Left')")
    page.goto("about:blank")
    wait_for(lambda: len(running.ask(TOLD)) == 6)

    told = running.ask(TOLD)
    assert [(name, kind) for name, kind, _, _ in told] == [
        ("page", "anonymous"),
        ("track:Product Viewed", "anonymous"),
        ("identify", "user"),
        ("track:Product Added", "user"),
        ("track:While Away", "user"),
        ("track:Left", "anonymous"),
    ]
    assert {value for _, kind, value, _ in told if kind == "user"} == {"M-1"}
    browsers = [value for _, kind, value, _ in told if kind == "anonymous"]
    assert browsers[0] == browsers[1] != browsers[2]  # a reset makes it somebody new
    first = told[0][3]
    assert (first["$utm_source"], first["$utm_campaign"], first["$title"]) == ("douyin", "spring", "鲜果商城")
    assert first["$path"] == "/fruit"
