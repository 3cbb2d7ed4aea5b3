"""The rules that are measured: as a rule, as SQL a person would write, and in polars; and a log to read them over."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from yutang.kernel import clock
from yutang.segments.leaves import Leaf, World
from yutang.segments.models import Keeping
from yutang.segments.rule import Rule, leaves_of, people_of
from yutang.segments.services.kept_leaves import install, the_keeping
from yutang.segments.services.preview import current_people
from yutang.segments.trees import EVERYONE, unique
from yutang.segments.windows import Moment

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
DAYS = 365
NAMES = ("page.viewed", "item.viewed", "cart.added", "order.placed", "code.scanned", "message.replied", "coupon.used")


def _events(name: str, days: int, **measure: object) -> dict[str, object]:
    window = {"kind": "last", "amount": days, "unit": "days"}
    return {"kind": "events", "which": {"events": [name]}, "window": window, "is": measure}


@dataclass(frozen=True)
class Measured:
    rule: dict[str, Any]
    sql: str
    polars: Callable[[Any], Any]  # a lazy frame of the log → ids of people

    @property
    def node(self) -> Any:
        return Rule.model_validate({"schema": 1, "when": self.rule}).when


def since(days: int) -> datetime:
    return AT - timedelta(days=days)


def _sql(name: str, days: int, having: str = "") -> str:
    within = f'name = \'{name}\' AND "at" > $d{days} AND "at" <= $now'
    return f"SELECT person FROM log WHERE {within} GROUP BY person {having}"  # noqa: S608


_TWICE = _sql("order.placed", 30, "HAVING count(*) >= 2")
_SPENT = _sql("order.placed", 90, "HAVING sum(amount_fen) >= 50000")
_LOOKED = _sql("item.viewed", 7)


def _p_twice(log: Any) -> Any:
    return _p_group(log, "order.placed", 30, lambda pl: pl.len() >= 2)


def _p_spent(log: Any) -> Any:
    return _p_group(log, "order.placed", 90, lambda pl: pl.col("amount_fen").sum() >= 50_000)


def _p_looked(log: Any) -> Any:
    return _p_group(log, "item.viewed", 7, lambda pl: pl.len() >= 1)


def _p_group(log: Any, name: str, days: int, held: Callable[[Any], Any]) -> Any:
    import polars as pl

    rows = log.filter((pl.col("name") == name) & (pl.col("at") > since(days)) & (pl.col("at") <= AT))
    return rows.group_by("person").agg(held=held(pl)).filter(pl.col("held")).select("person").collect()["person"]


TWICE = _events("order.placed", 30, measure="count", op="gte", value=2)
SPENT = _events("order.placed", 90, measure="sum", op="gte", value=50_000)
LOOKED = _events("item.viewed", 7, measure="count", op="gte", value=1)

RULES: dict[str, Measured] = {
    "bought twice in 30 days": Measured(TWICE, _TWICE, _p_twice),
    "spent ¥500 in 90 days": Measured(SPENT, _SPENT, _p_spent),
    "three leaves": Measured(
        {"kind": "all", "of": [LOOKED, {"kind": "any", "of": [TWICE, SPENT]}]},
        f"({_LOOKED}) INTERSECT (({_TWICE}) UNION ({_SPENT}))",
        lambda log: set(_p_looked(log)) & (set(_p_twice(log)) | set(_p_spent(log))),
    ),
}


class Scratch:
    """A log in Parquet, laid out as the lake lays it out: a file a month, within it by name, person and moment."""

    def __init__(self, folder: Path, *, people: int, events: int) -> None:
        from yutang.lake.engine import DuckDB

        self._folder, self._people, self._events = folder, people, events
        self._engine = DuckDB("Asia/Shanghai")
        self._everyone = BitMap(range(1, people + 1))

    def generate(self) -> None:
        """Some people do much and most do little, as people do."""
        months = 12
        each = self._events // months
        names = ", ".join(f"'{name}'" for name in NAMES)
        for month in range(months):
            begin, first = since(DAYS) + timedelta(days=month * DAYS / months), month * each
            self._engine.backend.con.execute(
                f"""
                COPY (
                    SELECT i AS id, ([{names}])[1 + (hash(i * 7) % {len(NAMES)})::INT] AS name,
                        TIMESTAMPTZ '{begin.isoformat()}' + to_microseconds(
                            (hash(i * 13) % {int(DAYS / months * 86_400)})::BIGINT * 1000000) AS "at",
                        1 + floor({self._people} * pow((hash(i * 17) % 1000003) / 1000003.0, 1.6))::BIGINT AS person,
                        CASE WHEN hash(i * 7) % {len(NAMES)} = 3 THEN (hash(i * 19) % 40000)::BIGINT END AS amount_fen,
                        's' || (hash(i * 23) % 5000) AS item, 'web' AS source,
                        NULL::BIGINT AS member_id, '{{}}' AS props
                    FROM range({first}, {first + each}) AS numbers(i)
                    ORDER BY name, person, "at"
                ) TO '{self._folder}/{month}.parquet' (FORMAT parquet, COMPRESSION zstd)
                """  # noqa: S608
            )

    @property
    def _paths(self) -> list[str]:
        return sorted(str(path) for path in self._folder.glob("*.parquet"))

    def table(self, name: str) -> Any:
        return self._engine.scan(self._paths)

    def run(self, expression: Any) -> Any:
        return self._engine.answer(expression, seconds=600)

    def world(self) -> World:
        return World(Moment(AT, ZoneInfo("Asia/Shanghai")), lambda: self, {"everyone": self._everyone})

    def by_rule(self, measured: Measured) -> int:
        world = self.world()
        people = {leaf.key: leaf.people(world).people for leaf in unique(leaves_of(measured.node))}
        return len(people_of(measured.node, self._everyone, lambda leaf: people[leaf.key]))

    def by_sql(self, measured: Measured) -> int:
        """The ids, as whoever asks wants them."""
        raw = self._engine.backend.con
        raw.execute(f"CREATE OR REPLACE TEMP VIEW log AS SELECT * FROM read_parquet({self._paths})")  # noqa: S608
        wanted = {"now": AT} | {f"d{days}": since(days) for days in (7, 30, 90) if f"$d{days}" in measured.sql}
        return len(raw.execute(measured.sql, wanted).fetchnumpy()["person"])

    def by_polars(self, measured: Measured) -> int:
        import polars as pl

        return len(measured.polars(pl.scan_parquet(self._paths)))

    def best(self, once: Callable[[], int], *, tries: int = 3) -> tuple[float, int]:
        """Milliseconds of the best of some tries, and what was found."""
        taken, found = [], 0
        for _ in range(tries):
            began = time.perf_counter()
            found = once()
            taken.append((time.perf_counter() - began) * 1000)
        return min(taken), found

    def warm(self, measured: Measured) -> float:
        """A preview's reading of kept leaves from the database, and the algebra over them."""
        with clock.stopped(AT):
            return self._warm(measured)

    def _warm(self, measured: Measured) -> float:
        the_keeping()
        leaves: Sequence[Leaf] = [EVERYONE, *unique(leaves_of(measured.node))]
        world = self.world()
        for leaf in leaves:
            install(leaf, leaf.people(world), 0, AT, 0)
        keep_looking()

        def once() -> int:
            people = current_people(leaves)
            return len(people_of(measured.node, people[EVERYONE.key], lambda leaf: people[leaf.key]))

        taken, found = self.best(once, tries=5)
        if found != self.by_rule(measured):
            raise RuntimeError("Kept leaves say otherwise than a whole reading.")
        return taken


def keep_looking() -> None:
    """Say that somebody keeps the leaves current; here nothing happens meanwhile."""
    Keeping.objects.filter(pk=1).update(looked_at=clock.now())
