"""Rows as Arrow tables. Loads pyarrow: import this module only where an analysis runs."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yutang.lake.tables import Kind, LakeTable, Row

MOMENT = pa.timestamp("us", tz="UTC")
TYPES: dict[Kind, pa.DataType] = {Kind.INTEGER: pa.int64(), Kind.TEXT: pa.string(), Kind.MOMENT: MOMENT}


def schema_of(table: LakeTable) -> pa.Schema:
    return pa.schema([pa.field(each.name, TYPES[each.kind]) for each in table.columns])


def table_of(table: LakeTable, rows: Sequence[Row]) -> pa.Table:
    """Rows in the order of the table's columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    arrays = [_array(each.kind, list(values)) for each, values in zip(table.columns, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema_of(table))


def _array(kind: Kind, values: list[Any]) -> pa.Array:
    if kind is Kind.MOMENT and any(isinstance(value, str) for value in values):
        # SQLite has no type for moments; Django writes them in UTC without saying so.
        return pc.assume_timezone(pc.cast(pa.array(values, pa.string()), pa.timestamp("us")), "UTC")
    return pa.array(values, TYPES[kind])
