"""The Iceberg catalog and its tables. Loads pyiceberg: import only where the lake is written or inspected."""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError, NoSuchTableError, TableAlreadyExistsError
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.types import IcebergType, LongType, NestedField, StringType, TimestamptzType

from yutang.lake.tables import Kind, LakeTable

NAMESPACE = "pond"
POSITION = "yutang.position"  # in a snapshot's summary: how far the table reaches, committed together with its rows
_TYPES: dict[Kind, IcebergType] = {Kind.INTEGER: LongType(), Kind.TEXT: StringType(), Kind.MOMENT: TimestamptzType()}
_PROPERTIES = {
    "write.parquet.compression-codec": "zstd",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    # A commit that comes late must not be carried over to the new state by itself: its rows may be in there already.
    "commit.retry.num-retries": "0",
    "write.metadata.previous-versions-max": "20",
    "write.metadata.delete-after-commit.enabled": "true",
}


@dataclass(frozen=True)
class Position:
    """Which rows a table holds: all up to `upto` as of the changes up to `changes_upto`."""

    upto: int = 0
    changes_upto: int = 0

    def summary(self) -> dict[str, str]:
        return {POSITION: json.dumps({"upto": self.upto, "changes_upto": self.changes_upto})}


def catalog() -> SqlCatalog:
    """The catalog at YUTANG_LAKE_CATALOG, holding its files under YUTANG_LAKE_WAREHOUSE."""
    return _catalog(settings.LAKE_CATALOG, settings.LAKE_WAREHOUSE)


@lru_cache(maxsize=4)
def _catalog(uri: str, warehouse: str) -> SqlCatalog:
    if uri.startswith("sqlite:///"):
        Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return SqlCatalog("yutang", uri=uri, warehouse=warehouse, pool_pre_ping="true")


def open_table(table: LakeTable) -> Table:
    """The table, made if it is not there, with any column added that this version has and it lacks."""
    place = (NAMESPACE, table.name)
    try:
        found = catalog().load_table(place)
    except NoSuchTableError:
        return _create(table)
    lacking = [each for each in table.columns if each.name not in found.schema().column_names]
    if lacking:
        with found.update_schema() as update:
            for each in lacking:
                update.add_column(each.name, _TYPES[each.kind])
        found.refresh()
    return found


def _create(table: LakeTable) -> Table:
    fields = [NestedField(place, each.name, _TYPES[each.kind]) for place, each in enumerate(table.columns, start=1)]
    with suppress(NamespaceAlreadyExistsError):
        catalog().create_namespace(NAMESPACE)
    try:
        return catalog().create_table((NAMESPACE, table.name), Schema(*fields), properties=_PROPERTIES)
    except TableAlreadyExistsError:
        return catalog().load_table((NAMESPACE, table.name))


def position_of(table: Table) -> Position:
    """As the newest snapshot that says so tells it. Other programs may have written since; they say nothing."""
    snapshot = table.current_snapshot()
    while snapshot is not None:
        if (told := _told(snapshot)) is not None:
            return Position(**told)
        snapshot = table.snapshot_by_id(snapshot.parent_snapshot_id) if snapshot.parent_snapshot_id else None
    return Position()


def _told(snapshot: Snapshot) -> dict[str, Any] | None:
    text = snapshot.summary.additional_properties.get(POSITION) if snapshot.summary else None
    return json.loads(text) if text else None
