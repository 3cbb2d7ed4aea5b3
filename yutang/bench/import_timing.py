"""How quickly order lines go from a file to committed customers, orders, lines and events."""

import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from yutang.commerce.importing import bulk
from yutang.commerce.services import runs
from yutang.commerce.services.run_import import carry_out
from yutang.kernel.actors import SYSTEM

TARGET_LINES_PER_SECOND = 30_000
LINES = 500_000
LINES_AN_ORDER = 18  # as in a year of a real gift retailer
CUSTOMERS = 4_400
_BARE = "commerce_bench_bare"
_BATCH = 10_000


@dataclass(frozen=True)
class ImportTiming:
    """`reference` is a plain bulk load of the same lines into one bare table, in the same run."""

    lines: int
    seconds: float
    reference_seconds: float

    @property
    def lines_per_second(self) -> float:
        return self.lines / self.seconds

    @property
    def reference_lines_per_second(self) -> float:
        return self.lines / self.reference_seconds

    @property
    def ratio(self) -> float:
        return self.seconds / self.reference_seconds


def run_import_bench(database: str = "default", *, file: Path | None = None, lines: int = LINES) -> ImportTiming:
    """Import a file, or a made-up one, into the present database, which should be a throw-away one.

    database: only "default" is served; the engine is chosen by DATABASE_URL.
    """
    if database != "default":
        raise ValueError("The benchmark runs on the default database; choose it by DATABASE_URL.")
    folder = Path(tempfile.mkdtemp(prefix="yutang-bench-"))
    try:
        path = file or _made_up(folder / "orders.parquet", lines)
        counted, seconds = _import(path)
        return ImportTiming(counted, seconds, _plain_load(path))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made_up(path: Path, lines: int) -> Path:
    """Lines shaped like a retailer's: orders of some customers over a year, one in five a guest's."""
    number = pl.int_range(lines, eager=True)
    order = number // LINES_AN_ORDER
    item = (number * 7919) % 4_600
    frame = pl.DataFrame(
        {
            "order_no": (order + 500_000).cast(pl.String),
            "sku": "SKU" + item.cast(pl.String),
            "description": "GIFT NUMBER " + item.cast(pl.String) + " IN A BOX",
            "quantity": (number * 31) % 24 + 1,
            "order_date": pl.Series([datetime(2026, 1, 1)]).new_from_index(0, lines)  # noqa: DTZ001 (local time)
            + (order * 1_000) * timedelta(seconds=1),
            "price": ((item % 900) + 15) / 100,
            "customer_id": (order * 2_654_435 % CUSTOMERS).cast(pl.Int64),
        }
    )
    guest = order % 5 == 0
    frame.with_columns(pl.when(guest).then(None).otherwise(pl.col("customer_id")).alias("customer_id")).write_parquet(
        path
    )
    return path


def _import(path: Path) -> tuple[int, float]:
    began = time.perf_counter()
    run = runs.create_run_from_path(path, source=f"bench-{time.time_ns()}", by=SYSTEM)
    runs.start(run, by=SYSTEM, accept_bad_rows=True)
    done = carry_out(run.pk)
    seconds = time.perf_counter() - began
    if done is None or done.state != "done":
        raise RuntimeError(f"The import did not finish: {done and done.error}")
    return int(done.counts["lines_new"]), seconds


def _plain_load(path: Path) -> float:
    """Seconds to parse the file and write its cells, as text, into a table without any index."""
    began = time.perf_counter()
    source = next(path.glob("*.parquet")) if path.is_dir() else path
    frame = (pl.read_parquet(source) if source.suffix == ".parquet" else pl.read_csv(source)).cast(pl.String)
    frame = frame.rename({name: f"c{place}" for place, name in enumerate(frame.columns)}).fill_null("")
    columns = ", ".join(f"{name} text" for name in frame.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_BARE}")
        cursor.execute(f"CREATE TABLE {_BARE} ({columns})")
    try:
        with bulk.resumable_writes():
            for start in range(0, frame.height, _BATCH):
                with transaction.atomic():
                    bulk.insert(_BARE, frame.slice(start, _BATCH))
        return time.perf_counter() - began
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {_BARE}")
