"""What sells, to whom, and what goes together into one basket."""

from dataclasses import replace

import ibis
from ibis import Table

from yutang.insights.question import Period, Question
from yutang.insights.reports.calendar import local_day, within
from yutang.insights.reports.pond import Pond, purchases


def sold_lines(pond: Pond, question: Question, *, during: Period | None = None) -> Table:
    """order_id, sku, title, person, day, quantity_milli, amount_fen: lines of purchases that name a product.

    Whether an order is a purchase is decided by the order; of its lines those count that sell something.
    """
    bought = purchases(pond, _as_orders(question), during=during)
    lines = pond.order_lines
    if during is not None:
        lines = lines.filter(within(lines.placed_at, during, question.zone))
    lines = lines.filter(lines.sku != "", lines.quantity_milli > 0)
    sold = lines.semi_join(bought, lines.order_id == bought.id)
    return sold.select(
        "order_id",
        "sku",
        "title",
        "person",
        "quantity_milli",
        "amount_fen",
        day=local_day(sold.placed_at, question.zone),
    )


def _as_orders(question: Question) -> Question:
    return replace(question, one_a_day=False)


def products(pond: Pond, question: Question, *, most: int = 100) -> Table:
    """sku, title, gmv_fen, quantity_milli, orders, buyers, again (buyers who bought it on more than one day)."""
    sold = sold_lines(pond, question, during=question.period)
    by = sold.group_by("sku").agg(
        title=sold.title.max(),
        gmv_fen=sold.amount_fen.sum(),
        quantity_milli=sold.quantity_milli.sum(),
        orders=sold.order_id.nunique(),
        buyers=sold.person.nunique(),
    )
    best = by.order_by(ibis.desc("gmv_fen"), "sku").limit(most)
    again = _bought_again(sold)
    joined = best.left_join(again, "sku")
    return joined.select(*best.columns, again=joined.again.fill_null(0)).order_by(ibis.desc("gmv_fen"), "sku")


def _bought_again(sold: Table) -> Table:
    known = sold.filter(sold.person.notnull())
    each = known.group_by("sku", "person").agg(days=known.day.nunique())
    return each.filter(each.days > 1).group_by("sku").agg(again=ibis._.count())


def product_people(pond: Pond, question: Question, *, sku: str) -> Table:
    """person, gmv_fen: who bought a product in the period."""
    sold = sold_lines(pond, question, during=question.period)
    mine = sold.filter(sold.sku == sku, sold.person.notnull())
    return mine.group_by("person").agg(gmv_fen=mine.amount_fen.sum())


def pairs(pond: Pond, question: Question, *, of_best: int = 200, least: int = 2, most: int = 100) -> Table:
    """a, b, together, a_orders, b_orders, orders: pairs of the products in most orders, bought in one order.

    support = together / orders; confidence a→b = together / a_orders; lift = together × orders / (a_orders × b_orders).
    """
    sold = sold_lines(pond, question, during=question.period)
    baskets = sold.select("order_id", "sku").distinct()
    orders = sold.aggregate(orders=sold.order_id.nunique())
    counts = baskets.group_by("sku").agg(sku_orders=baskets.count())
    best = counts.order_by(ibis.desc("sku_orders"), "sku").limit(of_best)
    kept = baskets.join(best, "sku")
    left = kept.select("order_id", a="sku", a_orders="sku_orders")
    right = kept.select(right_order="order_id", b="sku", b_orders="sku_orders")
    both = left.join(right, [left.order_id == right.right_order, left.a < right.b])
    counted = both.group_by("a", "b", "a_orders", "b_orders").agg(together=both.count())
    found = counted.filter(counted.together >= least).cross_join(orders)
    return found.order_by(ibis.desc("together"), "a", "b").limit(most)


def titles(pond: Pond, skus: tuple[str, ...]) -> Table:
    """sku, title."""
    lines = pond.order_lines.filter(pond.order_lines.sku.isin(skus))
    return lines.group_by("sku").agg(title=lines.title.max())
