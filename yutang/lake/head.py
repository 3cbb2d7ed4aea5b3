"""Bringing a table's head row up to what the catalog says. Loads pyiceberg."""

from datetime import UTC, datetime
from typing import Any

from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from yutang.lake.catalog import position_of
from yutang.lake.files import span_of
from yutang.lake.models import LakeChange, LakeHead
from yutang.lake.tables import LakeTable


def data_files(table: Table) -> list[DataFile]:
    """The files of the current snapshot."""
    if table.current_snapshot() is None:
        return []
    return [task.file for task in table.scan().plan_files()]


def refresh_head(declared: LakeTable, table: Table) -> LakeHead:
    """Write down the current snapshot; changes it holds need not be remembered any longer."""
    snapshot, position = table.current_snapshot(), position_of(table)
    files = [_told(declared, table, file) for file in data_files(table)]
    head, _ = LakeHead.objects.update_or_create(
        table=declared.name,
        defaults={
            "snapshot_id": snapshot.snapshot_id if snapshot else None,
            "upto": position.upto,
            "changes_upto": position.changes_upto,
            "files": files,
            "rows": sum(file["rows"] for file in files),
            "committed_at": datetime.fromtimestamp(snapshot.timestamp_ms / 1000, UTC) if snapshot else None,
        },
    )
    LakeChange.objects.filter(table=declared.name, pk__lte=position.changes_upto).delete()
    return head


def _told(declared: LakeTable, table: Table, file: DataFile) -> dict[str, Any]:
    return {
        "path": file.file_path,
        "rows": file.record_count,
        "bytes": file.file_size_in_bytes,
        "ids": span_of(table, file, "id"),
        "moments": span_of(table, file, declared.moment),
    }
