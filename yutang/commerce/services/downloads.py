"""The rows an import left out, as a file to mend and import again."""

from pathlib import Path

import polars as pl

from yutang.commerce.importing.bad_rows import BadRowFile, opened
from yutang.commerce.importing.lines import bad_rows
from yutang.commerce.models import HeldRow, ImportRun
from yutang.commerce.services.runs import folder_of, table_of


def write_bad_rows(run: ImportRun) -> Path | None:
    """The file of bad rows, with those held back while writing; None where every row was good."""
    if not run.staged:
        return None
    checked = folder_of(run) / "checked" / run.staged / "bad_rows.csv"
    held = list(HeldRow.objects.filter(run=run).order_by("row").values_list("row", "reason"))
    if not held:
        return checked if run.summary.get("bad_rows") and checked.exists() else None
    target = folder_of(run) / "rows_left_out.csv"
    rejected = pl.DataFrame(held, schema={"row": pl.Int64, "reason": pl.String}, orient="row")
    table = table_of(run)
    with opened(target) as file:
        file.write(checked.read_bytes().decode("utf-8-sig") if checked.exists() else "")
        writer = BadRowFile(file, table.columns, with_header=not checked.exists())
        for chunk in table.chunks():
            writer.add(bad_rows(chunk, rejected))
    return target
