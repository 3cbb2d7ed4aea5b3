"""One atomic change of a table: files added and files taken out, with the position it now reaches. Loads pyiceberg."""

from collections.abc import Sequence

from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from yutang.lake.catalog import Position


def commit(table: Table, *, added: Sequence[DataFile] = (), removed: Sequence[DataFile] = (), at: Position) -> None:
    """Raises pyiceberg's CommitFailedException when somebody else committed since the table was loaded."""
    with table.transaction() as change:
        snapshots = change.update_snapshot(snapshot_properties=at.summary())
        with snapshots.overwrite() if removed else snapshots.merge_append() as snapshot:
            for file in removed:
                snapshot.delete_data_file(file)
            for file in added:
                snapshot.append_data_file(file)
