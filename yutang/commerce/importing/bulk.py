"""Many rows at once: COPY on PostgreSQL, executemany on SQLite."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection


def insert(table: str, rows: pl.DataFrame) -> None:
    """Insert a frame whose columns are named as the table's and hold no nulls."""
    if not rows.height:
        return
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # An empty text is not null here, quoted or not.
            copy = f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({columns}))"
            _copy(cursor, copy, rows)
        else:
            places = ", ".join(["%s"] * rows.width)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows.rows())  # noqa: S608


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
    _pragma("NORMAL")
    try:
        yield
    finally:
        _pragma("FULL")


def _pragma(synchronous: str) -> None:
    if connection.in_atomic_block:
        return  # SQLite ignores the change within a transaction
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={synchronous}")
