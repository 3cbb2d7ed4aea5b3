import pytest

from yutang.customers.errors import NothingToGoBy
from yutang.customers.models import BlockedIdentity, Customer, Identity, Merge, Review, ReviewState
from yutang.customers.services.merge import unmerge
from yutang.customers.services.resolve import ClaimSet, give_phone, identify, resolve_many
from yutang.customers.services.reviews import decide
from yutang.customers.tests.factories import AT, a_customer, a_phone, at, buyer, phone, tell, wecom
from yutang.events.models import Event
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def person_of(customer):
    return Customer.objects.get(pk=customer.pk).person_key


def test_a_stranger_is_made_once_and_found_again():
    first = tell(wecom("wmA"), name="林夏")
    again = tell(wecom("wmA"), name="别名")

    assert (first.created, again.created) == (True, False)
    assert again.customer == first.customer
    assert Customer.objects.get().name == "林夏"
    assert [event.name for event in Event.objects.all()] == ["customer.created"]


def test_a_phone_known_from_orders_joins_contact_and_history():
    number = a_phone()
    imported = a_customer("Mrs Lin", buyer("17850"), phone(number))
    contact = a_customer("林夏", wecom("wmA"))

    given = give_phone(contact, f"+86 {number}", source="remark:1", at=at(60), by=SYSTEM)

    assert given.merged
    assert given.customer == contact  # facts learnt with the contact stay on its record
    assert person_of(contact) == person_of(imported) == imported.pk
    assert Merge.objects.get().reason == "phone"
    assert set(Identity.objects.filter(person=imported).values_list("kind", flat=True)) == {
        "buyer_id",
        "phone",
        "external_userid",
    }
    assert give_phone(contact, number, source="remark:1", at=at(90), by=SYSTEM).merged is False


def test_a_further_id_of_a_known_customer_is_told():
    customer = a_customer("", wecom("wmA"))
    identify(customer, [phone(a_phone())], source="form", at=at(5), by=SYSTEM)

    told = Event.objects.get(name="customer.identified")
    assert (told.customer_id, told.props["kind"], told.at) == (customer.pk, "phone", at(5))


def test_two_wecom_ids_over_one_phone_are_left_to_people():
    number = a_phone()
    first = tell(wecom("wmA"), phone(number)).customer
    met = tell(wecom("wmB"), phone(number))

    assert (met.created, met.merged) == (True, False)
    review = Review.objects.get()
    assert (review.left, review.right, review.evidence["contradicting"]) == (first, met.customer, "external_userid")
    assert met.review == review
    assert Identity.objects.filter(kind="phone", is_first=True).get().customer == first


def test_a_decided_review_is_neither_merged_nor_asked_again():
    number = a_phone()
    first, second = tell(wecom("wmA"), phone(number)).customer, tell(wecom("wmB"), phone(number)).customer
    decide(Review.objects.get(), same=False, by=SYSTEM)

    again = tell(wecom("wmB"), phone(number))

    assert again.review is None
    assert person_of(first) != person_of(second)
    assert Review.objects.get().state == ReviewState.KEPT_APART


def test_a_review_decided_as_one_merges():
    number = a_phone()
    first, second = tell(wecom("wmA"), phone(number)).customer, tell(wecom("wmB"), phone(number)).customer
    decide(Review.objects.get(), same=True, by=SYSTEM)

    assert person_of(first) == person_of(second) == first.pk
    # Two WeChat accounts of one person are found under either.
    assert tell(wecom("wmB")).customer == second


def test_what_was_taken_apart_is_not_merged_again_by_the_same_phone():
    number = a_phone()
    imported, contact = a_customer("", buyer("1"), phone(number)), a_customer("", wecom("wmA"))
    give_phone(contact, number, source="remark:1", at=AT, by=SYSTEM)
    unmerge(Merge.objects.get(), by=SYSTEM)

    again = tell(wecom("wmA"), phone(number))

    assert (again.merged, again.review) == (False, None)
    assert person_of(imported) != person_of(contact)


def test_an_email_joins_whoever_has_nothing_else_and_asks_otherwise():
    known = tell(buyer("1"), name="a").customer
    from yutang.customers.identity import Claim

    mail = Claim("email", "lin@qq.com")
    only_mail = tell(mail).customer
    joined = tell(buyer("2"), mail)
    assert joined.customer == only_mail
    assert joined.review is None

    other = identify(known, [mail], source="form", at=AT, by=SYSTEM)
    assert (other.merged, other.review is not None) == (False, True)


def test_a_device_says_nothing_about_two_known_people():
    from yutang.customers.identity import Claim

    device = Claim("device", "tablet-of-the-store")
    first, second = tell(phone(a_phone()), device), tell(phone(a_phone()), device)

    assert second.created
    assert second.review is None
    assert first.customer != second.customer


def test_blocked_and_shared_values_tell_nobody_apart():
    store_phone = a_phone()
    BlockedIdentity.objects.create(kind="phone", value=f"+86{store_phone}", reason="store", created_at=AT)
    first, second = tell(wecom("wmA"), phone(store_phone)), tell(wecom("wmB"), phone(store_phone))

    assert first.customer != second.customer
    assert [each.why for each in second.rejected] == ["blocked"]
    with pytest.raises(NothingToGoBy):
        tell(phone(store_phone), phone("0"))

    family = a_phone()
    for number in range(5):
        tell(wecom(f"wmFamily{number}"), phone(family))
    assert Review.objects.count() == 3  # the second with the first, the third with both; then nobody asks any more
    assert Identity.objects.filter(value=f"+86{family}").count() == 3


def test_a_second_id_where_one_is_allowed_is_not_taken():
    customer = tell(wecom("wmA"), name="x").customer
    refused = identify(customer, [wecom("wmB")], source="test", at=AT, by=SYSTEM)

    assert [each.why for each in refused.rejected] == ["contradicts"]
    assert Identity.objects.get().value == "wmA"


def test_many_buyers_are_resolved_in_few_statements(django_assert_max_num_queries):
    sets = [ClaimSet([buyer(str(10_000 + n % 3_000))], name=f"Buyer {n}") for n in range(4_000)]
    with django_assert_max_num_queries(200):  # SQLite takes a thousand values a statement, so some 50 rows
        ids = resolve_many(sets, source="import:retail", at=AT, by=SYSTEM)

    assert Customer.objects.count() == 3_000
    assert ids[0] == ids[3_000]
    assert len(set(ids)) == 3_000
    assert ids == resolve_many(sets, source="import:retail", at=AT, by=SYSTEM)
    assert Customer.objects.count() == Identity.objects.count() == 3_000
    assert Event.objects.filter(name="customer.created").count() == 3_000


def test_a_batch_joins_what_its_own_rows_tie_together():
    number = a_phone()
    ids = resolve_many(
        [
            ClaimSet([buyer("1")]),
            ClaimSet([phone(number)]),
            ClaimSet([]),
            ClaimSet([buyer("1"), phone(number)]),
            ClaimSet([phone("0")]),
        ],
        source="import",
        at=AT,
        by=SYSTEM,
    )

    assert ids[2] is ids[4] is None
    assert ids[3] == ids[1]  # the phone is the stronger id
    assert Customer.objects.get(pk=ids[1]).person_id == ids[0]
