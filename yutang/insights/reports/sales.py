"""What was sold: worth, orders, buyers and average order, by time, field, source and store."""

import ibis
from ibis import Table

from yutang.insights.question import Question
from yutang.insights.reports.calendar import bucket, local_day, local_seconds, within
from yutang.insights.reports.pond import Pond, asked_orders, first_purchases, purchases, with_field


def sales_by_bucket(pond: Pond, question: Question) -> Table:
    """bucket, gmv_fen, orders, buyers, new_fen, returning_fen, guest_fen, new_buyers.

    A buyer is new in the bucket of their first purchase; guests are neither new nor returning.
    """
    everything = purchases(pond, question)
    first = first_purchases(everything)
    bought = purchases(pond, question, during=question.period)
    joined = bought.left_join(first, "person")
    dated = joined.mutate(
        bucket=bucket(joined.day, question.grain),
        is_new=bucket(joined.first_day, question.grain) == bucket(joined.day, question.grain),
    )
    return _sums(dated, ["bucket"]).order_by("bucket")


def _sums(dated: Table, keys: list[str]) -> Table:
    worth = dated.amount_fen
    return dated.group_by(keys).agg(
        gmv_fen=worth.sum(),
        orders=dated.id.nunique(),
        buyers=dated.person.nunique(),
        new_fen=worth.sum(where=dated.is_new).fill_null(0),
        returning_fen=worth.sum(where=~dated.is_new).fill_null(0),
        guest_fen=worth.sum(where=dated.person.isnull()).fill_null(0),
        new_buyers=dated.person.nunique(where=dated.is_new),
    )


def refunds_by_bucket(pond: Pond, question: Question) -> Table:
    """bucket, refunds_fen (negative), refunds: what cancellations took back, when they were made."""
    orders = asked_orders(pond, question)
    back = orders.filter(orders.kind == "cancellation", within(orders.placed_at, question.period, question.zone))
    dated = back.mutate(bucket=bucket(local_day(back.placed_at, question.zone), question.grain))
    return dated.group_by("bucket").agg(refunds_fen=dated.amount_fen.sum(), refunds=dated.count()).order_by("bucket")


def sales_by_field(pond: Pond, question: Question) -> Table:
    """bucket, field, gmv_fen, orders, buyers."""
    bought = with_field(purchases(pond, question, during=question.period), pond)
    dated = bought.mutate(bucket=bucket(bought.day, question.grain))
    by = dated.group_by("bucket", "field").agg(
        gmv_fen=dated.amount_fen.sum(), orders=dated.count(), buyers=dated.person.nunique()
    )
    return by.order_by("bucket", "field")


def sales_by_place(pond: Pond, question: Question) -> Table:
    """source_id, store_id (null: none), gmv_fen, orders, buyers; the most worth first."""
    bought = purchases(pond, question, during=question.period)
    by = bought.group_by("source_id", "store_id").agg(
        gmv_fen=bought.amount_fen.sum(), orders=bought.count(), buyers=bought.person.nunique()
    )
    return by.order_by(ibis.desc("gmv_fen"), "source_id", "store_id")


def sales_by_hour(pond: Pond, question: Question) -> Table:
    """weekday (0 is Monday), hour, orders, gmv_fen."""
    bought = purchases(pond, question, during=question.period)
    seconds = local_seconds(bought.placed_at, question.zone)
    timed = bought.mutate(weekday=(bought.day + 3) % 7, hour=(seconds % 86_400) // 3_600)
    by = timed.group_by("weekday", "hour").agg(orders=timed.count(), gmv_fen=timed.amount_fen.sum())
    return by.order_by("weekday", "hour")


def top_buyers(pond: Pond, question: Question, *, most: int = 100) -> Table:
    """person, gmv_fen, orders, last_day; the most worth first."""
    bought = purchases(pond, question, during=question.period)
    known = bought.filter(bought.person.notnull())
    by = known.group_by("person").agg(gmv_fen=known.amount_fen.sum(), orders=known.count(), last_day=known.day.max())
    return by.order_by(ibis.desc("gmv_fen"), "person").limit(most)
