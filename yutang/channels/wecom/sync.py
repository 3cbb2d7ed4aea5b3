"""Reading WeCom's side in runs: started by people or the clock, stopped at any moment, resumed where they were.

A run's position is saved after every step, and doing a step twice changes nothing. Nothing here deletes a row.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.db import IntegrityError, models, transaction

from yutang.channels.wecom.connection import calling
from yutang.channels.wecom.models import SyncKind, SyncRun, SyncState, WeComApp
from yutang.kernel import clock, jobs
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import DomainError
from yutang.kernel.jobs import GiveUp, Later
from yutang.kernel.language import Text
from yutang.kernel.models import Job

log = logging.getLogger(__name__)

RUN = "wecom.run_sync"
MOST_FAILURES = 5  # of one run, before it is left to people

# Does one step from a position and returns the next position, None at the end. Counts what it did in the run.
Step = Callable[[SyncRun], dict[str, Any] | None]
STEPS: dict[SyncKind, Callable[..., dict[str, Any] | None]] = {}

FULL = (SyncKind.ADDRESS_BOOK, SyncKind.TAGS, SyncKind.CUSTOMERS, SyncKind.RECOUNT)


class SyncNotRunning(DomainError):
    code, status = "sync_not_running", 409
    text = Text("该同步已经结束。", "This sync has ended already.")


def step_of(kind: SyncKind) -> Callable[[Callable[..., dict[str, Any] | None]], Callable[..., dict[str, Any] | None]]:
    """Register the function `(run, client) -> next position | None` that does one step of a kind of run."""

    def register(step: Callable[..., dict[str, Any] | None]) -> Callable[..., dict[str, Any] | None]:
        STEPS[kind] = step
        return step

    return register


def start_sync(app: WeComApp, kind: SyncKind, *, by: Actor, only: list[str] | None = None) -> SyncRun:
    """Start a run, or give back the one that is under way. `only` bounds it to some members' customers."""
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(
                app=app,
                kind=kind,
                position={"members": only} if only else {},
                by_name=by.name[:200],
                created_at=clock.now(),
            )
            jobs.enqueue(RUN, {"run_id": run.pk})
            audit("sync.started", by=by, subject_kind="wecom_app", subject_id=app.pk, kind=kind)
    except IntegrityError:
        return SyncRun.objects.get(app=app, kind=kind, state__in=[SyncState.WAITING, SyncState.RUNNING])
    return run


def start_full_sync(app: WeComApp, *, by: Actor) -> list[SyncRun]:
    """Everything, in the order in which one part needs the other."""
    return [start_sync(app, kind, by=by) for kind in FULL]


@transaction.atomic
def cancel_sync(run: SyncRun, *, by: Actor) -> None:
    """Ask a run to stop after its present step. What it brought in stays. Raises SyncNotRunning."""
    asked = SyncRun.objects.filter(pk=run.pk, state__in=[SyncState.WAITING, SyncState.RUNNING])
    if not asked.update(cancel_asked_at=clock.now()):
        raise SyncNotRunning
    if not Job.objects.filter(kind=RUN, payload__run_id=run.pk, failed_at__isnull=True).exists():
        run.refresh_from_db()
        _finish(run, SyncState.CANCELLED)  # its job was given up, so nobody would come to see the wish
    audit("sync.cancelled", by=by, subject_kind="wecom_app", subject_id=run.app_id, kind=run.kind)


@jobs.handles(RUN, lane="bulk", max_attempts=1000)
def run_sync(payload: dict[str, Any]) -> None:
    run = SyncRun.objects.select_related("app__corp").filter(pk=payload["run_id"]).first()
    if run is None or run.state not in (SyncState.WAITING, SyncState.RUNNING):
        return
    run.state, run.started_at = SyncState.RUNNING, run.started_at or clock.now()
    run.save(update_fields=["state", "started_at"])
    try:
        for _ in _steps(run):
            if SyncRun.objects.filter(pk=run.pk, cancel_asked_at__isnull=False).exists():
                _finish(run, SyncState.CANCELLED)
                return
    except Later as later:
        SyncRun.objects.filter(pk=run.pk).update(error=str(later)[:2000])
        raise
    except Exception as error:
        _note_failure(run, error)
        raise
    _finish(run, SyncState.DONE)


def _steps(run: SyncRun) -> Iterator[None]:
    while True:
        with calling(run.app) as client:
            following = STEPS[SyncKind(run.kind)](run, client)
        if following is None:
            return
        run.position = following
        run.error = ""
        run.save(update_fields=["position", "done", "total", "counts", "error"])
        yield


def _note_failure(run: SyncRun, error: Exception) -> None:
    failures = int(run.counts.get("failures", 0)) + 1
    run.counts = {**run.counts, "failures": failures}
    run.error = f"{type(error).__name__}: {error}"[:2000]
    run.save(update_fields=["counts", "error"])
    if failures >= MOST_FAILURES:
        _finish(run, SyncState.FAILED)
        raise GiveUp(run.error) from error


def _finish(run: SyncRun, state: SyncState) -> None:
    run.state, run.finished_at = state, clock.now()
    if state == SyncState.DONE:
        run.error = ""
    run.save(update_fields=["state", "finished_at", "done", "total", "counts", "error"])


def count(run: SyncRun, **more: int) -> None:
    """Add to the run's counts; saved with its next position."""
    for name, number in more.items():
        if number:
            run.counts[name] = int(run.counts.get(name, 0)) + number


def newest_runs(app: WeComApp) -> models.QuerySet[SyncRun]:
    return SyncRun.objects.filter(app=app).order_by("-pk")
