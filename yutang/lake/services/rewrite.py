"""Files rewritten without some rows, or with rows in their place. Loads pyiceberg, pyarrow and duckdb."""

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from yutang.lake.files import ROW_GROUP, span_of, write_files
from yutang.lake.tables import LakeTable


def files_holding(
    declared: LakeTable, table: Table, files: Sequence[DataFile], column: str, values: Collection[int]
) -> list[DataFile]:
    """Those of the files in which a whole-number column holds one of the values."""
    wanted = pa.array(sorted(values), pa.int64())
    least, most = min(values), max(values)
    found = []
    for file in files:
        first, last = span_of(table, file, column)
        if first is None or last < least or first > most:
            continue
        if any(pc.any(pc.is_in(batch.column(0), wanted)).as_py() for batch in _read(table, file, [column])):
            found.append(file)
    return found


def rows_holding(table: Table, files: Sequence[DataFile], column: str, values: Collection[int]) -> pa.Table:
    """The rows in which the column holds one of the values."""
    wanted = pa.array(sorted(values), pa.int64())
    schema = table.schema().as_arrow()
    batches = [
        batch.filter(pc.is_in(batch.column(column), wanted)).cast(schema)
        for file in files
        for batch in _read(table, file)
    ]
    return pa.Table.from_batches(batches, schema=schema)


def without(table: Table, files: Sequence[DataFile], column: str, values: Collection[int]) -> list[DataFile]:
    """New files, one for each, without the rows in which the column holds one of the values."""
    gone = pa.array(sorted(values), pa.int64())
    return [
        written
        for file in files
        for written in write_files(
            table,
            (batch.filter(pc.invert(pc.is_in(batch.column(column), gone))) for batch in _read(table, file)),
            rows_per_file=2**62,
        )
    ]


def _read(table: Table, file: DataFile, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    names = columns or list(table.schema().column_names)
    with table.io.new_input(file.file_path).open() as stream, pq.ParquetFile(stream) as parquet:
        there = set(parquet.schema_arrow.names)
        for batch in parquet.iter_batches(batch_size=ROW_GROUP, columns=[name for name in names if name in there]):
            yield _completed(table, batch, names)


def _completed(table: Table, batch: pa.RecordBatch, names: list[str]) -> pa.RecordBatch:
    """With nulls in the columns an older file lacks."""
    if batch.schema.names == names:
        return batch
    schema = table.schema().as_arrow()
    columns = [
        batch.column(name) if name in batch.schema.names else pa.nulls(batch.num_rows, schema.field(name).type)
        for name in names
    ]
    return pa.RecordBatch.from_arrays(columns, names=names)
