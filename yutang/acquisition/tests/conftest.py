import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any

import pytest
from django.test import Client

from outside.testing import AES_KEY, AGENTID, CALLBACK_TOKEN, CORPID, SECRET, OutsideServer, shop_world
from yutang.acquisition.models import LiveCode
from yutang.acquisition.services.codes import create_code
from yutang.acquisition.shapes import CodeShape
from yutang.channels.wecom.connection import forget_process_state
from yutang.channels.wecom.models import WeComApp
from yutang.content.parts import TextPart
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Corp, Member, Store


class _Receiver(BaseHTTPRequestHandler):
    """Takes what WeCom posts, answers at once, and keeps it for the test's own thread to hand to the product."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.kept.put((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def receiver() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.kept = Queue()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


class Shop:
    """A corp connected to the outside world, with a store, and people who scan."""

    def __init__(self, outside: OutsideServer, receiver: ThreadingHTTPServer, corp: Corp, app: WeComApp) -> None:
        self.outside, self.receiver, self.corp, self.app = outside, receiver, corp, app
        self.client = Client(enforce_csrf_checks=True)
        self.store = Store.objects.create(name="城东店", code="east", created_at=clock.now())
        self.people = 0

    def member(self, userid: str, name: str, **fields: Any) -> Member:
        """Staff on both sides of the wire."""
        self.outside.put("members", corpid=CORPID, userid=userid, name=name, departments=[2])
        now = clock.now()
        fields = {"serves_customers": True, "store": self.store} | fields
        return Member.objects.create(corp=self.corp, userid=userid, name=name, created_at=now, updated_at=now, **fields)

    def code(self, *members: Member, **shape: Any) -> LiveCode:
        """A live code, already brought to WeCom."""
        shape.setdefault("assignees", [{"member_id": member.pk} for member in members])
        code = create_code(CodeShape(**{"name": "门店码", "corp_id": self.corp.pk} | shape), by=SYSTEM)
        jobs.run_due()
        code.refresh_from_db()
        return code

    def way(self, code: Any) -> dict[str, Any]:
        """The contact way as WeCom has it."""
        code.refresh_from_db()
        return dict(self.outside.api("externalcontact/get_contact_way", {"config_id": code.config_id})["contact_way"])

    def stranger(self, nickname: str = "") -> str:
        self.people += 1
        person = f"stranger{self.people}"
        self.outside.put("people", id=person, nickname=nickname or f"路人{self.people}")
        return person

    def scan(self, code: Any, person: str = "") -> dict[str, Any]:
        """Somebody scans WeCom's picture of the code; the product hears of it and does all its work."""
        code.refresh_from_db()
        found = self.outside.scan(person or self.stranger(), code.qr_code_url)
        self.work()
        return found

    def work(self) -> None:
        """Hand over waiting callbacks and run every job due within the next seconds."""
        self.outside.wait_for_callbacks()
        while self._hand_over():
            pass
        jobs.run_due()
        with clock.shifted(timedelta(seconds=2)):
            jobs.run_due()

    def _hand_over(self) -> bool:
        try:
            path, body = self.receiver.kept.get_nowait()  # type: ignore[attr-defined]
        except Empty:
            return False
        response = self.client.post(path, body, content_type="text/xml")
        assert response.status_code == 200, response.content
        return True

    def heard(self, person: str) -> list[dict[str, Any]]:
        """What the person's phone shows of welcomes."""
        return [m for m in self.outside.messages(person=person) if m["sender"] == "welcome"]


@pytest.fixture
def shop(outside: OutsideServer, receiver: ThreadingHTTPServer, make_corp: Callable[..., Corp]) -> Shop:
    forget_process_state()
    outside.seed(shop_world())
    corp = make_corp(corpid=CORPID)
    app = WeComApp.objects.create(
        corp=corp,
        agent_id=AGENTID,
        secret=SECRET,
        callback_token=CALLBACK_TOKEN,
        callback_aes_key=AES_KEY,
        base_url=outside.url,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    while not receiver.kept.empty():  # type: ignore[attr-defined]
        receiver.kept.get_nowait()  # type: ignore[attr-defined]
    outside.set_callback(f"http://127.0.0.1:{receiver.server_port}/callbacks/wecom/{app.public_id}", force=True)
    return Shop(outside, receiver, corp, app)


@pytest.fixture
def at() -> Callable[[str], AbstractContextManager[None]]:
    """`with at("2026-03-09T08:00"):` is that moment in the merchant's zone, for the product's clock."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    def move(text: str) -> AbstractContextManager[None]:
        wanted = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        return clock.shifted(wanted - clock.now())

    return move


def text_slot(content: str, **more: Any) -> dict[str, Any]:
    return {"parts": [TextPart(content=content).model_dump()], **more}
