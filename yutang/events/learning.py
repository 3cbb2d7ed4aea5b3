"""Learning what events from outside look like, from the log: their names, properties and how those change.

It follows the log behind those who write it, so that taking events in is not slowed; every event is counted, and of
each name some are looked at for their properties.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Max, Min, Q

from yutang.events.collecting.declared import type_of
from yutang.events.models import Event, EventSource, LearntEvent, Mark
from yutang.events.names import CALLS, PREFIX
from yutang.kernel import clock

READ_TO = "learning"
SETTLED_AFTER = timedelta(seconds=5)  # by then whoever wrote an event has committed it
SPAN = 50_000  # ids in one step
LOOKED_AT = 25  # events of a name and step
MAX_EXAMPLES = 4
MAX_PROPERTIES = 200
MAX_VERSIONS = 20
MAX_NAMES = 2_000  # of a source; beyond it a name is made of data, and learning more of them helps nobody


class Span(NamedTuple):
    """What one step saw of one event of one source."""

    events: int
    first_at: datetime
    last_at: datetime


def learn() -> int:
    """One step through the log. Returns how far it went, in ids; 0 where nothing is left."""
    with transaction.atomic():
        mark = _mark()
        settled = Event.objects.filter(received_at__lte=clock.now() - SETTLED_AFTER, pk__gt=mark.value)
        first = settled.order_by("pk").values_list("pk", flat=True).first()
        if first is None:
            return 0
        until = min(first + SPAN - 1, settled.aggregate(last=Max("pk"))["last"])
        _learn_from(Event.objects.filter(pk__gte=first, pk__lte=until))
        Mark.objects.filter(pk=mark.pk).update(value=until)
    return int(until - first + 1)


def _mark() -> Mark:
    Mark.objects.bulk_create([Mark(name=READ_TO)], ignore_conflicts=True)
    return Mark.objects.select_for_update().get(name=READ_TO)


def _learn_from(rows: Any) -> None:
    outside = rows.filter(Q(name__startswith=PREFIX) | Q(name__in=CALLS), source__startswith="source:")
    told = outside.order_by().values("source", "name").annotate(n=Count("pk"), first=Min("at"), last=Max("at"))
    by_source: dict[int, dict[str, Span]] = defaultdict(dict)
    for row in told:
        number = row["source"].removeprefix("source:")
        if number.isdecimal():
            by_source[int(number)][row["name"]] = Span(row["n"], row["first"], row["last"])
    known = set(EventSource.objects.filter(pk__in=by_source).values_list("pk", flat=True))
    for source_id in sorted(known):
        _learn_of(source_id, by_source[source_id], outside)


def _learn_of(source_id: int, names: Mapping[str, Span], rows: Any) -> None:
    rows_of = {row.name: row for row in LearntEvent.objects.filter(source=source_id, name__in=names)}
    room = MAX_NAMES - LearntEvent.objects.filter(source=source_id).count()
    for name, seen in names.items():
        row = rows_of.get(name)
        if row is None:
            if room <= 0:
                continue
            room -= 1
            row = LearntEvent(source_id=source_id, name=name, first_at=seen.first_at, last_at=seen.last_at)
        row.count += seen.events
        row.first_at, row.last_at = min(row.first_at, seen.first_at), max(row.last_at, seen.last_at)
        latest = rows.filter(source=f"source:{source_id}", name=name).order_by("-pk")
        look_at(row, latest.values_list("props", flat=True)[:LOOKED_AT], at=seen.last_at)
        row.save()


def look_at(row: LearntEvent, samples: Iterable[Mapping[str, Any]], *, at: datetime) -> None:
    """Add what these events' properties show; where a property or a type is new, the event has a new version."""
    before = shape_of(row.properties)
    for props in samples:
        row.sampled += 1
        for name, value in props.items():
            if name.startswith("$") or value is None:
                continue
            if name not in row.properties and len(row.properties) >= MAX_PROPERTIES:
                continue
            kept = row.properties.setdefault(name[:200], {"types": {}, "examples": [], "seen": 0})
            kind = type_of(value)
            kept["types"][kind] = kept["types"].get(kind, 0) + 1
            kept["seen"] += 1
            example = str(value)[:80]
            if kind in ("text", "number", "flag") and example not in kept["examples"]:
                kept["examples"] = [*kept["examples"], example][-MAX_EXAMPLES:]
    after = shape_of(row.properties)
    if after != before or not row.versions:
        row.version = row.version + 1 if row.versions else 1
        told = {"version": row.version, "at": at.isoformat(), "shape": after}
        row.versions = [*row.versions, told][-MAX_VERSIONS:]


def shape_of(properties: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    return {name: sorted(each["types"]) for name, each in sorted(properties.items())}
