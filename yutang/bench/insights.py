"""The dashboard beside hand-written SQL on the same files: of a merchant as in the demo, and of a large one."""

import json
import os

import httpx

from yutang.bench.figures import Figure, percentile
from yutang.bench.lists import NAME, PASSWORD, sign_in, timed
from yutang.bench.product import Product, product

CUSTOMERS = int(os.environ.get("YUTANG_BENCH_CUSTOMERS", "1000000"))
TRIES = 7

_FURNISH = """
import django; django.setup()
from yutang.bench.crowd import make_crowd
make_crowd({people})
from yutang.lake.services.flush import flush
from yutang.lake.tables import TABLES
for table in TABLES.values():
    flush(table)
"""

_BY_HAND = """
import django; django.setup()
import json, time
from datetime import timedelta
from yutang.bench.by_hand import dashboard_by_hand, newest_day
until = newest_day()
since = until - timedelta(days=29)
times = []
for _ in range({tries}):
    began = time.perf_counter()
    told = dashboard_by_hand(since, until)
    times.append(time.perf_counter() - began)
print(json.dumps([times, told, str(since), str(until)]))
"""

AGAINST = "the main figures of both periods by hand-written DuckDB SQL on the same files, without the product"


def run() -> list[Figure]:
    return [_measured("demo-sized", 1_000, 300), _measured(f"{CUSTOMERS:,} customers", CUSTOMERS, 3_000)]


def _measured(name: str, people: int, limit_ms: int) -> Figure:
    with product("web", before=lambda made: _furnish(made, people)) as made:
        by_hand, told, since, until = json.loads(made.run("-c", _BY_HAND.format(tries=TRIES)))
        asked = {"since": since, "until": until, "compare": "before"}
        with httpx.Client(base_url=f"{made.url}/api", timeout=120, headers={"accept-language": "zh"}) as http:
            sign_in(http)
            answer = http.get("/insights/dashboard", params=asked)  # the first one loads the engine
            _same(answer.json(), told)
            times = [_asked_anew(http, asked, place) for place in range(TRIES)]
    took, reference = percentile(times, 0.5) * 1000, percentile(by_hand, 0.5) * 1000
    return Figure(f"dashboard, {name}", took, "ms", reference, AGAINST, f"median < {limit_ms} ms", took < limit_ms)


def _furnish(made: Product, people: int) -> None:
    made.run("-m", "yutang", "account", "create", NAME, "--password", PASSWORD)
    made.run("-c", _FURNISH.format(people=people))


def _asked_anew(http: httpx.Client, asked: dict[str, str], place: int) -> float:
    """The dashboard after something has happened, so that no kept answer serves."""
    http.post(
        "/tag-groups",
        json={"name": f"测量 {place}", "kind": "own", "tags": []},
        headers={"x-csrftoken": http.cookies["yutang_csrf"]},
    ).raise_for_status()
    return timed(http, "/insights/dashboard", asked)


def _same(answer: dict[str, object], told: dict[str, object]) -> None:
    """Both sides counted the same pond. Raises RuntimeError otherwise: quick and wrong is not quick."""
    figures = {figure["key"]: figure["value"] for figure in answer["figures"]}  # type: ignore[attr-defined]
    differing = {key: (value, figures[key]) for key, value in told.items() if figures[key] != value}
    if differing:
        raise RuntimeError(f"The dashboard and the hand-written SQL differ: {differing}")
