"""The lake's table of events: the log, with what analyses ask for most in columns of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import BigIntegerField, F, TextField
from django.db.models.functions import Cast, Coalesce

from yutang.events.models import Event
from yutang.lake.hot import ModelRows
from yutang.lake.tables import Column, Kind, LakeTable, Row

# Props that tell what an event was worth, in order of trust, and how many fen one of theirs is. Names after the first
# are of Segment's vocabulary, in whole units of currency.
_AMOUNTS = {"amount_fen": 1, "revenue": 100, "total": 100, "value": 100}
_ITEMS = ("sku", "product_id", "item_id", "item")
_HINTS = tuple(f'"{name}"' for name in (*_AMOUNTS, *_ITEMS))
_LARGEST = 2**63 - 1

_ROWS = ModelRows(
    Event,
    (
        "pk",
        "key",
        "name",
        "at",
        "received_at",
        Coalesce("customer_id", -F("visitor_id"), output_field=BigIntegerField()),
        "member_id",
        "corp_id",
        "source",
        Cast("props", TextField()),
    ),
)


@dataclass(frozen=True)
class EventRows:
    """Events with amount and item taken out of their props."""

    def settled_id(self) -> int:
        return _ROWS.settled_id()

    def after(self, position: int, limit: int, *, upto: int | None = None) -> Sequence[Row]:
        return [_with_columns(row) for row in _ROWS.after(position, limit, upto=upto)]

    def ids_after(self, position: int, limit: int) -> Sequence[int]:
        return _ROWS.ids_after(position, limit)

    def among(self, ids: Collection[int]) -> Sequence[Row]:
        return [_with_columns(row) for row in _ROWS.among(ids)]

    def of_records(self, record_ids: Collection[int]) -> Sequence[Row]:
        return [_with_columns(row) for row in _ROWS.of_records(record_ids)]


def _with_columns(row: Row) -> Row:
    *told, text = row
    if not any(hint in text for hint in _HINTS):
        return (*told, None, None, text)
    props = orjson.loads(text)
    return (*told, amount_of(props), item_of(props), text)


def amount_of(props: dict[str, Any]) -> int | None:
    """What an event was worth, in fen."""
    for name, fen_each in _AMOUNTS.items():
        amount = props.get(name)
        if isinstance(amount, int | float) and not isinstance(amount, bool):
            return _whole(amount * fen_each)
    return None


def item_of(props: dict[str, Any]) -> str | None:
    for name in _ITEMS:
        if isinstance(item := props.get(name), str | int) and not isinstance(item, bool):
            return str(item)[:200]
    return None


def _whole(fen: float) -> int | None:
    return round(fen) if -_LARGEST < fen < _LARGEST else None


EVENTS = LakeTable(
    "events",
    (
        Column("id", Kind.INTEGER),
        Column("key", Kind.TEXT),
        Column("name", Kind.TEXT),
        Column("at", Kind.MOMENT),
        Column("received_at", Kind.MOMENT),
        Column("subject", Kind.INTEGER),
        Column("member_id", Kind.INTEGER),
        Column("corp_id", Kind.INTEGER),
        Column("source", Kind.TEXT),
        Column("amount_fen", Kind.INTEGER),
        Column("item", Kind.TEXT),
        Column("props", Kind.TEXT, personal=True),
    ),
    moment="at",
    sorted_by=("name", "subject", "at"),
    hot=EventRows(),
)
