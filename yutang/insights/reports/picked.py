"""From any number to its people: person ids (and what they are ordered by, the greatest first)."""

from collections.abc import Callable, Mapping

import ibis
from ibis import Table

from yutang.insights.asking import Asker
from yutang.insights.options import Options, Pick
from yutang.insights.question import Question, bucket_of
from yutang.insights.reports import behaviour, people, products, repurchase, rfm, scoreboard
from yutang.insights.reports.answered import DEFAULT_FUNNEL, bounds_for
from yutang.insights.reports.calendar import bucket
from yutang.insights.reports.pond import known_events, purchases, with_field
from yutang.insights.rfm import HIGH_FROM, KINDS

Find = Callable[[Asker, Question, Options, Pick], Table]


def _buyers(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    """Who bought in the period: in a field, a store, through a source, in one of its steps."""
    bought = purchases(asker.pond, question, during=question.period)
    if pick.field is not None:
        bought = with_field(bought, asker.pond)
        bought = bought.filter(bought.field == pick.field)
    if pick.order_source is not None:
        bought = bought.filter(bought.source_id == pick.order_source)
    if pick.store is not None:
        bought = bought.filter(bought.store_id == pick.store)
    if pick.bucket is not None:
        bought = bought.filter(bucket(bought.day, question.grain) == pick.bucket)
    return bought.group_by("person").agg(weight=bought.amount_fen.sum())


def _new_buyers(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    buyers = repurchase.buyers_of(asker.pond, question, question.period)
    return buyers.filter(buyers.earlier == 0).select("person", weight="gmv_fen")


def _repurchasing(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    buyers = repurchase.buyers_of(asker.pond, question, question.period)
    return buyers.filter(repurchase.repurchased(buyers)).select("person", weight="gmv_fen")


def _times(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    """Buyers by how often they bought; the last band holds all above, too."""
    buyers = repurchase.buyers_of(asker.pond, question, question.period)
    wanted = pick.step or 1
    exactly = buyers.purchases == wanted if wanted < repurchase.MOST_TIMES else buyers.purchases >= wanted
    return buyers.filter(exactly).select("person", weight="gmv_fen")


def _new(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    new = people.new_people(asker.pond, question)
    if pick.source is not None:
        new = new.filter(new.source == pick.source)
    if pick.bucket is not None:
        new = new.filter(bucket(new.first_day, question.grain) == pick.bucket)
    return new.select("person", weight=new.first_day)


def _active(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    active = people.active_people(asker.pond, question)
    return active.select("person", weight=active.person)


def _moved(name: str) -> Find:
    def find(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
        told = known_events(asker.pond, question, during=question.period, names=(name,))
        return told.group_by("person").agg(weight=told.id.max())

    return find


def _effective(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    found = scoreboard.effective_people(asker.pond, question)
    return found.select("person", weight=found.person)


def _converted(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    mine = scoreboard.contacts(asker.pond, question, question.period)
    buyers = repurchase.buyers_of(asker.pond, question, question.period)
    return buyers.semi_join(mine.filter(mine.during), "person").select("person", weight="gmv_fen")


def _cohort(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    cohort = pick.cohort if pick.cohort is not None else bucket_of(question.period.since, question.grain)
    found = repurchase.cohort_people(asker.pond, question, cohort=cohort, age=pick.age)
    return found.select("person", weight="gmv_fen")


def _rfm(asker: Asker, question: Question, options: Options, pick: Pick) -> Table:
    bounds = bounds_for(asker, question, options)
    cell = rfm.Cell(pick.recency, pick.frequency, pick.money)
    found = rfm.people_in(asker.pond, question, bounds, cell)
    kind = next((kind for kind in KINDS if kind.key == pick.kind), None)
    if kind is not None:
        for column, high in ((found.r, kind.recent), (found.f, kind.frequent), (found.m, kind.rich)):
            found = found.filter(column >= HIGH_FROM if high else column < HIGH_FROM)
    return found.select("person", weight="spent_fen")


def _product(asker: Asker, question: Question, _options: Options, pick: Pick) -> Table:
    found = products.product_people(asker.pond, question, sku=pick.sku or "")
    return found.select("person", weight="gmv_fen")


def _funnel(asker: Asker, question: Question, options: Options, pick: Pick) -> Table:
    reach = behaviour.funnel_reach(asker.pond, question, options.funnel or DEFAULT_FUNNEL)
    step = pick.step or 1
    found = reach.filter(reach.reached == step if pick.lost else reach.reached >= step)
    if pick.source is not None:
        found = found.filter(found.source.fill_null("") == pick.source)
    return found.filter(found.actor > 0).select(person="actor", weight="actor")


FINDERS: Mapping[str, Find] = {
    "buyers": _buyers,
    "new_buyers": _new_buyers,
    "repurchasing": _repurchasing,
    "times": _times,
    "new_customers": _new,
    "active": _active,
    "added": _moved("contact.added"),
    "lost": _moved("contact.lost"),
    "effective": _effective,
    "converted": _converted,
    "cohort": _cohort,
    "rfm": _rfm,
    "product": _product,
    "funnel": _funnel,
}


def people_of(asker: Asker, question: Question, options: Options, pick: Pick, *, of: str) -> list[int]:
    """Known people, the weightiest first."""
    found = FINDERS[of](asker, question, options, pick)
    found = found.filter(found.person.notnull()).order_by(ibis.desc("weight"), "person")
    ids: list[int] = asker.lake.run(found.select("person"))["person"].to_pylist()  # seldom the same twice
    return ids
