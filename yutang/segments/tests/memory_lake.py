"""For tests: a lake of the histories given, held in memory by DuckDB, with the merchant's time zone as the real one."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import orjson
import pyarrow
from pyroaring import BitMap

from yutang.segments.history import History
from yutang.segments.leaves import World
from yutang.segments.windows import Moment

UTC = "UTC"
EVENTS = pyarrow.schema(
    [
        ("id", pyarrow.int64()),
        ("name", pyarrow.string()),
        ("at", pyarrow.timestamp("us", UTC)),
        ("person", pyarrow.int64()),
        ("member_id", pyarrow.int64()),
        ("source", pyarrow.string()),
        ("amount_fen", pyarrow.int64()),
        ("item", pyarrow.string()),
        ("props", pyarrow.string()),
    ]
)
ORDERS = pyarrow.schema(
    [
        ("id", pyarrow.int64()),
        ("source_id", pyarrow.int64()),
        ("kind", pyarrow.string()),
        ("store_id", pyarrow.int64()),
        ("placed_at", pyarrow.timestamp("us", UTC)),
        ("amount_fen", pyarrow.int64()),
        ("person", pyarrow.int64()),
    ]
)
LINES = pyarrow.schema(
    [
        ("order_id", pyarrow.int64()),
        ("sku", pyarrow.string()),
        ("title", pyarrow.string()),
        ("amount_fen", pyarrow.int64()),
    ]
)


@lru_cache(maxsize=1)
def _backend() -> Any:
    return ibis.duckdb.connect(threads=1)


class MemoryLake:
    def __init__(self, histories: Iterable[History], zone: ZoneInfo) -> None:
        self._backend = _backend()
        self._backend.raw_sql(f"SET TimeZone = '{zone.key}'")
        people = list(histories)
        events = [
            {
                "id": event.id,
                "name": event.name,
                "at": event.at,
                "person": each.person,
                "member_id": event.member_id,
                "source": event.source,
                "amount_fen": event.amount_fen,
                "item": event.item,
                "props": orjson.dumps(dict(event.props)).decode(),
            }
            for each in people
            for event in each.events
        ]
        orders = [
            {
                "id": order.id,
                "source_id": order.source_id,
                "kind": order.kind,
                "store_id": order.store_id,
                "placed_at": order.placed_at,
                "amount_fen": order.amount_fen,
                "person": each.person,
            }
            for each in people
            for order in each.orders
        ]
        lines = [
            {"order_id": order.id, "sku": line.sku, "title": line.title, "amount_fen": line.amount_fen}
            for each in people
            for order in each.orders
            for line in order.lines
        ]
        for name, rows, schema in (
            ("events", events, EVENTS),
            ("orders", orders, ORDERS),
            ("order_lines", lines, LINES),
        ):
            self._backend.con.register(name, pyarrow.Table.from_pylist(rows, schema=schema))

    def table(self, name: str) -> ibis.Table:
        return self._backend.table(name)

    def run(self, expression: ibis.Table) -> pyarrow.Table:
        return self._backend.to_pyarrow(expression)

    def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        return self._backend.con.execute(statement, values).fetchall()


def world_of(histories: Iterable[History], moment: Moment) -> World:
    people = list(histories)
    world = World(moment, lambda: MemoryLake(people, moment.zone))
    world._kept["everyone"] = BitMap(each.person for each in people)
    return world
