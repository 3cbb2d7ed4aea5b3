"""How the lake stands. Reads the database alone."""

from dataclasses import dataclass
from datetime import UTC, datetime

from yutang.lake.models import LakeChange, LakeHead
from yutang.lake.tables import LakeTable

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """Rows the files do not hold yet (counted up to a limit), and when the table was last committed."""

    rows: int
    flushed_at: datetime


def rows_waiting(table: LakeTable, *, at_most: int) -> Waiting:
    head = LakeHead.objects.filter(table=table.name).first() or LakeHead()
    changes = LakeChange.objects.filter(table=table.name, pk__gt=head.changes_upto)[:at_most].count()
    fresh = len(table.hot.ids_after(head.upto, at_most))
    return Waiting(min(at_most, changes + fresh), head.committed_at or NEVER)
