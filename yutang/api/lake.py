"""The lake: how it stands, what was done to it, and work started by hand."""

from datetime import datetime
from typing import Any

from ninja import Field, Query, Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.paged import PagedOut, Paging
from yutang.kernel.errors import NotFound
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.lake.models import LakeRun, LakeWork
from yutang.lake.queries import standing
from yutang.lake.services.ask_for import ByHand, ask_for
from yutang.lake.tables import TABLES

router = Router(tags=["lake"])


class LakeTableOut(Schema):
    table: str
    rows: int = Field(description="Rows in the files.")
    files: int
    bytes: int
    upto: int = Field(description="Rows of the database up to this id are in the files.")
    waiting: int = Field(description="Rows the files do not hold yet; answers include them all the same.")
    flushed_at: datetime | None
    verified_at: datetime | None
    sound: bool | None = Field(description="What the last verification found; none before the first.")


class LakeRunOut(Schema):
    id: int
    work: LakeWork
    table: str
    at: datetime
    seconds: float
    rows: int
    ok: bool
    erasure_id: int | None
    detail: dict[str, Any]


class LakeWorkIn(Schema):
    work: ByHand


@router.get("/lake", response=list[LakeTableOut])
@needs(Permission.KEEP_LAKE)
def tables(request: ViewerRequest) -> list[LakeTableOut]:
    """Every table of the lake."""
    return [_table_out(name) for name in TABLES]


@router.get("/lake/runs", response=PagedOut[LakeRunOut])
@needs(Permission.KEEP_LAKE)
def runs(request: ViewerRequest, paging: Query[Paging]) -> PagedOut[LakeRunOut]:
    """What was done, newest first; erasures among it are receipts."""
    page = newest_first(LakeRun.objects.all(), limit=paging.limit, cursor=paging.cursor)
    return PagedOut[LakeRunOut].of(page, LakeRunOut.from_orm)


@router.post("/lake/{table}/work", response={202: None})
@needs(Permission.KEEP_LAKE)
def work(request: ViewerRequest, table: str, wanted: LakeWorkIn) -> Status[None]:
    """Put work on a table in the queue; what comes of it shows among the runs."""
    if table not in TABLES:
        raise NotFound
    ask_for(TABLES[table], wanted.work, by=request.auth.actor)
    return Status(202, None)


def _table_out(name: str) -> LakeTableOut:
    verified = LakeRun.objects.filter(table=name, work=LakeWork.VERIFY).order_by("-pk").first()
    return LakeTableOut(
        **vars(standing(TABLES[name])),
        verified_at=verified.at if verified else None,
        sound=verified.ok if verified else None,
    )
