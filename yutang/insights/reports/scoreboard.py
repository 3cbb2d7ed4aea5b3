"""The five highs of a period, and how much of its new traffic can convert."""

import ibis
from ibis import Column, Table

from yutang.insights.question import Period, Question
from yutang.insights.reports.calendar import bounds
from yutang.insights.reports.people import active_people, new_people
from yutang.insights.reports.pond import NOT_THEIR_OWN, Pond, contact_spells, known_events
from yutang.insights.reports.repurchase import buyers_of, repurchased
from yutang.insights.reports.sales import refunds_by_bucket

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
    """One row of counts; `scores.scores_of` makes the rates of them."""
    mine = contacts(pond, question, question.period)
    buyers = buyers_of(pond, question, question.period)
    converted = mine.filter(mine.during).semi_join(buyers, "person")
    held = mine.aggregate(
        contacts_before=mine.count(where=mine.before),
        contacts_during=mine.count(where=mine.during),
        new_contacts=mine.count(where=mine.new),
        kept=mine.count(where=mine.new & mine.at_end),
    )
    again = repurchased(buyers)
    one_row = [
        held,
        effective_people(pond, question).aggregate(effective=ibis._.count()),
        converted.aggregate(converted=converted.count()),
        left_us(pond, question).aggregate(left=ibis._.count()),
        referred_people(pond, question).aggregate(referred=ibis._.count()),
        buyers.aggregate(
            buyers=buyers.count(),
            repurchasing=buyers.count(where=again),
            new_buyers=buyers.count(where=buyers.earlier == 0),
        ),
        active_people(pond, question).aggregate(active=ibis._.count()),
        new_people(pond, question).aggregate(new_people=ibis._.count()),
        refunds_by_bucket(pond, question).aggregate(refunds_fen=ibis._.refunds_fen.sum().fill_null(0)),
    ]
    whole = one_row[0]
    for part in one_row[1:]:
        whole = whole.cross_join(part)
    return whole
