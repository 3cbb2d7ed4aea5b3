"""The far end for measuring: the outside world's server, started by its command and spoken to by HTTP alone."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from yutang.bench.product import free_port, wait_until_it_answers

CORPID, AGENTID, SECRET = "ww00000000000bench", 1000002, "bench-secret-of-the-simulated-corp-0123456"
TOKEN, AES_KEY = "benchToken", "kWxTq7mRzPn4vYc2hLd9sJf6gBt3aEu8oXiQw5yVrNM"
MEMBERS = [f"member{number}" for number in range(1, 21)]


@dataclass(frozen=True)
class FarEnd:
    url: str

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return httpx.post(f"{self.url}/control{path}", json=body, timeout=60).raise_for_status().json()

    def get(self, path: str, **query: Any) -> Any:
        return httpx.get(f"{self.url}/control{path}", params=query, timeout=60).raise_for_status().json()

    def describe_corp(self) -> None:
        members = [{"userid": userid, "name": userid, "departments": [1]} for userid in MEMBERS]
        app = {"agentid": AGENTID, "name": "bench", "secret": SECRET, "callback": {"token": TOKEN, "aes_key": AES_KEY}}
        self.post("/seed", {"corps": [{"corpid": CORPID, "name": "bench", "members": members, "apps": [app]}]})

    def call_back(self, url: str) -> None:
        """Deliver callbacks to this address from now on, without asking it first."""
        self.post(f"/apps/{CORPID}/{AGENTID}/callback", {"url": url, "force": True})

    def scan_steadily(self, url: str, *, count: int, per_second: float, prefix: str) -> list[float | None]:
        """So many new people scan; seconds from each scan to the end of its welcome, None where none came."""
        job = self.post("/bulk/scan", {"url": url, "count": count, "per_second": per_second, "prefix": prefix})
        deadline = time.monotonic() + count / per_second + 30
        while time.monotonic() < deadline and not self.get(f"/bulk/{job['id']}")["done"]:
            time.sleep(0.2)
        while time.monotonic() < deadline and len(self._waits()) < count:
            time.sleep(0.5)
        return self._waits(missing=count)

    def _waits(self, missing: int = 0) -> list[float | None]:
        issued = {code["external_userid"]: code["issued_at"] for code in self.get("/welcome_codes", limit=100_000)}
        greeted: dict[str, float] = {}
        for message in self.get("/messages", sender="welcome", limit=100_000):
            greeted[message["external_userid"]] = max(message["at"], greeted.get(message["external_userid"], 0.0))
        waits: list[float | None] = [greeted[who] - issued[who] for who in greeted if who in issued]
        return waits + [None] * (missing - len(waits))

    def forget_people(self) -> None:
        self.post("/reset", {})


@contextlib.contextmanager
def far_end() -> Iterator[FarEnd]:
    home, port = Path(tempfile.mkdtemp(prefix="yutang-bench-outside-")), free_port()
    env = os.environ | {"OUTSIDE_HOME": str(home)}
    env.pop("YUTANG_CLOCK_FILE", None)
    command = [sys.executable, "-m", "outside", "serve", "--port", str(port), "--home", str(home)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)  # noqa: S603
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/control/health")
            yield FarEnd(f"http://127.0.0.1:{port}")
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()
            shutil.rmtree(home, ignore_errors=True)
