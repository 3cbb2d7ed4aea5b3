import gzip
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from outside.testing import (
    AES_KEY,
    AGENTID,
    CALLBACK_TOKEN,
    CORPID,
    SECRET,
    OutsideServer,
    shop_world,
)
from outside.testing import outside as outside  # a fixture
from outside.testing import outside_server as outside_server  # a fixture
from yutang.channels.wecom.connection import client_for, forget_process_state
from yutang.channels.wecom.crypto import CallbackCrypto
from yutang.channels.wecom.models import WeComApp
from yutang.channels.wecom.shapes import ContactWay
from yutang.kernel import clock, jobs

TOKEN = CALLBACK_TOKEN


@pytest.fixture(scope="session")
def protocol_samples(test_data: Path) -> Path:
    """The folder of WeCom samples and vectors collected from public SDKs."""
    return test_data / "wecom_protocol"


@pytest.fixture(scope="session")
def crypto_vectors(protocol_samples: Path) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((protocol_samples / "crypto_vectors.json").read_text())
    return vectors


@pytest.fixture(scope="session")
def callback_samples(protocol_samples: Path) -> list[dict[str, Any]]:
    return _json_lines(protocol_samples / "callbacks.jsonl.gz")


@pytest.fixture(scope="session")
def api_samples(protocol_samples: Path) -> list[dict[str, Any]]:
    return _json_lines(protocol_samples / "api_samples.jsonl.gz")


def _json_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_process_state()


@pytest.fixture
def wecom_app(make_corp: Callable[..., Any]) -> WeComApp:
    """A connected app whose far end is nowhere."""
    corp = make_corp(corpid="ww0123456789abcdef")
    return WeComApp.objects.create(
        corp=corp,
        agent_id=1000002,
        secret="the-secret",
        callback_token=TOKEN,
        callback_aes_key=AES_KEY,
        base_url="http://127.0.0.1:9",
        created_at=clock.now(),
        updated_at=clock.now(),
    )


class CallbackSender:
    """Posts callbacks to an app's address as WeCom does: each time with a new envelope."""

    def __init__(self, app: WeComApp) -> None:
        self.path = f"/callbacks/wecom/{app.public_id}"
        self.corpid = app.corp.wecom_corpid
        self.crypto = CallbackCrypto(token=TOKEN, encoding_aes_key=AES_KEY, receive_id=self.corpid)
        self.client = Client(enforce_csrf_checks=True)

    def event(self, event: str, change: str = "", at: datetime | None = None, **elements: object) -> str:
        """The plain text of an event. `at` is its CreateTime."""
        told = {
            "ToUserName": self.corpid,
            "FromUserName": "sys",
            "CreateTime": int((at or clock.now()).timestamp()),
            "MsgType": "event",
            "Event": event,
            "ChangeType": change,
            **elements,
        }
        inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in told.items() if value != "")
        return f"<xml>{inside}</xml>"

    def contact(self, change: str, external_userid: str = "wmA", userid: str = "zhangsan", **more: Any) -> str:
        return self.event("change_external_contact", change, UserID=userid, ExternalUserID=external_userid, **more)

    def post(self, plain: str, *, timestamp: int | None = None, signature: str | None = None) -> HttpResponse:
        nonce = secrets.token_hex(5)
        sealed = self.crypto.seal(plain, timestamp=timestamp or int(clock.now().timestamp()), nonce=nonce)
        body = (
            f"<xml><ToUserName><![CDATA[{self.corpid}]]></ToUserName><AgentID>1000002</AgentID>"
            f"<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
        )
        query = {"msg_signature": signature or sealed.signature, "timestamp": sealed.timestamp, "nonce": nonce}
        return self.client.post(self.path, body, content_type="text/xml", query_params=query)


@pytest.fixture
def sender(wecom_app: WeComApp) -> CallbackSender:
    return CallbackSender(wecom_app)


class Postman:
    """Takes in what the outside world posts, and hands it to the product when and how a test says.

    Envelopes are the outside world's own: its encryption, signature, nonce and time.
    """

    def __init__(self) -> None:
        self.letters: list[tuple[str, bytes]] = []
        postman = self

        class Box(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                postman.letters.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Box)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.client = Client()

    def address(self, app: WeComApp) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/callbacks/wecom/{app.public_id}"

    def deliver(self, *, times: int = 1, backwards: bool = False) -> list[int]:
        """Hand over everything that lies here. Returns the statuses."""
        letters, self.letters = self.letters, []
        order = list(reversed(letters)) if backwards else letters
        return [
            self.client.post(path, body, content_type="text/xml").status_code
            for path, body in order
            for _ in range(times)
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def postman() -> Iterator[Postman]:
    carrier = Postman()
    yield carrier
    carrier.close()


class Shop:
    """The small shop of the outside world, connected to the product, with its callbacks in the postman's hands."""

    def __init__(self, world: OutsideServer, app: WeComApp, postman: Postman) -> None:
        self.outside = world
        self.app = app
        self.postman = postman

    def scan(self, person: str, *, state: str = "", userid: str = "ZhangSan") -> dict[str, Any]:
        """A person scans a member's code. Whatever follows from it in WeCom has been posted when this returns."""
        client = client_for(self.app)
        way = client.add_contact_way(ContactWay(type=1, scene=2, user=[userid], state=state, skip_verify=True))
        result: dict[str, Any] = self.outside.scan(person, way["qr_code"])
        self.outside.wait_for_callbacks()
        return result

    def act(self, action: str, **given: Any) -> Any:
        result = self.outside.act(action, corpid=CORPID, **given)
        self.outside.wait_for_callbacks()
        return result

    def work(self, *, later: timedelta = timedelta(seconds=2)) -> None:
        """Hand over what was posted and do all work that is due by `later`."""
        self.postman.deliver()
        jobs.run_due()
        with clock.shifted(later):
            jobs.run_due()


@pytest.fixture
def shop(outside: OutsideServer, make_corp: Callable[..., Any], postman: Postman) -> Shop:
    outside.seed(shop_world())
    app = WeComApp.objects.create(
        corp=make_corp(corpid=CORPID),
        agent_id=AGENTID,
        secret=SECRET,
        callback_token=CALLBACK_TOKEN,
        callback_aes_key=AES_KEY,
        base_url=outside.url,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    outside.set_callback(postman.address(app), force=True)
    return Shop(outside, app, postman)
