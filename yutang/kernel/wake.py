"""How a worker learns at once that there is work: NOTIFY on PostgreSQL, the file's data_version on SQLite."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any, cast

from django.db import connection, transaction

CHANNEL = "yutang_work"
_SQLITE_LOOK_SECONDS = 0.02


def announce_work() -> None:
    """Tell waiting workers after this transaction. SQLite needs no word: its commit counter moves by itself."""
    if connection.vendor == "postgresql":
        # NOTIFY inside the transaction would make all commits queue for one lock; after it, none do.
        transaction.on_commit(_notify)


def _notify() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def wait_for_work(timeout_seconds: float, stopped: Callable[[], bool]) -> None:
    """Return when something was committed, at the time-out, or when `stopped()` says so."""
    if connection.vendor == "postgresql":
        _wait_postgres(timeout_seconds, stopped)
    else:
        _wait_sqlite(timeout_seconds, stopped)


def _wait_postgres(timeout_seconds: float, stopped: Callable[[], bool]) -> None:
    connection.ensure_connection()
    raw = cast(Any, connection.connection)
    raw.execute(f"LISTEN {CHANNEL}")
    deadline = time.monotonic() + timeout_seconds
    while not stopped() and (left := deadline - time.monotonic()) > 0:
        for _ in raw.notifies(timeout=min(left, 0.5), stop_after=1):
            return


def _wait_sqlite(timeout_seconds: float, stopped: Callable[[], bool]) -> None:
    connection.ensure_connection()
    raw = cast(sqlite3.Connection, connection.connection)
    before = raw.execute("PRAGMA data_version").fetchone()
    deadline = time.monotonic() + timeout_seconds
    while not stopped() and time.monotonic() < deadline:
        time.sleep(_SQLITE_LOOK_SECONDS)
        if raw.execute("PRAGMA data_version").fetchone() != before:
            return
