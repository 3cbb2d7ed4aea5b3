"""The outside world for tests: a real server process on a free port, and a hand on its controls.

    with OutsideServer() as outside:
        outside.seed(shop_world())
        outside.scan("lin", qr_url)

As a pytest plugin (`pytest_plugins = ["outside.testing"]`) it gives the fixtures `outside_server`, one process for the
session, and `outside`, the same server emptied before each test.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

JSON = dict[str, Any]
CORPID = "ww0123456789abcdef"
SECRET = "customer-app-secret-0123456789abcdefghijklm"
SYNC_SECRET = "contacts-sync-secret-0123456789abcdefghijkl"
AGENTID = 1000002
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CALLBACK_TOKEN = "QDG6eK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shop_world(**app: Any) -> JSON:
    """A small shop: one corp, two stores, four members, one app, three people. `app` overrides fields of the app."""
    return {
        "corps": [
            {
                "corpid": CORPID,
                "name": "鲜果时光",
                "departments": [
                    {"id": 1, "name": "鲜果时光"},
                    {"id": 2, "name": "城东店", "parentid": 1},
                    {"id": 3, "name": "城西店", "parentid": 1},
                ],
                "members": [
                    {"userid": "ZhangSan", "name": "张三", "departments": [2], "mobile": "13800000001"},
                    {"userid": "lisi", "name": "李四", "departments": [2]},
                    {"userid": "wangwu", "name": "王五", "departments": [3]},
                    {"userid": "clerk", "name": "收银员", "departments": [3], "contact_function": False},
                ],
                "apps": [
                    {"agentid": AGENTID, "name": "鱼塘", "secret": SECRET, "callback": _callback(), **app},
                    {"agentid": 2000002, "role": "contacts", "secret": SYNC_SECRET},
                ],
                "tag_groups": [
                    {"id": "etgrouplevel", "name": "等级", "tags": [{"id": "ettagvip", "name": "VIP"}, "普通"]},
                ],
            }
        ],
        "people": [
            {"id": "lin", "nickname": "林小鱼", "gender": 2, "phone": "13900000001"},
            {"id": "chen", "nickname": "陈大海", "gender": 1},
            {"id": "hua", "nickname": "花花", "gender": 2},
        ],
    }


def _callback() -> JSON:
    return {"token": CALLBACK_TOKEN, "aes_key": AES_KEY}


class Refused(Exception):
    """The control API said no."""


class OutsideServer:
    """A server process of its own; `home` and `port` stay the same over a restart."""

    def __init__(self, home: Path | None = None, port: int | None = None, clock_file: Path | None = None) -> None:
        self._temporary = tempfile.TemporaryDirectory() if home is None else None
        self.home = Path(self._temporary.name) if self._temporary else Path(str(home))
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.clock_file = clock_file
        self._process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def start(self) -> OutsideServer:
        environment = {name: value for name, value in os.environ.items() if name != "YUTANG_CLOCK_FILE"}
        if self.clock_file is not None:
            environment["YUTANG_CLOCK_FILE"] = str(self.clock_file)
        root = Path(__file__).resolve().parent.parent
        command = [sys.executable, "-m", "outside", "serve", "--port", str(self.port), "--home", str(self.home)]
        self._process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL)
        self._wait_until_up()
        return self

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                raise RuntimeError(f"the outside world ended with {self._process.returncode}")
            try:
                self.http.get("/control/health").raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the outside world did not come up")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def __enter__(self) -> OutsideServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.http.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    # the control API

    def control(self, verb: str, path: str, body: JSON | None = None, /, **query: Any) -> Any:
        """One call of /control. Raises Refused with the reason for any answer that is not 200."""
        response = self.http.request(verb, f"/control/{path}", json=body, params=query)
        if response.status_code != 200:
            raise Refused(f"{response.status_code} {response.text}")
        return response.json()

    def reset(self) -> None:
        self.control("POST", "reset")

    def seed(self, world: JSON) -> JSON:
        return dict(self.control("POST", "seed", world))

    def put(self, kind: str, **fields: Any) -> JSON:
        """Create or change a record: put("members", corpid=..., userid=..., name=...)."""
        return dict(self.control("POST", kind, fields))

    def act(self, action: str, **given: Any) -> Any:
        """What a person does; `GET /control/actions` lists the names."""
        return self.control("POST", f"act/{action}", given)

    def scan(self, person: str, url: str) -> JSON:
        return dict(self.act("scan", person=person, url=url))

    def advance(self, seconds: float) -> None:
        self.control("POST", "clock", {"advance": seconds})

    def now(self) -> float:
        return float(self.control("GET", "clock")["now"])

    def switch(self, **switches: Any) -> None:
        self.control("POST", "switches", switches)

    def fault(self, what: str, **options: Any) -> JSON:
        return dict(self.control("POST", "faults", {"what": what, **options}))

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def set_callback(self, url: str, *, corpid: str = CORPID, agentid: int = AGENTID, **more: Any) -> JSON:
        """As an admin saves it in the console: verified first, unless force=True."""
        return dict(self.control("POST", f"apps/{corpid}/{agentid}/callback", {"url": url, **more}))

    def wait_for_callbacks(self, seconds: float = 10) -> None:
        if not self.control("POST", "callbacks/wait", {"seconds": seconds})["idle"]:
            raise Refused("callbacks are still under way")

    def callbacks(self, **query: Any) -> list[JSON]:
        return list(self.control("GET", "callbacks", **query))

    def messages(self, **query: Any) -> list[JSON]:
        return list(self.control("GET", "messages", **query))

    def app_messages(self, **query: Any) -> list[JSON]:
        return list(self.control("GET", "app_messages", **query))

    def calls(self, **query: Any) -> list[JSON]:
        return list(self.control("GET", "calls", **query))

    def relations(self, **query: Any) -> list[JSON]:
        return list(self.control("GET", "relations", **query))

    # the WeCom API, as a client would call it

    def token(self, corpid: str = CORPID, secret: str = SECRET) -> str:
        answer = self.http.get("/cgi-bin/gettoken", params={"corpid": corpid, "corpsecret": secret}).json()
        return str(answer["access_token"])

    def api(self, path: str, body: JSON | None = None, /, *, token: str | None = None, **query: Any) -> JSON:
        """One WeCom call: POST with a body, GET without."""
        query["access_token"] = self.token() if token is None else token
        if body is None:
            return dict(self.http.get(f"/cgi-bin/{path}", params=query).json())
        return dict(self.http.post(f"/cgi-bin/{path}", params=query, json=body).json())


@pytest.fixture(scope="session")
def outside_server() -> Iterator[OutsideServer]:
    with OutsideServer() as server:
        yield server


@pytest.fixture
def outside(outside_server: OutsideServer) -> OutsideServer:
    """An empty world."""
    outside_server.reset()
    return outside_server
