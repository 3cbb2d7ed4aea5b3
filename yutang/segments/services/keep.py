"""Keeping leaves and segments current: new events and moments that came due change the people concerned alone.

A step looks at the log from a durable position, asks the leaves concerned about the people concerned from what the
database says of them now, and writes leaves, segments, changes, their events and the position in one transaction.
Killed before it, nothing happened; after it, all did. What changes between asking and writing is announced by a later
event.
"""

import bisect
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from pyroaring import BitMap

from yutang.customers.models import Customer
from yutang.events.position import Position, last_id
from yutang.kernel import clock, jobs
from yutang.kernel.facts import Fact, announce_many
from yutang.organization.services.merchant import the_merchant
from yutang.segments import follow, kept
from yutang.segments.events import SegmentEntered, SegmentLeft
from yutang.segments.flips import Flips, micros, moment
from yutang.segments.history import History, Needs
from yutang.segments.leaves import Leaf
from yutang.segments.loading import histories_of
from yutang.segments.models import Because, Keeping, KeptLeaf, Segment, SegmentChange
from yutang.segments.rule import holds
from yutang.segments.services import hand_out
from yutang.segments.services.kept_leaves import Answer, answer_of, flips_of, leaf_of, the_keeping
from yutang.segments.services.world import moment_of
from yutang.segments.touching import asked_after
from yutang.segments.trees import Tree, live_trees
from yutang.segments.windows import Moment

log = logging.getLogger(__name__)

EVENTS = 500  # of the log in one step
DUE = 2_000  # people of one leaf woken in one step
READ_ANEW_FROM = 20_000  # people due at one moment, as at midnight: reading the leaf as a whole is quicker
BEHIND = 100_000  # events behind: reading everything anew is quicker
TOLD = 2_000  # changes told in one step after a settling
FLIPS_BESIDE = 20_000  # before they are sorted in among the others
SEEN_EVERY = timedelta(seconds=5)  # how often an idle keeper says that it is there
BRING_UP = "segments.bring_up"


@dataclass
class _Held:
    """A kept leaf as this process last read or wrote it."""

    row: KeptLeaf
    leaf: Leaf
    people: BitMap
    flips: Flips
    more: Flips


@dataclass
class _Woken:
    """What one leaf has to answer in this step, and how far its flips are passed."""

    people: dict[int, int | None] = field(default_factory=dict)
    passed: datetime | None = None


@dataclass(frozen=True)
class _Moved:
    """A person who entered or left a segment."""

    tree: Tree
    person: int
    entered: bool
    event_id: int | None


class Keeper:
    """One at a time does the work, however many there are: who was quicker is seen by the edition."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}

    def step(self) -> bool:
        """Take up the next events and moments. False when there were none."""
        keeping = the_keeping()
        rows = list(KeptLeaf.objects.defer("base", "come", "gone", "flips", "more_flips"))
        if not rows:
            return self._pass_by(keeping)
        if self._is_far_behind(keeping):
            return True
        now = moment_of(clock.now())
        heard, position = follow.read(Position.load(keeping.read_to, keeping.gaps), EVENTS)
        held = self._hold(rows)
        asked, stale, turned = asked_after(heard, {key: each.leaf for key, each in held.items()})
        woken, too_many = self._due(held.values(), now)
        stale |= too_many
        for key, people in asked.items():
            woken[key].people.update(people)
        told = bool(heard) or bool(woken) or position.dump() != keeping.gaps
        if not told and not stale:
            return self._tell(keeping, now)
        return self._answer(keeping, position, held, woken, stale, turned, now)

    def _answer(
        self,
        keeping: Keeping,
        position: Position,
        held: Mapping[str, _Held],
        woken: Mapping[str, _Woken],
        stale: set[str],
        turned: set[int],
        now: Moment,
    ) -> bool:
        answers, living = _answers(held, woken, now)
        changes = {key: _changes(held[key].people, each) for key, each in answers.items()}
        causes = {person: event for each in woken.values() for person, event in each.people.items()}
        moved = list(self._moves(held, changes, living, turned, causes))
        try:
            return self._write(keeping, position, held, woken, answers, changes, moved, turned, stale, now)
        except BaseException:
            self._held.clear()  # what was written half is not there
            raise

    def _write(
        self,
        keeping: Keeping,
        position: Position,
        held: Mapping[str, _Held],
        woken: Mapping[str, _Woken],
        answers: Mapping[str, dict[int, Answer]],
        changes: Mapping[str, tuple[BitMap, BitMap]],
        moved: list[_Moved],
        turned: set[int],
        stale: set[str],
        now: Moment,
    ) -> bool:
        with transaction.atomic():
            mine = Keeping.objects.filter(pk=keeping.pk, edition=keeping.edition).update(
                edition=F("edition") + 1, read_to=position.read_to, gaps=position.dump(), looked_at=now.at
            )
            if not mine:
                self._held.clear()
                return True
            for key, each in woken.items():
                _write_leaf(held[key], answers.get(key, {}), changes.get(key), each.passed, now.at)
            if stale:
                KeptLeaf.objects.filter(key__in=stale).update(is_stale=True)
                jobs.enqueue(BRING_UP, {}, key=BRING_UP)
            _write_moves(moved, now.at)
            hand_out.to_people_joined(turned)
        return True

    def _hold(self, rows: Iterable[KeptLeaf]) -> dict[str, _Held]:
        found = {}
        for row in rows:
            held = self._held.get(row.pk)
            if held is None or held.row.edition != row.edition:
                held = self._read(row)
                if held is None:
                    continue
            found[row.key] = held
        self._held = {each.row.pk: each for each in found.values()}
        return found

    def _read(self, row: KeptLeaf) -> _Held | None:
        full = KeptLeaf.objects.filter(pk=row.pk).first()
        if full is None:
            return None
        return _Held(
            full, leaf_of(full), full.people, Flips.load(bytes(full.flips)), Flips.load(bytes(full.more_flips))
        )

    def _due(self, held: Iterable[_Held], now: Moment) -> tuple[dict[str, _Woken], set[str]]:
        """Whom time wakes, leaf by leaf; and the leaves for which these are too many."""
        woken: dict[str, _Woken] = defaultdict(_Woken)
        too_many: set[str] = set()
        for each in held:
            if each.row.next_flip is None or each.row.next_flip > now.at:
                continue
            begin = bisect.bisect_right(each.flips.at, micros(each.row.flips_passed))
            end = bisect.bisect_right(each.flips.at, micros(now.at))
            passed = now.at
            if end - begin > DUE:
                passed = moment(each.flips.at[begin + DUE - 1])
                end = bisect.bisect_right(each.flips.at, micros(passed))
            people = set(each.flips.people[begin:end])
            people |= {who for at, who in each.more.pairs() if at <= micros(passed)}
            if len(people) > READ_ANEW_FROM:
                too_many.add(each.leaf.key)
                people = set()
            woken[each.leaf.key] = _Woken(dict.fromkeys(people), passed)
        return woken, too_many

    def _moves(
        self,
        held: Mapping[str, _Held],
        changes: Mapping[str, tuple[BitMap, BitMap]],
        living: Mapping[int, bool],
        turned: set[int],
        causes: Mapping[int, int | None],
    ) -> Iterable[_Moved]:
        """Who enters or leaves which segment because of these changes of leaves."""
        after = {
            key: (held[key].people | entered) - left for key, (entered, left) in changes.items() if entered or left
        }
        for tree in live_trees():
            segment = tree.segment
            if not segment.settled_version or segment.settled_version != segment.version:
                continue
            if not tree.keys <= set(held):
                continue
            touched = set(turned)
            for key in tree.keys & set(after):
                entered, left = changes[key]
                touched |= set(entered) | set(left)
            if not touched:
                continue
            inside = Segment.objects.get(pk=segment.pk).people
            for person in sorted(touched):
                is_in = living.get(person, True) and holds(tree.node, partial(_has, after, held, person))
                if is_in != (person in inside):
                    yield _Moved(tree, person, is_in, causes.get(person))

    def _tell(self, keeping: Keeping, now: Moment) -> bool:
        """Tell a portion of what settled as a whole. False where nothing is left to tell."""
        waiting = Segment.objects.filter(~Q(telling_because="")).order_by("pk").first()
        if waiting is None:
            if keeping.looked_at is None or abs(now.at - keeping.looked_at) > SEEN_EVERY:
                Keeping.objects.filter(pk=keeping.pk).update(looked_at=now.at)
            return False
        with transaction.atomic():
            segment = Segment.objects.select_for_update().get(pk=waiting.pk)
            entering, leaving = kept.load(segment.entering), kept.load(segment.leaving)
            now_entering = BitMap(entering[:TOLD])
            now_leaving = BitMap(leaving[: TOLD - len(now_entering)])
            at = segment.telling_at or now.at
            portions = ((True, now_entering), (False, now_leaving))
            rows = [
                _change(segment, person, entered, at, segment.telling_because, None)
                for entered, people in portions
                for person in people
            ]
            _write_changes(segment, rows)
            segment.entering, segment.leaving = kept.dump(entering - now_entering), kept.dump(leaving - now_leaving)
            if len(rows) < TOLD:
                segment.entering = segment.leaving = b""
                segment.telling_because = ""
            segment.save(update_fields=["entering", "leaving", "telling_because"])
        return True

    def _pass_by(self, keeping: Keeping) -> bool:
        """Nobody wants anything kept: be at the end of the log when somebody does."""
        last = last_id()
        if last > keeping.read_to + EVENTS:
            Keeping.objects.filter(pk=keeping.pk, edition=keeping.edition).update(
                read_to=last, gaps=[], edition=F("edition") + 1
            )
        return False

    def _is_far_behind(self, keeping: Keeping) -> bool:
        """After a flood, or days at rest, or in another time zone: pass over what happened and read everything anew."""
        zone = the_merchant().time_zone
        flooded = last_id() - keeping.read_to > BEHIND
        moved = keeping.zone not in ("", zone)
        if not flooded and not moved and keeping.zone:
            return False
        with transaction.atomic():
            last = last_id() if flooded else keeping.read_to
            mine = Keeping.objects.filter(pk=keeping.pk, edition=keeping.edition).update(
                read_to=last, edition=F("edition") + 1, zone=zone
            )
            if mine and (flooded or moved):
                KeptLeaf.objects.update(is_stale=True)
                jobs.enqueue(BRING_UP, {}, key=BRING_UP)
        return flooded or moved


def _answers(
    held: Mapping[str, _Held], woken: Mapping[str, _Woken], now: Moment
) -> tuple[dict[str, dict[int, Answer]], dict[int, bool]]:
    """The answers of each leaf for those it was asked about, and who of all of them is a person."""
    needs, people = Needs(), set[int]()
    for key, each in woken.items():
        if each.people:
            needs |= held[key].leaf.needs()
            people |= set(each.people)
    histories: dict[int, History] = histories_of(people, needs) if people else {}
    answers = {
        key: {person: answer_of(held[key].leaf, histories.get(person), now) for person in each.people}
        for key, each in woken.items()
        if each.people
    }
    return answers, {person: person in histories for person in people}


def _has(after: Mapping[str, BitMap], held: Mapping[str, _Held], person: int, leaf: Leaf) -> bool:
    """Whether a leaf holds for a person once this step is written."""
    return person in (after[leaf.key] if leaf.key in after else held[leaf.key].people)


def _changes(people: BitMap, answers: Mapping[int, Answer]) -> tuple[BitMap, BitMap]:
    entered = BitMap(person for person, answer in answers.items() if answer.holds and person not in people)
    left = BitMap(person for person, answer in answers.items() if not answer.holds and person in people)
    return entered, left


def _write_leaf(
    held: _Held,
    answers: Mapping[int, Answer],
    changes: tuple[BitMap, BitMap] | None,
    passed: datetime | None,
    at: datetime,
) -> None:
    row, columns = held.row, ["more_flips", "next_flip", "flips_passed", "edition"]
    entered, left = changes or (BitMap(), BitMap())
    if entered or left:
        columns += row.change_people(entered, left)
        held.people = (held.people | entered) - left
    row.flips_passed = max(row.flips_passed, passed) if passed else row.flips_passed
    edge = micros(row.flips_passed)
    waiting = [(when, who) for when, who in held.more.pairs() if when > edge and who not in answers]
    held.more = Flips.of([*waiting, *flips_of(answers).pairs()])
    begin = bisect.bisect_right(held.flips.at, edge)
    if len(held.more) > FLIPS_BESIDE:
        rest = zip(held.flips.at[begin:], held.flips.people[begin:], strict=True)
        held.flips, held.more, begin = Flips.of([*rest, *held.more.pairs()]), Flips(), 0
        row.flips = held.flips.dump()
        columns.append("flips")
    row.more_flips = held.more.dump()
    first = [flips.at[place] for flips, place in ((held.flips, begin), (held.more, 0)) if place < len(flips)]
    row.next_flip = moment(min(first)) if first else None
    row.edition += 1
    row.save(update_fields=columns)


def _write_moves(moved: Iterable[_Moved], at: datetime) -> None:
    by_segment: dict[int, list[_Moved]] = defaultdict(list)
    for each in moved:
        by_segment[each.tree.segment.pk].append(each)
    for pk, moves in by_segment.items():
        segment = Segment.objects.select_for_update().get(pk=pk)
        entered = BitMap(each.person for each in moves if each.entered)
        left = BitMap(each.person for each in moves if not each.entered)
        columns = segment.change_people(entered, left)
        segment.settled_at = at
        segment.save(update_fields=[*columns, "settled_at"])
        _write_changes(
            segment,
            [
                _change(
                    segment,
                    each.person,
                    each.entered,
                    at,
                    Because.TIME if each.event_id is None else Because.EVENT,
                    each.event_id,
                )
                for each in moves
            ],
        )
        hand_out.soon(pk, {each.person for each in moves})


def _change(
    segment: Segment, person: int, entered: bool, at: datetime, because: str, event_id: int | None
) -> SegmentChange:
    return SegmentChange(
        segment=segment,
        version=segment.settled_version,
        customer_id=person,
        entered=entered,
        at=at,
        because=because,
        event_id=event_id,
    )


def _write_changes(segment: Segment, rows: list[SegmentChange]) -> None:
    """The changes, and an event for each. Of somebody erased nothing more is said."""
    erased = set(
        Customer.objects.filter(pk__in=[row.customer_id for row in rows], erased_at__isnull=False).values_list(
            "pk", flat=True
        )
    )
    told = [row for row in rows if row.customer_id not in erased]
    made = SegmentChange.objects.bulk_create(told, batch_size=1_000)
    announce_many(
        Fact(
            event=(SegmentEntered if row.entered else SegmentLeft)(
                segment_id=segment.pk, segment=segment.name, version=row.version, because=row.because
            ),
            key=f"segment.changed:{row.pk}",
            at=row.at,
            customer_id=row.customer_id,
        )
        for row in made
    )
