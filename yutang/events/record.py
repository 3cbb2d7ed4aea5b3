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
    # A race with another writer of the same key ends in the conflict clause below.
    known = dict(Event.objects.filter(key__in=by_key).values_list("key", "fingerprint"))
    fresh: list[Fact] = []
    for key, (fact, fingerprint) in by_key.items():
        if key not in known:
            fresh.append(fact)
        elif known[key] != fingerprint:
            strangers.append((fact, fingerprint))
    _insert([_row(fact, by_key[fact.key][1], now) for fact in fresh])
    _quarantine(strangers, now)
    return fresh


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


def _insert(rows: list[tuple[Any, ...]]) -> None:
    """Past the ORM, which would take most of an import's time here."""
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
            cursor.execute(
                f"INSERT INTO events_event ({columns}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING",  # noqa: S608
                [list(values) for values in zip(*rows, strict=True)],
            )
        else:
            places = ", ".join(["%s"] * len(_COLUMNS))
            cursor.executemany(
                f"INSERT INTO events_event ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608
                rows,
            )


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
