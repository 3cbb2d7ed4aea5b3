"""The file of rows that were not imported: original columns kept, the reason beside each, safe to open in Excel."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from yutang.commerce.importing.tables import BadRow
from yutang.kernel.language import Text

REASONS: dict[str, Text] = {
    "no_date": Text("没有日期", "no date"),
    "bad_date": Text("无法识别的日期", "unreadable date"),
    "no_order_number": Text("没有订单号", "no order number"),
    "long_order_number": Text("订单号超过 100 个字符", "order number longer than 100 characters"),
    "bad_quantity": Text("数量缺失、无法识别或过大", "quantity missing, unreadable or too large"),
    "bad_price": Text("单价无法识别或过大", "unreadable or too large unit price"),
    "bad_amount": Text("金额无法识别或过大", "unreadable or too large amount"),
    "no_price": Text("没有单价也没有金额", "neither unit price nor amount"),
    "too_many_cells": Text("单元格比表头多", "more cells than the header has"),
    "unclosed_quote": Text("引号没有闭合", "a quote is never closed"),
    "other_customer": Text("同一订单号的其他行属于另一个客户", "other lines of this order belong to another customer"),
    "far_date": Text("同一订单号的其他行早 31 天以上", "other lines of this order are more than 31 days older"),
}
_NUMBER = re.compile(r"[-+]?[\d.,]+")


def safe_cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula; plain numbers stay numbers."""
    if text.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r") or text[:1] in ("\t", "\r", "\n"):
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text


class BadRowFile:
    """Writes the file and counts reasons."""

    def __init__(self, file: IO[str], columns: Sequence[str], *, with_header: bool = True) -> None:
        self._writer = csv.writer(file)
        self._width = len(columns)
        self.counts: Counter[str] = Counter()
        if with_header:
            self._writer.writerow([*map(safe_cell, columns), "原因 reason", "文件或工作表 file or sheet", "行 line"])

    def add(self, rows: Iterable[BadRow]) -> None:
        for row in rows:
            self.counts[row.reason] += 1
            reason = REASONS[row.reason]
            cells = [safe_cell(cell) for cell in row.cells[: self._width]]
            cells += [""] * (self._width - len(cells))
            beyond = " | ".join(cell for cell in row.cells[self._width :] if cell)
            more = f": {beyond}" if beyond else ""
            self._writer.writerow(
                [*cells, safe_cell(f"{reason.zh} / {reason.en}{more}"), safe_cell(row.part), row.line]
            )


def opened(path: Path) -> IO[str]:
    """With a byte order mark: Excel takes a CSV for GBK otherwise."""
    return path.open("w", encoding="utf-8-sig", errors="replace", newline="")
