"""Rules over a million people and fifty million events: read cold beside hand-written SQL and polars, and warm."""

import json
import os
import tempfile
from functools import partial
from pathlib import Path

from yutang.bench.figures import Figure
from yutang.bench.product import product

PEOPLE = int(os.environ.get("YUTANG_BENCH_CUSTOMERS", "1000000"))
EVENTS = int(os.environ.get("YUTANG_BENCH_EVENTS", "50000000"))
COLD_RATIO, WARM_MS = 1.25, 50.0


def run() -> list[Figure]:
    """In a product of its own, so that its database and its files are thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="yutang-bench-") as folder, product() as made:
        code = f"import django; django.setup()\nfrom yutang.bench.segments import measure\nmeasure({folder!r})"
        told = json.loads(made.run("-c", code).splitlines()[-1])
    size = f"{PEOPLE:,} people, {EVENTS:,} events"
    figures = []
    for name in told["cold"]:
        cold, sql, polars = told["cold"][name], told["sql"][name], told["polars"][name]
        against = f"hand-written SQL on the same DuckDB (polars: {polars:,.0f} ms)"
        target = f"≤ {COLD_RATIO} × SQL, {size}"
        figures.append(Figure(f"segment cold: {name}", cold, "ms", sql, against, target, cold <= COLD_RATIO * sql))
    warm = told["warm"]
    cold = told["cold"]["three leaves"]
    figures.append(
        Figure("segment warm", warm, "ms", cold, "the same rule cold", f"≤ {WARM_MS:.0f} ms", warm <= WARM_MS)
    )
    return figures


def measure(folder: str) -> None:
    """Prints one line of JSON: milliseconds by rule."""
    from yutang.bench.segment_rules import RULES, Scratch

    scratch = Scratch(Path(folder), people=PEOPLE, events=EVENTS)
    scratch.generate()
    told: dict[str, dict[str, float]] = {"cold": {}, "sql": {}, "polars": {}}
    for name, rule in RULES.items():
        told["sql"][name], by_sql = scratch.best(partial(scratch.by_sql, rule))
        told["cold"][name], by_rule = scratch.best(partial(scratch.by_rule, rule))
        told["polars"][name], by_polars = scratch.best(partial(scratch.by_polars, rule), tries=1)
        if not by_rule == by_sql == by_polars:
            raise RuntimeError(f"{name}: {by_rule} people by rule, {by_sql} by SQL, {by_polars} by polars")
    warm = scratch.warm(RULES["three leaves"])
    print(json.dumps(told | {"warm": warm}))
