"""Visitors become customers, and their past with them."""

from datetime import timedelta

import pytest

from yutang.customers.consents import state_consent
from yutang.customers.models import Customer, Identity, IdentityKind, Review
from yutang.customers.services.erase import erase
from yutang.customers.services.merge import merge
from yutang.customers.services.resolve import Claim, resolve
from yutang.events.models import Event, FailedEvent, Introduction, SourceKind, Visitor
from yutang.events.tests.conftest import Sender
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def settle() -> None:
    """What workers would have done within the next minute."""
    with clock.shifted(timedelta(minutes=1)):
        jobs.run_due()


def of(name: str) -> list[int | None]:
    """The customers of events of this name, in order."""
    return list(Event.objects.filter(name=name).order_by("at", "pk").values_list("customer_id", flat=True))


def test_an_anonymous_past_comes_to_the_customer_who_signs_in(sender: Sender) -> None:
    for number in range(3):
        sender.track("Viewed", anonymousId="b1", messageId=f"v{number}")
    sender.track("Viewed", anonymousId="b2", messageId="other")
    sender.identify(userId="M-7", anonymousId="b1", traits={"phone": "13912345678", "name": "李雷"})
    settle()

    customer = Customer.objects.get()
    assert customer.name == "李雷"
    assert set(Identity.objects.values_list("kind", "issuer", "value")) == {
        ("member_no", "shop", "M-7"),
        ("phone", "", "+8613912345678"),
    }
    assert of("track:Viewed") == [customer.pk, customer.pk, customer.pk, None]
    assert of("identify") == [customer.pk]
    assert not Introduction.objects.exists()
    joined = Event.objects.filter(name="visitor.joined", customer=customer)
    assert sorted(each.props["kind"] for each in joined) == ["anonymous", "user"]


def test_a_known_user_is_found_by_what_other_channels_told(sender: Sender) -> None:
    known = resolve([Claim("phone", "13912345678")], source="wecom", at=clock.now(), by=SYSTEM).customer
    sender.identify(userId="M-7", traits={"phone": "139 1234 5678"})
    settle()
    sender.track("Bought", userId="M-7")

    assert of("track:Bought") == [known.pk]
    assert Customer.objects.count() == 1


def test_an_event_of_an_unknown_user_makes_a_customer_and_lands_there(sender: Sender) -> None:
    sender.track("Bought", userId="M-8")
    settle()
    sender.track("Bought", userId="M-8")

    customer = Customer.objects.get()
    assert of("track:Bought") == [customer.pk, customer.pk]
    assert customer.source == sender.source.label


def test_a_device_that_becomes_somebody_elses_leaves_the_past_where_it_belongs(sender: Sender) -> None:
    start = clock.now() - timedelta(hours=3)

    def at(minutes: int) -> str:
        return (start + timedelta(minutes=minutes)).isoformat()

    sender.track("Viewed", anonymousId="pc", timestamp=at(0))
    sender.identify(userId="A", anonymousId="pc", timestamp=at(10))
    sender.track("Viewed", anonymousId="pc", timestamp=at(20))
    sender.identify(userId="B", anonymousId="pc", timestamp=at(30))
    sender.track("Viewed", anonymousId="pc", timestamp=at(40))
    sender.track("Viewed", anonymousId="pc", timestamp=at(15))  # sent late, from the time it was A's
    sender.track("Viewed", anonymousId="pc", userId="A", timestamp=at(16))  # late, too: B keeps the device
    sender.track("Viewed", anonymousId="pc", timestamp=at(50))
    settle()

    first, second = (Identity.objects.get(value=value).customer_id for value in "AB")
    assert first != second
    assert of("track:Viewed") == [first, first, first, first, second, second]
    edges = Visitor.objects.filter(kind="anonymous", value="pc").order_by("pk")
    assert [(edge.customer_id, edge.ended_at is None) for edge in edges] == [(first, False), (second, True)]


def test_a_visitor_known_by_an_address_only_becomes_somebody_else_with_another(sender: Sender) -> None:
    sender.identify(anonymousId="pc", traits={"email": "li@example.com"})
    settle()
    sender.track("Viewed", anonymousId="pc")
    sender.identify(anonymousId="pc", traits={"email": "han@example.com"})
    settle()
    sender.track("Viewed", anonymousId="pc")

    li, han = (Identity.objects.get(value=f"{name}@example.com").customer_id for name in ("li", "han"))
    assert of("track:Viewed") == [li, han]


def test_what_a_page_says_of_a_person_is_not_believed_unless_its_source_is(make_source) -> None:
    page = Sender(make_source(kind=SourceKind.BROWSER))
    victim = resolve([Claim("phone", "13912345678")], source="wecom", at=clock.now(), by=SYSTEM).customer
    page.identify(userId="mallory", anonymousId="b", traits={"phone": "13912345678", "name": "假"})
    settle()

    other = Identity.objects.get(kind="member_no").customer
    assert other.person_key != victim.pk
    assert other.name == ""
    assert Identity.objects.filter(kind="phone").count() == 1


def test_an_alias_of_an_anonymous_visitor_joins_it(sender: Sender) -> None:
    sender.track("Viewed", anonymousId="b1")
    sender.post("alias", {"previousId": "b1", "userId": "M-1"})
    settle()

    assert of("track:Viewed") == [Customer.objects.get().pk]


def test_an_alias_of_two_users_makes_them_one_where_a_server_says_so(sender: Sender, make_source) -> None:
    for user in ("old", "new"):
        sender.track("Viewed", userId=user)
    page = Sender(make_source(kind=SourceKind.BROWSER, name="页面"))
    page.post("alias", {"previousId": "old", "userId": "new"})
    settle()
    assert len({customer.person_key for customer in Customer.objects.all()}) == 2
    assert Review.objects.get().state == "open"

    sender.post("alias", {"previousId": "old", "userId": "new"})
    settle()
    assert len({customer.person_key for customer in Customer.objects.all()}) == 1


def test_sources_that_share_an_issuer_share_their_visitors(sender: Sender, make_source) -> None:
    app = Sender(make_source(name="小程序", kind=SourceKind.MINI_PROGRAM))
    elsewhere = Sender(make_source(name="别家", issuer="elsewhere"))
    for each in (sender, app, elsewhere):
        each.track("Viewed", userId="M-1", messageId=f"m-{each.source.pk}")
    settle()

    customers = of("track:Viewed")
    assert customers[0] == customers[1] != customers[2]


def test_a_source_may_know_its_users_by_phone(make_source) -> None:
    known = resolve([Claim("phone", "13912345678")], source="wecom", at=clock.now(), by=SYSTEM).customer
    till = Sender(make_source(user_id_kind=IdentityKind.PHONE))
    till.track("Visited", userId="+86 13912345678")
    till.track("Visited", userId="guest")
    settle()

    assert sorted(of("track:Visited"), key=lambda pk: pk is None) == [known.pk, None]


def test_who_withdraws_consent_is_followed_no_longer_on_any_device(sender: Sender) -> None:
    sender.identify(userId="M-1", anonymousId="b1", traits={"vip": True})
    settle()
    sender.track("Viewed", anonymousId="b1")
    customer = Customer.objects.get()

    def say(granted: bool) -> None:
        state_consent(customer, purpose="profiling", channel="any", granted=granted, at=clock.now(), by=SYSTEM)
        settle()

    say(False)
    sender.track("Viewed", anonymousId="b1", properties={"price": 3, "title": "secret"})
    sender.track("Viewed", userId="M-1", anonymousId="b1")
    sender.track("Viewed", userId="M-1")
    hidden = Event.objects.filter(name="track:Viewed").order_by("pk")[1:]
    assert [(each.customer, each.visitor) for each in hidden] == [(None, None)] * 3
    assert hidden[0].props == {"price": 3}
    say(True)
    sender.track("Viewed", anonymousId="b1")

    assert Event.objects.filter(name="track:Viewed", customer=customer).count() == 2


def test_a_merge_with_somebody_who_said_no_ends_the_following(sender: Sender) -> None:
    sender.track("Viewed", userId="M-1")
    settle()
    other = resolve([Claim("phone", "13912345678")], source="wecom", at=clock.now(), by=SYSTEM).customer
    state_consent(other, purpose="profiling", channel="any", granted=False, at=clock.now(), by=SYSTEM)
    merge(Identity.objects.get(value="M-1").customer, other, by=SYSTEM)
    settle()
    sender.track("Viewed", userId="M-1")

    assert Event.objects.filter(name="track:Viewed", customer=None, visitor=None).count() == 1


def test_telling_the_same_again_makes_no_work(sender: Sender) -> None:
    for number in range(5):
        sender.identify(userId="M-1", anonymousId="b", traits={"phone": "13912345678"}, messageId=f"i{number}")
    assert Introduction.objects.count() == 3  # the device, the traits, the user: once each
    settle()
    sender.identify(userId="M-1", anonymousId="b", traits={"phone": "13912345678"})
    assert not Introduction.objects.exists()


def test_a_long_past_is_filled_in_lots_and_a_second_run_changes_nothing(sender: Sender, monkeypatch) -> None:
    from yutang.events.services import joining

    monkeypatch.setattr(joining, "FILL_AT_ONCE", 7)
    batch = [{"type": "track", "event": "V", "anonymousId": "b", "messageId": str(n)} for n in range(30)]
    sender.post("batch", {"batch": batch})
    sender.identify(userId="M-1", anonymousId="b")
    settle()

    assert set(of("track:V")) == {Customer.objects.get().pk}
    assert joining.fill_past([Visitor.objects.get(value="b").pk]) == 0


def test_an_erased_customer_leaves_no_id_and_comes_back_as_somebody_new(sender: Sender) -> None:
    sender.track("Viewed", anonymousId="b1", properties={"title": "Tea for Li", "price": 3})
    sender.identify(userId="M-1", anonymousId="b1", traits={"phone": "13912345678"})
    sender.track("", userId="M-1", properties={"note": "refused, and names M-1"})
    settle()
    gone = Customer.objects.get()
    receipt = erase(gone, by=SYSTEM, reason="asked to")
    sender.track("Viewed", userId="M-1", anonymousId="b1")
    settle()

    assert (receipt.counts["visitors"], receipt.counts["failed_events"]) == (2, 1)
    assert FailedEvent.objects.get().body == ""
    assert Event.objects.get(name="track:Viewed", customer=gone).props == {"price": 3}
    assert not Visitor.objects.filter(customer=gone, value__in=["M-1", "b1"]).exists()
    back = Customer.objects.exclude(pk=gone.pk).get()
    assert of("track:Viewed") == [gone.pk, back.pk]
