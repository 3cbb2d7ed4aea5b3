"""A leaf over the order of things: one event, then another within a time, and nothing of a kind between."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pyroaring import BitMap

from yutang.kernel.language import Text
from yutang.segments.flips import Flips, micros
from yutang.segments.history import History, Needs
from yutang.segments.leaves.base import NONE, Leaf, Names, Reading, World, first_move, listed, moment_text
from yutang.segments.leaves.happenings import Which
from yutang.segments.measures import at_literal
from yutang.segments.windows import EVER, UNIT_WORDS, Moment, Unit, Window

if TYPE_CHECKING:
    import ibis


class Duration(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    amount: int = Field(ge=1, le=100_000)
    unit: Unit = "days"

    @property
    def length(self) -> timedelta:
        return min(timedelta(**{self.unit: self.amount}), timedelta(days=36_500))


class Sequence(Leaf):
    """The steps in this order, from first to last `within` a time. Of two events in one moment the one we learnt of
    first is first. `excluding`: no such event lies between the first step and the last."""

    kind: Literal["sequence"] = "sequence"
    steps: Annotated[list[Which], Field(min_length=2, max_length=5)]
    within: Duration
    excluding: Which | None = None
    window: Window = EVER

    def needs(self) -> Needs:
        return Needs(events=frozenset(self.hears()))

    def hears(self) -> Collection[str]:
        asked = [*self.steps, *([self.excluding] if self.excluding else [])]
        return {name for which in asked for name in which.events}

    def people(self, world: World) -> Reading:
        answer = world.lake.run(self._expression(world))
        columns = (answer[name].to_pylist() for name in ("person", "start", "coming"))
        found = BitMap()
        pairs: list[tuple[int, int]] = []
        boundary = self.window.boundary(world.moment)
        for person, start, coming in zip(*columns, strict=True):
            moves = self.window.moves(coming, world.moment) if coming is not None else []
            if boundary is not None:
                moves.append(boundary)
            if start is not None:
                found.add(person)
                if self.window.leaves_after is not None:
                    moves.append(start + self.window.leaves_after)
            if moves:
                pairs.append((micros(min(moves)), person))
        return Reading(found & world.everyone, Flips.of(pairs))

    def _expression(self, world: World) -> "ibis.Table":
        """A row a person: the latest start of a chain that counts, and the first event yet to come."""
        moment, window = world.moment, self.window
        span = window.span(moment)
        events = self._asked(world.lake.table("events"))
        for since in (span.since, window.never_before):
            if since is not None:
                events = events.filter(events.at >= at_literal(since))
        if window.never_from is not None:
            events = events.filter(events.at < at_literal(window.never_from))
        chains = self._chains(events.filter(events.at < at_literal(span.until)))
        starts = chains.group_by("person").aggregate(start=chains.start.max())
        edges = events.group_by("person").aggregate(coming=events.at.min(where=events.at >= at_literal(span.until)))
        return edges.left_join(starts, edges.person == starts.person).select(edges.person, starts.start, edges.coming)

    def _asked(self, events: "ibis.Table") -> "ibis.Table":
        """The events that matter, with a column for each step and how many excluding ones came before."""
        import ibis

        flags: dict[str, Any] = {f"step{place}": step.over(events) for place, step in enumerate(self.steps)}
        flags["breaks"] = self.excluding.over(events) if self.excluding else ibis.literal(False)
        return (
            events.filter(events.person.notnull())
            .filter(events.name.isin(sorted(self.hears())))
            .select(events.person, events.at, events.id, **flags)
            .filter(lambda each: ibis.or_(*(each[name] for name in flags)))
        )

    def _chains(self, events: "ibis.Table") -> "ibis.Table":
        """Last steps with the latest start that leads to them. The latest is the best for every limit of time, and an
        excluding event between tells by the number of such events passed."""
        import ibis

        order = ibis.window(group_by="person", order_by=["at", "id"], preceding=None, following=0)
        passed = events.breaks.cast("int64").sum().over(order)
        counted = events.mutate(upto=passed, before=passed - events.breaks.cast("int64"))
        chain = counted.filter(counted.step0).select("person", "at", "id", group=counted.upto, start=counted.at)
        for place in range(1, len(self.steps)):
            step = counted.filter(counted[f"step{place}"])
            if place < len(self.steps) - 1:
                step = step.filter(~step.breaks)
            chain = _follow(chain, step.select("person", "at", "id", group=step.before))
        limit = ibis.interval(seconds=int(self.within.length.total_seconds()))
        return chain.filter(chain.at <= chain.start + limit)

    def holds_for(self, history: History, moment: Moment) -> bool:
        return any(True for _ in self._starts(history, moment))

    def next_flip(self, history: History, moment: Moment) -> datetime | None:
        wanted = [event.at for event in history.events if self._matters(event)]
        moves = [first_move((at for at in wanted if at >= self.window.span(moment).until), self._moves_at(moment))]
        if self.window.boundary(moment) is not None:
            moves.append(first_move(wanted, self._moves_at(moment)))
        starts = list(self._starts(history, moment))
        if starts and self.window.leaves_after is not None:
            moves.append(max(starts) + self.window.leaves_after)
        return min((move for move in moves if move is not None), default=None)

    def _moves_at(self, moment: Moment) -> Any:
        return lambda at: self.window.moves(at, moment)

    def _matters(self, event: Any) -> bool:
        return any(step.holds(event) for step in self.steps) or bool(self.excluding and self.excluding.holds(event))

    def _starts(self, history: History, moment: Moment) -> Iterator[datetime]:
        """The starts of chains that count, the latest one for each last step."""
        span, last = self.window.span(moment), len(self.steps) - 1
        best: list[datetime | None] = [None] * last  # the latest start of an unbroken chain of so many steps and one
        for event in sorted(history.events, key=lambda each: (each.at, each.id)):
            if not span.holds(event.at):
                continue
            start = best[last - 1]
            if start is not None and self.steps[last].holds(event) and event.at - start <= self.within.length:
                yield start
            if self.excluding and self.excluding.holds(event):
                best = [None] * last
            else:
                for place in range(last - 1, 0, -1):
                    if self.steps[place].holds(event) and (before := best[place - 1]) is not None:
                        best[place] = max(best[place] or before, before)
            if self.steps[0].holds(event):
                best[0] = event.at

    def sentence(self, names: Names, moment: Moment) -> Text:
        steps = listed((step.sentence(names) for step in self.steps), " → ", " then ")
        text = Text("{n} {unit}内依次{steps}", "{steps} within {n} {unit}")
        said = text.fill(steps=steps, n=self.within.amount, unit=UNIT_WORDS[self.within.unit])
        if self.excluding:
            between = Text("{said}，其间没有{what}", "{said}, without {what} between")
            said = between.fill(said=said, what=self.excluding.sentence(names))
        when = self.window.sentence(moment)
        return Text("{when}{said}", "{said}, {when}").fill(when=when, said=said) if when.zh else said

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        starts = list(self._starts(history, moment))
        if not starts:
            return NONE
        return Text("始于 {at}", "begun {at}").fill(at=moment_text(max(starts), moment))


def _follow(chain: "ibis.Table", step: "ibis.Table") -> "ibis.Table":
    """Each row of `step` with the latest start among chains that ended before it in the same group."""
    import ibis

    ended = chain.select("person", "group", "at", "id", "start", follows=ibis.literal(1, "int8"))
    asking = step.select(
        "person",
        "group",
        "at",
        "id",
        start=ibis.null(chain.start.type()),
        follows=ibis.literal(0, "int8"),  # of one event, the row that asks comes before the row that ends a chain
    )
    both = ibis.union(ended, asking)
    before = ibis.window(group_by=["person", "group"], order_by=["at", "id", "follows"], preceding=None, following=0)
    reached = both.mutate(reached=both.start.max().over(before))
    found = reached.filter((reached.follows == 0) & reached.reached.notnull())
    return found.select("person", "group", "at", "id", start=found.reached)
