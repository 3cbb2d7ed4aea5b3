"""When the lake is worked on: a look now and then, and work in the lane of analyses where there is some."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from yutang.customers.events import CustomerForgotten
from yutang.kernel import apart, clock, jobs
from yutang.kernel.facts import Fact, consumes
from yutang.kernel.routines import routine
from yutang.lake.queries import rows_waiting
from yutang.lake.tables import TABLES

FLUSH, COMPACT, VERIFY, FORGET, DESTROY = "lake.flush", "lake.compact", "lake.verify", "lake.forget", "lake.destroy"
MANY = 20_000  # waiting rows that are flushed at once
AGE = timedelta(minutes=30)  # fewer rows wait this long at most
START = timedelta(minutes=10)  # a new installation has better to do in its first minutes


@routine("lake.look", every=timedelta(seconds=30), first=START)
def look() -> None:
    """Flush what has gathered; a process for it is only started when it pays."""
    for table in TABLES.values():
        waiting = rows_waiting(table, at_most=MANY)
        if waiting.rows >= MANY or (waiting.rows and clock.now() - waiting.flushed_at >= AGE):
            jobs.enqueue(FLUSH, {"table": table.name}, key=f"{FLUSH}:{table.name}")


@routine("lake.tidy", every=timedelta(hours=6), first=timedelta(hours=6))
def tidy() -> None:
    for name in TABLES:
        jobs.enqueue(COMPACT, {"table": name}, key=f"{COMPACT}:{name}")


@routine("lake.compare", every=timedelta(days=1))
def compare() -> None:
    """Every night the lake is compared with the database; what is found shows on its page."""
    for name in TABLES:
        jobs.enqueue(VERIFY, {"table": name}, run_at=clock.now() + timedelta(hours=1), key=f"{VERIFY}:{name}")


@jobs.handles(FLUSH, lane=apart.LANE)
def flush(payload: dict[str, Any]) -> None:
    from yutang.lake.services.flush import flush as run

    if payload["table"] in TABLES:
        run(TABLES[payload["table"]])


@jobs.handles(COMPACT, lane=apart.LANE)
def compact(payload: dict[str, Any]) -> None:
    from yutang.lake.services.tidy import compact as run

    if payload["table"] in TABLES:
        run(TABLES[payload["table"]])


@jobs.handles(VERIFY, lane=apart.LANE)
def verify(payload: dict[str, Any]) -> None:
    from yutang.lake.services.verify import verify as run

    if payload["table"] in TABLES:
        run(TABLES[payload["table"]])


@consumes(CustomerForgotten)
def on_forgotten(fact: Fact) -> None:
    """Enqueued from the fact rather than done here: rewriting files is work for the lane of analyses."""
    erasure_id = fact.event.props()["erasure_id"]
    jobs.enqueue(FORGET, {"person_id": fact.customer_id, "erasure_id": erasure_id}, key=f"{FORGET}:{erasure_id}")


@jobs.handles(FORGET, lane=apart.LANE)
def forget(payload: dict[str, Any]) -> None:
    """Rewrite now; destroy the old files when nobody can be reading them any more."""
    from yutang.lake.services.forget import rewrite

    rewrite(payload["person_id"], erasure_id=payload["erasure_id"])
    after = clock.now() + timedelta(seconds=settings.LAKE_SECONDS)
    jobs.enqueue(DESTROY, payload, run_at=after, key=f"{DESTROY}:{payload['erasure_id']}")


@jobs.handles(DESTROY, lane=apart.LANE)
def destroy(payload: dict[str, Any]) -> None:
    from yutang.lake.services.forget import destroy as run

    run(payload["person_id"], erasure_id=payload["erasure_id"])
