"""Erasing people from the lake: their words are rewritten away, then the old files are destroyed; a receipt says so.

Rows stay for the sums of others, as in the database; columns marked personal follow what the database says by now, or
are blanked where it no longer holds the row. Loads pyiceberg and pyarrow.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from yutang.customers.queries import record_ids_of
from yutang.events.models import Visitor
from yutang.kernel import clock
from yutang.lake.arrow import table_of
from yutang.lake.catalog import open_table, position_of
from yutang.lake.files import write_files
from yutang.lake.head import data_files, refresh_head
from yutang.lake.models import LakeRun, LakeWork
from yutang.lake.services.commit import commit
from yutang.lake.services.rewrite import files_holding, rows_holding, without
from yutang.lake.services.tidy import expire
from yutang.lake.tables import TABLES, LakeTable

TRIES = 5


def rewrite(person_id: int, *, erasure_id: int) -> None:
    """Let no table tell a person's words any more. May be done again. The files replaced stay until `destroy`."""
    subjects = subjects_of(person_id)
    for declared in TABLES.values():
        _rewrite_in(declared, subjects, erasure_id)


def subjects_of(person_id: int) -> list[int]:
    records = record_ids_of(person_id)
    visitors = Visitor.objects.filter(customer__in=records).values_list("pk", flat=True)
    return [*records, *(-pk for pk in visitors)]


def _rewrite_in(declared: LakeTable, subjects: Sequence[int], erasure_id: int) -> None:
    began = time.monotonic()
    table = open_table(declared)
    for _ in range(TRIES):
        table.refresh()
        holding = files_holding(declared, table, data_files(table), "subject", subjects)
        told = _as_told_now(declared, rows_holding(table, holding, "subject", subjects))
        if not holding:
            break
        added = without(table, holding, "subject", subjects)
        added += write_files(table, told.combine_chunks().to_batches(), rows_per_file=2**62)
        try:
            commit(table, added=added, removed=holding, at=position_of(table))
            break
        except CommitFailedException:
            continue
    else:
        raise CommitFailedException(f"The table {declared.name} is being written by others all the time.")
    head = refresh_head(declared, table)
    LakeRun.objects.create(
        work=LakeWork.ERASE,
        table=declared.name,
        at=clock.now(),
        seconds=time.monotonic() - began,
        rows=told.num_rows,
        snapshot_id=head.snapshot_id,
        erasure_id=erasure_id,
        detail={"step": "rewritten", "files": len(holding)},
    )


def _as_told_now(declared: LakeTable, rows: pa.Table) -> pa.Table:
    """These rows as the database tells them by now; with personal columns blank where it does not hold them."""
    fresh = table_of(declared, declared.hot.among(rows.column("id").to_pylist()))
    gone = rows.filter(pc.invert(pc.is_in(rows.column("id"), fresh.column("id"))))
    for place, column in enumerate(declared.columns):
        if column.personal:
            gone = gone.set_column(place, column.name, pa.nulls(gone.num_rows, gone.schema.field(place).type))
    return pa.concat_tables([fresh, gone.cast(fresh.schema)])


def destroy(person_id: int, *, erasure_id: int) -> list[LakeRun]:
    """Destroy every file that only older snapshots hold, look whether any words are left, and write the receipt."""
    subjects = subjects_of(person_id)
    return [_destroy_in(declared, subjects, erasure_id) for declared in TABLES.values()]


def _destroy_in(declared: LakeTable, subjects: Sequence[int], erasure_id: int) -> LakeRun:
    began = time.monotonic()
    table = open_table(declared)
    destroyed = expire(table, keep=timedelta())
    files = data_files(table)
    left = _words_left(declared, table, files, subjects)
    return LakeRun.objects.create(
        work=LakeWork.ERASE,
        table=declared.name,
        at=clock.now(),
        seconds=time.monotonic() - began,
        rows=left,
        snapshot_id=refresh_head(declared, table).snapshot_id,
        erasure_id=erasure_id,
        ok=left == 0,
        detail={"step": "destroyed", "files": destroyed, "files_searched": len(files), "rows_left": left},
    )


def _words_left(declared: LakeTable, table: Table, files: Sequence[DataFile], subjects: Sequence[int]) -> int:
    """How many rows of the person still say something the database does not."""
    holding = files_holding(declared, table, files, "subject", subjects)
    held = rows_holding(table, holding, "subject", subjects).sort_by("id")
    told = _as_told_now(declared, held).sort_by("id")
    personal = [each.name for each in declared.columns if each.personal]
    differs = pa.array([False] * held.num_rows)
    for name in personal:
        same = pc.equal(pc.fill_null(held.column(name), ""), pc.fill_null(told.column(name), ""))
        differs = pc.or_(differs, pc.invert(same).combine_chunks())
    return pc.sum(differs).as_py() or 0
