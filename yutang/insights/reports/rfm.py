"""Every buyer scored by recency, frequency and money, from 1 to 5 each."""

from dataclasses import dataclass

import ibis
from ibis import Column, Table

from yutang.insights.question import Question
from yutang.insights.reports.pond import Pond, purchases
from yutang.insights.rfm import Bounds


@dataclass(frozen=True)
class Cell:
    """Which of the scores is wanted; None: any."""

    recency: int | None = None
    frequency: int | None = None
    money: int | None = None


def measures(pond: Pond, question: Question) -> Table:
    """person, recency_days (to the period's last day), purchases, spent_fen: over all purchases up to that day."""
    bought = purchases(pond, question)
    known = bought.filter(bought.person.notnull(), bought.day <= question.period.last)
    return known.group_by("person").agg(
        recency_days=question.period.last - known.day.max(),
        purchases=known.count(),
        spent_fen=known.amount_fen.sum(),
    )


QUINTILES = (0.2, 0.4, 0.6, 0.8)


def quintiles(pond: Pond, question: Question) -> Table:
    """One row: the four quintiles of each measure (interpolated), as r0…r3, f0…f3, m0…m3."""
    of = measures(pond, question)
    columns = {"r": of.recency_days, "f": of.purchases, "m": of.spent_fen}
    cuts = {
        f"{letter}{place}": column.quantile(share)
        for letter, column in columns.items()
        for place, share in enumerate(QUINTILES)
    }
    return of.aggregate(buyers=of.count(), **cuts)


def scored(pond: Pond, question: Question, bounds: Bounds) -> Table:
    """`measures` with r, f and m from 1 to 5."""
    of = measures(pond, question)
    return of.mutate(
        r=_fewer_is_better(of.recency_days, bounds.recency_days),
        f=_more_is_better(of.purchases, bounds.purchases),
        m=_more_is_better(of.spent_fen, bounds.spent_fen),
    )


def _more_is_better(measure: Column, bounds: tuple[int, ...]) -> Column:
    return ibis.cases(*((measure >= bound, 5 - place) for place, bound in enumerate(reversed(bounds))), else_=1)


def _fewer_is_better(measure: Column, bounds: tuple[int, ...]) -> Column:
    return ibis.cases(*((measure <= bound, 5 - place) for place, bound in enumerate(bounds)), else_=1)


def grid(pond: Pond, question: Question, bounds: Bounds) -> Table:
    """r, f, m, people, spent_fen: one row for each combination somebody has."""
    of = scored(pond, question, bounds)
    by = of.group_by("r", "f", "m").agg(people=of.count(), spent_fen=of.spent_fen.sum())
    return by.order_by("r", "f", "m")


def people_in(pond: Pond, question: Question, bounds: Bounds, cell: Cell) -> Table:
    """`scored`, of one cell, row, column or kind."""
    of = scored(pond, question, bounds)
    for column, wanted in (("r", cell.recency), ("f", cell.frequency), ("m", cell.money)):
        if wanted is not None:
            of = of.filter(of[column] == wanted)
    return of
