"""Whether the lake is whole: every file read to its end, every row of the database found, none twice.

Loads pyiceberg, pyarrow and duckdb.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyiceberg.table import Table

from yutang.kernel import clock
from yutang.lake.arrow import schema_of, table_of
from yutang.lake.catalog import open_table, position_of
from yutang.lake.engine import DuckDB
from yutang.lake.head import data_files, refresh_head
from yutang.lake.models import LakeChange, LakeRun, LakeWork
from yutang.lake.tables import LakeTable

BATCH = 200_000  # rows compared at a time


@dataclass
class Findings:
    """What is wrong with a table; nothing, where all of it is empty."""

    unreadable: list[str] = field(default_factory=list)  # files, each with what the reader said
    missing: int = 0  # rows of the database that the lake should hold and does not
    doubled: int = 0  # rows that stand in it more than once
    differing: int = 0  # rows of which the lake says something else than the database

    @property
    def is_sound(self) -> bool:
        return not (self.unreadable or self.missing or self.doubled or self.differing)


def verify(declared: LakeTable) -> tuple[LakeRun, Findings]:
    """Read every file of the table and compare it with the database, row by row where the database holds the row."""
    began = time.monotonic()
    table = open_table(declared)
    head = refresh_head(declared, table)
    findings = Findings(unreadable=_unreadable(table))
    if not findings.unreadable and head.files:
        _compare(declared, table, findings)
    run = LakeRun.objects.create(
        work=LakeWork.VERIFY,
        table=declared.name,
        at=clock.now(),
        seconds=time.monotonic() - began,
        rows=head.rows,
        snapshot_id=head.snapshot_id,
        ok=findings.is_sound,
        detail=vars(findings),
    )
    return run, findings


def _unreadable(table: Table) -> list[str]:
    found = []
    for file in data_files(table):
        try:
            with table.io.new_input(file.file_path).open() as stream, pq.ParquetFile(stream) as parquet:
                rows = sum(batch.num_rows for batch in parquet.iter_batches())
            if rows != file.record_count:
                found.append(f"{file.file_path}: holds {rows} rows where the catalog says {file.record_count}")
        except (OSError, pa.ArrowException) as error:
            found.append(f"{file.file_path}: {str(error).splitlines()[0][:200]}")
    return found


def _compare(declared: LakeTable, table: Table, findings: Findings) -> None:
    """Both sides in the order of their ids. Rows that only the lake holds are history the database let go of."""
    position = position_of(table)
    changes = LakeChange.objects.filter(table=declared.name, pk__gt=position.changes_upto)
    awaited = pa.array(sorted(set(changes.values_list("row_id", flat=True))), pa.int64())
    stored = _Stored(declared, table)
    reached = 0
    try:
        while rows := declared.hot.after(reached, BATCH, upto=position.upto):
            reached = rows[-1][0]
            told = table_of(declared, rows)
            held = stored.upto(reached)
            findings.doubled += held.num_rows - len(pc.unique(held.column("id")))
            findings.missing += pc.sum(pc.invert(pc.is_in(told.column("id"), held.column("id")))).as_py()
            findings.differing += _differing(_without(told, awaited), _without(held, awaited))
        rest = stored.upto(2**63 - 1)
        findings.doubled += rest.num_rows - len(pc.unique(rest.column("id")))
    finally:
        stored.close()


def _without(rows: pa.Table, ids: pa.Array) -> pa.Table:
    return rows.filter(pc.invert(pc.is_in(rows.column("id"), ids))) if len(ids) else rows


def _differing(told: pa.Table, held: pa.Table) -> int:
    both = told.filter(pc.is_in(told.column("id"), held.column("id"))).sort_by("id")
    held = held.filter(pc.is_in(held.column("id"), both.column("id"))).sort_by("id")
    if held.num_rows != both.num_rows:
        return 0  # doubled rows, which are counted already
    differs = pa.chunked_array([pa.array([False] * both.num_rows)])
    for name in both.column_names:
        left, right = both.column(name), held.column(name)
        same = pc.or_kleene(pc.equal(left, right), pc.and_(pc.is_null(left), pc.is_null(right)))
        differs = pc.or_(differs, pc.invert(pc.fill_null(same, False)))
    return pc.sum(differs).as_py() or 0


class _Stored:
    """The lake's rows by id, handed out up to a given one."""

    def __init__(self, declared: LakeTable, table: Table) -> None:
        self._engine = DuckDB("UTC")
        self._schema = schema_of(declared)
        rows = self._engine.scan([file.file_path for file in data_files(table)])
        lacking = {name: None for name in self._schema.names if name not in rows.columns}
        ordered = rows.mutate(**lacking).select(self._schema.names).order_by("id")
        self._batches: Iterator[pa.RecordBatch] = self._engine.batches(ordered, rows=BATCH)
        self._left = self._schema.empty_table()

    def upto(self, last: int) -> pa.Table:
        parts = [self._left]
        while not self._reaches(parts[-1], last):
            batch = next(self._batches, None)
            if batch is None:
                break
            parts.append(pa.Table.from_batches([batch]).cast(self._schema))
        rows = pa.concat_tables(parts)
        within = pc.less_equal(rows.column("id"), last)
        self._left = rows.filter(pc.invert(within))
        return rows.filter(within)

    @staticmethod
    def _reaches(rows: pa.Table, last: int) -> bool:
        return rows.num_rows > 0 and rows.column("id")[-1].as_py() > last

    def close(self) -> None:
        self._engine.close()
