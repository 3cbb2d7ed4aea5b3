"""The five highs of a period, and how much of its new traffic can convert."""

import ibis
from ibis import Column, Table

from yutang.insights.question import Period, Question
from yutang.insights.reports.calendar import bounds, within
from yutang.insights.reports.people import met
from yutang.insights.reports.pond import NOT_THEIR_OWN, Pond, asked_orders, contact_spells, known_events
from yutang.insights.reports.repurchase import buyers_of, repurchased

# Becoming a contact is not yet a sign of life.
_SIGNS_NOT_OF_LIFE = (*NOT_THEIR_OWN, "contact.added", "code.scanned")


def contacts(pond: Pond, question: Question, period: Period) -> Table:
    """person, before, during, at_end, new, first_since: each person who was a member's contact at some time up to the
    period's end, and whether so at its beginning and at its end; new: became one for the first time in the period.
    """
    begins, ends = (ibis.literal(at, type="timestamp('UTC')") for at in bounds(period, question.zone))
    spells = contact_spells(pond)
    spells = spells.filter(spells.since < ends)

    def held(at: Column) -> Column:
        return (spells.since < at) & (spells.until.isnull() | (spells.until >= at))

    by = spells.group_by("person").agg(
        before=held(begins).any(),
        during=(spells.until.isnull() | (spells.until >= begins)).any(),
        at_end=held(ends).any(),
        first_since=spells.since.min(),
    )
    return by.mutate(new=by.first_since >= begins)


def effective_people(pond: Pond, question: Question) -> Table:
    """person: new contacts of the period who were still contacts at its end and did something after the add."""
    mine = contacts(pond, question, question.period)
    new = mine.filter(mine.new, mine.at_end)
    told = known_events(pond, question, during=question.period)
    told = told.filter(told.name.notin(_SIGNS_NOT_OF_LIFE)).select("person", "at")
    return new.semi_join(told, [new.person == told.person, told["at"] >= new.first_since]).select("person")


def left_us(pond: Pond, question: Question) -> Table:
    """person: who deleted a member in the period."""
    lost = known_events(pond, question, during=question.period, names=("contact.lost",))
    by_customer = lost.filter(lost.props.cast("json")["by"].str == "customer")
    return by_customer.select("person").distinct()


def referred_people(pond: Pond, question: Question) -> Table:
    """person: who came in the period because somebody brought them."""
    brought = known_events(pond, question, during=question.period, names=("referral.joined",))
    return brought.select("person").distinct()


def scoreboard(pond: Pond, question: Question) -> Table:
    """One row of counts; `scores.scores_of` makes the rates of them.

    What `effective_people`, `left_us` and the others find one by one is found here in one pass over the period's
    events: a dashboard asks for all of it at once, and twice.
    """
    buyers = buyers_of(pond, question, question.period)
    did = _deeds(pond, question)
    mine = contacts(pond, question, question.period)
    whole = mine.left_join(did, "person").drop("person_right")
    whole = whole.left_join(buyers.select("person", "purchases"), "person")
    told = whole.aggregate(
        contacts_before=whole.count(where=whole.before),
        contacts_during=whole.count(where=whole.during),
        new_contacts=whole.count(where=whole.new),
        kept=whole.count(where=whole.new & whole.at_end),
        effective=whole.count(where=whole.new & whole.at_end & (whole.lived_at >= whole.first_since)),
        converted=whole.count(where=whole.during & whole.purchases.notnull()),
        left=whole.count(where=whole.left_us),
    )
    known = met(pond, question)
    parts = [
        did.aggregate(active=did.count(where=did.active), referred=did.count(where=did.referred)),
        buyers.aggregate(
            buyers=buyers.count(),
            repurchasing=buyers.count(where=repurchased(buyers)),
            new_buyers=buyers.count(where=buyers.earlier == 0),
        ),
        known.aggregate(new_people=known.count(where=known.first_day.between(*_days(question)))),
        _refunded(pond, question),
    ]
    for part in parts:
        told = told.cross_join(part)
    return told


def _deeds(pond: Pond, question: Question) -> Table:
    """person, active, lived_at (the last sign of life), left_us, referred: of everybody with an event in the period."""
    events = pond.events
    events = events.filter(within(events["at"], question.period, question.zone), events.person.notnull())
    by_customer = events.props.cast("json")["by"].str == "customer"
    return events.group_by("person").agg(
        active=events.name.notin(NOT_THEIR_OWN).any(),
        lived_at=events["at"].max(where=events.name.notin(_SIGNS_NOT_OF_LIFE)),
        left_us=((events.name == "contact.lost") & by_customer).any(),
        referred=(events.name == "referral.joined").any(),
    )


def _refunded(pond: Pond, question: Question) -> Table:
    orders = asked_orders(pond, question)
    back = orders.filter(orders.kind == "cancellation", within(orders.placed_at, question.period, question.zone))
    return back.aggregate(refunds_fen=back.amount_fen.sum().fill_null(0))


def _days(question: Question) -> tuple[int, int]:
    return question.period.first, question.period.last
