"""Bringing rows from the database into the lake, each exactly once.

The position a table has reached is committed in the same snapshot as the rows it speaks of. A flush that dies before
the commit leaves files nobody refers to, one that dies after it leaves a head row that lags: the next flush reads the
position from the snapshot and goes on from there. Two flushes at once cannot both commit; the later starts over.
Loads pyiceberg, pyarrow and duckdb.
"""

import time
from collections.abc import Collection, Iterator
from contextlib import suppress

import pyarrow as pa
import pyarrow.compute as pc
from django.db import DatabaseError
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from yutang.kernel import clock
from yutang.lake.arrow import table_of
from yutang.lake.catalog import Position, open_table, position_of
from yutang.lake.files import write_files
from yutang.lake.head import data_files, refresh_head
from yutang.lake.hot import settled_id
from yutang.lake.models import LakeChange, LakeRun, LakeWork
from yutang.lake.services.commit import commit
from yutang.lake.services.rewrite import files_holding, without
from yutang.lake.tables import LakeTable

BATCH = 200_000  # rows read at a time, and written as one sorted run
ROWS_PER_FILE = 4_000_000
ROWS_PER_COMMIT = 8_000_000
TRIES = 5


def flush(declared: LakeTable) -> LakeRun:
    """Bring everything settled into the lake. Returns the run, with the number of rows brought.

    Raises OSError where the files cannot be written, as on a full disk: a run says so, and the rows wait on.
    """
    began, rows, more = time.monotonic(), 0, True
    try:
        table = open_table(declared)
        while more:
            brought, more = _flush_once(declared, table)
            rows += brought
        head = refresh_head(declared, table)
    except OSError as error:
        with suppress(DatabaseError):  # it may be on the same disk; what went wrong first is what is to be told
            _note_failure(declared, error, rows=rows, seconds=time.monotonic() - began)
        raise
    run = LakeRun(
        work=LakeWork.FLUSH,
        table=declared.name,
        at=clock.now(),
        seconds=time.monotonic() - began,
        rows=rows,
        snapshot_id=head.snapshot_id,
    )
    if rows:
        run.save()
    return run


def _note_failure(declared: LakeTable, error: OSError, *, rows: int, seconds: float) -> None:
    LakeRun.objects.create(
        work=LakeWork.FLUSH,
        table=declared.name,
        at=clock.now(),
        seconds=seconds,
        rows=rows,
        ok=False,
        detail={"problem": str(error)[:300]},
    )


def _flush_once(declared: LakeTable, table: Table) -> tuple[int, bool]:
    """One commit. Returns how many rows it brought and whether more wait."""
    for _ in range(TRIES):
        table.refresh()
        reached = position_of(table)
        upto = max(reached.upto, declared.hot.settled_id())
        changes_upto = max(reached.changes_upto, settled_id(LakeChange) if _has_changes(declared, reached) else 0)
        if (upto, changes_upto) == (reached.upto, reached.changes_upto):
            return 0, False
        changed = _changed(declared, reached, changes_upto)
        taken = _Taken(declared, reached.upto, upto)
        added = write_files(table, taken.batches(changed), rows_per_file=ROWS_PER_FILE)
        removed: list[DataFile] = []
        if changed and (removed := files_holding(declared, table, data_files(table), "id", changed)):
            added += without(table, removed, "id", changed)
        try:
            commit(table, added=added, removed=removed, at=Position(taken.reached, changes_upto))
            return taken.rows, taken.reached < upto
        except CommitFailedException:
            continue
    raise CommitFailedException(f"The table {declared.name} is being written by others all the time.")


class _Taken:
    """Rows read for one commit, sorted run by run."""

    def __init__(self, declared: LakeTable, after: int, upto: int) -> None:
        self._declared = declared
        self._upto = upto
        self.reached = after
        self.rows = 0

    def batches(self, changed: Collection[int]) -> Iterator[pa.RecordBatch]:
        if changed:
            yield from self._sorted(table_of(self._declared, self._declared.hot.among(changed)))
        while self.reached < self._upto and self.rows < ROWS_PER_COMMIT:
            rows = self._declared.hot.after(self.reached, BATCH, upto=self._upto)
            if len(rows) < BATCH:
                self.reached = self._upto
            else:
                self.reached = rows[-1][0]
            self.rows += len(rows)
            yield from self._sorted(table_of(self._declared, rows))

    def _sorted(self, rows: pa.Table) -> Iterator[pa.RecordBatch]:
        keys = [(name, "ascending") for name in self._declared.sorted_by]
        yield from rows.take(pc.sort_indices(rows, sort_keys=keys)).combine_chunks().to_batches()


def _has_changes(declared: LakeTable, reached: Position) -> bool:
    return LakeChange.objects.filter(table=declared.name, pk__gt=reached.changes_upto).exists()


def _changed(declared: LakeTable, reached: Position, changes_upto: int) -> list[int]:
    """Rows to be replaced: those that are in the lake already and changed since."""
    changes = LakeChange.objects.filter(table=declared.name, pk__gt=reached.changes_upto, pk__lte=changes_upto)
    return sorted(set(changes.filter(row_id__lte=reached.upto).values_list("row_id", flat=True)))
