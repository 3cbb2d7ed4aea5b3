"""Carrying out an import run: the check, then batch after batch, each with its checkpoint in one transaction.

Whoever calls this may be killed at any moment, and two processes may work on one run at once: the checkpoint is read
under the lock of the run's row, so each batch is written by one of them, once.
"""

import logging
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from django.db import OperationalError, connection, transaction

from yutang.commerce.errors import CurrencyDiffers
from yutang.commerce.importing import bulk
from yutang.commerce.importing.staging import stage
from yutang.commerce.importing.writing import Batch, write
from yutang.commerce.models import ImportRun, ImportState, OrderSource
from yutang.commerce.services.runs import MAX_BAD_PERCENT, folder_of, problem_of, table_of, tidy
from yutang.customers.services import derive
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.errors import DomainError

log = logging.getLogger(__name__)

MOST_WAITING = 10_000  # customers whose sums are due
CUSTOMERS_AT_ONCE = 1_000
MOST_REMEMBERED = 200_000  # customers

Found = dict[tuple[Any, ...], int | None]
Watch = Callable[[ImportRun], None]  # called after every step, outside transactions


def carry_out(run_id: int, *, watch: Watch = lambda run: None) -> ImportRun | None:
    """Bring a run as far as it goes now: to ready, paused, done, failed or cancelled. None where it is gone."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        return None
    try:
        if run.state == ImportState.CHECKING:
            _check(run, watch)
            run.refresh_from_db()
        if run.state == ImportState.RUNNING:
            with bulk.resumable_writes():
                _write_batches(run, watch)
    except _Cancelled:
        _end(run, ImportState.CANCELLED)
    except DomainError as error:
        _end(run, ImportState.FAILED, problem_of(error))
    except OperationalError:
        raise  # the database is away or busy: the job comes again
    except Exception as error:
        log.exception("Import %s failed", run_id)
        _end(run, ImportState.FAILED, problem_of(error))
    run.refresh_from_db()
    if run.state == ImportState.DONE:
        tidy(run)
    watch(run)
    return run


class _Cancelled(Exception):
    """Somebody asked to stop."""


def _end(run: ImportRun, state: ImportState, error: dict[str, str] | None = None) -> None:
    working = (ImportState.CHECKING, ImportState.RUNNING)
    ImportRun.objects.filter(pk=run.pk, state__in=working).update(
        state=state, error=error or {}, finished_at=clock.now(), cancel_asked=False
    )


# The check


def _check(run: ImportRun, watch: Watch) -> None:
    token = secrets.token_hex(8)
    folder = folder_of(run) / "checked" / token
    folder.mkdir(parents=True)

    def progress(rows: int) -> None:
        _stop_if_asked(run)
        ImportRun.objects.filter(pk=run.pk, state=ImportState.CHECKING).update(counts={"rows_checked": rows})
        run.counts = {"rows_checked": rows}
        watch(run)

    try:
        summary = stage(table_of(run), run.mapping, run.options, folder, progress=progress, batch_lines=_batch_lines())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    with transaction.atomic():
        now = ImportRun.objects.select_for_update().get(pk=run.pk)
        if now.state != ImportState.CHECKING or now.mapping != run.mapping or now.options != run.options:
            shutil.rmtree(folder, ignore_errors=True)  # another process was quicker, or the question has changed
            return
        now.staged, now.summary, now.checkpoint = token, summary, {}
        now.state = _after_check(now)
        if now.state == ImportState.RUNNING:
            now.started_at = now.started_at or clock.now()
        now.save()


def _batch_lines() -> int:
    # SQLite has one writer: while a batch is written everybody else waits, so batches are short there.
    return 30_000 if connection.vendor == "postgresql" else 10_000


def _after_check(run: ImportRun) -> ImportState:
    if not run.start_after_check:
        return ImportState.READY
    if too_many_bad_rows(run) and not run.bad_rows_accepted:
        return ImportState.PAUSED
    return ImportState.RUNNING


def too_many_bad_rows(run: ImportRun) -> bool:
    limit = float(run.options.get("max_bad_percent", MAX_BAD_PERCENT))
    rows: int = run.summary.get("rows", 0)
    return run.summary.get("bad_rows", 0) * 100 > limit * rows


def _stop_if_asked(run: ImportRun) -> None:
    if ImportRun.objects.filter(pk=run.pk, cancel_asked=True).exists():
        raise _Cancelled


# Writing


class _Staged:
    """The parts of a checked file; one of them in memory."""

    def __init__(self, folder: Path, parts: int) -> None:
        self.folder = folder
        self.parts = parts
        self.found: Found = {}  # customers met so far
        self._loaded = -1
        self._orders: dict[int, pl.DataFrame] = {}
        self._lines: dict[int, pl.DataFrame] = {}

    def remember(self, resolved: Found) -> None:
        if len(self.found) > MOST_REMEMBERED:
            self.found.clear()
        self.found |= resolved

    def batch(self, part: int, number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        self._load(part)
        return self._orders[number], self._lines[number]

    def batches(self, part: int) -> int:
        self._load(part)
        return len(self._orders)

    def _load(self, part: int) -> None:
        if part == self._loaded:
            return
        orders = pl.read_parquet(self.folder / f"orders-{part:05}.parquet")
        lines = pl.read_parquet(self.folder / f"part-{part:05}.parquet")
        self._orders = dict(enumerate(orders.partition_by("batch", maintain_order=True)))
        self._lines = dict(enumerate(lines.partition_by("batch", maintain_order=True)))
        self._loaded = part


def _write_batches(run: ImportRun, watch: Watch) -> None:
    staged = _Staged(folder_of(run) / "checked" / run.staged, int(run.summary.get("parts", 0)))
    while True:
        with transaction.atomic():
            now = ImportRun.objects.select_for_update().get(pk=run.pk)
            if now.state != ImportState.RUNNING:
                return
            resolved = _step(now, staged)
            now.save(update_fields=["state", "finished_at", "counts", "checkpoint", "cancel_asked"])
        staged.remember(resolved)
        watch(now)


def _step(run: ImportRun, staged: _Staged) -> Found:
    """The next thing to do, in the caller's transaction: a batch, the sums of some customers, or the end.

    Sums and stages follow the orders in gulps: doing it with each batch would touch a regular customer every time.
    """
    following = None if run.cancel_asked else _next_batch(run, staged)
    waiting: list[int] = run.checkpoint.get("customers", [])
    if waiting and (following is None or len(waiting) >= MOST_WAITING):
        derive.purchases_changed(waiting[:CUSTOMERS_AT_ONCE])
        run.checkpoint = run.checkpoint | {"customers": waiting[CUSTOMERS_AT_ONCE:]}
    elif following is not None:
        return _write_batch(run, staged, *following)
    else:
        run.state = ImportState.CANCELLED if run.cancel_asked else ImportState.DONE
        run.finished_at, run.cancel_asked = clock.now(), False
    return {}


def _next_batch(run: ImportRun, staged: _Staged) -> tuple[int, int] | None:
    """Part and number of the batch the checkpoint names, or None when all are written."""
    part, number = run.checkpoint.get("part", 0), run.checkpoint.get("batch", 0)
    while part < staged.parts and number >= staged.batches(part):
        part, number = part + 1, 0
    return (part, number) if part < staged.parts else None


def _write_batch(run: ImportRun, staged: _Staged, part: int, number: int) -> Found:
    orders, lines = staged.batch(part, number)
    by = Actor(kind=run.by_kind, id=run.by_id, name=run.by_name)  # type: ignore[arg-type]
    batch = Batch(run, _source(run), orders.to_dicts(), lines, by, staged.found)
    counts = write(batch)
    run.counts = _added(run.counts, counts | Counter(rows_written=lines.height))
    waiting = sorted({*run.checkpoint.get("customers", []), *batch.touched})
    run.checkpoint = {"part": part, "batch": number + 1, "customers": waiting}
    return batch.resolved


def _added(before: dict[str, Any], counts: Counter[str]) -> dict[str, int]:
    return {name: before.get(name, 0) + counts.get(name, 0) for name in {*before, *counts}}


def _source(run: ImportRun) -> OrderSource:
    """The source's row, locked: imports of one source write one after another."""
    currency = run.options["currency"]
    OrderSource.objects.bulk_create(
        [OrderSource(name=run.source_name, currency=currency, created_at=clock.now())], ignore_conflicts=True
    )
    source = OrderSource.objects.select_for_update(no_key=True).get(name=run.source_name)
    if source.currency != currency:
        raise CurrencyDiffers(source=source.name, known=source.currency, given=currency)
    return source
