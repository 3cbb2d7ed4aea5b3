"""The life of an import run: upload, mapping, check, start, cancel, resume."""

import hashlib
import secrets
import shutil
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
from django.conf import settings
from django.db import transaction

from yutang.commerce.errors import AlreadyImporting, BadOption, FileUnreadable, NotInThisState
from yutang.commerce.importing import columns, formats, platforms
from yutang.commerce.importing.tables import Table, open_table, tables_in
from yutang.commerce.models import ENDED, ImportRun, ImportState, OrderSource
from yutang.kernel import clock, jobs
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line
from yutang.organization.services.merchant import the_merchant

JOB = "commerce.import"
MAX_BAD_PERCENT = 20.0
SAMPLE_ROWS = 8
OPTION_NAMES = (
    "zone",
    "currency",
    "date_order",
    "decimal_comma",
    "cancellation_prefix",
    "adjustment_prefix",
    "max_bad_percent",
    "amount_of_order",
)


def folder_of(run: ImportRun) -> Path:
    folder: Path = settings.HOME / "imports" / str(run.pk)
    return folder


def create_run(
    files: Mapping[str, IO[bytes]], *, name: str, source: str, by: Actor, options: Mapping[str, Any] | None = None
) -> ImportRun:
    """Keep the files, read their columns and guess the mapping.

    source: where the orders come from; left empty it is the platform the file is an export of, or else the file's name.
    Raises FileUnreadable, FileTooBig, ColumnsDiffer, BadOption; then nothing is kept.
    """
    run = ImportRun.objects.create(
        source_name=one_line(source, 64) or source_name_for(name),
        file_name=one_line(name, 300),
        by_kind=by.kind,
        by_id=by.id,
        by_name=by.name[:200],
        created_at=clock.now(),
    )
    try:
        _keep_files(run, files)
        _look_at(run, options or {}, is_named=bool(source.strip()))
    except DomainError:
        forget(run)
        raise
    audit("import.uploaded", by=by, subject_kind="import", subject_id=run.pk, file=run.file_name, sha256=run.sha256)
    return run


def create_run_from_path(
    path: Path, *, source: str | None, by: Actor, options: Mapping[str, Any] | None = None
) -> ImportRun:
    """As create_run, for a file or folder of this machine."""
    files = tables_in(path) if path.is_dir() else [path]
    if not files:
        raise FileUnreadable(path.name, Text("文件夹里没有表格文件。", "the folder holds no tables."))
    opened = {file.name: file.open("rb") for file in files}
    try:
        name = path.resolve().name
        return create_run(opened, name=name, source=source or "", by=by, options=options)
    finally:
        for file in opened.values():
            file.close()


def source_name_for(file_name: str) -> str:
    """A file's own name without its endings stands for where its orders come from."""
    return one_line(file_name.split(".")[0], 64) or "file"


def _keep_files(run: ImportRun, files: Mapping[str, IO[bytes]]) -> None:
    shutil.rmtree(folder_of(run), ignore_errors=True)  # of a database that was here before
    target = folder_of(run) / "source"
    target.mkdir(parents=True)
    digest = hashlib.sha256()
    for number, (name, content) in enumerate(sorted(files.items())):
        # Names from outside go into the database; on disk a file keeps only what is harmless of it.
        safe = "".join(letter for letter in Path(name).name if letter.isalnum() or letter in "._- ")[-80:].lstrip(".")
        path = target / (f"{number:03}-{safe}" if len(files) > 1 else safe or "file")
        formats.stored(content, path, name)
        run.size_bytes += path.stat().st_size
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    run.sha256 = digest.hexdigest()


def forget(run: ImportRun) -> None:
    """Drop a run that came to nothing, with its files."""
    shutil.rmtree(folder_of(run), ignore_errors=True)
    run.delete()


def table_of(run: ImportRun) -> Table:
    folder = folder_of(run)
    work = folder / "unpacked" / secrets.token_hex(4)
    work.mkdir(parents=True, exist_ok=True)
    return open_table(folder / "source", work=work)


def _look_at(run: ImportRun, options: Mapping[str, Any], *, is_named: bool) -> None:
    table = table_of(run)
    sample = next(table.chunks()).frame
    run.layout = table.layout() | {"samples": _samples(sample)}
    found = platforms.recognise(table.columns, run.file_name)
    if found and not is_named:
        run.source_name = found.platform.label.zh
    before = _last_like(run)
    if before:
        run.mapping = before.mapping
    else:
        run.mapping = (found and found.mapping(table.columns)) or columns.guess(table.columns, sample)
    guessed = columns.guess_options(run.mapping, sample) | _options_of(found)
    remembered = {key: before.options[key] for key in _REMEMBERED if before and key in before.options}
    run.options = {"zone": the_merchant().time_zone, "currency": _currency_of(run.source_name)} | guessed | remembered
    _set_options(run, options)
    run.state = ImportState.UPLOADED if columns.missing(run.mapping) else ImportState.MAPPED
    run.save()


_REMEMBERED = ("zone", "currency", "amount_of_order")


def _options_of(found: platforms.Recognised | None) -> dict[str, Any]:
    """What is kept of a platform's export with the run: its words are looked up by it when the file is read."""
    if found is None:
        return {"amount_of_order": False}
    layout = found.layout
    return {
        "platform": found.platform.id,
        "platform_layout": layout.id if layout else "",
        "amount_of_order": bool(layout and layout.amount_of_order),
    }


def _samples(frame: pl.DataFrame) -> list[list[str]]:
    shown = frame.head(SAMPLE_ROWS).select(pl.all().exclude("row", "line").cast(pl.String).fill_null(""))
    return [[cell.replace("\x00", "")[:200] for cell in row] for row in shown.iter_rows()]


def _last_like(run: ImportRun) -> ImportRun | None:
    """The last finished import of this source whose file had the same columns: people mapped it already."""
    earlier = ImportRun.objects.filter(source_name=run.source_name, state=ImportState.DONE).order_by("-pk")[:10]
    return next((each for each in earlier if each.layout.get("columns") == run.layout["columns"]), None)


def _currency_of(source_name: str) -> str:
    return OrderSource.objects.filter(name=source_name).values_list("currency", flat=True).first() or "CNY"


def set_mapping(
    run: ImportRun,
    *,
    mapping: Mapping[str, str | int | None] | None = None,
    options: Mapping[str, Any] | None = None,
    by: Actor,
) -> ImportRun:
    """Change which column means what. What was checked before has to be checked again.

    Raises UnknownField, UnknownColumn, BadOption, NotInThisState, AlreadyImporting.
    """
    with transaction.atomic():
        run = _locked(run)
        if run.state not in (ImportState.UPLOADED, ImportState.MAPPED, ImportState.READY, ImportState.PAUSED):
            raise NotInThisState(state=run.state)
        if run.checkpoint:
            raise AlreadyImporting
        if mapping is not None:
            run.mapping = columns.chosen(mapping, run.layout["columns"])
        _set_options(run, options or {})
        run.state = ImportState.UPLOADED if columns.missing(run.mapping) else ImportState.MAPPED
        run.staged, run.summary, run.start_after_check, run.bad_rows_accepted = "", {}, False, False
        run.save()
        audit("import.mapped", by=by, subject_kind="import", subject_id=run.pk, mapping=run.mapping)
    return run


def _set_options(run: ImportRun, options: Mapping[str, Any]) -> None:
    for name, value in options.items():
        if value is None:
            continue
        if name not in OPTION_NAMES or not _usable(name, value):
            raise BadOption(name=name, value=str(value)[:100])
        run.options[name] = value.upper() if name == "currency" else value


def _usable(name: str, value: Any) -> bool:
    match name:
        case "zone":
            return _is_zone(value)
        case "currency":
            return isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha()
        case "date_order":
            return value in ("dmy", "mdy")
        case "decimal_comma" | "amount_of_order":
            return isinstance(value, bool)
        case "max_bad_percent":
            return isinstance(value, (int, float)) and 0 <= value <= 100
        case _:
            return isinstance(value, str) and len(value) <= 10


def _is_zone(value: Any) -> bool:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return False
    return True


def ask_check(run: ImportRun, *, by: Actor, then_start: bool = False, after: timedelta = timedelta()) -> ImportRun:
    """Have the whole file checked in the background; nothing is written to the orders yet.

    after: when a worker takes it up; whoever does the work at once gives workers time to stay out of it.
    Raises MappingIncomplete, NotInThisState.
    """
    with transaction.atomic():
        run = _locked(run)
        allowed = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.READY, ImportState.FAILED)
        if run.state not in allowed or run.checkpoint:
            raise NotInThisState(state=run.state)
        columns.require_complete(run.mapping)
        run.state, run.start_after_check, run.error, run.cancel_asked = ImportState.CHECKING, then_start, {}, False
        run.counts = {}
        run.save()
        _enqueue(run, after)
        audit("import.checked", by=by, subject_kind="import", subject_id=run.pk)
    return run


def start(run: ImportRun, *, by: Actor, accept_bad_rows: bool = False, after: timedelta = timedelta()) -> ImportRun:
    """Write the orders in the background; a file not checked yet is checked first."""
    with transaction.atomic():
        run = _locked(run)
        run.bad_rows_accepted = run.bad_rows_accepted or accept_bad_rows
        if run.state != ImportState.READY:
            run.save(update_fields=["bad_rows_accepted"])
            return ask_check(run, by=by, then_start=True, after=after)
        _to_running(run)
        _enqueue(run, after)
        audit("import.started", by=by, subject_kind="import", subject_id=run.pk)
    return run


def resume(run: ImportRun, *, by: Actor) -> ImportRun:
    """Go on with a run that waits, failed or was left by a process that died. Bad rows are accepted by this."""
    with transaction.atomic():
        run = _locked(run)
        if run.state == ImportState.PAUSED or (run.state in (ImportState.FAILED, ImportState.CANCELLED) and run.staged):
            run.bad_rows_accepted = True
            _to_running(run)
        elif run.state == ImportState.FAILED:
            return ask_check(run, by=by, then_start=True)
        elif run.state not in (ImportState.RUNNING, ImportState.CHECKING):
            raise NotInThisState(state=run.state)
        _enqueue(run)
        audit("import.resumed", by=by, subject_kind="import", subject_id=run.pk)
    return run


def _to_running(run: ImportRun) -> None:
    run.state, run.error, run.cancel_asked, run.finished_at = ImportState.RUNNING, {}, False, None
    run.started_at = run.started_at or clock.now()
    run.save()


def cancel(run: ImportRun, *, by: Actor) -> ImportRun:
    """Stop between two batches. What is written stays; importing the file again adds only what lacks."""
    with transaction.atomic():
        run = _locked(run)
        if run.state in ENDED:
            raise NotInThisState(state=run.state)
        if run.state in (ImportState.RUNNING, ImportState.CHECKING):
            run.cancel_asked = True
            _enqueue(run)  # so that somebody takes notice even where the process that ran it has died
        else:
            run.state, run.finished_at = ImportState.CANCELLED, clock.now()
        run.save()
        audit("import.cancelled", by=by, subject_kind="import", subject_id=run.pk)
    return run


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def _enqueue(run: ImportRun, after: timedelta = timedelta()) -> None:
    jobs.enqueue(JOB, {"run_id": run.pk}, run_at=clock.now() + after, key=f"{JOB}:{run.pk}")


def tidy(run: ImportRun) -> None:
    """Drop what a finished run no longer needs; the file itself stays, for the rows that were left out."""
    folder = folder_of(run)
    shutil.rmtree(folder / "unpacked", ignore_errors=True)
    for checked in (folder / "checked").glob("*"):
        if checked.name != run.staged:
            shutil.rmtree(checked, ignore_errors=True)
    for part in (folder / "checked" / run.staged).glob("*.parquet"):
        part.unlink(missing_ok=True)


def drop_raw(runs: Iterable[ImportRun]) -> None:
    """Let go of the uploaded files of finished runs, and of what they show of them."""
    for run in runs:
        run.layout = run.layout | {"samples": []}
        run.summary = run.summary | {"samples": []}
        run.staged = ""
        run.save(update_fields=["layout", "summary", "staged"])
        transaction.on_commit(partial(shutil.rmtree, folder_of(run), ignore_errors=True))


def problem_of(error: Exception) -> dict[str, str]:
    """What a failed run shows."""
    if isinstance(error, DomainError):
        return {"code": error.code, "zh": error.said.zh, "en": error.said.en}
    return {"code": "broken", "zh": "系统出错，已记录。", "en": f"Something broke: {type(error).__name__}."}
