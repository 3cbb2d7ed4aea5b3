"""Reading clean CSV quickly: block by block with polars, and row by row from the first block that is not clean."""

import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import IO

import polars as pl

from yutang.commerce.importing import csv_rows

BLOCK_CHARACTERS = 4 * 1024 * 1024


def blocks(file: IO[str], delimiter: str, width: int) -> Iterator[tuple[int, pl.DataFrame | Iterator[csv_rows.Row]]]:
    """Parts of a file in order: the line each begins on, and its rows as a frame of columns "0", "1", … or, where
    quotes or widths are irregular, one by one."""
    line = 1
    left = ""
    while True:
        read = file.read(BLOCK_CHARACTERS)
        text = left + read
        if not text:
            return
        end = text.rfind("\n") + 1 if read else len(text)
        text, left = text[:end], text[end:]
        if (read and not end) or text.count('"') % 2:
            # A quote is open across the block's end, or lines end otherwise: no safe place to cut.
            begun = io.StringIO(text + left + file.readline(), newline="")
            yield line, csv_rows.rows(chain(begun, file), delimiter)
            return
        frame = _clean(text, delimiter, width)
        lines = text.count("\n") + (not text.endswith("\n"))
        if frame is not None and frame.height == lines:
            yield line, frame
        else:
            yield line, csv_rows.rows(io.StringIO(text, newline=""), delimiter)
        line += lines


def _clean(text: str, delimiter: str, width: int) -> pl.DataFrame | None:
    """The block as a frame, or None where polars and a careful reader might not agree on it."""
    edge = re.escape(delimiter)
    if '"' in text and re.search(rf'[^{edge}\r\n"]"[^{edge}\r\n"]', text):
        return None
    try:
        return pl.read_csv(
            text.encode("utf-8", "replace"),
            has_header=False,
            separator=delimiter,
            schema={str(position): pl.String for position in range(width)},
        )
    except pl.exceptions.PolarsError:
        return None
