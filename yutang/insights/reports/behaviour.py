"""What people do one after another: funnels, retention, paths.

Somebody not known yet (a visitor) counts as one, too: the actor is the person, else the visitor.
"""

from typing import Any

import ibis
from ibis import Table

from yutang.insights.funnel import Funnel
from yutang.insights.question import Period, Question, day_of
from yutang.insights.reports.calendar import bounds, bucket, local_day, within
from yutang.insights.reports.pond import NOT_THEIR_OWN, Pond


def acts(pond: Pond, question: Question, *, during: Period, names: tuple[str, ...] = ()) -> Table:
    """id, actor (a person's id, or a visitor's below zero), name, at, source: events by these names (none: all)."""
    events = pond.events.filter(within(pond.events.at, during, question.zone))
    if names:
        events = events.filter(events.name.isin(names))
    visitor = ibis.ifelse(events.subject < 0, events.subject, ibis.null("int64"))
    done = events.mutate(actor=ibis.coalesce(events.person, visitor))
    return done.filter(done.actor.notnull()).select("id", "actor", "name", "at", "source")


def own_acts(pond: Pond, question: Question, *, besides: tuple[str, ...] = ()) -> Table:
    """`acts` of the period that people did of their own accord, and those by the names `besides`."""
    done = acts(pond, question, during=question.period)
    return done.filter(done.name.notin(NOT_THEIR_OWN) | done.name.isin(besides))


def funnel_reach(pond: Pond, question: Question, funnel: Funnel) -> Table:
    """actor, reached (1 to the number of steps), t1…tn: seconds from the start to the first time each step was reached,
    source: of the first start.

    A chain starts at any occurrence of the first step within the period; what follows may lie beyond the period's end.
    At every event the latest start that leads to it counts, since it leaves most of the window.
    """
    later = day_of(question.period.last + -(-funnel.window_seconds // 86_400))
    wide = Period(question.period.since, later)
    names = tuple(dict.fromkeys((*funnel.steps, *funnel.exclude)))
    done = acts(pond, question, during=wide, names=names)
    starts_before = bounds(question.period, question.zone)[1]
    second = done.at.epoch_seconds()
    in_period = done.at < ibis.literal(starts_before, type="timestamp('UTC')")
    is_start = (done.name == funnel.steps[0]) & in_period
    walked = done.mutate(second=second, s1=ibis.ifelse(is_start, second, ibis.null("int64")))
    walked = _with_exclusions(walked, funnel)
    for place, step in enumerate(funnel.steps[1:], start=2):
        walked = _with_step(walked, place, step, funnel)
    return _levels(walked, len(funnel.steps))


def _before() -> Any:
    """All of the actor's earlier events, this one not among them."""
    return ibis.window(group_by="actor", order_by=["at", "id"], preceding=(None, 1))


def _with_exclusions(walked: Table, funnel: Funnel) -> Table:
    """`broken`: when the actor last did something excluded before this event."""
    if not funnel.exclude:
        return walked.mutate(broken=ibis.null("int64"))
    excluded = ibis.ifelse(walked.name.isin(funnel.exclude), walked.second, ibis.null("int64"))
    return walked.mutate(broken=excluded.max().over(_before()))


def _with_step(walked: Table, place: int, step: str, funnel: Funnel) -> Table:
    """Add `s<place>`: on an occurrence of this step that continues a chain, when that chain started."""
    start = walked[f"s{place - 1}"].max().over(_before())
    walked = walked.mutate(_start=start)
    continues = (
        (walked.name == step)
        & (walked.second - walked["_start"] <= funnel.window_seconds)
        & (walked.broken.isnull() | (walked.broken < walked["_start"]))
    )
    return walked.mutate(**{f"s{place}": ibis.ifelse(continues, walked["_start"], ibis.null("int64"))}).drop("_start")


def _levels(walked: Table, steps: int) -> Table:
    reached = [walked[f"s{place}"].count() for place in range(1, steps + 1)]
    taken = {f"t{place}": (walked.second - walked[f"s{place}"]).min() for place in range(1, steps + 1)}
    started = walked.s1.notnull()
    by = walked.group_by("actor").agg(
        reached=sum((ibis.ifelse(count > 0, 1, 0) for count in reached), ibis.literal(0)),
        source=walked.source.argmin(walked.second, where=started),
        **taken,
    )
    return by.filter(by.reached > 0)


def funnel(pond: Pond, question: Question, shape: Funnel, *, by_source: bool = False) -> Table:
    """reached, actors, and for each step t<n>: the median seconds from the start, of those who got that far.

    With `by_source`, one row for each source and level.
    """
    reach = funnel_reach(pond, question, shape)
    keys = ["source", "reached"] if by_source else ["reached"]
    return reach.group_by(keys).agg(actors=reach.count()).order_by(keys)


def funnel_times(pond: Pond, question: Question, shape: Funnel) -> Table:
    """One row: t2…tn, the median seconds from the start to each step."""
    reach = funnel_reach(pond, question, shape)
    return reach.aggregate(**{f"t{place}": reach[f"t{place}"].median() for place in range(2, len(shape.steps) + 1)})


def retention(pond: Pond, question: Question, *, first: tuple[str, ...] = (), returning: tuple[str, ...] = ()) -> Table:
    """cohort, age, actors: of those who did `first` for the first time in the period in one bucket, who did `returning`
    how many buckets later. Age 0 is everybody of the cohort. No names: anything people did themselves.
    """
    begun = acts(pond, question, during=question.period, names=first) if first else own_acts(pond, question)
    begun = begun.mutate(at_bucket=bucket(local_day(begun.at, question.zone), question.grain))
    cohort = begun.group_by("actor").agg(cohort=begun.at_bucket.min(), second=begun.at.min())
    again = acts(pond, question, during=question.period, names=returning) if returning else own_acts(pond, question)
    again = again.select("actor", again_bucket=bucket(local_day(again.at, question.zone), question.grain))
    joined = cohort.join(again.distinct(), "actor")
    later = joined.filter(joined.again_bucket > joined.cohort)
    later = later.select("actor", "cohort", age=later.again_bucket - later.cohort)
    begin = cohort.select("actor", "cohort", age=ibis.literal(0).cast("int64"))
    both = later.union(begin)
    return both.group_by("cohort", "age").agg(actors=both.actor.nunique()).order_by("cohort", "age")


def paths(pond: Pond, question: Question, *, start: str, depth: int = 4, backwards: bool = False) -> Table:
    """place, from_name, to_name, actors: the steps that follow each actor's first `start` in the period.

    Steps are what people did themselves; the same several times in a row is one step. Backwards: what came before the
    actor's last `start`.
    """
    done = own_acts(pond, question, besides=(start,))
    order = [ibis.desc("at"), ibis.desc("id")] if backwards else ["at", "id"]
    line = ibis.window(group_by="actor", order_by=order)
    done = done.mutate(row=ibis.row_number().over(line), previous=done.name.lag().over(line))
    begins = done.filter(done.name == start).group_by("actor").agg(begin=ibis._.row.min())
    following = done.join(begins, "actor")
    following = following.filter(
        (following.row == following.begin)
        | ((following.row > following.begin) & (following.name != following.previous))
    )
    walk = ibis.window(group_by="actor", order_by="row")
    steps = following.mutate(place=ibis.row_number().over(walk), to_name=following.name.lead().over(walk))
    steps = steps.filter(steps.place < depth, steps.to_name.notnull())
    by = steps.group_by("place", from_name="name", to_name="to_name").agg(actors=steps.count())
    return by.order_by("place", ibis.desc("actors"), "from_name", "to_name")


def event_names(pond: Pond, question: Question) -> Table:
    """name, times, actors: what happened in the period."""
    done = acts(pond, question, during=question.period)
    by = done.group_by("name").agg(times=done.count(), actors=done.actor.nunique())
    return by.order_by(ibis.desc("times"), "name")
