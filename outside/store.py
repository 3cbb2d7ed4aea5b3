"""Where the world is kept: one SQLite file, one row for each record, written through as records change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

_SCHEMA = """
create table if not exists records (
    place integer primary key,
    kind  text not null,
    key   text not null,
    body  text not null,
    unique (kind, key)
)
"""


class Store:
    """Changes gather in one transaction until `commit`, which the server calls before it answers.

    Synchronous writing is off: a killed process loses nothing that was committed, a power cut may.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=off")
        self._connection.execute("pragma cache_size=-4000")
        self._connection.execute(_SCHEMA)
        self._open = False

    def _begin(self) -> None:
        if not self._open:
            self._connection.execute("begin immediate")
            self._open = True

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        self._begin()
        text = orjson.dumps(body).decode()
        # an upsert keeps the place, so that records come back in the order of their making
        self._connection.execute(
            "insert into records (kind, key, body) values (?, ?, ?)"
            " on conflict (kind, key) do update set body = excluded.body",
            (kind, key, text),
        )

    def remove(self, kind: str, key: str) -> None:
        self._begin()
        self._connection.execute("delete from records where kind = ? and key = ?", (kind, key))

    def remove_all(self) -> None:
        self._begin()
        self._connection.execute("delete from records")

    def load(self, kind: str) -> Iterator[dict[str, Any]]:
        for (body,) in self._connection.execute("select body from records where kind = ? order by place", (kind,)):
            yield orjson.loads(body)

    def commit(self) -> None:
        if self._open:
            self._connection.execute("commit")
            self._open = False

    def close(self) -> None:
        self.commit()
        self._connection.close()
