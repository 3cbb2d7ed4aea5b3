"""Many rows at once: COPY on PostgreSQL, executemany on SQLite."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection


def insert(table: str, rows: pl.DataFrame) -> None:
    """Insert a frame whose columns are named as the table's. Texts are never null in our tables, numbers may be."""
    if not rows.height:
        return
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In CSV an unquoted nothing is null, except in the columns named here.
            texts = ", ".join(f'"{name}"' for name, kind in rows.schema.items() if kind == pl.String)
            forced = f", FORCE_NOT_NULL ({texts})" if texts else ""
            copy = f"COPY {table} ({columns}) FROM STDIN (FORMAT csv{forced})"
            _copy(cursor, copy, rows)
        else:
            places = ", ".join(["%s"] * rows.width)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows.rows())  # noqa: S608


def take_ids(table: str, count: int) -> list[int]:
    """Primary keys for rows to come, which nobody else will get."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # The write transaction is ours alone, and the rows themselves move the sequence on.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + count))


def moment(column: str) -> pl.Expr:
    """A column of UTC moments as this database takes it in `insert`."""
    written = "%Y-%m-%d %H:%M:%S" + ("+00" if connection.vendor == "postgresql" else "")
    return pl.col(column).dt.strftime(written).alias(column)


def _copy(cursor: Any, statement: str, rows: pl.DataFrame) -> None:
    text = io.BytesIO()
    rows.write_csv(text, include_header=False)
    with cursor.copy(statement) as copy:
        copy.write(text.getvalue())


@contextmanager
def resumable_writes() -> Iterator[None]:
    """Let SQLite commit without waiting for the disk each time.

    Safe for work that carries its own checkpoint: a power cut may take the last batches together with the checkpoint
    they moved, never one without the other, and they are written again. Commits of other connections wait as before.
    """
    if connection.vendor != "sqlite":
        yield
        return
    _pragmas("NORMAL", pages=20_000, cache_kib=64_000)
    try:
        yield
    finally:
        _pragmas("FULL", pages=4_000, cache_kib=8_000)  # as settings have them


def _pragmas(synchronous: str, *, pages: int, cache_kib: int) -> None:
    """How commits wait, and after how many pages the log is brought home: index pages are rewritten batch by batch,
    and each need go home once only."""
    if connection.in_atomic_block:
        return  # SQLite ignores the change within a transaction
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute(f"PRAGMA wal_autocheckpoint={pages}")
        cursor.execute(f"PRAGMA cache_size=-{cache_kib}")
