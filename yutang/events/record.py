"""Recording events: exactly once by key; the same key with other content goes to quarantine."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson
from django.db import connection

from yutang.events.models import Event, Quarantine
from yutang.kernel import clock
from yutang.kernel.facts import Fact

_BATCH = 1000


def record(facts: Iterable[Fact]) -> list[Fact]:
    """Write facts in the present transaction. Known keys are skipped when they say the same, else quarantined.

    Returns the facts that were new.
    """
    new: list[Fact] = []
    remaining = iter(facts)
    while batch := list(islice(remaining, _BATCH)):
        new += _write(batch)
    return new


def _write(facts: list[Fact]) -> list[Fact]:
    now = clock.now()
    by_key: dict[str, tuple[Fact, str]] = {}
    strangers: list[tuple[Fact, str]] = []
    for fact in facts:
        fingerprint = fact.fingerprint()
        first = by_key.setdefault(fact.key, (fact, fingerprint))
        if first[1] != fingerprint:
            strangers.append((fact, fingerprint))
    # Written first and looked up only where the key was taken: nearly all facts are new, and whoever loses a race for
    # a key is compared with the winner.
    written = _insert([_row(fact, fingerprint, now) for fact, fingerprint in by_key.values()])
    taken = by_key.keys() - written
    known = dict(Event.objects.filter(key__in=taken).values_list("key", "fingerprint")) if taken else {}
    strangers += [by_key[key] for key, fingerprint in known.items() if by_key[key][1] != fingerprint]
    _quarantine(strangers, now)
    return [fact for key, (fact, _) in by_key.items() if key in written]


# Columns of Event in the order of `_row`, with PostgreSQL's types.
_COLUMNS = {
    "key": "text",
    "fingerprint": "text",
    "name": "text",
    "at": "timestamptz",
    "received_at": "timestamptz",
    "customer_id": "bigint",
    "member_id": "bigint",
    "corp_id": "bigint",
    "source": "text",
    "props": "jsonb",
}


def _row(fact: Fact, fingerprint: str, now: datetime) -> tuple[Any, ...]:
    return (
        fact.key,
        fingerprint,
        fact.event.name,
        _moment(fact.at),
        _moment(now),
        fact.customer_id,
        fact.member_id,
        fact.corp_id,
        fact.source,
        orjson.dumps(fact.event.props()).decode(),
    )


def _moment(at: datetime) -> object:
    # As Django writes it: SQLite has no type for moments.
    return at if connection.vendor == "postgresql" else at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _insert(rows: list[tuple[Any, ...]]) -> set[str]:
    """The keys that were new. Past the ORM, which would take most of an import's time here."""
    if not rows:
        return set()
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    if connection.vendor == "postgresql":
        values = "SELECT * FROM unnest({})".format(", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values()))  # noqa: S608
        params: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    else:
        row = "({})".format(", ".join(["%s"] * len(_COLUMNS)))
        values = "VALUES {}".format(", ".join([row] * len(rows)))
        params = [value for row_values in rows for value in row_values]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO events_event ({columns}) {values} ON CONFLICT DO NOTHING RETURNING key",
            params,
        )
        return {key for (key,) in cursor.fetchall()}


def _quarantine(strangers: list[tuple[Fact, str]], now: datetime) -> None:
    Quarantine.objects.bulk_create(
        [
            Quarantine(
                key=fact.key,
                fingerprint=fingerprint,
                name=fact.event.name,
                at=fact.at,
                received_at=now,
                source=fact.source,
                content=fact.content(),
            )
            for fact, fingerprint in strangers
        ],
        ignore_conflicts=True,
    )
