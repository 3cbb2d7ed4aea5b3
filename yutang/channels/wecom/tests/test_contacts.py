"""A stranger with a phone becomes a known customer, whatever happens to the callbacks on the way."""

from datetime import timedelta

import pytest

from outside.testing import CORPID
from yutang.channels.wecom import welcome
from yutang.channels.wecom.connection import client_for
from yutang.channels.wecom.customers_in import bring_in_detail
from yutang.channels.wecom.models import TicketState, WelcomeTicket
from yutang.channels.wecom.welcome import no_welcome_due, send_welcome, welcome_figures
from yutang.content.parts import LinkPart, TextPart
from yutang.customers.models import Customer, Identity, IdentityKind, Ownership, OwnershipState
from yutang.events.models import Event, InboxMessage, InboxState
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.jobs import Later
from yutang.kernel.models import Job

pytestmark = pytest.mark.django_db

HELLO = [TextPart(content="你好"), LinkPart(title="价目表", url="https://shop.example/prices", description="今日")]


def relation(person_name: str, userid: str = "ZhangSan") -> Ownership:
    return Ownership.objects.get(customer__name=person_name, member__userid=userid)


def names_of_events() -> list[str]:
    return sorted(Event.objects.values_list("name", flat=True))


def test_a_scan_makes_a_known_customer_with_name_owner_and_source(shop):
    result = shop.scan("lin", state="parcel-card")
    shop.work()

    customer = Customer.objects.get()
    assert customer.name == "林小鱼"
    found = relation("林小鱼")
    assert (found.state, found.state_code, found.add_way) == (OwnershipState.MUTUAL, "parcel-card", 1)
    assert found.member.name == "张三"
    identity = Identity.objects.get(kind=IdentityKind.EXTERNAL_USERID)
    assert (identity.value, identity.issuer) == (result["external_userid"], CORPID)
    assert names_of_events().count("contact.added") == 1
    assert set(InboxMessage.objects.values_list("state", flat=True)) == {InboxState.DONE}


def test_callbacks_that_come_thrice_or_backwards_make_the_same_customers(shop):
    shop.scan("lin")
    shop.scan("chen", userid="lisi")
    shop.act("delete_member", userid="ZhangSan", person="lin")
    shop.postman.deliver(times=3, backwards=True)
    shop.work()

    assert Customer.objects.count() == 2
    assert relation("林小鱼").state == OwnershipState.DELETED_BY_CUSTOMER
    assert relation("陈大海", "lisi").state == OwnershipState.MUTUAL
    assert names_of_events().count("contact.added") == 2
    assert names_of_events().count("contact.lost") == 1


def test_a_half_made_contact_becomes_whole_when_the_member_confirms(shop):
    shop.outside.switch(add_sequence="half_then_add")
    shop.scan("lin")
    shop.work()
    assert relation("林小鱼").state == OwnershipState.MUTUAL
    assert names_of_events().count("contact.added") == 1


@pytest.mark.parametrize(
    ("action", "state", "by"),
    [
        ("delete_member", OwnershipState.DELETED_BY_CUSTOMER, "customer"),
        ("delete_customer", OwnershipState.DELETED_BY_MEMBER, "member"),
    ],
)
def test_a_deletion_is_known_by_who_did_it_and_a_new_add_undoes_it(shop, action, state, by):
    shop.scan("lin")
    shop.work()
    shop.outside.advance(90)
    shop.act(action, userid="ZhangSan", person="lin")
    with clock.shifted(timedelta(seconds=90)):
        shop.work()
    assert relation("林小鱼").state == state
    assert Event.objects.get(name="contact.lost").props == {"by": by}

    shop.outside.advance(90)
    shop.scan("lin")
    with clock.shifted(timedelta(seconds=180)):
        shop.work()
    assert relation("林小鱼").state == OwnershipState.MUTUAL


def test_what_a_member_notes_in_wecom_is_known_here(shop):
    shop.scan("lin")
    shop.work()
    shop.act("edit", userid="ZhangSan", person="lin", remark="林姐", mobiles=["13911112222"], tags=["ettagvip"])
    shop.work()

    found = relation("林小鱼")
    assert found.remark == "林姐"
    assert [tagging.tag.name for tagging in found.customer.taggings.all()] == ["VIP"]
    phone = Identity.objects.get(kind=IdentityKind.PHONE)
    assert phone.customer == found.customer


def test_a_changed_nickname_is_followed_and_a_withheld_one_blanks_nothing(shop):
    shop.scan("lin")
    shop.work()
    shop.outside.put("people", id="lin", nickname="林大鱼")
    shop.act("edit", userid="ZhangSan", person="lin", remark="a")
    shop.work()
    assert Customer.objects.get().name == "林大鱼"

    detail = client_for(shop.app).customer(Identity.objects.get(kind=IdentityKind.EXTERNAL_USERID).value)
    detail["external_contact"] = {"external_userid": detail["external_contact"]["external_userid"], "name": ""}
    detail["follow_user"] = [{"userid": "ZhangSan", "createtime": detail["follow_user"][0]["createtime"]}]
    bring_in_detail(shop.app, client_for(shop.app), detail, asked_at=clock.now())
    found = relation("林大鱼")
    assert (found.remark, found.customer.gender, bool(found.customer.avatar)) == ("a", "female", True)


def test_the_welcome_is_sent_once_with_its_parts_and_its_time(shop):
    shop.scan("lin")
    shop.postman.deliver()
    jobs.run_due(lanes=("welcome", "inbox"))
    ticket = WelcomeTicket.objects.get()
    WelcomeTicket.objects.filter(pk=ticket.pk).update(state=TicketState.WAITING, settled_at=None)

    assert send_welcome(ticket.pk, HELLO) == TicketState.SENT
    assert send_welcome(ticket.pk, HELLO) == TicketState.SENT
    ticket.refresh_from_db()
    assert 0 <= ticket.sent_after_ms < 20_000
    messages = [message["msgtype"] for message in shop.outside.messages(person="lin", userid="ZhangSan")]
    assert messages[-2:] == ["text", "link"]
    assert Event.objects.get(name="welcome.sent").props["parts"] == 2
    figures = welcome_figures(since=clock.now() - timedelta(hours=1))
    assert (figures.due, figures.sent, figures.missed, figures.missed_share) == (1, 1, 0, 0.0)
    assert figures.half_ms == ticket.sent_after_ms


@pytest.fixture
def ticket(shop) -> WelcomeTicket:
    """A contact's right to be greeted, still open."""
    shop.scan("lin")
    shop.postman.deliver()
    jobs.run_due(lanes=("welcome", "inbox"))
    found = WelcomeTicket.objects.get()
    WelcomeTicket.objects.filter(pk=found.pk).update(state=TicketState.WAITING, settled_at=None)
    return found


def test_a_welcome_after_the_window_is_missed_and_counted(shop, ticket):
    with clock.shifted(timedelta(seconds=21)):
        assert send_welcome(ticket.pk, HELLO) == TicketState.MISSED
    missed = Event.objects.get(name="welcome.missed")
    assert (missed.props["reason"], missed.customer) == ("late", ticket.customer)
    assert welcome_figures(since=clock.now() - timedelta(hours=1)).missed_share == 1.0
    asked = shop.outside.control("GET", "calls")
    assert not [call for call in asked if "send_welcome_msg" in str(call)]


def test_a_welcome_whose_answer_was_lost_is_asked_again_and_delivered_once(shop, ticket):
    shop.outside.fault("drop", where="externalcontact/send_welcome_msg", when="after", count=1)
    with pytest.raises(Later):
        send_welcome(ticket.pk, HELLO)
    assert send_welcome(ticket.pk, HELLO) in (TicketState.SENT, TicketState.UNKNOWN)
    texts = [message for message in shop.outside.messages(person="lin") if message["msgtype"] == "text"]
    assert len([message for message in texts if "你好" in str(message)]) == 1


def test_a_welcome_another_app_is_sending_is_tried_again_inside_the_window(shop, ticket):
    shop.outside.fault("errcode", where="externalcontact/send_welcome_msg", errcode=41096, count=1)
    with pytest.raises(Later):
        send_welcome(ticket.pk, HELLO)
    assert send_welcome(ticket.pk, HELLO) == TicketState.SENT


def test_a_welcome_that_somebody_else_sent_is_no_miss(shop, ticket):
    shop.outside.fault("errcode", where="externalcontact/send_welcome_msg", errcode=41051, count=1)
    assert send_welcome(ticket.pk, HELLO) == TicketState.DELIVERED_ELSEWHERE
    assert not Event.objects.filter(name__startswith="welcome.").exists()


def test_a_contact_without_a_greeting_is_not_counted_as_missed(shop, ticket):
    no_welcome_due(ticket.pk)
    assert welcome_figures(since=clock.now() - timedelta(hours=1)).due == 0
    assert send_welcome(ticket.pk, HELLO) == TicketState.NONE_DUE


def test_while_wecom_is_down_nothing_is_lost_and_then_it_catches_up(shop):
    shop.scan("lin")
    shop.outside.fault("http_500", where="externalcontact/get")
    shop.work()
    found = Ownership.objects.get()
    assert (found.state, found.customer.name) == (OwnershipState.MUTUAL, "")

    shop.outside.clear_faults()
    shop.work(later=timedelta(minutes=2))
    found.customer.refresh_from_db()
    assert found.customer.name == "林小鱼"


def test_a_rejected_address_is_shown_with_its_page_and_mends_itself(shop):
    shop.scan("lin")
    shop.outside.fault("ip_rejected", where="externalcontact/get")
    shop.work()
    shop.app.refresh_from_db()
    assert shop.app.fault_errcode == 60020

    shop.outside.clear_faults()
    shop.work(later=timedelta(minutes=6))
    shop.app.refresh_from_db()
    assert shop.app.fault_errcode is None
    assert Customer.objects.get().name == "林小鱼"


def test_an_unknown_event_is_kept_and_shown_and_replaying_it_is_harmless(shop, api):
    shop.outside.act("announce_event", corpid=CORPID, event="brand_new_event", fields={"Id": "1"})
    shop.outside.wait_for_callbacks()
    shop.work()
    message = InboxMessage.objects.get()
    assert message.state == InboxState.UNKNOWN

    (row,) = api.get("/inbox", state="unknown").json()["items"]
    assert row["kind"] == "brand_new_event"
    assert "brand_new_event" in api.get(f"/inbox/{message.pk}").json()["body"]
    assert api.post(f"/inbox/{message.pk}/replay").status_code == 200
    jobs.run_due()
    message.refresh_from_db()
    assert message.state == InboxState.UNKNOWN


def test_replaying_an_add_changes_nothing(shop, api):
    shop.scan("lin")
    shop.work()
    before = (Customer.objects.count(), Event.objects.count(), WelcomeTicket.objects.count())
    for message in InboxMessage.objects.all():
        assert api.post(f"/inbox/{message.pk}/replay").status_code == 200
    shop.work()
    assert (Customer.objects.count(), Event.objects.count(), WelcomeTicket.objects.count()) == before


def test_erasing_a_person_blanks_what_wecom_delivered_about_them(shop):
    from yutang.customers.services.erase import erase

    scanned = shop.scan("lin")
    shop.scan("chen")
    shop.work()
    erase(Customer.objects.get(name="林小鱼"), by=SYSTEM, reason="asked")
    kept = "".join(InboxMessage.objects.values_list("body", flat=True))
    assert scanned["external_userid"] not in kept
    assert InboxMessage.objects.exclude(body="").exists()
    assert not WelcomeTicket.objects.filter(external_userid=scanned["external_userid"]).exists()


def test_callbacks_in_json_are_understood_as_well(shop):
    address = shop.postman.address(shop.app)
    shop.outside.set_callback(address, force=True, format="json")
    shop.scan("lin", state="parcel-card")
    shop.work()
    assert relation("林小鱼").state_code == "parcel-card"


@pytest.mark.parametrize(
    ("nickname", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("👨‍👩‍👧‍👦🐟", "👨‍👩‍👧‍👦🐟"),
        ("鱼\x08塘\n", "鱼塘"),
        ("长" * 65_536, "长" * 200),
    ],
    ids=["html", "rtl", "emoji", "control", "64k"],
)
def test_a_hostile_nickname_is_kept_as_harmless_text(shop, nickname, shown):
    shop.outside.put("people", id="lin", nickname=nickname)
    shop.scan("lin")
    shop.work()
    assert Customer.objects.get().name == shown


def test_a_slow_wecom_does_not_hold_up_what_follows(shop):
    shop.outside.fault("latency", where="externalcontact/get", seconds=1.5, count=1)
    shop.scan("lin")
    shop.scan("chen", userid="lisi")
    shop.work()
    assert set(Customer.objects.values_list("name", flat=True)) == {"林小鱼", "陈大海"}


def greeter(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Words for everybody; who was greeted, in order."""
    asked: list[str] = []

    def words(ticket: WelcomeTicket) -> list[TextPart]:
        asked.append(ticket.external_userid)
        return [TextPart(content="你好")]

    monkeypatch.setattr(welcome, "_greeter", words)
    return asked


def test_the_greeting_waits_for_nothing_and_is_told_when_the_customer_is_known(shop, monkeypatch):
    greeter(monkeypatch)
    shop.scan("lin")
    shop.postman.deliver()
    assert jobs.run_due(lanes=("welcome",)) == 1
    assert [message["sender"] for message in shop.outside.messages(person="lin")].count("welcome") == 1
    assert (Customer.objects.count(), Event.objects.count()) == (0, 0)

    shop.work()
    sent = Event.objects.get(name="welcome.sent")
    assert (sent.customer, sent.member.userid) == (Customer.objects.get(), "ZhangSan")
    assert WelcomeTicket.objects.get().customer == sent.customer


def test_a_worker_killed_between_ticket_and_call_greets_when_the_next_takes_over(shop, monkeypatch):
    asked = greeter(monkeypatch)
    shop.scan("lin")
    shop.postman.deliver()
    (lost,) = jobs.claim("welcome", worker="dies", limit=5)
    WelcomeTicket.objects.update(state=TicketState.SENDING)  # written down, and then the power went
    jobs.run(Job(pk=lost.pk, lane="welcome", kind=lost.kind, payload=lost.payload, attempts=2, leased_by="next"))
    assert asked
    assert WelcomeTicket.objects.get().state == TicketState.SENT
    assert [message["sender"] for message in shop.outside.messages(person="lin")].count("welcome") == 1


def test_a_worker_killed_between_call_and_note_does_not_greet_twice(shop, monkeypatch):
    greeter(monkeypatch)
    shop.scan("lin")
    shop.postman.deliver()
    jobs.run_due(lanes=("welcome",))
    ticket = WelcomeTicket.objects.get()
    WelcomeTicket.objects.update(state=TicketState.SENDING, settled_at=None)
    welcome.greet(ticket.pk)
    ticket.refresh_from_db()
    assert ticket.state in (TicketState.SENT, TicketState.UNKNOWN)
    assert [message["sender"] for message in shop.outside.messages(person="lin")].count("welcome") == 1
