"""The running product and a library nobody here wrote; and a server killed in the middle of what it was sent."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings as product_settings

ROOT = Path(__file__).resolve().parents[3]
EVENTS, BATCH = 3_000, 100


class Running:
    """The product as an operator runs it, on a database of its own beside the one of the tests."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.env = {
            **os.environ,
            "YUTANG_HOME": str(home),
            "YUTANG_PORT": str(port),
            "YUTANG_PUBLIC_URL": self.url,
            "DATABASE_URL": self._database(home),
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def _database(self, home: Path) -> str:
        url = product_settings.DATABASE_URL
        if not url.startswith("postgres"):
            return f"sqlite://{home}/yutang.sqlite3"
        import psycopg

        name = f"running_{os.getpid()}_{time.monotonic_ns()}"
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(f'CREATE DATABASE "{name}"')
        return urlsplit(url)._replace(path=f"/{name}").geturl()

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "yutang", *arguments],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, code: str) -> object:
        """The JSON a piece of code prints in the product's own surroundings."""
        script = f"import django, json; django.setup()\n{code}"
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "yutang.settings"}
        done = subprocess.run(
            [sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "yutang", command],
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/health", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)


def wait_for(holds, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    made.command("migrate")
    yield made
    made.stop()


def source(running: Running) -> dict:
    told = running.command("event-sources", "create", "商城", "--issuer", "shop", "--rate", "1000000", "--json")
    return json.loads(told)


@pytest.mark.timeout(300)
def test_segments_own_python_library_sends_through_the_running_product(running: Running) -> None:
    from analytics.client import Client

    key = source(running)["write_key"]
    running.start("serve")
    wait_for(running.answers)
    failures: list[object] = []
    client = Client(key, host=running.url, gzip=True, on_error=lambda error, _items: failures.append(error))
    earlier = datetime.now(UTC) - timedelta(hours=2)
    client.track(anonymous_id="browser-1", event="Product Viewed", properties={"sku": "A-1"}, timestamp=earlier)
    client.page(anonymous_id="browser-1", name="首页")
    client.identify("M-1001", {"phone": "13912345678", "name": "李雷"}, anonymous_id="browser-1")
    for number in range(250):
        client.track("M-1001", "Order Completed", {"order_id": f"o-{number}", "total": 12.5})
    client.group("M-1001", "company-1", {"size": 3})
    client.alias("M-1001", "M-1002")
    client.shutdown()

    assert failures == []
    counted = """
from yutang.events.models import Event, FailedEvent
from yutang.customers.models import Customer
rows = Event.objects.filter(key__startswith="in:shop:")
viewed = rows.get(name="track:Product Viewed")
print(json.dumps({
    "names": sorted(set(rows.values_list("name", flat=True))), "count": rows.count(),
    "unplaced": rows.filter(customer=None).count(), "failed": FailedEvent.objects.count(),
    "people": len({each.person_key for each in Customer.objects.all()}), "at": viewed.at.isoformat(),
}))
"""
    told: dict = {}

    def is_joined() -> bool:
        told.update(running.ask(counted))  # type: ignore[call-overload]
        return told["unplaced"] == 0

    wait_for(is_joined, 90)
    assert told["names"] == ["alias", "group", "identify", "page", "track:Order Completed", "track:Product Viewed"]
    assert (told["count"], told["failed"], told["people"]) == (255, 0, 1)
    assert abs(datetime.fromisoformat(told["at"]) - earlier) < timedelta(seconds=30)


@pytest.mark.timeout(300)
def test_a_server_killed_while_batches_arrive_loses_and_doubles_nothing(running: Running) -> None:
    key = source(running)["write_key"]
    web = running.start("web")
    wait_for(running.answers)
    accepted: list[int] = []
    done = threading.Event()

    def send(sender: int) -> None:
        """As client libraries do: a batch is sent again, unchanged, until it is accepted."""
        for start in range(sender * EVENTS, (sender + 1) * EVENTS, BATCH):
            batch = [
                {
                    "type": "track",
                    "event": "Step",
                    "messageId": f"m-{number}",
                    "userId": f"u-{sender}",
                    "timestamp": datetime.now(UTC).isoformat(),
                    "properties": {"number": number},
                }
                for number in range(start, start + BATCH)
            ]
            while not done.is_set():
                try:
                    answer = httpx.post(
                        f"{running.url}/v1/batch", json={"batch": batch}, auth=(key, ""), timeout=5, trust_env=False
                    )
                except httpx.HTTPError:
                    time.sleep(0.1)
                    continue
                assert answer.status_code == 200, answer.text
                accepted.append(start)
                break

    senders = [threading.Thread(target=send, args=(number,)) for number in range(3)]
    for sender in senders:
        sender.start()
    for mark in (10, 40):
        wait_for(lambda mark=mark: len(accepted) >= mark, 120)
        running.kill(web)
        web = running.start("web")
        wait_for(running.answers)
    for sender in senders:
        sender.join(150)
    done.set()

    told = running.ask("""
from django.db.models import Count
from yutang.events.models import Event, Quarantine
rows = Event.objects.filter(key__startswith="in:shop:").order_by("pk")
in_order = {user: [each["number"] for each in rows.filter(visitor__value=user).values_list("props", flat=True)]
            for user in ("u-0", "u-1", "u-2")}
print(json.dumps({"count": rows.count(), "keys": rows.values("key").distinct().count(),
    "quarantined": Quarantine.objects.count(), "in_order": [list(x) == sorted(x) for x in in_order.values()]}))
""")
    assert told == {"count": 3 * EVENTS, "keys": 3 * EVENTS, "quarantined": 0, "in_order": [True] * 3}
