"""Who buys again, after how long, and how much of each month's new buyers is left later."""

from itertools import pairwise

import ibis
from ibis import Column, Table

from yutang.insights.question import Period, Question
from yutang.insights.reports.calendar import bucket
from yutang.insights.reports.pond import Pond, first_purchases, purchases


def buyers_of(pond: Pond, question: Question, period: Period) -> Table:
    """person, purchases, gmv_fen, earlier, first_day, last_day: each known buyer of the period.

    `earlier` are purchases before the period. A buyer repurchased where some purchase of the period was not the first
    of their life.
    """
    bought = purchases(pond, question)
    known = bought.filter(bought.person.notnull(), bought.day <= period.last)
    inside = known.day >= period.first
    by = known.group_by("person").agg(
        purchases=known.count(where=inside),
        gmv_fen=known.amount_fen.sum(where=inside).fill_null(0),
        earlier=known.count(where=~inside),
        first_day=known.day.min(),
        last_day=known.day.max(),
    )
    return by.filter(by.purchases > 0)


def repurchased(buyers: Table) -> Column:
    return buyers.earlier + buyers.purchases > 1


def repurchase(pond: Pond, question: Question) -> Table:
    """One row: buyers, repurchasing, new_buyers, purchases, gmv_fen, repurchasing_fen."""
    buyers = buyers_of(pond, question, question.period)
    again = repurchased(buyers)
    return buyers.aggregate(
        buyers=buyers.count(),
        repurchasing=buyers.count(where=again),
        new_buyers=buyers.count(where=buyers.earlier == 0),
        purchases=buyers.purchases.sum().fill_null(0),
        gmv_fen=buyers.gmv_fen.sum().fill_null(0),
        repurchasing_fen=buyers.gmv_fen.sum(where=again).fill_null(0),
    )


MOST_TIMES = 10


def purchase_counts(pond: Pond, question: Question, *, most: int = MOST_TIMES) -> Table:
    """times (the last one stands for all above), people: how often the period's buyers bought in it."""
    buyers = buyers_of(pond, question, question.period)
    times = buyers.mutate(times=ibis.least(buyers.purchases, most))
    return times.group_by("times").agg(people=times.count()).order_by("times")


def _gaps(pond: Pond, question: Question) -> Table:
    """person, gap: days from each purchase to the person's next one, where that next one falls into the period."""
    bought = purchases(pond, question)
    known = bought.filter(bought.person.notnull(), bought.day <= question.period.last)
    in_order = ibis.window(group_by="person", order_by=[known.placed_at, known.id])
    steps = known.select("person", "day", gap=known.day - known.day.lag().over(in_order))
    return steps.filter(steps.gap.notnull(), steps.day >= question.period.first)


GAP_EDGES = (0, 1, 4, 8, 15, 31, 61, 91, 181, 366)  # the first day of each band


def intervals(pond: Pond, question: Question) -> Table:
    """band (its first day), times: how many days lay between two purchases in a row."""
    gaps = _gaps(pond, question)
    bands = [(gaps.gap < above, below) for below, above in pairwise(GAP_EDGES)]
    banded = gaps.mutate(band=ibis.cases(*bands, else_=GAP_EDGES[-1]))
    return banded.group_by("band").agg(times=banded.count()).order_by("band")


def interval_quartiles(pond: Pond, question: Question) -> Table:
    """One row: times, mean, lower, median, upper: days between two purchases in a row (quartiles interpolated)."""
    gaps = _gaps(pond, question)
    return gaps.aggregate(
        times=gaps.count(),
        mean=gaps.gap.mean(),
        lower=gaps.gap.quantile(0.25),
        median=gaps.gap.quantile(0.5),
        upper=gaps.gap.quantile(0.75),
    )


def cohorts(pond: Pond, question: Question) -> Table:
    """cohort, age, people, gmv_fen: of those who first bought in a bucket of the period, who bought how many buckets
    later (0: in that bucket itself), and for how much.
    """
    bought = purchases(pond, question)
    first = first_purchases(bought)
    joined = bought.join(first, "person")
    grain = question.grain
    placed = joined.mutate(cohort=bucket(joined.first_day, grain), at=bucket(joined.day, grain))
    placed = placed.filter(
        placed.first_day >= question.period.first,
        placed.first_day <= question.period.last,
    )
    aged = placed.mutate(age=placed["at"] - placed.cohort)
    by = aged.group_by("cohort", "age").agg(people=aged.person.nunique(), gmv_fen=aged.amount_fen.sum())
    return by.order_by("cohort", "age")


def cohort_people(pond: Pond, question: Question, *, cohort: int, age: int | None = None) -> Table:
    """person, gmv_fen: those of one cohort; with an age those of them who bought then."""
    bought = purchases(pond, question)
    joined = bought.join(first_purchases(bought), "person")
    mine = joined.filter(bucket(joined.first_day, question.grain) == cohort)
    if age is not None:
        mine = mine.filter(bucket(mine.day, question.grain) == cohort + age)
    return mine.group_by("person").agg(gmv_fen=mine.amount_fen.sum())


def by_tenure(pond: Pond, question: Question) -> Table:
    """band (days since the first purchase; -1: the first one itself), orders, buyers, gmv_fen, quantity_milli."""
    bought = purchases(pond, question)
    known = bought.filter(bought.person.notnull(), bought.day <= question.period.last)
    in_order = ibis.window(group_by="person", order_by=[known.placed_at, known.id])
    aged = known.mutate(tenure=known.day - known.day.min().over(ibis.window(group_by="person")))
    aged = aged.mutate(nth=ibis.row_number().over(in_order))
    aged = aged.filter(aged.day >= question.period.first)
    bands = [(aged.nth == 0, -1)]
    bands += [(aged.tenure < above, below) for below, above in pairwise(TENURE_EDGES)]
    banded = aged.mutate(band=ibis.cases(*bands, else_=TENURE_EDGES[-1]))
    by = banded.group_by("band").agg(
        orders=banded.count(),
        buyers=banded.person.nunique(),
        gmv_fen=banded.amount_fen.sum(),
        quantity_milli=banded.quantity_milli.sum(),
    )
    return by.order_by("band")


TENURE_EDGES = (0, 31, 91, 181, 366)
