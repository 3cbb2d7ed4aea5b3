"""How many people came, were active, bought and bought again."""

import ibis
from ibis import Table

from yutang.insights.question import Period, Question
from yutang.insights.reports.calendar import bucket, local_day
from yutang.insights.reports.pond import NOT_THEIR_OWN, Pond, known_events, purchases


def met(pond: Pond, question: Question) -> Table:
    """person, first_day: when we first had a trace of each person, over all records merged into them."""
    created = pond.events.filter(pond.events.name == "customer.created", pond.events.person.notnull())
    return created.group_by("person").agg(first_day=local_day(created.at.min(), question.zone))


def new_people(pond: Pond, question: Question) -> Table:
    """person, first_day, source: who became known in the period, and where from.

    The source is the code of the person's first contact where there was one (`code:` and its state), else how the
    first record came to us.
    """
    known = met(pond, question)
    new = known.filter(known.first_day >= question.period.first, known.first_day <= question.period.last)
    return new.left_join(_sources(pond), "person").select(
        "person", "first_day", source=ibis.coalesce(ibis._.source, ibis.literal(""))
    )


def _sources(pond: Pond) -> Table:
    told = pond.events.filter(
        pond.events.name.isin(("customer.created", "contact.added")), pond.events.person.notnull()
    )
    props = told.props.cast("json")
    state = props["state_code"].str.fill_null("")
    told = told.mutate(
        came_by=ibis.ifelse(
            told.name == "customer.created",
            props["source"].str,
            ibis.ifelse(state != "", "code:" + state, ibis.null(str)),
        ),
        place=ibis.ifelse(told.name == "contact.added", 0, 1),
    )
    told = told.filter(told.came_by.notnull())
    first = ibis.window(group_by="person", order_by=[told.place, told.at, told.id])
    ranked = told.select("person", source=told.came_by, rank=ibis.row_number().over(first))
    return ranked.filter(ranked["rank"] == 0).select("person", "source")


def new_by_source(pond: Pond, question: Question) -> Table:
    """source, people, buyers, gmv_fen: the new people of the period, and what they bought within it."""
    new = new_people(pond, question)
    bought = purchases(pond, question, during=question.period)
    worth = bought.group_by("person").agg(gmv_fen=bought.amount_fen.sum())
    joined = new.left_join(worth, "person")
    by = joined.group_by("source").agg(
        people=joined.count(),
        buyers=joined.gmv_fen.count(),
        gmv_fen=joined.gmv_fen.sum().fill_null(0),
    )
    return by.order_by(ibis.desc("people"), "source")


def active_people(pond: Pond, question: Question, *, during: Period | None = None) -> Table:
    """person: who did something of their own accord in the period."""
    events = known_events(pond, question, during=during or question.period)
    own = events.filter(events.name.notin(NOT_THEIR_OWN))
    return own.select("person").distinct()


def people_by_bucket(pond: Pond, question: Question) -> Table:
    """bucket, what (new, active), people."""
    new = new_people(pond, question)
    new = new.select("person", what=ibis.literal("new"), bucket=bucket(new.first_day, question.grain))
    events = known_events(pond, question, during=question.period)
    own = events.filter(events.name.notin(NOT_THEIR_OWN))
    active = own.select("person", what=ibis.literal("active"), bucket=bucket(own.day, question.grain))
    both = new.union(active)
    return both.group_by("bucket", "what").agg(people=both.person.nunique()).order_by("bucket", "what")


def contacts_by_bucket(pond: Pond, question: Question) -> Table:
    """bucket, name (contact.added, contact.lost), people, times."""
    told = known_events(pond, question, during=question.period, names=("contact.added", "contact.lost"))
    dated = told.mutate(bucket=bucket(told.day, question.grain))
    by = dated.group_by("bucket", "name").agg(people=dated.person.nunique(), times=dated.count())
    return by.order_by("bucket", "name")
