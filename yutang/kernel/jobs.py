"""Jobs: written with the change, claimed by a lane, retried with growing pauses, kept for people when given up."""

import json
import logging
import os
import socket
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from yutang.kernel import clock, wake
from yutang.kernel.models import Job
from yutang.kernel.together import Together

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
# The pauses before the 2nd, 3rd … try; the last one repeats until `max_attempts`.
PAUSES = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 1800, 3600))

Handler = Callable[[dict[str, Any]], None]


class Later(Exception):
    """Raised by a handler: not now; try again after `pause` without counting this as a failure."""

    def __init__(self, pause: timedelta, why: str = "") -> None:
        super().__init__(why)
        self.pause = pause


class GiveUp(Exception):
    """Raised by a handler: no retry can help. The job is kept as failed with this text."""


@dataclass(frozen=True)
class JobKind:
    name: str
    lane: str
    run: Handler
    max_attempts: int


KINDS: dict[str, JobKind] = {}


def handles(name: str, *, lane: str = "default", max_attempts: int = 8) -> Callable[[Handler], Handler]:
    """Register a function as the handler of a kind of job. The handler gets the payload and must be idempotent."""

    def register(run: Handler) -> Handler:
        if name in KINDS:
            raise ValueError(f"Two handlers for jobs of kind {name}.")
        KINDS[name] = JobKind(name, lane, run, max_attempts)
        return run

    return register


# Written by hand because every callback and every fact with a consumer passes here.
_ENQUEUE = """
INSERT INTO kernel_job (lane, kind, payload, key, run_at, created_at, attempts, leased_by, error)
VALUES (%s, %s, %s, %s, %s, %s, 0, '', '')
ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, run_at = excluded.run_at, created_at = excluded.created_at
"""


def enqueue(kind: str, payload: dict[str, Any], *, run_at: datetime | None = None, key: str | None = None) -> None:
    """Write a job in the present transaction. A `key` names the work: while a job of that key waits, it is that job.

    The waiting job's row is touched rather than passed by: on PostgreSQL this locks it, so no worker can take it up and
    read the state from before this transaction.
    """
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    values = [KINDS[kind].lane, kind, json.dumps(payload), key, adapt(run_at or now), adapt(now)]
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, values)
    wake.announce_work()


def worker_name() -> str:
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid.uuid4().hex[:6]}"


_DUE = "lane = %s AND failed_at IS NULL AND run_at <= %s AND (leased_until IS NULL OR leased_until < %s)"

_CLAIM = f"""
UPDATE kernel_job SET leased_until = %s, leased_by = %s, attempts = attempts + 1, key = NULL
WHERE id IN (SELECT id FROM kernel_job WHERE {_DUE} ORDER BY run_at, id LIMIT %s {{skip_locked}})
RETURNING id, lane, kind, payload, run_at, attempts, leased_by
"""  # noqa: S608


def lanes_due(lanes: Sequence[str]) -> set[str]:
    """Which of these have work waiting. A look only, which no writer has to wait for."""
    if not lanes:
        return set()
    now = connection.ops.adapt_datetimefield_value(clock.now())
    each = f"EXISTS (SELECT 1 FROM kernel_job WHERE {_DUE})"  # noqa: S608
    with connection.cursor() as cursor:
        values = [value for lane in lanes for value in (lane, now, now)]
        cursor.execute(f"SELECT {', '.join([each] * len(lanes))}", values)
        return {lane for lane, is_due in zip(lanes, cursor.fetchone(), strict=True) if is_due}


def claim(lane: str, *, worker: str, limit: int) -> list[Job]:
    """Lease up to `limit` due jobs of a lane. Two workers never hold one; a dead worker's lease runs out.

    Ask `lanes_due` first: on SQLite, a claim keeps writers away even when it finds nothing.
    """
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    # SQLite has one writer at a time, so the statement alone is enough there.
    sql = _CLAIM.format(skip_locked="FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [adapt(now + LEASE), worker, lane, adapt(now), adapt(now), limit])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[4], row[0]))  # by run_at and id
    names = ("id", "lane", "kind", "payload", "run_at", "attempts", "leased_by")
    return [Job(**(dict(zip(names, row, strict=True)) | {"payload": json.loads(row[3])})) for row in rows]


def extend_leases(job_ids: list[int], *, worker: str) -> None:
    """Keep long-running jobs ours."""
    Job.objects.filter(pk__in=job_ids, leased_by=worker).update(leased_until=clock.now() + LEASE)


def run(job: Job) -> None:
    """Run a claimed job to its outcome: deleted when done, put off or kept as failed when not."""
    kind = KINDS.get(job.kind)
    if kind is None:
        _put_off(job, timedelta(minutes=5), f"No handler for jobs of kind {job.kind} in this version.")
        return
    try:
        kind.run(job.payload)
    except Later as later:
        Job.objects.filter(pk=job.pk, leased_by=job.leased_by).update(attempts=models.F("attempts") - 1)
        _put_off(job, later.pause, str(later))
    except GiveUp as reason:
        _give_up(job, str(reason))
    except Exception as error:
        log.exception("Job %s (%s) failed at try %s", job.pk, job.kind, job.attempts)
        if job.attempts >= kind.max_attempts:
            _give_up(job, f"{type(error).__name__}: {error}")
        else:
            _put_off(job, PAUSES[min(job.attempts, len(PAUSES)) - 1], f"{type(error).__name__}: {error}")
    else:
        _finished.submit(job)


def _forget(done: Sequence[Job]) -> Sequence[None]:
    with connection.cursor() as cursor:
        # By hand: the ORM would load the rows and look for others that depend on them.
        cursor.executemany(
            "DELETE FROM kernel_job WHERE id = %s AND leased_by = %s", [(job.pk, job.leased_by) for job in done]
        )
    return [None] * len(done)


_finished = Together(_forget)


def _put_off(job: Job, pause: timedelta, why: str) -> None:
    Job.objects.filter(pk=job.pk, leased_by=job.leased_by).update(
        run_at=clock.now() + pause, leased_until=None, leased_by="", error=why[:4000]
    )


def _give_up(job: Job, why: str) -> None:
    Job.objects.filter(pk=job.pk, leased_by=job.leased_by).update(
        failed_at=clock.now(), leased_until=None, leased_by="", key=None, error=why[:4000]
    )


def try_again(job: Job) -> None:
    """Put a failed job back to work, with its tries counted anew."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(failed_at=None, attempts=0, run_at=clock.now(), error="")
        wake.announce_work()


def run_due(*, lanes: tuple[str, ...] | None = None, limit: int = 10_000) -> int:
    """Run everything due, here and now, until nothing is: for tests and one-off commands. Returns how many ran."""
    worker, done = worker_name(), 0
    for _ in range(limit):
        due = lanes_due(lanes or all_lanes())
        batch = [job for lane in sorted(due) for job in claim(lane, worker=worker, limit=20)]
        if not batch:
            return done
        for job in batch:
            run(job)
            done += 1
    raise RuntimeError(f"Jobs keep coming: {limit} rounds did not finish them.")


def all_lanes() -> tuple[str, ...]:
    return tuple(sorted({kind.lane for kind in KINDS.values()}))
