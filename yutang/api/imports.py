"""Imports of orders: upload a file, see and change what its columns mean, try it, run it, fetch what was left out."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import FileResponse
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.api.paged import PagedOut, Paging
from yutang.commerce.importing import columns, platforms
from yutang.commerce.importing.bad_rows import REASONS
from yutang.commerce.models import ImportRun, ImportState
from yutang.commerce.queries import find_run, visible_runs
from yutang.commerce.services import runs
from yutang.commerce.services.downloads import write_bad_rows
from yutang.kernel.errors import NotFound
from yutang.kernel.language import Text, current_language
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission

router = Router(tags=["imports"])


class ImportFieldOut(Schema):
    name: str
    label: str


class ImportOptions(Schema):
    """What is left out stays as it is."""

    zone: str | None = Field(None, max_length=64, description="IANA zone of the times in the file.")
    currency: str | None = Field(None, max_length=3, description="ISO 4217.")
    date_order: Literal["dmy", "mdy"] | None = Field(None, description="How 5/1/2026 is meant.")
    decimal_comma: bool | None = None
    amount_of_order: bool | None = Field(
        None, description="The amount is that of the whole order, repeated on each of its lines; it is shared out."
    )
    cancellation_prefix: str | None = Field(None, max_length=10)
    adjustment_prefix: str | None = Field(None, max_length=10)
    max_bad_percent: float | None = Field(None, ge=0, le=100, description="Beyond this share it waits for a decision.")


class ImportMapping(Schema):
    mapping: dict[str, int | str | None] | None = Field(
        None, description="Field → position or name of its column. Fields that are not named have no column."
    )
    options: ImportOptions | None = None


class ImportStart(Schema):
    accept_bad_rows: bool = False


class ImportReasonOut(Schema):
    code: str
    label: str
    count: int


class ImportErrorOut(Schema):
    code: str
    message: str


class ImportOut(Schema):
    id: int
    state: ImportState
    source: str
    file_name: str
    size_bytes: int
    by_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    rows: int | None = Field(description="Rows of the file; none before it is checked.")
    rows_checked: int
    rows_written: int
    bad_rows: int
    cancel_asked: bool
    error: ImportErrorOut | None


class ImportPlatformOut(Schema):
    id: str
    name: str
    layout: str = Field(description="Which of its exports this is; empty where only the file's name speaks of it.")
    checked: bool = Field(description="Whether this layout was checked against public samples of such files.")
    checked_on: date


class ImportDetailOut(ImportOut):
    platform: ImportPlatformOut | None = Field(description="The platform this file was recognised as an export of.")
    columns: list[str]
    samples: list[list[str]] = Field(description="The first rows as they stand in the file.")
    layout: dict[str, Any] = Field(description="How the file is read: kind, encoding, delimiter, sheets left out.")
    mapping: dict[str, int] = Field(description="Field → position of its column.")
    missing: list[str] = Field(description="What still needs a column.")
    options: dict[str, Any]
    summary: dict[str, Any] = Field(
        description="Counts and sums found by the check, and the first lines as understood."
    )
    bad_by_reason: list[ImportReasonOut]
    counts: dict[str, int] = Field(description="What was written so far.")


@router.get("/imports/fields", response=list[ImportFieldOut])
@needs(Permission.IMPORT_ORDERS)
def fields(request: ViewerRequest) -> list[ImportFieldOut]:
    """What a column can mean."""
    return [ImportFieldOut(name=field.name, label=field.label.here()) for field in columns.FIELDS]


@router.post("/imports", response={201: ImportDetailOut})
@needs(Permission.IMPORT_ORDERS)
def upload_import(
    request: ViewerRequest,
    file: File[list[UploadedFile]],
    source: Form[str] = "",
    zone: Form[str] = "",
    currency: Form[str] = "",
) -> Status[ImportDetailOut]:
    """Keep a file, or several with the same columns, and guess what its columns mean. Nothing is imported yet."""
    given = {each.name or "file": each.file for each in file if each.file is not None}
    name = next(iter(given)) if len(given) == 1 else f"{next(iter(given))} +{len(given) - 1}"
    run = runs.create_run(
        given,
        name=name,
        source=source.strip(),
        by=request.auth.actor,
        options={"zone": zone or None, "currency": currency or None},
    )
    return Status(201, _detail(run))


@router.get("/imports", response=PagedOut[ImportOut])
@needs(Permission.IMPORT_ORDERS)
def imports(request: ViewerRequest, paging: Query[Paging]) -> PagedOut[ImportOut]:
    """Newest first."""
    page = newest_first(visible_runs(request.auth), limit=paging.limit, cursor=paging.cursor)
    return PagedOut[ImportOut].of(page, lambda run: ImportOut(**_row(run)))


@router.get("/imports/{import_id}", response=ImportDetailOut)
@needs(Permission.IMPORT_ORDERS)
def import_detail(request: ViewerRequest, import_id: Id) -> ImportDetailOut:
    """One import with its progress."""
    return _detail(find_run(request.auth, import_id))


@router.put("/imports/{import_id}/mapping", response=ImportDetailOut)
@needs(Permission.IMPORT_ORDERS)
def map_import(request: ViewerRequest, import_id: Id, body: ImportMapping) -> ImportDetailOut:
    """Say which column means what, and how the file is to be read."""
    run = find_run(request.auth, import_id)
    options = body.options.model_dump(exclude_none=True) if body.options else None
    return _detail(runs.set_mapping(run, mapping=body.mapping, options=options, by=request.auth.actor))


@router.post("/imports/{import_id}/dry-run", response=ImportDetailOut)
@needs(Permission.IMPORT_ORDERS)
def dry_run_import(request: ViewerRequest, import_id: Id) -> ImportDetailOut:
    """Read and check the whole file in the background. The import is `ready` after it, with nothing written."""
    return _detail(runs.ask_check(find_run(request.auth, import_id), by=request.auth.actor))


@router.post("/imports/{import_id}/start", response=ImportDetailOut)
@needs(Permission.IMPORT_ORDERS)
def start_import(request: ViewerRequest, import_id: Id, body: ImportStart) -> ImportDetailOut:
    """Write the orders in the background."""
    run = find_run(request.auth, import_id)
    return _detail(runs.start(run, by=request.auth.actor, accept_bad_rows=body.accept_bad_rows))


@router.post("/imports/{import_id}/cancel", response=ImportDetailOut)
@needs(Permission.IMPORT_ORDERS)
def cancel_import(request: ViewerRequest, import_id: Id) -> ImportDetailOut:
    """Stop after the batch in hand. What is written stays."""
    return _detail(runs.cancel(find_run(request.auth, import_id), by=request.auth.actor))


@router.post("/imports/{import_id}/resume", response=ImportDetailOut)
@needs(Permission.IMPORT_ORDERS)
def resume_import(request: ViewerRequest, import_id: Id) -> ImportDetailOut:
    """Go on with an import that was cancelled, failed, or waits because of many bad rows (which accepts them)."""
    return _detail(runs.resume(find_run(request.auth, import_id), by=request.auth.actor))


@router.get(
    "/imports/{import_id}/bad-rows.csv",
    openapi_extra={"responses": {200: {"description": "CSV", "content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
@needs(Permission.IMPORT_ORDERS)
def bad_rows(request: ViewerRequest, import_id: Id) -> FileResponse:
    """The rows left out: the original columns, and the reason beside each."""
    run = find_run(request.auth, import_id)
    path = write_bad_rows(run)
    if path is None:
        raise NotFound
    return FileResponse(
        path.open("rb"), content_type="text/csv; charset=utf-8", as_attachment=True, filename=f"bad-rows-{run.pk}.csv"
    )


def _row(run: ImportRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "state": run.state,
        "source": run.source_name,
        "file_name": run.file_name,
        "size_bytes": run.size_bytes,
        "by_name": run.by_name,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "rows": run.summary.get("rows"),
        "rows_checked": run.counts.get("rows_checked", 0),
        "rows_written": run.counts.get("rows_written", 0),
        "bad_rows": run.summary.get("bad_rows", 0) + run.counts.get("rows_held", 0),
        "cancel_asked": run.cancel_asked,
        "error": {"code": run.error["code"], "message": run.error[current_language()]} if run.error else None,
    }


def _platform(run: ImportRun) -> ImportPlatformOut | None:
    platform = platforms.platforms().get(run.options.get("platform", ""))
    if platform is None:
        return None
    layout = next((each for each in platform.layouts if each.id == run.options.get("platform_layout")), None)
    return ImportPlatformOut(
        id=platform.id,
        name=platform.label.here(),
        layout=layout.label.here() if layout else "",
        checked=bool(layout and layout.checked),
        checked_on=platforms.checked_on(),
    )


def _detail(run: ImportRun) -> ImportDetailOut:
    told = {name: value for name, value in run.layout.items() if name not in ("columns", "samples")}
    reasons = run.summary.get("bad_by_reason", {})
    return ImportDetailOut(
        **_row(run),
        platform=_platform(run),
        columns=run.layout.get("columns", []),
        samples=run.layout.get("samples", []),
        layout=told,
        mapping=run.mapping,
        missing=[text.here() for text in columns.missing(run.mapping)],
        options=run.options,
        summary={name: value for name, value in run.summary.items() if name != "bad_by_reason"},
        bad_by_reason=[
            ImportReasonOut(code=code, label=REASONS.get(code, Text(code, code)).here(), count=count)
            for code, count in reasons.items()
        ],
        counts=run.counts,
    )
