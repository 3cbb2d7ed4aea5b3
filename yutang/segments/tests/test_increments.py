"""Segments kept current step by step are those a whole reading finds, whatever happens and however the clock moves."""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import NOW
from yutang.commerce.events import OrderPlaced
from yutang.commerce.models import Order, OrderLine, OrderSource
from yutang.customers.consents import state_consent
from yutang.customers.models import Customer, Merge, OwnershipState, Tag
from yutang.customers.services.derive import purchases_changed
from yutang.customers.services.edit import Edit, edit_person
from yutang.customers.services.erase import erase
from yutang.customers.services.fields import define_field
from yutang.customers.services.merge import merge, unmerge
from yutang.customers.services.ownership import apply_relation
from yutang.customers.services.tag_library import create_group, create_tag, delete_tag
from yutang.customers.services.tags import add_tags, remove_tags
from yutang.customers.tests.factories import a_customer
from yutang.events.models import Event
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.errors import DomainError
from yutang.kernel.facts import Fact, announce
from yutang.organization.models import Member
from yutang.segments.leaves import Leaf
from yutang.segments.loading import histories_of
from yutang.segments.rule import Node, Rule, holds, leaves_of, people_of
from yutang.segments.services.keep import Keeper
from yutang.segments.services.segments import create_segment
from yutang.segments.services.world import moment_of, open_world
from yutang.segments.tests import strategies as some
from yutang.segments.trees import unique

thorough = settings(
    max_examples=int(os.environ.get("YUTANG_RULE_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
PEOPLE = 4
MILLISECOND = timedelta(milliseconds=1)

windows = some.windows
profile_leaves = st.one_of(
    st.just({"kind": "everyone"}),
    st.just({"kind": "named"}),
    st.builds(
        lambda each: {"kind": "stage", "stages": [each]}, st.sampled_from(["stranger", "contact", "buyer", "lost"])
    ),
    st.builds(lambda each: {"kind": "gender", "genders": [each]}, st.sampled_from(["unknown", "male", "female"])),
    st.builds(lambda window: {"kind": "created", "window": window}, windows),
    st.builds(
        lambda states, window: {"kind": "relation", "states": states, "added": window},
        st.sampled_from([[], ["mutual"], ["deleted_by_customer", "deleted_by_member"]]),
        st.none() | windows,
    ),
    st.builds(
        lambda tags, which, window: {"kind": "tags", "tags": tags, "which": which, "added": window},
        st.sampled_from([["t0"], ["t1"], ["t0", "t1"]]),
        st.sampled_from(["all", "any", "none"]),
        st.none() | windows,
    ),
    st.builds(lambda kind: {"kind": "identity", "kinds": [kind]}, st.sampled_from(["buyer_id", "phone"])),
    st.builds(
        lambda says: {"kind": "consent", "purpose": "marketing", "channel": "any", "says": says},
        st.sampled_from(["yes", "no", "nothing"]),
    ),
    st.builds(lambda how: {"kind": "field", "field": "size", "is": how}, some.comparisons),
    st.builds(lambda percent: {"kind": "share", "percent": percent, "salt": "x"}, st.sampled_from([25.0, 60.0])),
)
leaf_data = some.happening_leaves.map(Leaf.dump) | profile_leaves
node_data = st.recursive(
    leaf_data,
    lambda below: st.one_of(
        st.builds(lambda of: {"kind": "all", "of": of}, st.lists(below, min_size=1, max_size=2)),
        st.builds(lambda of: {"kind": "any", "of": of}, st.lists(below, min_size=1, max_size=2)),
        st.builds(lambda of: {"kind": "not", "of": of}, below),
    ),
    max_leaves=4,
)

who = st.integers(0, PEOPLE - 1)
ago = st.builds(lambda days, hours: timedelta(days=days, hours=hours), st.integers(-2, 30), st.sampled_from([0, 0, 6]))
deeds = st.one_of(
    st.tuples(
        st.just("event"),
        who,
        st.sampled_from(some.NAMES),
        ago,
        st.dictionaries(st.just("p"), some.prop_values, max_size=1),
    ),
    st.tuples(st.just("event"), who, st.sampled_from(some.NAMES), ago, st.just({"amount_fen": 250})),
    st.tuples(st.just("order"), who, st.sampled_from(["sale", "cancellation"]), ago, st.integers(-100, 400)),
    st.tuples(st.just("tag"), who, st.integers(0, 1), st.booleans(), ago),
    st.tuples(st.just("field"), who, st.sampled_from(["x", "yy", None])),
    st.tuples(st.just("gender"), who, st.sampled_from(["male", "female", "unknown"])),
    st.tuples(st.just("relation"), who, st.sampled_from(["mutual", "deleted_by_customer", "deleted_by_member"])),
    st.tuples(st.just("consent"), who, st.booleans()),
    st.tuples(st.just("merge"), who, who),
    st.tuples(st.just("merge"), who, who),
    st.tuples(st.just("unmerge")),
    st.tuples(st.just("new")),
    st.tuples(st.just("erase"), who),
    st.tuples(st.just("delete_tag"), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 24, 24 * 7, 24 * 20])),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 24, 24 * 7, 24 * 20])),
    st.tuples(st.just("keep")),
    st.tuples(st.just("keep")),
)


class Undo(Exception):
    """Takes an example back."""


@dataclass
class Pond:
    """A few people to whom things are done. Time passes by a millisecond with each deed."""

    at: datetime = NOW
    customers: list[Customer] = field(default_factory=list)
    keeper: Keeper = field(default_factory=Keeper)
    tags: list[int] = field(default_factory=list)
    number: int = 0

    def furnish(self, member: Member) -> None:
        self.member = member
        self.source = OrderSource.objects.create(name="shop", created_at=self.at)
        group = create_group("g", kind="own", by=SYSTEM)
        self.tags = [create_tag(group, name, by=SYSTEM).pk for name in ("t0", "t1")]
        for name in some.NAMES:  # rules may ask only for events somebody has heard of
            Event.objects.create(key=name, fingerprint="", name=name, at=self.at, received_at=self.at)
        define_field("size", "尺码", "text", by=SYSTEM)
        self.customers = [a_customer(name) for name in ("甲", "", "丙", "丁")]

    def do(self, deed: tuple) -> None:
        what, *told = deed
        self.at += MILLISECOND
        self.number += 1
        with clock.stopped(self.at), suppress(DomainError, Merge.DoesNotExist), transaction.atomic():
            getattr(self, f"_{what}")(*told)

    def record(self, place: int) -> Customer:
        return Customer.objects.get(pk=self.customers[place].pk)

    def person(self, place: int) -> Customer:
        return Customer.objects.get(pk=self.record(place).person_key)

    def _event(self, place: int, name: str, ago: timedelta, props: dict) -> None:
        Event.objects.create(
            key=f"k{self.number}",
            fingerprint="",
            name=name,
            at=self.at - ago,
            received_at=self.at,
            customer=self.record(place),
            source="web",
            props=props,
        )

    def _order(self, place: int, kind: str, ago: timedelta, fen: int) -> None:
        customer, placed = self.record(place), self.at - ago
        order = Order.objects.create(
            source=self.source,
            number=str(self.number),
            kind=kind,
            customer=customer,
            placed_at=placed,
            line_count=1,
            amount_fen=fen,
            created_at=self.at,
        )
        OrderLine.objects.create(
            order=order,
            fingerprint=1,
            sku="s1",
            title="红苹果",
            quantity_milli=1_000,
            unit_price_micros=0,
            amount_fen=fen,
        )
        told = OrderPlaced(order.pk, order.number, "shop", fen, "CNY", 1)
        announce(Fact(told, key=f"o{self.number}", at=placed, customer_id=customer.pk))
        purchases_changed([customer.pk])

    def _tag(self, place: int, tag: int, on: bool, ago: timedelta) -> None:
        if on:
            add_tags([self.person(place).pk], [self.tags[tag]], by=SYSTEM, at=self.at - ago)
        else:
            remove_tags([self.person(place).pk], [self.tags[tag]], by=SYSTEM)

    def _field(self, place: int, value: str | None) -> None:
        edit_person(self.person(place), Edit(fields={"size": value}), by=SYSTEM)

    def _gender(self, place: int, gender: str) -> None:
        edit_person(self.person(place), Edit(gender=gender), by=SYSTEM)

    def _relation(self, place: int, state: str) -> None:
        apply_relation(self.record(place), self.member, OwnershipState(state), at=self.at, by=SYSTEM)

    def _consent(self, place: int, granted: bool) -> None:
        state_consent(self.record(place), purpose="marketing", channel="any", granted=granted, at=self.at, by=SYSTEM)

    def _merge(self, left: int, right: int) -> None:
        merge(self.record(left), self.record(right), by=SYSTEM)

    def _unmerge(self) -> None:
        unmerge(Merge.objects.filter(undone_at=None).latest("pk"), by=SYSTEM)

    def _new(self) -> None:
        self.customers[self.number % PEOPLE] = a_customer("新")

    def _erase(self, place: int) -> None:
        erase(self.person(place), by=SYSTEM, reason="")

    def _delete_tag(self, tag: int) -> None:
        delete_tag(Tag.objects.get(pk=self.tags[tag]), by=SYSTEM)

    def _wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    def _keep(self) -> None:
        self.keeper.step()

    def settle(self) -> None:
        with clock.stopped(self.at):
            for _ in range(60):
                done = jobs.run_due(lanes=("analysis",))
                if not self.keeper.step() and not done:
                    return
        raise AssertionError("Segments do not come to rest.")


def with_ids(data: object, pond: Pond) -> object:
    """Rules are drawn before what they name has ids."""
    if isinstance(data, dict):
        if data.get("kind") == "orders":
            data = data | {"stores": [], "sources": [pond.source.pk for _ in data["sources"]]}
        return {name: with_ids(each, pond) for name, each in data.items()}
    if isinstance(data, list):
        return [with_ids(each, pond) for each in data]
    return pond.tags[int(data[1])] if data in ("t0", "t1") else data


def read_anew(node: Node, at: datetime) -> set[int]:
    with clock.stopped(at), open_world(at) as world:
        people = {leaf.key: leaf.people(world).people for leaf in unique(leaves_of(node))}
        return set(people_of(node, world.everyone, lambda leaf: people[leaf.key]))


def read_one_by_one(node: Node, at: datetime) -> set[int]:
    from yutang.segments.history import NOTHING

    needs = NOTHING
    for leaf in leaves_of(node):
        needs = needs | leaf.needs()
    histories = histories_of(Customer.objects.filter(person=None).values_list("pk", flat=True), needs)
    moment = moment_of(at)
    return {pk for pk, each in histories.items() if holds(node, lambda leaf, one=each: leaf.holds_for(one, moment))}


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_increments_come_to_what_a_whole_reading_finds(make_member):
    member = make_member("lan")

    @thorough
    @given(
        rules=st.lists(node_data, min_size=1, max_size=2),
        before=st.lists(deeds, max_size=8),
        after=st.lists(deeds, max_size=14),
    )
    def follow(rules, before, after):
        with suppress(Undo), transaction.atomic():
            pond = Pond()
            with clock.stopped(pond.at):
                pond.furnish(member)
            for deed in before:
                pond.do(deed)
            with clock.stopped(pond.at):
                made = [
                    create_segment(
                        str(place), Rule.model_validate({"schema": 1, "when": with_ids(data, pond)}), by=SYSTEM
                    )
                    for place, data in enumerate(rules)
                    if is_sound(data)
                ]
            pond.settle()
            for deed in after:
                pond.do(deed)
            pond.settle()
            for segment in made:
                node = Rule.model_validate(segment.versions.get().rule).when
                segment.refresh_from_db()
                kept = set(segment.people)
                assert kept == read_one_by_one(node, pond.at)
                assert kept == read_anew(node, pond.at)
            raise Undo

    def is_sound(data):
        return "tags" not in str(data) or not Tag.objects.exclude(deleted_at=None).exists()

    follow()
