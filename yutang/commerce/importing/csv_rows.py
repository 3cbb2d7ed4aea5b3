"""Reading CSV as the world writes it: a stray quote costs the line it stands on, not the rest of the file."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MAX_LINES_OF_A_ROW = 200  # physical lines; a longer cell is a quote somebody forgot to close
MAX_CELL = 256 * 1024  # characters

csv.field_size_limit(MAX_CELL)


class Row(NamedTuple):
    line: int  # physical line the row begins on, from 1
    cells: list[str]
    fault: str = ""  # code of what is wrong with the row as such


class _TooLong(Exception):
    """A row has swallowed more lines than a cell may have."""


class _Lines:
    """Lines of a file that can be given back."""

    def __init__(self, file: Iterable[str]) -> None:
        self._file = iter(file)
        self._back: deque[str] = deque()
        self.number = 0  # of the last line handed out
        self.taken: list[str] = []  # since the present row began

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES_OF_A_ROW:
            raise _TooLong
        line = self._back.popleft() if self._back else next(self._file)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> str:
        """The first line of the present row; the lines after it will be read again."""
        first, *rest = self.taken
        self._back.extendleft(reversed(rest))
        self.number -= len(rest)
        self.taken = []
        return first


def rows(file: Iterable[str], delimiter: str) -> Iterator[Row]:
    """Every row with its cells. `width` of the table is the reader's matter, except where quotes span lines."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter)
    width = 0
    while True:
        lines.taken = []
        begins = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLong, csv.Error):
            if not lines.taken:
                return
            yield Row(begins, lines.give_back_all_but_first().rstrip("\r\n").split(delimiter), "unclosed_quote")
            reader = csv.reader(lines, delimiter=delimiter)
            continue
        width = width or len(cells)
        if len(lines.taken) > 1 and len(cells) != width:
            # A quote opened on one line and closed by chance on another has glued rows together.
            yield Row(begins, lines.give_back_all_but_first().rstrip("\r\n").split(delimiter), "unclosed_quote")
            reader = csv.reader(lines, delimiter=delimiter)
            continue
        yield Row(begins, cells)
