"""The worker: what cannot wait does not wait."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from yutang.kernel import jobs
from yutang.kernel.models import Job
from yutang.kernel.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

started: list[tuple[str, float]] = []
at_once: list[int] = []
_slow_running = 0
_lock = threading.Lock()


@jobs.handles("test.slow", lane="default")
def slow(payload: dict[str, Any]) -> None:
    global _slow_running
    with _lock:
        _slow_running += 1
        at_once.append(_slow_running)
    time.sleep(0.1)
    with _lock:
        _slow_running -= 1


@jobs.handles("test.urgent", lane="welcome")
def urgent(payload: dict[str, Any]) -> None:
    started.append(("urgent", time.monotonic()))
    time.sleep(payload.get("seconds", 0))


@contextmanager
def working() -> Iterator[None]:
    worker = Worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(30)


def wait_until(count: int, kind: str) -> None:
    deadline = time.monotonic() + 30
    while Job.objects.filter(kind=kind).count() > count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def _empty() -> None:
    started.clear()
    at_once.clear()


def test_what_cannot_wait_passes_a_long_queue() -> None:
    for _ in range(300):
        jobs.enqueue("test.slow", {})
    with working():
        wait_until(296, "test.slow")
        asked = time.monotonic()
        jobs.enqueue("test.urgent", {})
        wait_until(0, "test.urgent")
        assert Job.objects.filter(kind="test.slow").count() > 200
    assert started[0][1] - asked < 1.0


def test_while_it_runs_the_rest_gets_one_thread() -> None:
    jobs.enqueue("test.urgent", {"seconds": 1.5})
    for _ in range(20):
        jobs.enqueue("test.slow", {})
    with working():
        wait_until(14, "test.slow")
        beside = list(at_once)
        wait_until(0, "test.urgent")
        wait_until(0, "test.slow")
    assert set(beside) == {1}
    assert max(at_once) == 2
