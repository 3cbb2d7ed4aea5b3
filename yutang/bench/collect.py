"""Events a second by HTTP, durable and counted once, one by one and in batches, on both databases.

The reference is the least a database can do for the same: rows of the same width into a bare table without index, one
durable transaction for each event or batch.
"""

import json
import os
from dataclasses import dataclass

from yutang.bench.figures import Figure
from yutang.bench.orders import throwaway_postgres
from yutang.bench.product import Product, product

SINGLES = int(os.environ.get("YUTANG_BENCH_SINGLES", "15000"))
BATCHED = int(os.environ.get("YUTANG_BENCH_BATCHED", "200000"))
BATCH = 1_000  # events in a request
AT_ONCE_SINGLE, AT_ONCE_BATCH = 48, 6

_SOURCE = """
import django; django.setup()
from yutang.events.models import SourceKind
from yutang.events.services.sources import SourceDraft, create_source
from yutang.kernel.actors import SYSTEM
draft = SourceDraft(name="bench", kind=SourceKind.SERVER, issuer="bench", rate_per_second=1_000_000)
print(create_source(draft, by=SYSTEM).write_key)
"""
_COUNT = """
import django; django.setup()
from yutang.events.models import Event
print(Event.objects.filter(source="source:1").count())
"""
_BARE = """
import django; django.setup()
import json, sys, time
from django.db import connection, transaction
from yutang.bench.collect_load import message
events, batch = int(sys.argv[1]), int(sys.argv[2])
told = map(message, range(events))
columns = ("messageId", "event", "timestamp", "anonymousId")
rows = [(*(each[name] for name in columns), json.dumps(each["properties"])) for each in told]
with connection.cursor() as cursor:
    cursor.execute("DROP TABLE IF EXISTS bare")
    cursor.execute("CREATE TABLE bare (key text, name text, at text, who text, props text)")
    began = time.perf_counter()
    for start in range(0, events, batch):
        with transaction.atomic():
            if connection.vendor == "postgresql" and batch > 1:
                with cursor.copy("COPY bare FROM STDIN") as copy:
                    for row in rows[start : start + batch]:
                        copy.write_row(row)
            else:
                cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s, %s, %s)", rows[start : start + batch])
    print(time.perf_counter() - began)
"""


@dataclass(frozen=True)
class _Aim:
    engine: str
    singles: int
    batched: int
    processes: int  # that take events in


AIMS = (_Aim("sqlite", 1_500, 20_000, 1), _Aim("postgresql", 3_000, 60_000, 2))


def run() -> list[Figure]:
    figures = _measured(AIMS[0], "")
    with throwaway_postgres() as url:
        figures += _measured(AIMS[1], url)
    return figures


def _measured(aim: _Aim, url: str) -> list[Figure]:
    # `web` alone: accepting is what is measured, and it is all done before the answer.
    with product("web", "--web-processes", str(aim.processes), database_url=url) as made:
        key = made.run("-c", _SOURCE).strip()
        _sent(made, key, 2_000, 1, AT_ONCE_SINGLE)  # connections are opened, modules loaded
        singles = SINGLES / _sent(made, key, SINGLES, 1, AT_ONCE_SINGLE)
        batched = BATCHED / _sent(made, key, BATCHED, BATCH, AT_ONCE_BATCH)
        stored = int(made.run("-c", _COUNT))
        if stored != SINGLES + BATCHED + 2_000:
            raise RuntimeError(f"{SINGLES + BATCHED + 2_000} events were accepted, {stored} are there.")
    with product(database_url=url) as bare:
        one = 2_000 / float(bare.run("-c", _BARE, "2000", "1"))
        many = BATCHED / float(bare.run("-c", _BARE, str(BATCHED), str(BATCH)))
    against = "rows into a bare table without index, a durable transaction for each {}, no HTTP"
    return [
        Figure(
            f"single events on {aim.engine}",
            singles,
            "events/s",
            one,
            against.format("event"),
            f"≥ {aim.singles:,}",
            singles >= aim.singles,
        ),
        Figure(
            f"batches on {aim.engine}",
            batched,
            "events/s",
            many,
            against.format(f"{BATCH} of them"),
            f"≥ {aim.batched:,}",
            batched >= aim.batched,
        ),
    ]


def _sent(made: Product, key: str, events: int, batch: int, at_once: int) -> float:
    told = made.run("-m", "yutang.bench.collect_load", made.url, key, *map(str, (events, batch, at_once)))
    return float(json.loads(told)["seconds"])
