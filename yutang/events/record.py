"""Recording events: exactly once by key; the same key with other content goes to quarantine."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

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
    rows = [_row(fact, by_key[fact.key][1], now) for fact in fresh]
    Event.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    _quarantine(strangers, now)
    return fresh


def _row(fact: Fact, fingerprint: str, now: datetime) -> Event:
    return Event(
        key=fact.key,
        fingerprint=fingerprint,
        name=fact.event.name,
        at=fact.at,
        received_at=now,
        customer_id=fact.customer_id,
        member_id=fact.member_id,
        corp_id=fact.corp_id,
        source=fact.source,
        props=fact.event.props(),
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
