"""How a worker learns at once that there is work: NOTIFY on PostgreSQL, the file's data_version on SQLite."""

import sqlite3
import threading
import time
from typing import Any, cast

from django.db import connection, transaction

CHANNEL = "yutang_work"
_SQLITE_LOOK_SECONDS = 0.02
_POSTGRES_LOOK_SECONDS = 0.05  # how soon a call from within the process is heard


def announce_work() -> None:
    """Tell waiting workers after this transaction. SQLite needs no word: its commit counter moves by itself."""
    if connection.vendor == "postgresql":
        # NOTIFY inside the transaction would make all commits queue for one lock; after it, none do.
        transaction.on_commit(_notify)


def _notify() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def glance() -> object:
    """How things stand before looking for work; what is committed after this ends the wait that follows."""
    if connection.vendor == "postgresql":
        return None  # notifications queue up by themselves
    connection.ensure_connection()
    return _data_version(cast(sqlite3.Connection, connection.connection))


def _data_version(raw: sqlite3.Connection) -> object:
    return raw.execute("PRAGMA data_version").fetchone()


def wait_for_work(timeout_seconds: float, called: threading.Event, *, since: object) -> None:
    """Return when something was committed after the glance `since`, at the time-out, or when `called` is set."""
    if connection.vendor == "postgresql":
        _wait_postgres(timeout_seconds, called)
    else:
        _wait_sqlite(timeout_seconds, called, since)


def _wait_postgres(timeout_seconds: float, called: threading.Event) -> None:
    connection.ensure_connection()
    raw = cast(Any, connection.connection)
    raw.execute(f"LISTEN {CHANNEL}")
    deadline = time.monotonic() + timeout_seconds
    while not called.is_set() and (left := deadline - time.monotonic()) > 0:
        for _ in raw.notifies(timeout=min(left, _POSTGRES_LOOK_SECONDS), stop_after=1):
            return


def _wait_sqlite(timeout_seconds: float, called: threading.Event, before: object) -> None:
    connection.ensure_connection()
    raw = cast(sqlite3.Connection, connection.connection)
    deadline = time.monotonic() + timeout_seconds
    while _data_version(raw) == before and time.monotonic() < deadline:
        if called.wait(_SQLITE_LOOK_SECONDS):
            return
