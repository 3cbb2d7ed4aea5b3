"""Recording events: exactly once by key; the same key with other content goes to quarantine."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

import orjson
from django.db import connection

from yutang.events.models import Event, Quarantine
from yutang.kernel import clock
from yutang.kernel.facts import Fact

_BATCH = 1000


class Line(NamedTuple):
    """One event as it is to be written: the columns of the log in order, `props` as JSON text."""

    key: str
    fingerprint: str
    name: str
    at: datetime
    received_at: datetime
    customer_id: int | None
    member_id: int | None
    corp_id: int | None
    visitor_id: int | None
    source: str
    props: str

    def content(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "at": self.at.isoformat(),
            "customer_id": self.customer_id,
            "member_id": self.member_id,
            "corp_id": self.corp_id,
            "visitor_id": self.visitor_id,
            "source": self.source,
            "props": orjson.loads(self.props),
        }


def record(facts: Iterable[Fact]) -> list[Fact]:
    """Write facts in the present transaction. Known keys are skipped when they say the same, else quarantined.

    Returns the facts that were new.
    """
    new: list[Fact] = []
    remaining = iter(facts)
    while batch := list(islice(remaining, _BATCH)):
        now = clock.now()
        fresh = write([_line(fact, now) for fact in batch])
        waiting = set(fresh)
        for fact in batch:
            if fact.key in waiting:
                waiting.remove(fact.key)  # of two with one key, the first was written
                new.append(fact)
    return new


def _line(fact: Fact, now: datetime) -> Line:
    return Line(
        fact.key,
        fact.fingerprint(),
        fact.event.name,
        fact.at,
        now,
        fact.customer_id,
        fact.member_id,
        fact.corp_id,
        None,
        fact.source,
        orjson.dumps(fact.event.props()).decode(),
    )


def write(lines: Sequence[Line]) -> list[str]:
    """Write lines in the present transaction, each key once. Returns the keys that were new, in order.

    A key that was there with another fingerprint, or comes twice with two, has its later content quarantined.
    """
    first: dict[str, Line] = {}
    strangers: list[Line] = []
    for line in lines:
        kept = first.setdefault(line.key, line)
        if kept.fingerprint != line.fingerprint:
            strangers.append(line)
    fresh = _insert(list(first.values()))
    if len(fresh) != len(first):
        new = set(fresh)
        known = {key: line for key, line in first.items() if key not in new}
        stored = dict(Event.objects.filter(key__in=list(known)).values_list("key", "fingerprint"))
        strangers += [line for key, line in known.items() if stored[key] != line.fingerprint]
    _quarantine(strangers)
    return fresh


# Columns of Event in the order of Line, with PostgreSQL's types.
_COLUMNS = {
    "key": "text",
    "fingerprint": "text",
    "name": "text",
    "at": "timestamptz",
    "received_at": "timestamptz",
    "customer_id": "bigint",
    "member_id": "bigint",
    "corp_id": "bigint",
    "visitor_id": "bigint",
    "source": "text",
    "props": "jsonb",
}
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_TYPED = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
_SQLITE_ROWS = 2_000  # in a statement: SQLite takes 32,766 values
_COPY_FROM = (
    1_000  # lines; below it one statement with JSON does, from it on copying through a table of its own is quicker
)


def _insert(lines: list[Line]) -> list[str]:
    """Past the ORM, which would take most of an import's time here. Gives back the keys that were not there yet."""
    if not lines:
        return []
    if connection.vendor != "postgresql":
        return _insert_sqlite(lines)
    return _insert_copied(lines) if len(lines) >= _COPY_FROM else _insert_json(lines)


def _insert_sqlite(lines: list[Line]) -> list[str]:
    moment: dict[datetime, str] = {}  # as Django writes it: SQLite has no type for moments
    for line in lines:
        for at in (line.at, line.received_at):
            if at not in moment:
                moment[at] = at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    row = "({})".format(", ".join(["%s"] * len(_COLUMNS)))
    fresh: list[str] = []
    with connection.cursor() as cursor:
        for start in range(0, len(lines), _SQLITE_ROWS):
            part = lines[start : start + _SQLITE_ROWS]
            rows = ((*line[:3], moment[line.at], moment[line.received_at], *line[5:]) for line in part)
            cursor.execute(
                f"INSERT INTO events_event ({_NAMES}) VALUES {', '.join([row] * len(part))}"  # noqa: S608
                " ON CONFLICT DO NOTHING RETURNING key",
                [value for values in rows for value in values],
            )
            fresh += [key for (key,) in cursor.fetchall()]
    return fresh


def _insert_json(lines: list[Line]) -> list[str]:
    rows = [dict(zip(_COLUMNS, line[:-1], strict=False), props=orjson.Fragment(line.props)) for line in lines]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO events_event ({_NAMES}) SELECT {_NAMES} FROM json_to_recordset(%s) AS told({_TYPED})"  # noqa: S608
            " ON CONFLICT DO NOTHING RETURNING key",
            [orjson.dumps(rows).decode()],
        )
        return [row[0] for row in cursor.fetchall()]


def _insert_copied(lines: list[Line]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS arriving ({_TYPED}) ON COMMIT DELETE ROWS")
        cursor.execute("TRUNCATE arriving")
        with cursor.copy(f"COPY arriving ({_NAMES}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
        cursor.execute(
            f"INSERT INTO events_event ({_NAMES}) SELECT {_NAMES} FROM arriving ON CONFLICT DO NOTHING RETURNING key"  # noqa: S608
        )
        return [row[0] for row in cursor.fetchall()]


def _quarantine(strangers: list[Line]) -> None:
    if not strangers:
        return
    Quarantine.objects.bulk_create(
        [
            Quarantine(
                key=line.key,
                fingerprint=line.fingerprint,
                name=line.name,
                at=line.at,
                received_at=line.received_at,
                source=line.source,
                content=line.content(),
            )
            for line in strangers
        ],
        ignore_conflicts=True,
    )
