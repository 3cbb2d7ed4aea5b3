"""The tables reports are asked of, and the few steps nearly all of them begin with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import ibis
from ibis import Column, Table

from yutang.insights.question import Field, Period, Question
from yutang.insights.reports.calendar import local_day, within

# What is done to people or noted about them. Everything else of a person is their own doing.
NOT_THEIR_OWN = (
    "customer.created",
    "customer.identified",
    "customer.merged",
    "customer.unmerged",
    "customer.stage_changed",
    "customer.forgotten",
    "contact.changed",
    "contact.confirmed",
    "contact.lost",
    "contact.transfer_failed",
    "contact.added_twice",
    "tag.added",
    "tag.removed",
    "tag_library.changed",
    "consent.stated",
    "welcome.sent",
    "welcome.missed",
    "code.state_changed",
    "code.joined",
    "group.changed",
    "member.availability_changed",
    "order.adjusted",
    "order.voided",
    "order.amended",
    "order.cancelled",
    "segment.entered",
    "segment.left",
)


@dataclass(frozen=True, eq=False)
class Pond:
    """Tables as `yutang.lake.reading` gives them, and the field each order source was put into."""

    orders: Table
    order_lines: Table
    events: Table
    fields: Mapping[int, Field]

    def within(self, people: Table | None) -> "Pond":
        """What concerns these people (a table with a column `person`); None: everything, and guests too."""
        if people is None:
            return self
        return replace(
            self,
            orders=self.orders.semi_join(people, "person"),
            order_lines=self.order_lines.semi_join(people, "person"),
            events=self.events.semi_join(people, "person"),
        )


def by_humans(events: Table) -> Table:
    """Without what machines did: `yutang.events` marks it on the way in."""
    # As text, with and without a space: reading all properties as JSON would cost far more, and a quote within
    # a value is written with a backslash before it.
    marked = events.props.contains('"$bot":true') | events.props.contains('"$bot": true')
    return events.filter(~marked.fill_null(False))


def asked_orders(pond: Pond, question: Question) -> Table:
    """Orders of every kind and time that the question is about."""
    orders = pond.orders.filter(pond.orders.currency == question.currency)
    if question.order_sources:
        orders = orders.filter(orders.source_id.isin(question.order_sources))
    if question.stores:
        orders = orders.filter(orders.store_id.isin(question.stores))
    return orders


def is_purchase(orders: Table, question: Question) -> Column:
    """A sale that is worth something. Cancellations, adjustments and void orders never are purchases."""
    return (orders.kind == "sale") & (orders.amount_fen >= (0 if question.free_orders else 1))


def purchases(pond: Pond, question: Question, *, during: Period | None = None) -> Table:
    """id, person (null: a guest), source_id, store_id, placed_at, day, amount_fen; of all times where `during` is None.

    With `one_a_day`, what somebody bought on one day is one purchase.
    """
    orders = asked_orders(pond, question)
    orders = orders.filter(is_purchase(orders, question))
    if during is not None:
        orders = orders.filter(within(orders.placed_at, during, question.zone))
    bought = orders.select(
        "id",
        "person",
        "source_id",
        "store_id",
        "placed_at",
        "amount_fen",
        quantity_milli=orders.quantity_milli,
        day=local_day(orders.placed_at, question.zone),
    )
    return _one_a_day(bought) if question.one_a_day else bought


def _one_a_day(bought: Table) -> Table:
    # Guests are nobody: each of their orders stays a purchase of its own.
    whose = bought.person.fill_null(-bought.id)
    days = bought.group_by("day", whose=whose).agg(
        id=bought.id.min(),
        person=bought.person.min(),
        source_id=bought.source_id.argmin(bought.id),
        store_id=bought.store_id.argmin(bought.id),
        placed_at=bought.placed_at.min(),
        amount_fen=bought.amount_fen.sum(),
        quantity_milli=bought.quantity_milli.sum(),
    )
    return days.drop("whose")


def first_purchases(bought: Table) -> Table:
    """person, first_day: when each known buyer first bought."""
    known = bought.filter(bought.person.notnull())
    return known.group_by("person").agg(first_day=known.day.min())


def known_events(pond: Pond, question: Question, *, during: Period, names: Collection[str] = ()) -> Table:
    """Events of people we know: id, name, at, day, person, member_id, source, props."""
    events = pond.events.filter(within(pond.events.at, during, question.zone), pond.events.person.notnull())
    if names:
        events = events.filter(events.name.isin(tuple(names)))
    return events.mutate(day=local_day(events.at, question.zone))


def contact_spells(pond: Pond) -> Table:
    """person, member_id, since, until (null: to this day): when each member had each person as a contact."""
    told = pond.events.filter(
        pond.events.name.isin(("contact.added", "contact.lost")),
        pond.events.person.notnull(),
        pond.events.member_id.notnull(),
    )
    # Two tidings of one moment: an add comes before its end.
    order = [told.at, told.name, told.id]
    following = ibis.window(group_by=["person", "member_id"], order_by=order)
    spells = told.select("person", "member_id", "name", since=told.at, until=told.at.lead().over(following))
    return spells.filter(spells.name == "contact.added").drop("name")


def bought_as_contacts(bought: Table, spells: Table) -> Table:
    """The purchases whose buyer was some member's contact at that moment."""
    held = (
        (bought.person == spells.person)
        & (bought.placed_at >= spells.since)
        & (bought.placed_at < spells.until.fill_null(_END_OF_TIME))
    )
    return bought.semi_join(spells, held)


_END_OF_TIME = ibis.timestamp("9999-01-01T00:00:00+00:00")


def with_field(bought: Table, pond: Pond) -> Table:
    """With a column `field`: the private, public or store field each purchase was made in; every one in exactly one.

    Private, where the buyer was a contact at that moment or the source is a private one; else the store's, where the
    order names a store or the source is a store's; else public.
    """
    contact_ids = bought_as_contacts(bought, contact_spells(pond)).select(contact_order="id")
    joined = bought.left_join(contact_ids, bought.id == contact_ids.contact_order)
    private = joined.contact_order.notnull() | _source_in(joined, pond, Field.PRIVATE)
    store = joined.store_id.notnull() | _source_in(joined, pond, Field.STORE)
    field = ibis.cases((private, Field.PRIVATE.value), (store, Field.STORE.value), else_=Field.PUBLIC.value)
    return joined.mutate(field=field).drop("contact_order")


def _source_in(table: Table, pond: Pond, field: Field) -> Column:
    sources = tuple(source for source, at in pond.fields.items() if at == field)
    return table.source_id.isin(sources) if sources else ibis.literal(False)
