from itertools import permutations

import pytest

from yutang.customers.models import Customer, Identity, Ownership, OwnershipState, Stage
from yutang.customers.services.ownership import Details, apply_relation, note_absent, note_present, transfer
from yutang.customers.tests.factories import AT, a_contact, a_customer, a_phone, at, buyer, phone, wecom
from yutang.events.models import Event, Quarantine
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
State = OwnershipState


def told(*names):
    return list(Event.objects.filter(name__in=names or ALL_TOLD).order_by("id").values_list("name", flat=True))


ALL_TOLD = ("contact.added", "contact.confirmed", "contact.lost", "contact.changed")


def test_an_add_is_announced_once_with_its_welcome(make_member):
    member, customer = make_member(), a_customer("", wecom("wmA"))
    details = Details(add_way=1, state_code="code-7")
    for _ in range(3):
        apply_relation(customer, member, State.MUTUAL, at=AT, by=SYSTEM, details=details, ticket_id=5)

    event = Event.objects.get(name="contact.added")
    assert (event.customer, event.member, event.at) == (customer, member, AT)
    assert event.props == {"add_way": 1, "state_code": "code-7", "half": False, "ticket_id": 5}
    assert Ownership.objects.get().state == State.MUTUAL
    assert Customer.objects.get().stage == Stage.CONTACT


def test_a_half_made_contact_is_confirmed_not_added_again(make_member):
    member, customer = make_member(), a_customer("", wecom("wmA"))
    apply_relation(customer, member, State.HALF, at=AT, by=SYSTEM, ticket_id=1)
    apply_relation(customer, member, State.MUTUAL, at=at(40), by=SYSTEM, ticket_id=2)

    assert told() == ["contact.added", "contact.confirmed"]
    assert Event.objects.get(name="contact.confirmed").props["ticket_id"] == 2
    assert Ownership.objects.get().added_at == AT


def test_half_after_whole_within_a_second_changes_nothing(make_member):
    member, customer = make_member(), a_customer("", wecom("wmA"))
    apply_relation(customer, member, State.MUTUAL, at=AT, by=SYSTEM)
    apply_relation(customer, member, State.HALF, at=AT, by=SYSTEM)

    assert told() == ["contact.added"]
    assert Ownership.objects.get().state == State.MUTUAL


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_newest_state_counts_in_whatever_order_tidings_come(make_member, order):
    member, customer = make_member(), a_customer("", wecom("wmA"))
    life = [
        (State.HALF, at(0)),
        (State.MUTUAL, at(30)),
        (State.DELETED_BY_CUSTOMER, at(600)),
        (State.DELETED_BY_MEMBER, at(900)),
    ]
    for step in order:
        state, when = life[step]
        apply_relation(customer, member, state, at=when, by=SYSTEM)
        apply_relation(customer, member, state, at=when, by=SYSTEM)

    relation = Ownership.objects.get()
    assert (relation.state, relation.state_at) == (State.DELETED_BY_MEMBER, at(900))
    assert Customer.objects.get().stage == Stage.LOST
    assert Quarantine.objects.count() == 0


def test_adding_again_continues_the_relation_and_is_another_add(make_member):
    member = make_member()
    customer = a_contact(member)
    apply_relation(customer, member, State.DELETED_BY_CUSTOMER, at=at(100), by=SYSTEM)
    apply_relation(customer, member, State.MUTUAL, at=at(200), by=SYSTEM, ticket_id=9)

    assert told() == ["contact.added", "contact.lost", "contact.added"]
    assert Event.objects.get(name="contact.lost").props == {"by": "customer"}
    relation = Ownership.objects.get()
    assert (relation.added_at, relation.ended_at) == (at(200), None)
    assert Customer.objects.get().stage == Stage.CONTACT


def test_an_add_whose_deletion_was_never_told_is_another_add(make_member):
    member = make_member()
    customer = a_contact(member)
    apply_relation(customer, member, State.MUTUAL, at=at(3600), by=SYSTEM, ticket_id=9)

    assert told() == ["contact.added", "contact.added"]
    assert Event.objects.order_by("-id").filter(name="contact.added")[0].props["ticket_id"] == 9


def test_a_recount_finds_a_lost_add_and_tells_it_once(make_member):
    member, customer = make_member(), a_customer("", wecom("wmA"))
    for _ in range(2):
        note_present(customer, member, added_at=AT, at=at(86_400), by=SYSTEM, details=Details(state_code="c1"))

    event = Event.objects.get(name="contact.added")
    assert (event.at, event.props["ticket_id"], event.props["state_code"]) == (AT, None, "c1")


def test_a_recount_leaves_a_fresh_add_for_its_callback(make_member):
    member, customer = make_member(), a_customer("", wecom("wmA"))
    now = clock.now()
    note_present(customer, member, added_at=now, at=now, by=SYSTEM)
    assert told() == []

    apply_relation(customer, member, State.MUTUAL, at=now, by=SYSTEM, ticket_id=4)
    apply_relation(customer, member, State.MUTUAL, at=now, by=SYSTEM, ticket_id=4)
    note_present(customer, member, added_at=now, at=now, by=SYSTEM)

    assert Event.objects.get(name="contact.added").props["ticket_id"] == 4


def test_a_listing_does_not_revive_whom_the_customer_deleted(make_member):
    member = make_member()
    customer = a_contact(member)
    apply_relation(customer, member, State.DELETED_BY_CUSTOMER, at=at(100), by=SYSTEM)

    note_present(customer, member, added_at=AT, at=at(500), by=SYSTEM)
    assert Ownership.objects.get().state == State.DELETED_BY_CUSTOMER

    note_present(customer, member, added_at=at(300), at=at(500), by=SYSTEM)
    assert Ownership.objects.get().state == State.MUTUAL


def test_a_complete_listing_without_a_customer_ends_the_relation(make_member):
    member = make_member()
    customer = a_contact(member)
    note_absent(customer, member, at=at(-5), by=SYSTEM)  # asked before the add
    assert Ownership.objects.get().is_held

    note_absent(customer, member, at=at(50), by=SYSTEM)
    assert Ownership.objects.get().state == State.DELETED_BY_MEMBER
    assert told() == ["contact.added", "contact.lost"]


def test_a_customer_handed_on_keeps_what_was_noted(make_member):
    giver, taker = make_member(), make_member()
    customer = a_contact(giver, remark="林姐 爱吃荔枝")
    transfer(customer, giver, taker, at=at(50), by=SYSTEM)

    states = dict(Ownership.objects.values_list("member_id", "state"))
    assert states == {giver.pk: State.TRANSFERRED, taker.pk: State.MUTUAL}
    assert Ownership.objects.get(member=taker).remark == "林姐 爱吃荔枝"
    assert Event.objects.get(name="contact.lost").props == {"by": "transfer"}


def test_a_phone_typed_into_the_remark_brings_history_and_contact_together(make_member):
    member, number = make_member(), a_phone()
    imported = a_customer("17850", buyer("17850"), phone(number))
    contact = a_contact(member)

    relation = apply_relation(
        contact, member, State.MUTUAL, at=AT, by=SYSTEM, details=Details(remark="林姐", phones=(number,))
    )

    assert relation.person == imported
    contact.refresh_from_db()
    imported.refresh_from_db()
    assert contact.person == imported
    assert (imported.stage, contact.stage) == (Stage.CONTACT, Stage.STRANGER)
    assert Event.objects.filter(name="customer.merged").count() == 1


def test_a_phone_taken_off_the_remark_is_no_longer_the_customers(make_member):
    first, second, number, other = make_member(), make_member(), a_phone(), a_phone()
    customer = a_contact(first, phones=(number, other))
    apply_relation(customer, second, State.MUTUAL, at=AT, by=SYSTEM, details=Details(phones=(other,)))

    note_present(customer, first, added_at=AT, at=at(60), by=SYSTEM, details=Details(phones=()))

    live = Identity.objects.filter(kind="phone", ended_at=None).values_list("value", flat=True)
    assert list(live) == [f"+86{other}"]  # the second member still notes it
    assert told("contact.changed") == ["contact.changed"]


def test_withheld_details_blank_nothing(make_member):
    member = make_member()
    customer = a_contact(member, remark="林姐", description="a\nb", company="鲜果")
    note_present(customer, member, added_at=AT, at=at(60), by=SYSTEM)

    relation = Ownership.objects.get()
    assert (relation.remark, relation.description, relation.company) == ("林姐", "a\nb", "鲜果")


def test_hostile_names_are_tidied_not_refused(make_member):
    member = make_member()
    customer = a_contact(
        member,
        "<script>alert(1)</script>\x00\u202egnp\ud800 " + "长" * 65_536,
        remark="👨‍👩‍👧 \ud83d\ude00 \u200bok",
    )

    assert customer.name.startswith("<script>alert(1)</script>gnp 长")
    assert len(customer.name) == 200
    assert Ownership.objects.get().remark == "👨‍👩‍👧 😀 ok"
