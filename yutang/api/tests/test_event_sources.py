"""Sources of events, refused events and the catalogue of what came, as the console and its API have them."""

from datetime import timedelta

import orjson
import pytest

from yutang.events import learning
from yutang.events.models import Event, EventSource, FailedEvent
from yutang.events.tests.conftest import Sender, _nothing_remembered  # noqa: F401  (a fixture for this module, too)
from yutang.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(api) -> dict:
    return api.post("/event-sources", {"name": "商城网站", "kind": "browser", "issuer": "shop"}).json()


@pytest.fixture
def sender(shop) -> Sender:
    return Sender(EventSource.objects.get(pk=shop["id"]))


def learn() -> None:
    with clock.shifted(timedelta(minutes=1)):
        while learning.learn():
            pass


def test_a_source_is_made_changed_and_its_key_shown_on_record_only(api, shop) -> None:
    assert shop["write_key"].startswith("yt_")
    assert (shop["trusts_traits"], shop["rate_per_second"], shop["user_id_kind"]) == (False, 1000, "member_no")
    address = f"/event-sources/{shop['id']}"
    assert "write_key" not in api.get(address).json()
    assert api.post(f"{address}/write-key").json() == {"write_key": shop["write_key"]}
    changed = api.patch(address, {"allowed_origins": ["https://Shop.example/"], "rate_per_second": 5}).json()
    assert (changed["allowed_origins"], changed["rate_per_second"]) == (["https://shop.example"], 5)
    rotated = api.post(f"{address}/write-key/rotate", {"at_once": False}).json()
    assert rotated["write_key"] != shop["write_key"]
    assert [each["name"] for each in api.get("/event-sources").json()["items"]] == ["商城网站"]
    actions = {entry["action"] for entry in api.get("/audit").json()["items"]}
    assert actions >= {"event_source.created", "event_source.key_revealed", "event_source.key_rotated"}


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"issuer": "has space"}, "issuer"),
        ({"name": "  "}, "name"),
        ({"allowed_origins": ["shop.example"]}, "allowed_origins"),
        ({"allowed_origins": ["https://shop.example/path"]}, "allowed_origins"),
    ],
)
def test_a_source_that_cannot_be_is_refused_by_field(api, fields, at_fault) -> None:
    refused = api.post("/event-sources", {"name": "x", "kind": "server", "issuer": "shop"} | fields)

    assert (refused.status_code, list(refused.json()["fields"])) == (422, [at_fault])
    assert not EventSource.objects.exists()


def test_an_analyst_sees_sources_but_neither_keys_nor_what_was_refused(api_for, make_account, shop) -> None:
    analyst = api_for(make_account(role="analyst"))

    assert analyst.get("/event-sources").status_code == 200
    assert analyst.post(f"/event-sources/{shop['id']}/write-key").status_code == 403
    assert analyst.get("/failed-events").status_code == 403
    assert analyst.get("/event-sources/999").status_code == 404


def test_arrivals_show_what_came_and_what_was_refused(api, shop, sender) -> None:
    sender.track("Viewed", anonymousId="b", properties={"sku": "A"})
    sender.track("", anonymousId="b")
    told = api.get(f"/event-sources/{shop['id']}/arrivals").json()

    assert [(each["name"], each["call"], each["visitor"]) for each in told["events"]] == [("Viewed", "track", "b")]
    assert told["events"][0]["props"] == {"sku": "A"}
    assert [(each["reason"], each["message"]) for each in told["refused"]] == [
        ("no_name", "A track call needs `event`, its name.")
    ]


def test_arrivals_keep_to_the_viewers_customers(api_for, make_account, shop, sender) -> None:
    sender.track("Viewed", anonymousId="b")
    sender.track("", anonymousId="b")
    narrow = api_for(make_account(role="operator", scope="own"))

    assert narrow.get(f"/event-sources/{shop['id']}/arrivals").json() == {"events": [], "refused": []}
    assert narrow.get("/failed-events").json()["items"] == []


def test_a_refused_event_is_mended_and_replayed_under_its_id_and_time(api, shop, sender) -> None:
    at = (clock.now() - timedelta(hours=3)).isoformat()
    sender.track("", userId="u1", messageId="m-1", timestamp=at, properties={"n": 1})
    failed = api.get("/failed-events", reason="no_name").json()["items"][0]
    address = f"/failed-events/{failed['id']}"

    assert api.post(f"{address}/replay").json()["code"] == "still_refused"
    assert not Event.objects.filter(source=f"source:{shop['id']}").exists()
    assert api.patch(address, {"body": "{"}).status_code == 422
    mended = orjson.dumps({**orjson.loads(failed["body"]), "event": "Mended"}).decode()
    assert api.patch(address, {"body": mended}).json()["is_edited"] is True
    done = api.post(f"{address}/replay").json()

    assert (done["state"], done["settled_by"]) == ("replayed", "boss")
    event = Event.objects.get(source=f"source:{shop['id']}")
    assert (event.key, event.name, event.at.isoformat(), event.props) == ("in:shop:m-1", "track:Mended", at, {"n": 1})
    assert api.post(f"{address}/replay").json()["code"] == "already_settled"
    sender.track("Mended", userId="u1", messageId="m-1", timestamp=at, properties={"n": 1})  # the client tries again
    assert Event.objects.filter(source=f"source:{shop['id']}").count() == 1


def test_many_are_replayed_at_once_and_what_still_fails_stays(api, shop, sender) -> None:
    for number in range(4):
        sender.track("Ordered", userId="u", messageId=f"m{number}", properties={"price": "high" if number else 9})
    learn()
    learnt = api.get("/events/learnt").json()["items"][0]
    declaration = {"declared": {"price": {"type": "number", "required": True}}, "enforcement": "refuse"}
    assert api.put(f"/events/learnt/{learnt['id']}/declaration", declaration).status_code == 200
    sender.track("Ordered", userId="u", messageId="n1", properties={"price": "low"})
    sender.track("Ordered", userId="u", messageId="n2", properties={})
    sender.track("", userId="u")
    assert api.get("/failed-events/reasons").json()["items"] == [
        {"reason": "schema_broken", "count": 2},
        {"reason": "no_name", "count": 1},
    ]
    assert api.get("/failed-events", reason="schema_broken").json()["items"][1]["message"] == (
        "It does not keep to what is declared: price must be number"
    )

    assert api.post("/failed-events/replay", {}).json() == {"sent": 0, "refused": 3, "left": 3}
    api.put(f"/events/learnt/{learnt['id']}/declaration", {**declaration, "enforcement": "flag"})
    assert api.post("/failed-events/replay", {"reason": "schema_broken"}).json() == {"sent": 2, "refused": 0, "left": 0}
    flagged = Event.objects.filter(key__startswith="in:shop:n").order_by("key").values_list("props", flat=True)
    assert [each["$broken"] for each in flagged] == ["price must be number", "price is missing"]
    assert api.post("/failed-events/discard", {"reason": "no_name"}).json() == {"discarded": 1}
    assert not FailedEvent.objects.filter(state="waiting").exists()


def test_the_catalogue_learns_names_properties_and_versions(api, shop, sender) -> None:
    sender.track("Viewed", anonymousId="b", properties={"sku": "A", "price": 2})
    learn()
    sender.track("Viewed", anonymousId="b", properties={"sku": 7, "tags": ["x"]}, context={"page": {"url": "u"}})
    sender.post("page", {"anonymousId": "b"})
    learn()
    learn()

    viewed, page = sorted(api.get("/events/learnt").json()["items"], key=lambda each: each["name"], reverse=True)
    assert (page["name"], page["count"], viewed["name"], viewed["label"]) == ("page", 1, "track:Viewed", "Viewed")
    assert (viewed["count"], viewed["version"]) == (2, 2)
    assert [version["shape"] for version in viewed["versions"]] == [
        {"price": ["number"], "sku": ["number", "text"], "tags": ["list"]},
        {"price": ["number"], "sku": ["text"]},
    ]
    by_name = {each["name"]: each for each in viewed["properties"]}
    assert set(by_name) == {"sku", "price", "tags"}
    assert by_name["sku"]["examples"] == ["A", "7"]
    source = api.get(f"/event-sources/{shop['id']}").json()
    assert (source["events"], source["last_event_at"] is not None) == (3, True)


def test_events_from_outside_appear_in_the_stream_under_their_own_names(api, sender) -> None:
    sender.track("加入购物车", userId="u")
    sender.post("page", {"anonymousId": "b"})

    items = api.get("/events").json()["items"]
    told = {each["name"]: each["label"] for each in items if each["name"] in ("track:加入购物车", "page")}
    assert told == {"track:加入购物车": "加入购物车", "page": "Page viewed"}
