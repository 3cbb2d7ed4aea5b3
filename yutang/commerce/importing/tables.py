"""One way to read every kind of table: a row of column names, then chunks of rows as text, each row numbered."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from yutang.commerce.errors import ColumnsDiffer, FileUnreadable
from yutang.commerce.importing import csv_blocks, csv_rows
from yutang.commerce.importing.formats import Format, format_of, unpacked
from yutang.commerce.importing.values import looks_like_data
from yutang.kernel.language import Text

CHUNK_ROWS = 50_000
SAMPLE_ROWS = 200
MAX_COLUMNS = 500
DATA_SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".gz"}
_HEADER_WITHIN = 20  # rows: exports of Chinese back offices carry titles above the header


class BadRow(NamedTuple):
    row: int  # running number over all parts, from 1
    part: str
    line: int  # line of the file or row of the sheet
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Chunk:
    """`frame` has `row` and `line` as in BadRow, then the cells in columns "0", "1", …"""

    part: str
    frame: pl.DataFrame
    bad: list[BadRow] = field(default_factory=list)


class Cells(NamedTuple):
    line: int
    cells: list[Any]  # text, or what a workbook holds
    fault: str = ""


@dataclass(frozen=True)
class Part:
    """One file, or one sheet of a workbook."""

    name: str
    format: Format
    columns: list[str]
    has_header: bool
    read: Callable[[int], Iterator[Chunk]]  # takes the running number of its first row


@dataclass(frozen=True)
class Table:
    columns: list[str]
    parts: list[Part]
    skipped: list[str]  # sheets with other columns

    def chunks(self) -> Iterator[Chunk]:
        row = 1
        for part in self.parts:
            for chunk in part.read(row):
                row += chunk.frame.height + len(chunk.bad)
                yield chunk

    def layout(self) -> dict[str, Any]:
        first = self.parts[0]
        return {
            "kind": first.format.kind,
            "encoding": first.format.encoding,
            "delimiter": first.format.delimiter,
            "has_header": first.has_header,
            "columns": self.columns,
            "parts": [part.name for part in self.parts],
            "skipped": self.skipped,
        }


def open_table(path: Path, *, work: Path) -> Table:
    """A file, or all the tables of a folder as one. `work` takes what has to be unpacked.

    Raises FileUnreadable, FileTooBig, ColumnsDiffer.
    """
    files = tables_in(path) if path.is_dir() else [path]
    if not files:
        raise FileUnreadable(path.name, Text("文件夹里没有表格文件。", "the folder holds no tables."))
    opened = [_open_file(unpacked(file, work), file.name) for file in files]
    parts = [part for file_parts, _ in opened for part in file_parts]
    if len({tuple(part.columns) for part in parts}) > 1:
        raise ColumnsDiffer(files=", ".join(file.name for file in files))
    return Table(parts[0].columns, parts, [name for _, skipped in opened for name in skipped])


def tables_in(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and file.suffix.lower() in DATA_SUFFIXES and not file.name.startswith((".", "~$"))
    )


def _open_file(path: Path, name: str) -> tuple[list[Part], list[str]]:
    form = format_of(path)
    match form.kind:
        case "csv":
            return [_csv_part(path, name, form)], []
        case "parquet":
            return [_parquet_part(path, name, form)], []
        case "sheets":
            return _sheet_parts(path, name, form)


# CSV


def _csv_part(path: Path, name: str, form: Format) -> Part:
    def opened() -> IO[str]:
        errors = "gb18030_cell" if form.encoding.startswith("utf-8") else "replace"
        return path.open(encoding=form.encoding, errors=errors, newline="")

    with opened() as file:
        head = [Cells(*row) for row in islice(csv_rows.rows(file, form.delimiter), SAMPLE_ROWS)]
    shape = _shape(name, head)

    def read(first_row: int) -> Iterator[Chunk]:
        with opened() as file:
            for line, block in csv_blocks.blocks(file, form.delimiter, len(shape.columns)):
                if isinstance(block, pl.DataFrame):
                    chunks: Iterable[Chunk] = [_clean_chunk(name, block, line, first_row, shape.after)]
                else:
                    cells = (Cells(at + line - 1, row, fault) for at, row, fault in block)
                    chunks = _chunks(name, cells, shape, first_row)
                for chunk in chunks:
                    first_row += chunk.frame.height + len(chunk.bad)
                    yield chunk

    return Part(name, form, shape.columns, shape.has_header, read)


def _clean_chunk(part: str, block: pl.DataFrame, line: int, first_row: int, after: int) -> Chunk:
    """A block without its header and its empty lines, numbered."""
    cells = block.columns
    lined = block.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("line") + line, pl.all())
    kept = lined.filter((pl.col("line") > after) & pl.any_horizontal(pl.col(cells).is_not_null()))
    return Chunk(part, kept.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("row") + first_row, pl.all()))


# Workbooks


def _sheet_parts(path: Path, name: str, form: Format) -> tuple[list[Part], list[str]]:
    """The sheets with the columns of the first one that holds a table, and the names of the others."""
    try:
        book = CalamineWorkbook.from_path(path)
    except (CalamineError, OSError, ValueError) as error:
        why = Text("工作簿已损坏或有密码。", "the workbook is damaged or locked.")
        raise FileUnreadable(name, why) from error
    parts: list[Part] = []
    skipped: list[str] = []
    for sheet in book.sheet_names:
        part = _sheet_part(path, name, sheet, form)
        if part is None or (parts and part.columns != parts[0].columns):
            skipped.append(sheet)
        else:
            parts.append(part)
    if not parts:
        raise FileUnreadable(name, Text("工作簿里没有数据。", "no sheet of the workbook holds data."))
    return parts, skipped


def _sheet_part(path: Path, name: str, sheet: str, form: Format) -> Part | None:
    def cells(limit: int | None = None) -> Iterator[Cells]:
        try:
            rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).iter_rows()
            for line, row in enumerate(islice(rows, limit), start=1):
                yield Cells(line, row)
        except (CalamineError, OSError, ValueError) as error:
            raise FileUnreadable(name, Text("工作表已损坏。", "a sheet is damaged.")) from error

    head = [Cells(line, _texts(row)) for line, row, _ in cells(SAMPLE_ROWS)]
    try:
        shape = _shape(sheet, head)
    except FileUnreadable:
        return None
    return Part(sheet, form, shape.columns, shape.has_header, lambda row: _chunks(sheet, cells(), shape, row))


def _texts(cells: Sequence[Any]) -> list[str]:
    """Cells of a workbook as text; most columns hold text alone."""
    if set(map(type, cells)) == {str}:
        return list(cells)
    return [_AS_TEXT.get(type(cell), str)(cell) for cell in cells]


def _float_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)


_AS_TEXT: dict[type, Callable[[Any], str]] = {
    str: lambda value: value,
    float: _float_text,
    datetime: lambda value: value.isoformat(" "),
    date: lambda value: value.isoformat(),
    time: lambda value: value.isoformat(),
    timedelta: str,
    type(None): lambda _: "",
}


# What rows of cells have in common


@dataclass(frozen=True)
class Shape:
    columns: list[str]
    has_header: bool
    after: int  # the line below which data begins


def _shape(name: str, head: list[Cells]) -> Shape:
    """Raises FileUnreadable when there is no row below the header."""
    head = [row for row in head if not row.fault and any(map(str.strip, row.cells))]
    if not head:
        raise FileUnreadable(name, Text("没有任何数据。", "it holds no data."))
    width, header = _header_in(head)
    if width > MAX_COLUMNS:
        raise FileUnreadable(name, Text(f"超过 {MAX_COLUMNS} 列。", f"it has more than {MAX_COLUMNS} columns."))
    if header is None:
        return Shape([f"#{number}" for number in range(1, width + 1)], False, head[0].line - 1)
    if header.line == head[-1].line:
        raise FileUnreadable(name, Text("只有表头，没有数据行。", "it has a header and no rows."))
    return Shape(column_names(header.cells, width), True, header.line)


def _chunks(part: str, cells: Iterable[Cells], shape: Shape, first_row: int) -> Iterator[Chunk]:
    below = (row for row in cells if row.line > shape.after and any(row.cells))
    while batch := list(islice(below, CHUNK_ROWS)):
        yield _chunk(part, batch, len(shape.columns), first_row)
        first_row += len(batch)


def _header_in(head: list[Cells]) -> tuple[int, Cells | None]:
    """The width of the table and its header row, which is None where the first full row is data already."""
    widths = Counter(_used(row.cells) for row in head)
    width = max(widths, key=lambda used: (widths[used], used))
    for row in head[:_HEADER_WITHIN]:
        filled = [cell for cell in row.cells if cell.strip()]
        if len(filled) >= max(1, 0.6 * width):
            width = max(width, _used(row.cells))
            return width, None if any(map(looks_like_data, filled)) else row
    return width, None


def _used(cells: list[str]) -> int:
    used = len(cells)
    while used and not cells[used - 1].strip():
        used -= 1
    return used


def column_names(header: Iterable[str], width: int) -> list[str]:
    """Names as written, made unique: an empty one gets its number, a repeated one a count."""
    seen: Counter[str] = Counter()
    names = []
    for number, raw in enumerate(islice(chain(header, [""] * width), width), start=1):
        name = " ".join(raw.replace("\x00", "").split())[:100] or f"#{number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _chunk(part: str, batch: list[Cells], width: int, first_row: int) -> Chunk:
    bad: list[BadRow] = []
    numbers: list[int] = []
    lines: list[int] = []
    rows: list[list[Any]] = []
    for row, (line, cells, fault) in enumerate(batch, start=first_row):
        if len(cells) != width:
            if any(str(cell).strip() for cell in cells[width:] if cell is not None):
                fault = fault or "too_many_cells"
            else:
                cells = (cells + [""] * (width - len(cells)))[:width]
        if fault:
            bad.append(BadRow(row, part, line, tuple(_texts(cells[: width + 20])), fault))
        else:
            numbers.append(row)
            lines.append(line)
            rows.append(cells)
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) if rows else [()] * width
    frame = pl.DataFrame(
        {"row": pl.Series(numbers, dtype=pl.Int64), "line": pl.Series(lines, dtype=pl.Int64)}
        | {str(position): pl.Series(_texts(values), dtype=pl.String) for position, values in enumerate(columns)}
    )
    return Chunk(part, frame, bad)


# Parquet


def _parquet_part(path: Path, name: str, form: Format) -> Part:
    try:
        schema = pl.read_parquet_schema(path)
        height = pl.scan_parquet(path).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileUnreadable(name, Text("Parquet 文件已损坏。", "the Parquet file is damaged.")) from error
    if not height:
        raise FileUnreadable(name, Text("只有表头，没有数据行。", "it has a header and no rows."))
    if len(schema) > MAX_COLUMNS:
        raise FileUnreadable(name, Text(f"超过 {MAX_COLUMNS} 列。", f"it has more than {MAX_COLUMNS} columns."))

    def read(first_row: int) -> Iterator[Chunk]:
        try:
            for start in range(0, height, 4 * CHUNK_ROWS):
                wide = pl.scan_parquet(path).slice(start, 4 * CHUNK_ROWS).collect()
                for offset in range(0, wide.height, CHUNK_ROWS):
                    yield _parquet_chunk(name, wide.slice(offset, CHUNK_ROWS), first_row, start + offset)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise FileUnreadable(name, Text("Parquet 文件已损坏。", "the Parquet file is damaged.")) from error

    return Part(name, form, column_names(list(schema), len(schema)), True, read)


def _parquet_chunk(part: str, frame: pl.DataFrame, first_row: int, offset: int) -> Chunk:
    frame = frame.rename({name: str(position) for position, name in enumerate(frame.columns)})
    numbers = pl.int_range(pl.len(), dtype=pl.Int64)
    numbered = frame.select((numbers + first_row + offset).alias("row"), (numbers + offset + 1).alias("line"), pl.all())
    return Chunk(part, numbered.with_columns(_plain_columns(frame)))


def _plain_columns(frame: pl.DataFrame) -> list[pl.Expr]:
    """Text, numbers, dates and times stay as they are; whatever else a Parquet file may hold becomes text."""
    plain = []
    for name, kind in frame.schema.items():
        if kind == pl.Decimal:
            plain.append(pl.col(name).cast(pl.Float64))
        elif kind == pl.Date:
            plain.append(pl.col(name).cast(pl.Datetime("us")))
        elif kind.is_nested() or kind == pl.Binary or kind == pl.Object:
            plain.append(pl.lit(None, dtype=pl.String).alias(name))
        elif not (kind.is_numeric() or kind == pl.Datetime or kind == pl.String):
            plain.append(pl.col(name).cast(pl.String))
    return plain
