"""Keeping a table quick to read: small files joined, old snapshots dropped, files nobody refers to taken away.

Loads pyiceberg, pyarrow and duckdb.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from yutang.kernel import clock
from yutang.lake.catalog import open_table, position_of
from yutang.lake.engine import DuckDB
from yutang.lake.files import write_files
from yutang.lake.head import data_files, refresh_head
from yutang.lake.models import LakeRun, LakeWork
from yutang.lake.services.commit import commit
from yutang.lake.tables import LakeTable

SMALL_BYTES = 48 * 2**20  # files below this are joined
FEW = 8  # small files that are left as they are
ROWS_PER_FILE = 8_000_000
KEPT = timedelta(days=7)  # of snapshots, for whoever reads the lake by itself
GRACE_SECONDS = 900.0  # readers may be at a file for as long; so may a writer that has not committed yet


def compact(declared: LakeTable, *, whole: bool = False) -> LakeRun:
    """Join small files (all files, if `whole`) into few, sorted by month and then as the table asks."""
    began = time.monotonic()
    table = open_table(declared)
    files = data_files(table)
    small = files if whole else [file for file in files if file.file_size_in_bytes < SMALL_BYTES]
    rows = 0
    if len(small) > (1 if whole else FEW):
        added = write_files(table, _sorted(declared, table, small), rows_per_file=ROWS_PER_FILE)
        rows = sum(file.record_count for file in added)
        try:
            commit(table, added=added, removed=small, at=position_of(table))
        except CommitFailedException:
            rows = 0  # a flush came between; next time
    taken_away = expire(table, keep=KEPT) + sweep(table, grace_seconds=GRACE_SECONDS)
    head = refresh_head(declared, table)
    return LakeRun.objects.create(
        work=LakeWork.COMPACT,
        table=declared.name,
        at=clock.now(),
        seconds=time.monotonic() - began,
        rows=rows,
        snapshot_id=head.snapshot_id,
        detail={"files_before": len(files), "files_after": len(head.files), "files_swept": taken_away},
    )


def _sorted(declared: LakeTable, table: Table, files: list[DataFile]) -> Iterator[pa.RecordBatch]:
    engine = DuckDB("UTC")
    try:
        rows = engine.scan([file.file_path for file in files])
        lacking = [name for name in table.schema().column_names if name not in rows.columns]
        rows = rows.mutate(**dict.fromkeys(lacking))
        order = [rows[declared.moment].truncate("M"), *(rows[name] for name in declared.sorted_by)]
        yield from engine.batches(rows.order_by(order).select(table.schema().column_names), rows=122_880)
    finally:
        engine.close()


def expire(table: Table, *, keep: timedelta) -> int:
    """Drop snapshots older than this, and destroy the files only they held; the current snapshot always stays.

    Keeping nothing drops every other one, whatever our clock says: snapshots are stamped by the machine's.
    Returns how many files were destroyed.
    """
    table.refresh()
    current = table.current_snapshot()
    cut = int((clock.now() - keep).timestamp() * 1000)
    old = [
        each.snapshot_id
        for each in table.snapshots()
        if (not keep or each.timestamp_ms <= cut) and (current is None or each.snapshot_id != current.snapshot_id)
    ]
    if not old:
        return 0
    before = _referred_to(table)
    table.maintenance.expire_snapshots().by_ids(old).commit()
    table.refresh()
    dropped = before - _referred_to(table)
    for path in dropped:
        table.io.delete(path)
    return len(dropped)


def sweep(table: Table, *, grace_seconds: float) -> int:
    """Take away data files no snapshot refers to, once they have been there for a while. Returns how many.

    Only where the warehouse is a folder; elsewhere the store's own life-cycle rules do this.
    """
    if not table.location().startswith("file://"):
        return 0
    wanted = {path.removeprefix("file://") for path in _referred_to(table)}
    cut, swept = time.time() - grace_seconds, 0
    for path in Path(table.location().removeprefix("file://"), "data").rglob("*.parquet"):
        if str(path) not in wanted and path.stat().st_mtime <= cut:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _referred_to(table: Table) -> set[str]:
    manifests = {each.manifest_path: each for snapshot in table.snapshots() for each in snapshot.manifests(table.io)}
    return {
        entry.data_file.file_path
        for manifest in manifests.values()
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True)
    }
