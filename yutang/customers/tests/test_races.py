"""Two at once: whoever comes second finds what the first one made."""

import threading

import pytest
from django.db import connection

from yutang.customers.models import Customer, Identity, Merge, Ownership, OwnershipState, Tagging, TagGroupKind
from yutang.customers.services.merge import merge, unmerge
from yutang.customers.services.ownership import Details, apply_relation
from yutang.customers.services.resolve import ClaimSet, give_phone, resolve_many
from yutang.customers.services.tags import add_tags, create_group, create_tag
from yutang.customers.tests.factories import AT, a_customer, a_phone, buyer, phone, tell, wecom
from yutang.events.models import Event
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Corp, Member

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run all at the same moment, each on a connection of its own; raise what any of them raised."""
    gate, faults, results = threading.Barrier(len(works)), [], [None] * len(works)

    def run(place, work):
        try:
            gate.wait()
            results[place] = work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return results


@pytest.mark.parametrize("attempt", range(5))
def test_a_stranger_met_by_many_workers_is_one_customer(attempt):
    number = a_phone()
    found = at_once(*[lambda: tell(wecom("wmA"), phone(number)).customer.pk] * 4)

    assert len(set(found)) == 1
    assert Customer.objects.count() == 1
    assert Identity.objects.count() == 2
    assert Event.objects.filter(name="customer.created").count() == 1


def test_overlapping_batches_make_each_buyer_once():
    def batch(first):
        sets = [ClaimSet([buyer(str(n))], name=f"b{n}") for n in range(first, first + 400)]
        return lambda: resolve_many(sets, source="import", at=AT, by=SYSTEM)

    found = at_once(batch(1), batch(200), batch(100))

    assert Customer.objects.count() == Identity.objects.count() == 599
    assert found[0][199:] == found[1][:201]


@pytest.mark.parametrize("attempt", range(5))
def test_a_fact_learnt_during_a_merge_ends_on_the_right_person(attempt):
    member = Member.objects.create(
        corp=Corp.objects.create(name="c", wecom_corpid="corp1", created_at=AT),
        userid="m",
        created_at=AT,
        updated_at=AT,
    )
    tag = create_tag(create_group("g", kind=TagGroupKind.OWN, by=SYSTEM), "t", by=SYSTEM)
    elder, contact = a_customer("老", buyer("1")), a_customer("新", wecom("wmA"))
    at_once(
        lambda: merge(elder, contact, by=SYSTEM),
        lambda: apply_relation(
            contact, member, OwnershipState.MUTUAL, at=AT, by=SYSTEM, details=Details(phones=(a_phone(),))
        ),
        lambda: add_tags([contact.pk], [tag.pk], by=SYSTEM),
    )

    assert Ownership.objects.get().person == elder
    assert Tagging.objects.get().person == elder
    assert set(Identity.objects.values_list("person_id", flat=True)) == {elder.pk}
    assert Customer.objects.get(pk=elder.pk).stage == "contact"


def test_one_phone_given_for_two_people_at_once_joins_them():
    number, first, second = a_phone(), a_customer("a"), a_customer("b")
    at_once(
        lambda: give_phone(first, number, source="x", at=AT, by=SYSTEM),
        lambda: give_phone(second, number, source="x", at=AT, by=SYSTEM),
    )

    assert Customer.objects.filter(person=None).count() == 1
    assert Identity.objects.filter(kind="phone", is_first=True).count() == 1


def test_merges_in_a_ring_make_one_person():
    a, b, c = a_customer("a"), a_customer("b"), a_customer("c")

    def join(left, right):
        def run():
            from yutang.customers.errors import AlreadyOnePerson

            try:
                merge(left, right, by=SYSTEM)
            except AlreadyOnePerson:
                return False
            return True

        return run

    done = at_once(join(a, b), join(b, c), join(c, a))

    assert sum(done) == Merge.objects.count() == 2
    assert [Customer.objects.get(pk=each.pk).person_key for each in (a, b, c)] == [a.pk] * 3
    for made in Merge.objects.all():
        unmerge(made, by=SYSTEM)
    assert Customer.objects.filter(person=None).count() == 3


def test_one_callback_delivered_to_two_workers_is_one_add():
    corp = Corp.objects.create(name="c", wecom_corpid="corp1", created_at=AT)
    member = Member.objects.create(corp=corp, userid="m", created_at=AT, updated_at=AT)

    def deliver():
        customer = tell(wecom("wmA")).customer
        apply_relation(customer, member, OwnershipState.MUTUAL, at=AT, by=SYSTEM, ticket_id=1)

    at_once(*[deliver] * 4)

    assert Ownership.objects.count() == 1
    assert Event.objects.filter(name="contact.added").count() == 1
