"""Making a table anew from the database, after damage. Loads pyiceberg, pyarrow and duckdb."""

from yutang.lake.catalog import NAMESPACE, catalog, open_table
from yutang.lake.head import refresh_head
from yutang.lake.models import LakeRun
from yutang.lake.services.flush import flush
from yutang.lake.tables import LakeTable


def rebuild(declared: LakeTable) -> LakeRun:
    """Drop the table and bring in every row of the database. Its old files are left where they are.

    Readers take everything from the database meanwhile, so answers stay right and become slower.
    """
    open_table(declared)
    catalog().drop_table((NAMESPACE, declared.name))
    refresh_head(declared, open_table(declared))
    return flush(declared)
