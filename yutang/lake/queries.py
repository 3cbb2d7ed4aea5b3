"""How the lake stands. Reads the database alone."""

from dataclasses import dataclass
from datetime import UTC, datetime

from yutang.lake.models import LakeChange, LakeHead
from yutang.lake.tables import LakeTable

WAITING_SHOWN = 1_000_000  # more waiting rows than this are not counted

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


@dataclass(frozen=True)
class Standing:
    """How one table stands."""

    table: str
    rows: int
    files: int
    bytes: int
    upto: int  # rows of the database up to this id are in the files
    waiting: int
    flushed_at: datetime | None


def standing(table: LakeTable) -> Standing:
    head = LakeHead.objects.filter(table=table.name).first() or LakeHead(table=table.name)
    return Standing(
        table=table.name,
        rows=head.rows,
        files=len(head.files),
        bytes=sum(file["bytes"] for file in head.files),
        upto=head.upto,
        waiting=rows_waiting(table, at_most=WAITING_SHOWN).rows,
        flushed_at=head.committed_at,
    )
