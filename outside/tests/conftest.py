from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from outside import testing
from outside.crypto import MessageCrypt
from outside.testing import AES_KEY, CALLBACK_TOKEN, CORPID, OutsideServer, shop_world

outside_server, outside = testing.outside_server, testing.outside


@dataclass
class Received:
    query: dict[str, str]
    body: bytes
    content_type: str


@dataclass
class Receiver:
    """A web server that an app might run: it keeps what it is sent and answers as told."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)  # answers to come; 200 when there are none left
    pauses: list[float] = field(default_factory=list)
    echo: object = None  # bytes to answer a verification with, instead of the right ones
    released: threading.Event = field(default_factory=threading.Event)

    def plain(self, received: Received) -> str:
        encrypted = ElementTree.fromstring(received.body).findtext("Encrypt") or ""
        q = received.query
        crypt = MessageCrypt(CALLBACK_TOKEN, AES_KEY, CORPID)
        return crypt.open(q["msg_signature"], q["timestamp"], q["nonce"], encrypted)

    def events(self) -> list[dict[str, str]]:
        return [{e.tag: e.text or "" for e in ElementTree.fromstring(self.plain(r))} for r in self.received]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _query(self) -> dict[str, str]:
            return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            q = self._query()
            crypt = MessageCrypt(CALLBACK_TOKEN, AES_KEY, CORPID)
            message = crypt.open(q["msg_signature"], q["timestamp"], q["nonce"], q["echostr"]).encode()
            echo = receiver.echo
            self._answer(200, echo(message) if callable(echo) else message)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.received.append(Received(self._query(), body, self.headers["content-type"]))
            if receiver.pauses:
                receiver.released.wait(receiver.pauses.pop(0))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            with suppress(BrokenPipeError):  # the sender may not have waited so long
                self._answer(status, b"success")

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(kept))
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_port}/wecom/callback"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kept
    kept.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(outside: OutsideServer) -> OutsideServer:
    """The small shop of `outside.testing`, with callbacks switched off."""
    outside.seed(shop_world())
    outside.switch(callback_retry_seconds=0.02)
    return outside


@pytest.fixture
def listening_shop(shop: OutsideServer, receiver: Receiver) -> OutsideServer:
    """The shop, its callbacks going to `receiver`."""
    assert shop.set_callback(receiver.url)["saved"]
    return shop
