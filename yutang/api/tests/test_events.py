"""The stream of events and the catalogue."""

from datetime import timedelta

import pytest

from conftest import NOW
from yutang.customers.models import Customer
from yutang.customers.services.ownership import apply_relation
from yutang.events.models import Event
from yutang.kernel.actors import SYSTEM
from yutang.kernel.facts import CATALOGUE, Fact, announce
from yutang.organization.events import MemberAvailabilityChanged
from yutang.organization.models import Role, ScopeKind


@pytest.fixture
def two_contacts(make_member):
    """李雷 added 小兰, an hour later 韩梅 added 老王."""
    contacts = {}
    for hours, (name, userid, staff) in enumerate([("李雷", "lan", "小兰"), ("韩梅", "wang", "老王")]):
        member = make_member(userid, name=staff)
        customer = Customer.objects.create(name=name, created_at=NOW, updated_at=NOW)
        apply_relation(customer, member, "mutual", at=NOW + timedelta(hours=hours), by=SYSTEM)
        contacts[name] = (customer, member)
    return contacts


def told(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.json()
    return [(each["customer"]["name"], each["sentence"]) for each in answer.json()["items"]]


def test_events_are_told_in_sentences_the_latest_first(api, two_contacts):
    answer = api.get("/events", name="contact.added")

    assert told(answer) == [("韩梅", "Added 老王"), ("李雷", "Added 小兰")]
    assert answer.json()["items"][0]["label"] == "Contact added"


def test_events_speak_chinese_too(make_account, api_for, two_contacts):
    answer = api_for(make_account(), language="zh").get("/events", name="contact.added")
    assert told(answer) == [("韩梅", "添加了 老王"), ("李雷", "添加了 小兰")]


def test_events_are_filtered_and_paged(api, two_contacts):
    customer, member = two_contacts["李雷"]
    assert told(api.get("/events", name="contact.added", customer_id=customer.pk)) == [("李雷", "Added 小兰")]
    assert told(api.get("/events", name="contact.added", member_id=member.pk)) == [("李雷", "Added 小兰")]
    assert told(api.get("/events", name="contact.added", since=(NOW + timedelta(minutes=1)).isoformat())) == [
        ("韩梅", "Added 老王")
    ]
    assert told(api.get("/events", name="contact.added", until=(NOW + timedelta(minutes=1)).isoformat())) == [
        ("李雷", "Added 小兰")
    ]
    everything = api.get("/events").json()["items"]
    seen: list[int] = []
    cursor = None
    while True:
        page = api.get("/events", limit=1, **({"cursor": cursor} if cursor else {})).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [each["id"] for each in everything]


def test_a_guide_with_events_sees_only_what_concerns_own_customers(make_account, api_for, two_contacts):
    other, _ = two_contacts["李雷"]
    _, member = two_contacts["韩梅"]
    manager = make_account("m", role=Role.STORE_MANAGER, scope=ScopeKind.OWN, member=member)
    api = api_for(manager)

    assert {each["customer"]["name"] for each in api.get("/events").json()["items"]} == {"韩梅"}
    assert api.get("/events", customer_id=other.pk).status_code == 404
    assert api.get("/events", member_id=two_contacts["李雷"][1].pk).status_code == 404
    assert api_for(make_account("g", role=Role.GUIDE)).get("/events").status_code == 403


def test_an_event_of_an_unknown_kind_is_shown_by_its_name(api, make_member):
    announce(
        Fact(event=MemberAvailabilityChanged(True, "switch"), key="k", at=NOW, member_id=make_member().pk),
    )
    Event.objects.update(name="pigeon.landed")

    (only,) = api.get("/events").json()["items"]
    assert (only["label"], only["sentence"]) == ("pigeon.landed", "pigeon.landed")


def test_a_sentence_with_a_missing_place_is_still_told(api, two_contacts):
    Event.objects.filter(name="contact.added").update(name="tag.added", props={})
    assert {each["sentence"] for each in api.get("/events", name="tag.added").json()["items"]} == {"Tagged …"}


def test_the_catalogue_names_every_kind_with_its_fields(api):
    items = {each["name"]: each for each in api.get("/events/catalogue").json()["items"]}

    assert set(items) == set(CATALOGUE)
    assert items["order.placed"]["fields"][0] == {"name": "order_id", "type": "int"}
    assert all(each["label"] for each in items.values())


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_sentence_can_be_filled_in_both_languages(name, db):
    from yutang.events.sentences import sentence_of

    told = sentence_of(Event(name=name, props={}))
    assert told.zh
    assert told.en


def test_health_needs_no_sign_in(client, db):
    answer = client.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
