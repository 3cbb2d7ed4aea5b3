"""Real processes, killed at bad moments: nothing is lost and nothing is doubled."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from outside.testing import AGENTID, CORPID, SECRET, OutsideServer, free_port, shop_world

ROOT = Path(__file__).resolve().parents[4]
LEASE_SECONDS = 30  # a dead worker's jobs are taken up after this


class Product:
    """The product as an operator runs it: commands and processes on a home of their own."""

    def __init__(self, home: Path) -> None:
        self.database = home / "yutang.sqlite3"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "YUTANG_HOME": str(home),
            "YUTANG_PORT": str(self.port),
            "YUTANG_PUBLIC_URL": self.url,
            "DATABASE_URL": f"sqlite://{self.database}",
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            self._line(*arguments), env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=90
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._line(*arguments), env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    def serve(self) -> subprocess.Popen[bytes]:
        web = self.start("web")
        wait_until(self._answers, 60)
        return web

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/session", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def count(self, query: str) -> int:
        """One number out of the database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as database:
            return int(database.execute(query).fetchone()[0])

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait(10)

    def _line(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", "from yutang.cli.main import main; main()", *arguments]


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.2)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    running = Product(tmp_path)
    yield running
    running.stop()


@pytest.mark.timeout(240)
def test_workers_and_web_killed_in_the_middle_lose_and_double_nothing(product: Product, outside: OutsideServer) -> None:
    outside.seed(shop_world())
    product.command("migrate")
    line = ["corp", "connect", CORPID, "--name", "鲜果时光", "--agent-id", str(AGENTID), "--secret", SECRET]
    shown = json.loads(product.command(*line, "--base-url", outside.url, "--json"))
    web = product.serve()
    keys = {"token": shown["token"], "aes_key": shown["aes_key"]}
    wait_until(lambda: outside.set_callback(shown["url"], **keys)["saved"], 30)  # WeCom waits one second for each try

    # Thirty people scan while two workers work; one of the workers dies.
    workers = [product.start("worker"), product.start("worker")]
    code = new_code(outside)
    scan_many(outside, code, 30, prefix="first")
    wait_until(lambda: product.count(CUSTOMERS) >= 8, 30)
    product.kill(workers[0])
    wait_until(lambda: settled(product, 30), LEASE_SECONDS + 30)

    # Ten more scan while the web process is down, and WeCom gives up on what it could not deliver.
    product.kill(web)
    scan_many(outside, code, 10, prefix="second")
    outside.wait_for_callbacks(60)
    product.serve()
    product.command("corp", "sync", CORPID, "--only", "recount", "--json")
    wait_until(lambda: settled(product, 40), 60)

    assert product.count(CUSTOMERS) == product.count("SELECT count(*) FROM customers_ownership") == 40
    assert product.count("SELECT count(*) FROM events_event WHERE name = 'contact.added'") >= 30
    assert product.count("SELECT count(DISTINCT customer_id) FROM events_event WHERE name = 'contact.added'") == (
        product.count("SELECT count(*) FROM events_event WHERE name = 'contact.added'")
    )
    tickets = product.count("SELECT count(*) FROM wecom_welcometicket")
    assert tickets == product.count("SELECT count(DISTINCT external_userid) FROM wecom_welcometicket") >= 30


CUSTOMERS = "SELECT count(*) FROM customers_customer"


def new_code(outside: OutsideServer) -> str:
    way = {"type": 2, "scene": 2, "user": ["ZhangSan", "lisi", "wangwu"]}
    return str(outside.api("externalcontact/add_contact_way", way)["qr_code"])


def scan_many(outside: OutsideServer, url: str, count: int, *, prefix: str) -> None:
    job = outside.control("POST", "bulk/scan", {"url": url, "count": count, "per_second": 30, "prefix": prefix})
    wait_until(lambda: outside.control("GET", f"bulk/{job['id']}")["done"], 30)


def settled(product: Product, people: int) -> bool:
    """Everybody is known by name, and no callback waits."""
    named = product.count(f"{CUSTOMERS} WHERE name <> ''")
    return named == people and not product.count("SELECT count(*) FROM events_inboxmessage WHERE state = 'waiting'")
