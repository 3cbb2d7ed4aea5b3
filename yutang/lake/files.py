"""Writing data files of a table, batch by batch, with the statistics readers skip by. Loads pyiceberg and pyarrow."""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.conversions import from_bytes
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
    schema_to_pyarrow,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table import Table
from pyiceberg.types import LongType, TimestamptzType

ROW_GROUP = 122_880  # rows; readers skip whole groups by their least and greatest values
LEVEL = 3  # of zstd


def write_files(table: Table, batches: Iterable[pa.RecordBatch], *, rows_per_file: int) -> list[DataFile]:
    """Write batches, in the order they come, to as many files as they fill."""
    written: list[DataFile] = []
    writer: _FileWriter | None = None
    try:
        for batch in batches:
            while batch.num_rows:
                writer = writer or _FileWriter(table)
                room = rows_per_file - writer.rows
                writer.write(batch.slice(0, room))
                batch = batch.slice(min(room, batch.num_rows))
                if writer.rows >= rows_per_file:
                    written.append(writer.close())
                    writer = None
        if writer is not None:
            written.append(writer.close())
    except OSError:  # the disk may be full: what nobody will refer to should not fill it
        for path in (*(file.file_path for file in written), *([writer.path] if writer else [])):
            with suppress(OSError):
                table.io.delete(path)
        raise
    return written


class _FileWriter:
    def __init__(self, table: Table) -> None:
        self._table = table
        self._schema = schema_to_pyarrow(table.schema())  # with the field ids other engines read by
        self.path = table.location_provider().new_data_location(f"{uuid.uuid4()}.parquet")
        self._stream = table.io.new_output(self.path).create()
        self._writer = pq.ParquetWriter(
            self._stream, self._schema, compression="zstd", compression_level=LEVEL, store_schema=False
        )
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self.rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self.rows += batch.num_rows
        if self._waiting_rows >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows = pa.Table.from_batches(self._waiting).select(self._schema.names).cast(self._schema)
        self._writer.write_table(rows, row_group_size=ROW_GROUP)
        self._waiting, self._waiting_rows = [], 0

    def close(self) -> DataFile:
        self._flush()
        self._writer.close()
        self._stream.close()
        statistics = data_file_statistics_from_parquet_metadata(
            parquet_metadata=self._writer.writer.metadata,
            stats_columns=compute_statistics_plan(self._table.schema(), self._table.metadata.properties),
            parquet_column_mapping=parquet_path_to_id_mapping(self._table.schema()),
        )
        return DataFile.from_args(
            content=DataFileContent.DATA,
            file_path=self.path,
            file_format=FileFormat.PARQUET,
            partition=statistics.partition(self._table.spec(), self._table.schema()),
            file_size_in_bytes=len(self._table.io.new_input(self.path)),
            sort_order_id=None,
            spec_id=self._table.metadata.default_spec_id,
            equality_ids=None,
            key_metadata=None,
            **statistics.to_serialized_dict(),
        )


def span_of(table: Table, file: DataFile, column: str) -> tuple[Any, Any]:
    """The least and greatest value of a whole-number or moment column (microseconds); None where unknown."""
    field = table.schema().find_field(column)
    if not isinstance(field.field_type, LongType | TimestamptzType):
        raise TypeError(f"{column} has no span that is kept.")
    least, most = (bounds.get(field.field_id) if bounds else None for bounds in (file.lower_bounds, file.upper_bounds))
    return tuple(from_bytes(field.field_type, each) if each is not None else None for each in (least, most))  # type: ignore[return-value]
