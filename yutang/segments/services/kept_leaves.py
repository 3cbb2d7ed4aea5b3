"""Leaves kept current: read as a whole once, then changed person by person."""

import bisect
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from pyroaring import BitMap

from yutang.events.models import Event
from yutang.events.position import Position, last_id
from yutang.kernel import clock
from yutang.segments import follow
from yutang.segments.flips import Flips, micros, moment
from yutang.segments.history import History
from yutang.segments.leaves import LEAF, Leaf, Reading
from yutang.segments.loading import histories_of
from yutang.segments.models import Keeping, KeptLeaf
from yutang.segments.services.world import moment_of, open_world
from yutang.segments.touching import asked_after
from yutang.segments.windows import Moment

# Who is who may be known to the lake a moment late, so events of the last seconds before a reading are looked at again.
OVERLAP = timedelta(seconds=5)
CATCH_UP = 50_000  # events between a reading and its writing; beyond this it is read again


class Overtaken(Exception):
    """Too much happened while a leaf was read, or somebody else wrote what we were about to write."""


@dataclass(frozen=True)
class Answer:
    """What one person's history says of a leaf: does it hold, and when may that change."""

    holds: bool
    flip: datetime | None


def the_keeping() -> Keeping:
    """The one row; a new installation follows the log from its present end."""
    kept = Keeping.objects.filter(pk=1).first()
    if kept is None:
        Keeping.objects.bulk_create([Keeping(pk=1, read_to=last_id())], ignore_conflicts=True)
        kept = Keeping.objects.get(pk=1)
    return kept


def read_anew(leaves: Sequence[Leaf], *, wanted_until: datetime | None = None, seconds: float | None = None) -> None:
    """Read leaves over everybody and keep what was found."""
    the_keeping()
    for leaf in leaves:
        for attempt in range(3):
            try:
                install(leaf, *measured(leaf, seconds=seconds), wanted_until=wanted_until)
                break
            except Overtaken:
                if attempt == 2:
                    raise


def measured(leaf: Leaf, *, seconds: float | None = None) -> tuple[Reading, int, datetime, int]:
    """A whole reading, the id of the last event it surely saw, its moment, and how many ms it took."""
    at = clock.now()
    seen = surely_seen(at)
    began = time.monotonic()
    with open_world(at, seconds=seconds) as world:
        reading = leaf.people(world)
    return reading, seen, at, round((time.monotonic() - began) * 1000)


def surely_seen(at: datetime) -> int:
    """The last event that was recorded long enough ago for everybody to know of it."""
    kept = the_keeping()
    position = Position.load(kept.read_to, kept.gaps)
    young = Event.objects.filter(received_at__gt=at - OVERLAP, pk__gt=position.read_to - CATCH_UP)
    first = young.order_by("pk").values_list("pk", flat=True).first()
    starts = [position.read_to, *(gap[0] - 1 for gap in position.gaps), *([first - 1] if first else [])]
    return min(starts)


@transaction.atomic
def install(
    leaf: Leaf, reading: Reading, seen: int, at: datetime, read_ms: int, *, wanted_until: datetime | None = None
) -> KeptLeaf:
    """Keep a reading, corrected by what the keeper heard since. The keeper waits meanwhile."""
    kept = Keeping.objects.select_for_update().get(pk=1)
    now = moment_of(clock.now())
    people, more = _caught_up(leaf, reading, seen, kept.read_to, at, now)
    row = KeptLeaf.objects.select_for_update().filter(key=leaf.key).first() or KeptLeaf(key=leaf.key)
    if row.pk and row.wanted_until is None:
        wanted_until = None  # segments want it: that lasts
    row.leaf, row.read_at, row.read_ms = leaf.dump(), at, read_ms
    row.set_people(people)
    row.flips, row.more_flips, row.flips_passed = reading.flips.dump(), more.dump(), max(at, now.at)
    row.next_flip = _first([reading.flips, more], row.flips_passed)
    row.is_stale, row.wanted_until, row.edition = False, wanted_until, row.edition + 1
    row.save()
    Keeping.objects.filter(pk=1).update(edition=F("edition") + 1)
    return row


def _caught_up(leaf: Leaf, reading: Reading, seen: int, upto: int, at: datetime, now: Moment) -> tuple[BitMap, Flips]:
    """The reading as of now: who was heard of since, and whose moment came since, is asked."""
    heard = follow.between(seen, upto, CATCH_UP + 1)
    if len(heard) > CATCH_UP:
        raise Overtaken
    asked, _, _ = asked_after(heard, {leaf.key: leaf})
    first, end = (bisect.bisect_right(reading.flips.at, micros(edge)) for edge in (at, now.at))
    answers = ask(leaf, {*asked.get(leaf.key, ()), *reading.flips.people[first:end]}, now)
    people = reading.people.copy()
    for person, answer in answers.items():
        (people.add if answer.holds else people.discard)(person)
    return people, flips_of(answers)


def ask(leaf: Leaf, people: Iterable[int], at: Moment) -> dict[int, Answer]:
    """One leaf, for some people, from their histories as the database has them now."""
    wanted = list(people)
    histories = histories_of(wanted, leaf.needs()) if wanted else {}
    return {person: answer_of(leaf, histories.get(person), at) for person in wanted}


def answer_of(leaf: Leaf, history: History | None, at: Moment) -> Answer:
    if history is None:
        return Answer(False, None)  # no person of their own any more
    return Answer(leaf.holds_for(history, at), leaf.next_flip(history, at))


def flips_of(answers: Mapping[int, Answer]) -> Flips:
    return Flips.of((micros(answer.flip), person) for person, answer in answers.items() if answer.flip is not None)


def _first(several: Iterable[Flips], after: datetime) -> datetime | None:
    edge = micros(after)
    found = []
    for flips in several:
        place = bisect.bisect_right(flips.at, edge)
        if place < len(flips.at):
            found.append(flips.at[place])
    return moment(min(found)) if found else None


def leaf_of(row: KeptLeaf) -> Leaf:
    return LEAF.validate_python(row.leaf)
