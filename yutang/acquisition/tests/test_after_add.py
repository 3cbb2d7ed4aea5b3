"""What a scan brings about beside the greeting, and what is counted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from outside.testing import CORPID
from yutang.acquisition.models import Arrival, CodeDay, CustomerCode, ProfileInvitation
from yutang.acquisition.services.arrivals import recount_everything
from yutang.acquisition.services.cards import CardFor, issue_cards
from yutang.acquisition.services.welcomes import Holder, set_welcome
from yutang.acquisition.shapes import WelcomeShape
from yutang.acquisition.tests.conftest import Shop, text_slot
from yutang.commerce.models import Order, OrderSource
from yutang.customers.identity import Claim
from yutang.customers.models import Customer, IdentityKind, Ownership, Review, Tag, Tagging, TagGroup
from yutang.customers.services.resolve import resolve
from yutang.events.models import Event
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Department

pytestmark = pytest.mark.django_db


def scanner() -> Customer:
    return Ownership.objects.latest("pk").customer


def test_tags_remark_and_source_come_with_the_scan(shop: Shop) -> None:
    group = TagGroup.objects.create(kind="own", name="渠道", created_at=clock.now())
    tag = Tag.objects.create(group=group, name="门店", created_at=clock.now())
    ann = shop.member("ann", "安安")
    code = shop.code(ann, tag_ids=[tag.pk], remark_template="{nickname}-{code}", description="门店扫码")
    person = shop.stranger("林小鱼")

    shop.scan(code, person)

    assert Tagging.objects.get().tag == tag
    assert scanner().source == f"live_code:{code.pk}"
    (relation,) = shop.outside.relations(corpid=CORPID, userid="ann")
    assert (relation["remark"], relation["description"]) == ("林小鱼-门店码", "门店扫码")


def test_a_remark_somebody_wrote_is_left_alone(shop: Shop) -> None:
    ann = shop.member("ann", "安安")
    code = shop.code(ann, remark_template="{code}")
    shop.outside.scan("lin", code.qr_code_url)
    shop.outside.act("edit", corpid=CORPID, userid="ann", person="lin", remark="老同学")

    shop.work()

    (relation,) = shop.outside.relations(corpid=CORPID, userid="ann")
    assert relation["remark"] == "老同学"


def test_a_customer_of_one_member_who_adds_another_is_told_of_to_both(shop: Shop) -> None:
    ann, bob = shop.member("ann", "安安"), shop.member("bob", "小波")
    first, second = shop.code(ann, name="甲"), shop.code(bob, name="乙", one_member_only=True)
    shop.scan(first, "lin")

    shop.scan(second, "lin")

    event = Event.objects.get(name="contact.added_twice")
    assert (event.member, event.props["first_member_id"]) == (bob, ann.pk)
    (to_bob,) = shop.outside.app_messages(userid="bob")
    (to_ann,) = shop.outside.app_messages(userid="ann")
    assert "已由 安安 服务" in str(to_bob)
    assert "添加了 小波" in str(to_ann)


def test_the_nearest_welcome_is_sent(shop: Shop) -> None:
    root = Department.objects.create(corp=shop.corp, wecom_id=1)
    east = Department.objects.create(corp=shop.corp, wecom_id=2, parent=root)
    Department.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    Department.objects.filter(pk=east.pk).update(path=f"/{root.pk}/{east.pk}/")
    ann, bob, eve = (shop.member(userid, userid) for userid in ("ann", "bob", "eve"))
    ann.departments.add(east)
    bob.departments.add(east)
    for holder, words in (
        (Holder(shop.corp), "企业"),
        (Holder(shop.corp, department=Department.objects.get(pk=root.pk)), "总部"),
        (Holder(shop.corp, department=Department.objects.get(pk=east.pk)), "城东"),
        (Holder(shop.corp, member=ann), "安安"),
    ):
        set_welcome(holder, WelcomeShape(slots=[text_slot(words)]), version=None, by=SYSTEM)

    heard = {}
    for member in (ann, bob, eve):
        person = shop.stranger()
        shop.scan(shop.code(member, name=member.userid), person)
        heard[member.userid] = shop.heard(person)[0]["content"]["content"]

    assert heard == {"ann": "安安", "bob": "城东", "eve": "企业"}


def test_a_suppressed_nickname_is_not_greeted(shop: Shop) -> None:
    welcome = {"slots": [text_slot("您好")], "suppressed_nicknames": ["代购"]}
    code = shop.code(shop.member("ann", "ann"), welcome=welcome)
    agent, guest = shop.stranger("韩国代购小李"), shop.stranger("小李")

    shop.scan(code, agent)
    shop.scan(code, guest)

    assert (len(shop.heard(agent)), len(shop.heard(guest))) == (0, 1)


def test_the_welcome_links_to_the_page_where_phone_and_history_meet(shop: Shop) -> None:
    buyer = resolve([Claim(IdentityKind.PHONE, "13900000001")], source="import", at=clock.now(), by=SYSTEM).customer
    code = shop.code(shop.member("ann", "ann"), welcome={"slots": [text_slot("完善资料：{profile_link}")]})
    person = shop.stranger()
    shop.scan(code, person)
    said = shop.heard(person)[0]["content"]["content"]
    address = said[said.index("/p/") :]
    assert address == f"/p/{ProfileInvitation.objects.get().token}"

    shop.client.post(address, {"phone": "13900000001", "consent": "yes"})

    assert scanner().person_key == Customer.objects.get(pk=buyer.pk).person_key


# counting


def day_rows() -> list[dict[str, Any]]:
    fields = ("code", "day", "member", "scans", "adds", "half_adds", "replies", "lost_by_customer", "lost_by_member")
    rows = [row for row in CodeDay.objects.values(*fields) if any(row[name] for name in fields[3:])]
    return sorted(rows, key=lambda row: (row["code"], row["day"], row["member"] or 0))


def arrivals() -> list[tuple[Any, ...]]:
    fields = ("code", "customer", "member", "at", "completed_at", "lost_at", "lost_by", "day", "lost_day")
    return list(Arrival.objects.order_by("customer", "member", "at").values_list(*fields))


def test_adds_half_adds_and_losses_are_counted_and_come_out_the_same_from_the_log(shop: Shop) -> None:
    ann = shop.member("ann", "ann")
    code = shop.code(ann)
    people = [shop.stranger() for _ in range(4)]
    shop.client.get(f"/c/{code.state_code}")
    for person in people[:3]:
        shop.scan(code, person)
    shop.outside.switch(add_sequence="half")
    shop.scan(code, people[3])
    shop.outside.switch(add_sequence="add")
    shop.outside.advance(2)
    shop.outside.act("delete_member", corpid=CORPID, userid="ann", person=people[0])
    shop.outside.act("delete_customer", corpid=CORPID, userid="ann", person=people[1])
    shop.work()

    (day,) = day_rows()
    assert {name: day[name] for name in ("scans", "adds", "half_adds", "lost_by_customer", "lost_by_member")} == {
        "scans": 1,
        "adds": 3,
        "half_adds": 1,
        "lost_by_customer": 1,
        "lost_by_member": 1,
    }
    before = (day_rows(), arrivals())
    recount_everything()
    assert (day_rows(), arrivals()) == before


def test_a_half_add_that_is_confirmed_is_one_add_and_one_turn(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    code = shop.code(ann, bob, welcome={"slots": [text_slot("您好")]})
    shop.outside.switch(add_sequence="half_then_add", second_event_seconds=0.2)
    person = shop.stranger()

    import time

    assert shop.scan(code, person)["userid"] == "ann"
    time.sleep(0.4)
    shop.work()

    assert [(row["adds"], row["half_adds"]) for row in day_rows()] == [(1, 0)]
    assert len(shop.heard(person)) == 1
    assert shop.way(code)["user"] == ["bob"]


def test_the_same_callbacks_again_change_nothing(shop: Shop) -> None:
    code = shop.code(shop.member("ann", "ann"), shop.member("bob", "bob"))
    shop.outside.fault("duplicate", where="change_external_contact/add_external_contact", times=3)

    got = [shop.scan(code)["userid"] for _ in range(4)]

    assert got == ["ann", "bob", "ann", "bob"]
    assert sum(row["adds"] for row in day_rows()) == 4


# one customer, one code


@pytest.fixture
def order(db: None) -> Order:
    buyer = resolve([Claim(IdentityKind.PHONE, "13811112222")], source="import", at=clock.now(), by=SYSTEM).customer
    source = OrderSource.objects.create(name="天猫", created_at=clock.now())
    return Order.objects.create(
        source=source, number="T1001", customer=buyer, placed_at=clock.now(), created_at=clock.now()
    )


def opened(shop: Shop, card: CustomerCode) -> CustomerCode:
    """The card's landing page is opened, and WeCom's code is there a moment later."""
    page = shop.client.get(f"/c/{card.state_code}")
    assert "二维码马上就好" in page.content.decode()
    jobs.run_due()
    card.refresh_from_db()
    assert card.qr_code_url in shop.client.get(f"/c/{card.state_code}?again=1").content.decode()
    return card


def test_a_parcel_card_joins_the_scanner_with_the_imported_order(shop: Shop, order: Order) -> None:
    code = shop.code(shop.member("ann", "ann"), name="包裹卡")
    (card,) = issue_cards(code, [CardFor(order_source="天猫", order_number="T1001")], by=SYSTEM)
    assert (card.customer, card.config_id) == (order.customer, "")

    shop.scan(opened(shop, card))

    card.refresh_from_db()
    assert card.joined_customer is not None
    assert card.joined_customer.person_key == Customer.objects.get(pk=order.customer_id).person_key
    assert Event.objects.get(name="code.joined").props["known_customer_id"] == order.customer_id
    (day,) = [row for row in day_rows() if row["adds"]]
    assert (day["code"], day["adds"]) == (code.pk, 1)


def test_a_card_handed_on_is_left_for_people_to_decide(shop: Shop, order: Order) -> None:
    code = shop.code(shop.member("ann", "ann"))
    (card,) = issue_cards(code, [CardFor(order_source="天猫", order_number="T1001")], by=SYSTEM)
    shop.scan(opened(shop, card))

    shop.scan(card)

    first = CustomerCode.objects.get().joined_customer
    assert first is not None
    assert scanner().person_key != first.person_key
    assert Review.objects.get().reason == "personal_code"


def test_an_order_imported_after_its_card_was_printed_is_found_too(shop: Shop, request: pytest.FixtureRequest) -> None:
    code = shop.code(shop.member("ann", "ann"))
    (card,) = issue_cards(code, [CardFor(order_source="天猫", order_number="T1001")], by=SYSTEM)
    assert card.customer is None
    late: Order = request.getfixturevalue("order")

    shop.scan(opened(shop, card))

    assert scanner().person_key == Customer.objects.get(pk=late.customer_id).person_key


def test_printing_again_gives_the_same_cards(shop: Shop, order: Order) -> None:
    code = shop.code(shop.member("ann", "ann"))
    wanted = [CardFor(order_source="天猫", order_number=f"T{number}") for number in (1, 2, 1)]

    first = issue_cards(code, wanted, by=SYSTEM)
    again = issue_cards(code, [*wanted, CardFor(customer_id=order.customer_id)], by=SYSTEM)

    assert [card.pk for card in first] == [card.pk for card in again[:3]]
    assert CustomerCode.objects.count() == 3


def test_a_known_customer_goes_back_to_their_own_member(shop: Shop, order: Order) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    code = shop.code(ann, bob, one_member_only=True)
    now = clock.now()
    assert order.customer is not None
    Ownership.objects.create(
        customer=order.customer,
        person=order.customer,
        member=bob,
        state="mutual",
        added_at=now,
        updated_at=now,
        state_at=now,
    )
    (card,) = issue_cards(code, [CardFor(customer_id=order.customer_id)], by=SYSTEM)

    assert shop.way(opened(shop, card))["user"] == ["bob"]


def test_cards_that_nobody_opens_use_up_no_contact_ways(shop: Shop) -> None:
    code = shop.code(shop.member("ann", "ann"))
    calls = len(shop.outside.calls(path="externalcontact/add_contact_way"))

    issue_cards(code, [CardFor(order_number=f"{n}") for n in range(300)], by=SYSTEM)
    jobs.run_due()

    assert len(shop.outside.calls(path="externalcontact/add_contact_way")) == calls


def test_late_events_of_yesterday_are_counted_on_their_day(shop: Shop, make_customer: Callable[..., Any]) -> None:
    ann = shop.member("ann", "ann")
    code = shop.code(ann)
    yesterday = clock.now() - timedelta(days=1)
    make_customer(ann, code, yesterday)
    jobs.run_due()

    assert Arrival.objects.get().day < clock.now().date() + timedelta(days=1)
    assert [row["adds"] for row in day_rows()] == [1]


@pytest.fixture
def make_customer() -> Callable[..., Any]:
    from yutang.customers.models import OwnershipState
    from yutang.customers.services.ownership import Details, apply_relation

    def make(member: Any, code: Any, at: Any) -> Customer:
        claim = Claim(IdentityKind.EXTERNAL_USERID, f"wm{at.timestamp():.0f}", CORPID)
        customer = resolve([claim], source="wecom", at=at, by=SYSTEM).customer
        details = Details(state_code=code.state_code)
        apply_relation(customer, member, OwnershipState.MUTUAL, at=at, by=SYSTEM, details=details)
        return customer

    return make


def test_a_card_that_served_gives_its_way_back_and_leads_on_to_its_live_code(shop: Shop, order: Order) -> None:
    code = shop.code(shop.member("ann", "ann"))
    (card,) = issue_cards(code, [CardFor(order_source="天猫", order_number="T1001")], by=SYSTEM)
    shop.scan(opened(shop, card))

    with clock.shifted(timedelta(days=8)):
        jobs.run_due()
        page = shop.client.get(f"/c/{card.state_code}").content.decode()

    card.refresh_from_db()
    assert card.config_id == ""
    assert code.qr_code_url in page


def test_an_erased_customer_leaves_no_order_on_a_card_and_no_open_link(shop: Shop, order: Order) -> None:
    code = shop.code(shop.member("ann", "ann"), welcome={"slots": [text_slot("{profile_link}")]})
    (card,) = issue_cards(code, [CardFor(order_source="天猫", order_number="T1001")], by=SYSTEM)
    shop.scan(opened(shop, card))
    assert ProfileInvitation.objects.count() == 1

    from yutang.customers.services.erase import erase

    erase(Customer.objects.get(pk=scanner().person_key), by=SYSTEM, reason="asked")

    card.refresh_from_db()
    assert (card.order_number, ProfileInvitation.objects.count()) == (f"erased-{card.pk}", 0)


def test_wecoms_own_picture_can_be_downloaded(shop: Shop, api: Any) -> None:
    code = shop.code(shop.member("ann", "ann"))

    png = api.get(f"/live-codes/{code.pk}/qr.png", target="wecom", size=300)
    svg = api.get(f"/live-codes/{code.pk}/qr.svg", target="wecom")

    assert (png.status_code, png.content[:4]) == (200, b"\x89PNG")
    assert "data:image/" in svg.content.decode()


def test_how_members_answer_is_read_from_wecom_the_next_morning(shop: Shop, api: Any) -> None:
    ann = shop.member("ann", "ann")
    code = shop.code(ann)
    person = shop.stranger()
    shop.scan(code, person)
    shop.outside.act("customer_says", corpid=CORPID, userid="ann", person=person, text="在吗")
    shop.outside.act("member_says", corpid=CORPID, userid="ann", person=person, text="在的")
    shop.outside.advance(86400)

    with clock.shifted(timedelta(days=1, hours=12)):
        jobs.run_due()
        (row,) = api.get(f"/live-codes/{code.pk}/statistics").json()["members"]
        file = api.get(f"/live-codes/{code.pk}/statistics.csv", by="member")

    assert (row["chats"], row["reply_percentage"]) == (1, 100.0)
    assert b"ann,0,1,0,0,0,0,1,100.0" in b"".join(file.streaming_content)
