"""The shape of every answer: a small table whose columns say what they hold, for charts, tables and files alike."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yutang.kernel.language import Text


class Kind(StrEnum):
    """What a column holds, so that whoever shows it knows how."""

    BUCKET = "bucket"  # the first day of a day, week or month
    COUNT = "count"
    FEN = "fen"
    SHARE = "share"  # 0 to 1
    NUMBER = "number"
    DAYS = "days"
    SECONDS = "seconds"
    TEXT = "text"
    SOURCE = "source"  # of a customer
    ORDER_SOURCE = "order_source"  # id
    STORE = "store"  # id
    PERSON = "person"  # id
    FIELD = "field"  # private, public, store
    EVENT = "event"  # name
    SKU = "sku"
    STEP = "step"  # a small number that stands for a band or a score


@dataclass(frozen=True)
class Column:
    key: str
    name: Text
    kind: Kind
    definition: str = ""  # the figure it shows


@dataclass(frozen=True)
class Answer:
    columns: tuple[Column, ...]
    rows: list[list[Any]]
    notes: dict[str, Any] = field(default_factory=dict)  # figures beside the table, by name

    def values(self, key: str) -> list[Any]:
        place = next(place for place, column in enumerate(self.columns) if column.key == key)
        return [row[place] for row in self.rows]


def table(columns: tuple[Column, ...], rows: list[dict[str, Any]], **notes: Any) -> Answer:
    """Rows of a query as the columns want them."""
    return Answer(columns, [[row.get(column.key) for column in columns] for row in rows], notes)
