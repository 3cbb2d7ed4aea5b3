"""List, search and profile with a million customers, each beside one bare SQL statement in the same database."""

import json
import os
import time

import httpx

from yutang.bench.figures import Figure, percentile
from yutang.bench.product import Product, product

CUSTOMERS = int(os.environ.get("YUTANG_BENCH_CUSTOMERS", "1000000"))
TRIES = 40
NAME, PASSWORD = "bench", "Pond-and-fish-2026"

_BARE = """
import django; django.setup()
import json, time
from django.db import connection
times = []
with connection.cursor() as cursor:
    for place in range(40):
        began = time.perf_counter()
        sql = "SELECT * FROM customers_customer WHERE id < %s ORDER BY id DESC LIMIT 50"
        cursor.execute(sql, [900000 - place * 7919])
        cursor.fetchall()
        times.append(time.perf_counter() - began)
print(json.dumps(times))
"""


def run() -> list[Figure]:
    # `web` alone needs the crowd before it starts, so the home is furnished first.
    with product("web", before=furnish) as made:
        bare = percentile(json.loads(made.run("-c", _BARE)), 0.95) * 1000
        with httpx.Client(base_url=f"{made.url}/api", headers={"accept-language": "zh"}) as http:
            sign_in(http)
            times = {
                "list p95": [timed(http, "/customers", limit=50) for _ in range(TRIES)],
                "search p95": [timed(http, "/customers", q=name, limit=50) for name in _searches(http)],
                "profile p95": [timed(http, f"/customers/{number}") for number in _ids(http)],
            }
    against = "p95 of SELECT … ORDER BY id DESC LIMIT 50 without the product"
    figures = []
    for name, taken in times.items():
        p95 = percentile(taken, 0.95) * 1000
        target = f"< 100 ms with {CUSTOMERS:,} customers"
        figures.append(Figure(f"customer {name}", p95, "ms", bare, against, target, p95 < 100))
    return figures


def furnish(made: Product) -> None:
    made.run("-m", "yutang", "account", "create", NAME, "--password", PASSWORD)
    made.run("-c", f"import django; django.setup()\nfrom yutang.bench.crowd import make_crowd\nmake_crowd({CUSTOMERS})")


def sign_in(http: httpx.Client) -> None:
    http.get("/session")
    token = http.cookies["yutang_csrf"]
    answer = http.post("/session", json={"username": NAME, "password": PASSWORD}, headers={"x-csrftoken": token})
    answer.raise_for_status()


def timed(http: httpx.Client, path: str, **query: object) -> float:
    began = time.perf_counter()
    http.get(path, params={name: str(value) for name, value in query.items()}).raise_for_status()
    return time.perf_counter() - began


def _page(http: httpx.Client) -> list[dict[str, object]]:
    items: list[dict[str, object]] = http.get("/customers", params={"limit": 50}).json()["items"]
    return items


def _ids(http: httpx.Client) -> list[int]:
    """People all over the table, newest to eldest."""
    newest = int(str(_page(http)[0]["id"]))
    return [max(1, newest - place * (newest // TRIES)) for place in range(TRIES)]


def _searches(http: httpx.Client) -> list[str]:
    """What operators type: whole names, surnames, beginnings."""
    names = [str(person["name"]) for person in _page(http)]
    return [(name, name[:1], name[:2], name[-2:])[place % 4] for place, name in enumerate(names)][:TRIES]
