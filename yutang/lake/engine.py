"""The embedded engine: one DuckDB a process, one budget of memory, a folder to spill to. Loads duckdb and ibis."""

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
from django.conf import settings

from yutang.lake.errors import LakeUnreadable, QueryTooLarge, QueryTooLong

MOST_KEPT = 1_000  # questions whose SQL is remembered

_kept: dict[Hashable, tuple[str, pa.Schema]] = {}


class DuckDB:
    """A connection of its own to the process's one database; not to be shared between threads."""

    def __init__(self, zone: str) -> None:
        self._connection = _database(settings.LAKE_MEMORY_MB, settings.LAKE_THREADS).cursor()
        self.backend = ibis.duckdb.from_connection(self._connection)
        self._connection.execute("SET TimeZone = ?", [zone])
        self._scans = 0
        self._unseen: dict[str, ibis.Table] = {}  # named tables nothing was asked of yet

    def scan(self, paths: Sequence[str]) -> ibis.Table:
        """The rows of these Parquet files; columns a file lacks are null. Raises LakeUnreadable."""
        self._scans += 1
        local = [path.removeprefix("file://") for path in paths]
        with _unreadable_told():
            return self.backend.read_parquet(local, table_name=f"scan_{self._scans}", union_by_name=True)

    def answer(self, question: ibis.Expr, *, seconds: float) -> pa.Table:
        """Raises QueryTooLong, QueryTooLarge or LakeUnreadable."""
        self._see()
        with self._stopped_after(seconds) as stopped, _unreadable_told(), _limits_told(stopped, seconds):
            return self.backend.to_pyarrow(question)

    def named(self, name: str, table: ibis.Table) -> ibis.Table:
        """The same rows under a name of this session, so that questions about them look the same in every session."""
        self._unseen[name] = table
        return ibis.table(table.schema(), name=name)

    def _see(self, sql: str | None = None) -> None:
        """Make the views of named tables: of those the statement speaks of, or of all."""
        for name in [name for name in self._unseen if sql is None or f'"{name}"' in sql]:
            table = self._unseen.pop(name)
            self.backend._run_pre_execute_hooks(table)  # what `to_pyarrow` does first: rows in memory get their names
            self._connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {self.backend.compile(table)}')

    def answer_kept(self, key: Hashable, ask: Callable[[], ibis.Table], *, seconds: float) -> pa.Table:
        """The answer to a question of named tables alone. Its SQL is made once: that takes longer than most answers."""
        known = _kept.get(key)
        if known is None:
            question = ask()
            known = (self.backend.compile(question), question.schema().to_pyarrow())
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = known
        sql, schema = known
        self._see(sql)
        with self._stopped_after(seconds) as stopped, _unreadable_told(), _limits_told(stopped, seconds):
            return self._connection.execute(sql).to_arrow_table().cast(schema)

    def batches(self, question: ibis.Table, *, rows: int) -> Iterator[pa.RecordBatch]:
        """For results too large to hold."""
        yield from self.backend.to_pyarrow_batches(question, chunk_size=rows)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _stopped_after(self, seconds: float) -> Iterator[threading.Event]:
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            self._connection.interrupt()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield stopped
        finally:
            timer.cancel()


@contextmanager
def _limits_told(stopped: threading.Event, seconds: float) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        if stopped.is_set():
            raise QueryTooLong(seconds=round(seconds)) from None
        raise error
    except duckdb.OutOfMemoryException:
        raise QueryTooLarge from None


@contextmanager
def _unreadable_told() -> Iterator[None]:
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise LakeUnreadable(problem=str(error).splitlines()[0][:300]) from error


@lru_cache(maxsize=1)
def _database(memory_mb: int, threads: int) -> duckdb.DuckDBPyConnection:
    spill = Path(settings.HOME) / "lake" / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads:
        config["threads"] = threads
    database = duckdb.connect(":memory:", config=config)
    database.execute("SET GLOBAL parquet_metadata_cache = true")  # files never change
    return database
