"""Jobs: claimed once, retried, put off, given up; leases; keys."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from yutang.kernel import clock, jobs
from yutang.kernel.models import Job

pytestmark = pytest.mark.django_db(transaction=True)

seen: list[dict[str, Any]] = []


@jobs.handles("test.note", lane="test")
def note(payload: dict[str, Any]) -> None:
    if payload.get("later"):
        raise jobs.Later(timedelta(minutes=1), "not yet")
    if payload.get("hopeless"):
        raise jobs.GiveUp("no use")
    if payload.get("broken"):
        raise ValueError("broken")
    seen.append(payload)


@pytest.fixture(autouse=True)
def _empty() -> None:
    seen.clear()


def test_a_job_runs_once_and_is_gone() -> None:
    jobs.enqueue("test.note", {"n": 1})

    assert jobs.run_due(lanes=("test",)) == 1
    assert jobs.run_due(lanes=("test",)) == 0
    assert seen == [{"n": 1}]
    assert not Job.objects.exists()


def test_a_job_of_a_rolled_back_change_never_was() -> None:
    with transaction.atomic():
        jobs.enqueue("test.note", {"n": 1})
        transaction.set_rollback(True)

    assert jobs.run_due(lanes=("test",)) == 0


def test_one_key_waits_once_and_may_be_asked_for_again_while_it_runs() -> None:
    jobs.enqueue("test.note", {"n": 1}, key="k")
    jobs.enqueue("test.note", {"n": 2}, key="k")
    (running,) = jobs.claim("test", worker="w", limit=5)

    jobs.enqueue("test.note", {"n": 3}, key="k")
    jobs.run(running)
    jobs.run_due(lanes=("test",))

    assert seen == [{"n": 2}, {"n": 3}]


def test_a_broken_job_is_tried_again_with_pauses_and_kept_when_given_up() -> None:
    jobs.enqueue("test.note", {"broken": True})

    for step in range(8):
        with clock.shifted(timedelta(days=step)):
            assert jobs.run_due(lanes=("test",)) == 1
    with clock.shifted(timedelta(days=9)):
        assert jobs.run_due(lanes=("test",)) == 0

    job = Job.objects.get()
    assert (job.attempts, job.error) == (8, "ValueError: broken")
    assert job.failed_at is not None


def test_a_job_put_off_does_not_use_up_its_tries() -> None:
    jobs.enqueue("test.note", {"later": True})

    for step in range(20):
        with clock.shifted(timedelta(minutes=2 * step)):
            jobs.run_due(lanes=("test",))

    job = Job.objects.get()
    assert (job.attempts, job.error, job.failed_at) == (0, "not yet", None)


def test_a_hopeless_job_is_kept_and_can_be_tried_again() -> None:
    jobs.enqueue("test.note", {"hopeless": True})
    jobs.run_due(lanes=("test",))
    failed = Job.objects.get()
    assert (failed.error, failed.attempts) == ("no use", 1)

    Job.objects.update(payload={"n": 1})
    jobs.try_again(failed)
    jobs.run_due(lanes=("test",))

    assert seen == [{"n": 1}]


def test_a_dead_workers_job_is_taken_up_when_its_lease_runs_out() -> None:
    jobs.enqueue("test.note", {"n": 1})
    assert len(jobs.claim("test", worker="dies", limit=1)) == 1
    assert jobs.run_due(lanes=("test",)) == 0

    with clock.shifted(jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due(lanes=("test",)) == 1
    assert seen == [{"n": 1}]


def test_two_workers_never_hold_one_job() -> None:
    for n in range(40):
        jobs.enqueue("test.note", {"n": n})
    claimed: list[int] = []
    start = threading.Barrier(4)

    def work(name: str) -> None:
        start.wait()
        while batch := jobs.claim("test", worker=name, limit=3):
            claimed.extend(job.pk for job in batch)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(claimed) == 40
    assert len(set(claimed)) == 40
