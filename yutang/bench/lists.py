"""Lists, search and profiles with a million customers, on both databases, beside one bare SQL statement in the same."""

import json
import os
import time
from collections.abc import Callable, Mapping

import httpx

from yutang.bench.figures import Figure, percentile
from yutang.bench.orders import throwaway_postgres
from yutang.bench.product import Product, product

CUSTOMERS = int(os.environ.get("YUTANG_BENCH_CUSTOMERS", "1000000"))
TRIES = 40
TARGET_MS = 100
NAME, PASSWORD = "bench", "Pond-and-fish-2026"
AGAINST = "p95 of SELECT … ORDER BY id DESC LIMIT 50 without the product"

_BARE = f"""
import django; django.setup()
import json, time
from django.db import connection
times = []
with connection.cursor() as cursor:
    for place in range({TRIES}):
        began = time.perf_counter()
        sql = "SELECT * FROM customers_customer WHERE id < %s ORDER BY id DESC LIMIT 50"
        cursor.execute(sql, [{CUSTOMERS} - place * {CUSTOMERS} // 100])
        cursor.fetchall()
        times.append(time.perf_counter() - began)
print(json.dumps(times))
"""  # noqa: S608

Query = Mapping[str, object]

# What operators narrow a list to, each alone and together; the times lie long before the newest people.
_FILTERS: list[Query] = [
    {"stage": "buyer"},
    {"source": "live_code:3"},
    {"stage": "repeat", "source": "live_code:3"},
    {"has_orders": "true"},
    {"state": "mutual"},
    {"tag": 1},
    {"tag": 1, "stage": "repeat"},
    {"tag": 1, "state": "mutual"},
    {"member": 1},
    {"member": 1, "stage": "repeat"},
    {"member": 1, "tag": 1},
    {"added_from": "2024-03-01T00:00:00Z"},
    {"added_from": "2024-01-02T00:00:00Z", "added_to": "2024-02-01T00:00:00Z"},
    {"added_from": "2024-01-02T00:00:00Z", "added_to": "2024-01-04T00:00:00Z", "stage": "contact"},
]


def run() -> list[Figure]:
    figures = _measured("SQLite", "")
    with throwaway_postgres() as url:
        figures += _measured("PostgreSQL", url)
    return figures


def _measured(engine: str, database_url: str) -> list[Figure]:
    # `web` alone needs the crowd before it starts, so the home is furnished first.
    with product("web", before=furnish, database_url=database_url) as made:
        bare = percentile(json.loads(made.run("-c", _BARE)), 0.95) * 1000
        with httpx.Client(base_url=f"{made.url}/api", headers={"accept-language": "zh"}, timeout=60) as http:
            sign_in(http)
            taken = {name: [timed(http, path, query) for path, query in asked] for name, asked in _reads(http).items()}
    target = f"< {TARGET_MS} ms with {CUSTOMERS:,} customers"
    figures = []
    for name, times in taken.items():
        p95 = percentile(times, 0.95) * 1000
        figures.append(Figure(f"{name} p95, {engine}", p95, "ms", bare, AGAINST, target, p95 < TARGET_MS))
    return figures


def _reads(http: httpx.Client) -> dict[str, list[tuple[str, Query]]]:
    """What is read, by the name of its figure: TRIES requests each."""
    page = http.get("/customers", params={"limit": 50}).json()
    names = [str(person["name"]) for person in page["items"]]
    newest = int(page["items"][0]["id"])
    people = [max(1, newest - place * (newest // TRIES)) for place in range(TRIES)]
    words = [(name, name[:1], name[:2], name[-2:])[place % 4] for place, name in enumerate(names)][:TRIES]
    return {
        "list": _often("/customers", lambda _: {"limit": 50}),
        "list, later pages": [("/customers", {"limit": 50, "cursor": cursor}) for cursor in _cursors(http)],
        "list, filtered": _often("/customers", lambda place: _FILTERS[place % len(_FILTERS)]),
        "search": [("/customers", {"q": word, "limit": 50}) for word in words],
        "search everywhere": [("/search", {"q": word}) for word in words],
        "profile": [(f"/customers/{person}", {}) for person in people],
        "timeline of 5,000": _often(f"/customers/{newest}/timeline", lambda _: {}),
        "orders": _often("/orders", lambda place: ({}, {"kind": "cancellation"}, {"source": 1})[place % 3]),
        "events": _often("/events", lambda place: ({}, {"name": "contact.added"}, {"member_id": 1})[place % 3]),
        "inbox": _often("/inbox", lambda place: ({}, {"state": "failed"})[place % 2]),
        "audit": _often("/audit", lambda place: ({}, {"subject_kind": "customer"})[place % 2]),
        "tags": _often("/tag-groups", lambda _: {}),
        "overview": _often("/overview", lambda _: {}),
    }


def _often(path: str, query: Callable[[int], Query]) -> list[tuple[str, Query]]:
    return [(path, query(place)) for place in range(TRIES)]


def _cursors(http: httpx.Client) -> list[str]:
    found, cursor = [], ""
    for _ in range(TRIES):
        cursor = http.get("/customers", params={"limit": 200, "cursor": cursor}).json()["next"]
        found.append(cursor)
    return found


def furnish(made: Product) -> None:
    made.run("-m", "yutang", "account", "create", NAME, "--password", PASSWORD)
    made.run("-c", f"import django; django.setup()\nfrom yutang.bench.crowd import make_crowd\nmake_crowd({CUSTOMERS})")


def sign_in(http: httpx.Client) -> None:
    http.get("/session")
    token = http.cookies["yutang_csrf"]
    answer = http.post("/session", json={"username": NAME, "password": PASSWORD}, headers={"x-csrftoken": token})
    answer.raise_for_status()


def timed(http: httpx.Client, path: str, query: Query) -> float:
    began = time.perf_counter()
    http.get(path, params={name: str(value) for name, value in query.items()}).raise_for_status()
    return time.perf_counter() - began
