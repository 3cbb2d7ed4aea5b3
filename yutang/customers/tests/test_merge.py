"""Whatever is merged and taken apart again: derived state is a function of the live merges alone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yutang.customers import purchases
from yutang.customers.consents import standing_of, state_consent
from yutang.customers.errors import AlreadyOnePerson, CustomerErased, MergeAlreadyUndone
from yutang.customers.models import (
    Customer,
    Identity,
    Merge,
    Ownership,
    OwnershipState,
    SearchTerm,
    Stage,
    Tagging,
    TagGroupKind,
)
from yutang.customers.purchases import Purchases
from yutang.customers.queries import record_ids_of
from yutang.customers.services import derive
from yutang.customers.services.erase import erase
from yutang.customers.services.merge import merge, unmerge
from yutang.customers.services.ownership import Details, apply_relation
from yutang.customers.services.tags import add_tags, create_group, create_tag
from yutang.customers.tests.factories import AT, a_customer, a_phone, at, buyer, phone, wecom
from yutang.events.models import Event
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db

PEOPLE = 6


def derived_state():
    """All that is derived: who is whose record, the person on each fact, stage and sums, terms, consents."""
    return {
        "records": list(
            Customer.objects.order_by("pk").values_list("pk", "person_id", "stage", "order_count", "spent_fen")
        ),
        "identities": list(Identity.objects.order_by("pk").values_list("pk", "person_id", "is_first")),
        "relations": list(Ownership.objects.order_by("pk").values_list("pk", "person_id", "state")),
        "taggings": list(Tagging.objects.order_by("pk").values_list("pk", "person_id", "removed_at")),
        "terms": sorted(SearchTerm.objects.values_list("person_id", "term")),
        "consents": {
            pk: standing_of(record_ids_of(pk))
            for pk in Customer.objects.filter(person=None).values_list("pk", flat=True)
        },
    }


@pytest.fixture
def bought(monkeypatch):
    """Purchases by record, as a keeper of orders would tell them."""
    kept: dict[int, Purchases] = {}
    monkeypatch.setattr(purchases, "_counters", [])
    purchases.counted_by(lambda records: {pk: kept[pk] for pk in records if pk in kept})
    return kept


@pytest.fixture
def crowd(bought, make_member):
    members = [make_member(), make_member()]
    group = create_group("口味", kind=TagGroupKind.OWN, by=SYSTEM)
    tags = [create_tag(group, name, by=SYSTEM) for name in ("荔枝控", "苹果控")]
    people = []
    for n in range(PEOPLE):
        person = a_customer(f"客户{n}", buyer(f"b{n}"), phone(a_phone()), wecom(f"wm{n}", f"corp{n}"))
        people.append(person)
        bought[person.pk] = Purchases(n % 3, n * 100, at(n) if n % 3 else None)
        if n % 2:
            state = OwnershipState.MUTUAL if n % 4 == 1 else OwnershipState.DELETED_BY_CUSTOMER
            apply_relation(person, members[n % 2], state, at=at(n), by=SYSTEM, details=Details(remark=f"备注{n}"))
        add_tags([person.pk], [tags[n % 2].pk], by=SYSTEM)
        state_consent(person, purpose="marketing", channel="sms", granted=n % 3 == 0, at=at(n), by=SYSTEM)
    derive.refresh([person.pk for person in people])
    return people


steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("unmerge"), st.integers(0, 20), st.just(0)),
    ),
    max_size=14,
)


def test_any_merges_taken_back_restore_everything(crowd):
    before = derived_state()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=steps, order=st.randoms(use_true_random=False))
    def run(steps, order):
        for what, left, right in steps:
            live = list(Merge.objects.filter(undone_at=None).order_by("pk"))
            if what == "unmerge" and live:
                unmerge(live[left % len(live)], by=SYSTEM)
            elif what == "merge" and left != right:
                try:
                    merge(crowd[left], crowd[right], by=SYSTEM)
                except AlreadyOnePerson:
                    continue
            check_people_follow_merges()
        live = list(Merge.objects.filter(undone_at=None))
        order.shuffle(live)
        for made in live:
            unmerge(made, by=SYSTEM)
        assert derived_state() == before

    run()


def check_people_follow_merges():
    """Each record's person is the eldest it is joined to by live merges, and facts say the same."""
    groups = {pk: {pk} for pk in Customer.objects.values_list("pk", flat=True)}
    for left, right in Merge.objects.filter(undone_at=None).values_list("left_id", "right_id"):
        joined = groups[left] | groups[right]
        for pk in joined:
            groups[pk] = joined
    for pk, person in Customer.objects.values_list("pk", "person_id"):
        assert (person or pk) == min(groups[pk])
    for facts in (Identity, Ownership, Tagging):
        for record, person in facts.objects.values_list("customer_id", "person_id"):
            assert person == min(groups[record])
    roots = {min(group) for group in groups.values()}
    assert set(SearchTerm.objects.values_list("person_id", flat=True)) <= roots


def test_a_person_is_what_their_records_are_together(bought, make_member):
    member = make_member()
    bought_only = a_customer("Mrs Lin", buyer("1"))
    contact = a_customer("林夏", wecom("wmA"))
    apply_relation(contact, member, OwnershipState.MUTUAL, at=AT, by=SYSTEM)
    bought[bought_only.pk] = Purchases(2, 5_000, at(9))
    derive.purchases_changed([bought_only.pk])
    assert Customer.objects.get(pk=bought_only.pk).stage == Stage.STRANGER

    made = merge(bought_only, contact, by=SYSTEM)
    person = Customer.objects.get(pk=bought_only.pk)
    assert (person.stage, person.order_count, person.spent_fen) == (Stage.REPEAT, 2, 5_000)
    assert Event.objects.filter(name="customer.stage_changed", customer=person).get().props == {
        "before": "stranger",
        "after": "repeat",
    }

    unmerge(made, by=SYSTEM)
    assert Customer.objects.get(pk=contact.pk).stage == Stage.CONTACT
    assert Customer.objects.get(pk=bought_only.pk).stage == Stage.STRANGER
    with pytest.raises(MergeAlreadyUndone):
        unmerge(made, by=SYSTEM)


def test_a_merge_never_widens_a_consent():
    left, right = a_customer("左"), a_customer("右")
    state_consent(left, purpose="marketing", channel="sms", granted=False, at=at(0), by=SYSTEM)
    state_consent(right, purpose="marketing", channel="sms", granted=True, at=at(9), by=SYSTEM)
    merge(left, right, by=SYSTEM)

    (standing,) = standing_of(record_ids_of(left.pk))
    assert standing.granted is False


def test_a_chain_comes_apart_where_it_is_cut():
    a, b, c = a_customer("a"), a_customer("b"), a_customer("c")
    merge(b, c, by=SYSTEM)
    tie = merge(a, c, by=SYSTEM)
    assert {Customer.objects.get(pk=each.pk).person_key for each in (a, b, c)} == {a.pk}

    unmerge(tie, by=SYSTEM)

    assert [Customer.objects.get(pk=each.pk).person_key for each in (a, b, c)] == [a.pk, b.pk, b.pk]


def test_whoever_was_erased_is_not_merged():
    left, right = a_customer("左"), a_customer("右")
    erase(left, by=SYSTEM, reason="asked to")
    with pytest.raises(CustomerErased):
        merge(left, right, by=SYSTEM)
