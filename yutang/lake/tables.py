"""Tables of the lake, declared by the apps whose rows they mirror.

The lake holds facts in an open format for reading at scale; the database stays the place where they are written. A
table names its columns in engine-neutral kinds and where its rows come from. Nothing here loads the libraries of the
lake, so that declaring costs an idle process nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

Row = tuple[Any, ...]


class Kind(StrEnum):
    INTEGER = "integer"  # 64 bit
    TEXT = "text"
    MOMENT = "moment"  # microseconds, UTC


@dataclass(frozen=True)
class Column:
    """`personal`: words about a customer, which go when that person is erased."""

    name: str
    kind: Kind
    personal: bool = False


class HotRows(Protocol):
    """The rows behind a table, as the database holds them. Rows come in the order of the table's columns.

    Moments may come as datetimes or as SQLite's text.
    """

    def settled_id(self) -> int:
        """All rows up to this id are committed or never will be."""

    def after(self, position: int, limit: int, *, upto: int | None = None) -> Sequence[Row]:
        """Rows whose id is greater than `position` (and at most `upto`), by id."""

    def ids_after(self, position: int, limit: int) -> Sequence[int]:
        """The ids of such rows alone."""

    def among(self, ids: Collection[int]) -> Sequence[Row]:
        """Those of these rows that are still there."""

    def of_records(self, record_ids: Collection[int]) -> Sequence[Row]:
        """Every row about these customer records."""


@dataclass(frozen=True)
class LakeTable:
    """`columns` begin with `id`; a column `subject` names the customer record, or a visitor as its negative id.

    `moment` is the column rows are laid out by, month by month; within one they are sorted by `sorted_by`.
    """

    name: str
    columns: tuple[Column, ...]
    moment: str
    sorted_by: tuple[str, ...]
    hot: HotRows

    def position(self, column: str) -> int:
        return next(place for place, each in enumerate(self.columns) if each.name == column)


TABLES: dict[str, LakeTable] = {}


def declare(table: LakeTable) -> LakeTable:
    """Called by an app when it starts."""
    if table.columns[0] != Column("id", Kind.INTEGER):
        raise ValueError(f"The first column of {table.name} must be its id.")
    TABLES[table.name] = table
    return table
