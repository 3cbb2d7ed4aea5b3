"""Segments follow what happens and the clock."""

from datetime import timedelta

import pytest

from yutang.customers.events import ContactLost
from yutang.customers.models import Customer
from yutang.customers.services.merge import merge, unmerge
from yutang.customers.services.tag_library import create_group, create_tag
from yutang.customers.services.tags import add_tags, remove_tags
from yutang.customers.tests.factories import a_customer
from yutang.events.models import Event
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.kernel.facts import Fact, announce
from yutang.segments.models import Because, Segment, SegmentChange
from yutang.segments.rule import Rule
from yutang.segments.services.segments import create_segment, edit_segment

pytestmark = pytest.mark.django_db

LOST = {"events": ["contact.lost"]}


def happens(customer: Customer, *, ago: timedelta = timedelta()) -> None:
    """An event of the customer; which one does not matter here."""
    at = clock.now() - ago
    key = f"test:{Event.objects.count()}"
    announce(Fact(ContactLost(by="customer"), key=key, at=at, customer_id=customer.pk))


def make(name: str, when: dict) -> Segment:
    return create_segment(name, Rule.model_validate({"schema": 1, "when": when}), by=SYSTEM)


def people(segment: Segment) -> set[int]:
    segment.refresh_from_db()
    assert segment.settled_version == segment.version
    return set(segment.people)


def lost_in_days(count: int, days: int = 7) -> dict:
    return {
        "kind": "events",
        "which": LOST,
        "window": {"kind": "last", "amount": days, "unit": "days"},
        "is": {"measure": "count", "op": "gte", "value": count},
    }


def test_an_event_brings_a_person_in_and_time_takes_them_out(settle):
    lin, wang = a_customer("林夏"), a_customer("王芳")
    happens(lin, ago=timedelta(days=1))
    segment = make("twice in a week", lost_in_days(2))
    settle()
    assert people(segment) == set()

    happens(lin)
    happens(wang)
    settle()
    assert people(segment) == {lin.pk}

    with clock.shifted(timedelta(days=6, minutes=1)):
        settle()
        assert people(segment) == set()
    told = SegmentChange.objects.order_by("pk").values_list("customer", "entered", "because")
    assert list(told) == [(lin.pk, True, Because.EVENT), (lin.pk, False, Because.TIME)]
    names = Event.objects.filter(name__startswith="segment.").order_by("pk").values_list("name", "customer")
    assert list(names) == [("segment.entered", lin.pk), ("segment.left", lin.pk)]


def test_the_first_computation_tells_of_nobody(settle):
    happens(a_customer())
    segment = make("once", lost_in_days(1))
    settle()
    assert len(people(segment)) == 1
    assert not SegmentChange.objects.exists()


def test_not_is_over_all_people_those_who_come_later_too(settle):
    lin = a_customer()
    segment = make("quiet", {"kind": "not", "of": lost_in_days(1)})
    settle()
    assert people(segment) == {lin.pk}
    wang = a_customer()
    happens(lin)
    settle()
    assert people(segment) == {wang.pk}


def test_a_merge_joins_what_happened_and_its_undoing_parts_it(settle):
    lin, wang = a_customer(), a_customer()
    happens(lin)
    happens(wang)
    twice, anyone = make("twice", lost_in_days(2)), make("anyone", {"kind": "everyone"})
    settle()
    assert people(twice) == set()

    made = merge(lin, wang, by=SYSTEM)
    settle()
    assert (people(twice), people(anyone)) == ({lin.pk}, {lin.pk})

    unmerge(made, by=SYSTEM)
    settle()
    assert (people(twice), people(anyone)) == (set(), {lin.pk, wang.pk})


def test_tags_come_and_go(settle):
    lin = a_customer()
    tag = create_tag(create_group("口味", kind="own", by=SYSTEM), "爱吃辣", by=SYSTEM)
    segment = make("hot", {"kind": "tags", "tags": [tag.pk]})
    settle()
    add_tags([lin.pk], [tag.pk], by=SYSTEM)
    settle()
    assert people(segment) == {lin.pk}
    remove_tags([lin.pk], [tag.pk], by=SYSTEM)
    settle()
    assert people(segment) == set()


def test_a_segment_follows_an_edit_of_one_it_refers_to(settle):
    lin, wang = a_customer(), a_customer()
    happens(lin)
    inner = make("inner", lost_in_days(1))
    outer = make("outer", {"kind": "not", "of": {"kind": "segment", "segment": inner.pk}})
    settle()
    assert people(outer) == {wang.pk}

    edit_segment(inner, version=1, rule=Rule.model_validate({"schema": 1, "when": {"kind": "everyone"}}), by=SYSTEM)
    settle()
    assert people(outer) == set()
    told = SegmentChange.objects.filter(segment=outer).values_list("customer", "entered", "because")
    assert list(told) == [(wang.pk, False, Because.EDIT)]
