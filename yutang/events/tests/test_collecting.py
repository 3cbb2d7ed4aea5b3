"""Events over HTTP: what is accepted counts once, what is not is kept with its reason."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from yutang.events.models import Event, EventSource, FailedEvent, Quarantine, Visitor
from yutang.events.services.sources import SourceChange, change_source, rotate_key
from yutang.events.tests.conftest import Sender
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_tracked_event_is_written_with_its_properties_and_visitor(sender: Sender) -> None:
    answer = sender.track(
        "Product Viewed",
        anonymousId="browser-1",
        messageId="m-1",
        properties={"sku": "A-1", "price": 12.5},
        context={"page": {"url": "https://shop.example/a"}, "campaign": {"source": "douyin"}},
    )

    assert (answer.status, answer.json()) == (200, {"success": True})
    event = Event.objects.select_related("visitor").get()
    assert (event.name, event.key, event.source) == ("track:Product Viewed", "in:shop:m-1", sender.source.label)
    assert event.props == {
        "sku": "A-1",
        "price": 12.5,
        "$url": "https://shop.example/a",
        "$utm_source": "douyin",
    }
    assert event.visitor is not None
    assert (event.visitor.kind, event.visitor.value, event.customer) == ("anonymous", "browser-1", None)


@pytest.mark.parametrize(
    ("call", "fields", "name", "props"),
    [
        ("identify", {"traits": {"vip": True}}, "identify", {"vip": True}),
        ("page", {"name": "首页", "properties": {"path": "/"}}, "page", {"path": "/", "name": "首页"}),
        ("screen", {"name": "Cart"}, "screen", {"name": "Cart"}),
        ("group", {"groupId": "g1", "traits": {"size": 3}}, "group", {"size": 3, "group_id": "g1"}),
        ("alias", {"previousId": "old"}, "alias", {"previous_id": "old", "user_id": "u1"}),
        ("t", {"event": "加入购物车"}, "track:加入购物车", {}),
    ],
)
def test_every_call_of_the_interface_is_taken(sender: Sender, call: str, fields: dict, name: str, props: dict) -> None:
    answer = sender.post(call, {"userId": "u1", "messageId": "m1", **fields})

    assert answer.status == 200
    event = Event.objects.filter(source=sender.source.label).get()
    assert (event.name, event.props) == (name, props)


def test_an_event_named_like_one_of_ours_is_not_taken_for_it(sender: Sender) -> None:
    assert sender.track("order.placed", userId="u1", properties={"amount_fen": 1}).status == 200

    assert not Event.objects.filter(name="order.placed").exists()
    assert Event.objects.filter(name="track:order.placed").count() == 1


def test_the_same_message_counts_once_and_another_under_its_id_is_quarantined(sender: Sender) -> None:
    message = {"userId": "u1", "messageId": "m-1", "properties": {"n": 1}, "sentAt": "2026-11-25T08:00:00Z"}
    for sent_at in ("2026-11-25T08:00:00Z", "2026-11-25T08:00:09Z"):
        assert sender.track("A", **{**message, "sentAt": sent_at}).status == 200
    assert sender.track("A", **{**message, "properties": {"n": 2}}).status == 200

    assert Event.objects.filter(key="in:shop:m-1").get().props == {"n": 1}
    stranger = Quarantine.objects.get()
    assert (stranger.key, stranger.content["props"]) == ("in:shop:m-1", {"n": 2})


def test_a_retry_without_an_id_is_known_by_its_content_and_time(sender: Sender) -> None:
    timed = {"userId": "u1", "timestamp": clock.now().isoformat()}
    for _ in range(2):
        sender.track("Timed", **timed)
        sender.track("Untimed", userId="u1")

    assert Event.objects.filter(name="track:Timed").count() == 1
    assert Event.objects.filter(name="track:Untimed").count() == 2


def test_a_batch_takes_what_is_good_and_keeps_what_is_not(sender: Sender) -> None:
    batch = [
        {"type": "track", "event": "A", "userId": "u1", "messageId": "1"},
        {"type": "track", "userId": "u1", "messageId": "2"},
        {"type": "party", "userId": "u1", "messageId": "3"},
        "nonsense",
        {"type": "page", "anonymousId": "b1", "messageId": "5"},
    ]
    answer = sender.post("batch", {"batch": batch, "sentAt": clock.now().isoformat()}, zipped=True)

    assert answer.status == 200
    assert [(each["index"], each["code"]) for each in answer.json()["refused"]] == [
        (1, "no_name"),
        (2, "unknown_type"),
        (3, "not_an_object"),
    ]
    assert set(Event.objects.filter(source=sender.source.label).values_list("name", flat=True)) == {"track:A", "page"}
    kept = FailedEvent.objects.order_by("pk")
    assert [(each.reason, each.message_id, each.is_whole) for each in kept] == [
        ("no_name", "2", True),
        ("unknown_type", "3", True),
        ("not_an_object", "", True),
    ]


# What cannot be kept, with the status and the reason it gets.
FAULTS = [
    ("track", b"{", 400, "unreadable_json"),
    ("track", b'{"event":"A","userId":"\xff"}', 400, "unreadable_json"),
    ("track", b'{"event":"A","userId":"u","properties":{"n":NaN}}', 400, "unreadable_json"),
    ("track", b'{"event":"A","userId":"u","properties":{"n":-Infinity}}', 400, "unreadable_json"),
    ("track", b'{"event":"A","userId":"u","properties":{"n":1e400}}', 400, "unreadable_json"),
    ("track", b'{"event":"A","userId":"u","properties":{"n":123456789012345678901}}', 400, "unstorable"),
    ("track", b'{"event":"A","userId":"u","properties":{"t":"a\\u0000b"}}', 400, "unstorable"),
    ("track", b'{"event":"A","userId":"u","properties":{"t":{"x":["a\\u0000b"]}}}', 400, "unstorable"),
    ("track", b'{"event":"A\\u0000","userId":"u"}', 400, "bad_name"),
    ("track", b'{"event":"A","userId":"u\\n"}', 400, "bad_id"),
    ("track", b'{"event":"A","userId":"u","properties":{"d":"\\ud800"}}', 400, "unreadable_json"),
    (
        "track",
        b'{"event":"A","userId":"u","properties":' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
        400,
        "unreadable_json",
    ),
    ("track", b'{"event":"A","userId":"u","properties":' + b'{"a":' * 40 + b"1" + b"}" * 41, 400, "too_deep"),
    ("track", b'{"event":"A","userId":"u","properties":[1]}', 400, "bad_properties"),
    ("track", orjson.dumps({"event": "名" * 101, "userId": "u"}), 400, "bad_name"),
    ("track", orjson.dumps({"event": "A", "userId": "u" * 201}), 400, "bad_id"),
    ("track", orjson.dumps({"event": "A", "userId": True}), 400, "bad_id"),
    ("track", orjson.dumps({"event": "A", "userId": "u", "messageId": "m" * 101}), 400, "bad_id"),
    ("track", orjson.dumps({"event": "A"}), 400, "no_id"),
    ("track", orjson.dumps({"event": "A", "userId": "u", "timestamp": "yesterday"}), 400, "bad_time"),
    ("track", orjson.dumps({"event": "A", "userId": "u", "timestamp": 1700000000}), 400, "bad_time"),
    ("track", orjson.dumps({"event": "A", "userId": "u", "timestamp": "2999-01-01T00:00:00Z"}), 400, "time_in_future"),
    ("track", orjson.dumps({"event": "A", "userId": "u", "timestamp": "0001-01-01T00:00:00Z"}), 400, "time_too_old"),
    ("track", orjson.dumps({"event": "A", "userId": "u", "properties": {"t": "x" * 33_000}}), 413, "event_too_large"),
    ("track", b'{"event":"A","userId":"u","properties":{"t":"' + b"x" * 10_000_000 + b'"}}', 413, "body_too_large"),
    ("group", orjson.dumps({"userId": "u"}), 400, "no_group_id"),
    ("alias", orjson.dumps({"userId": "u"}), 400, "no_previous_id"),
    ("batch", b"[]", 400, "not_an_object"),
    ("batch", b"{}", 400, "no_batch"),
    ("batch", b'{"batch":[]}', 400, "empty_batch"),
]


@pytest.mark.parametrize(("call", "body", "status", "reason"), FAULTS, ids=lambda value: str(value)[:20])
def test_what_cannot_be_accepted_is_refused_with_its_reason_and_kept(
    sender: Sender, call: str, body: bytes, status: int, reason: str
) -> None:
    answer = sender.post(call, body)

    assert (answer.status, answer.json()["success"], answer.json()["code"]) == (status, False, reason)
    assert answer.json()["message"]
    assert answer.json()["message_zh"]
    failed = FailedEvent.objects.get()
    assert (failed.reason, failed.source_id) == (reason, sender.source.pk)
    assert failed.is_whole == (len(body) < 500_000)
    assert not Event.objects.filter(source=sender.source.label).exists()


def test_of_two_values_under_one_name_the_last_counts(sender: Sender) -> None:
    assert sender.post("track", b'{"event":"A","userId":"u","properties":{"n":1,"n":2}}').status == 200

    assert Event.objects.get(name="track:A").props == {"n": 2}


def test_a_zipped_bomb_is_refused_without_being_unpacked(sender: Sender) -> None:
    assert sender.post("batch", b"[" + b" " * 50_000_000, zipped=True).json()["code"] == "body_too_large"
    assert sender.post("track", b"not gzip", CONTENT_ENCODING="gzip").json()["code"] == "unreadable_gzip"


def test_the_same_refusal_again_is_counted_not_kept_again(sender: Sender) -> None:
    for _ in range(3):
        sender.track("", userId="u", messageId="m")

    assert FailedEvent.objects.get().times == 3


def test_times_are_corrected_by_the_senders_clock(sender: Sender) -> None:
    now = clock.now()
    wrong = now - timedelta(days=400)  # a phone whose clock is more than a year behind
    sender.track("A", userId="u", timestamp=(wrong - timedelta(hours=2)).isoformat(), sentAt=wrong.isoformat())

    assert abs(Event.objects.get(name="track:A").at - (now - timedelta(hours=2))) < timedelta(seconds=10)


def test_late_events_are_taken_with_the_time_they_happened(sender: Sender) -> None:
    sender.track("Late", userId="u", timestamp="2019-05-06T07:08:09+08:00")

    assert Event.objects.get(name="track:Late").at == datetime(2019, 5, 5, 23, 8, 9, tzinfo=UTC)


def test_keys_of_strangers_of_disabled_sources_and_of_strange_pages_are_refused(sender: Sender) -> None:
    def send(**more: str) -> tuple[int, str]:
        answer = sender.post("track", {"event": "A", "userId": "u"}, **more)
        return answer.status, answer.json().get("code", "")

    assert send(key="yt_wrong") == (401, "unauthorized")
    assert send(key="") == (401, "unauthorized")
    change_source(sender.source, SourceChange(allowed_origins=["https://shop.example"]), by=SYSTEM)
    assert send(ORIGIN="https://evil.example") == (403, "origin_not_allowed")
    assert send(ORIGIN="https://shop.example") == (200, "")
    assert send() == (200, "")
    change_source(sender.source, SourceChange(is_enabled=False), by=SYSTEM)
    assert send() == (403, "source_disabled")
    assert Event.objects.filter(source=sender.source.label).count() == 2
    assert not FailedEvent.objects.exists()


def test_the_old_key_is_good_for_a_day_after_rotation_unless_it_was_lost(sender: Sender) -> None:
    old = sender.source.write_key
    new = rotate_key(sender.source, by=SYSTEM).write_key

    assert old != new
    assert sender.post("track", {"event": "A", "userId": "u"}, key=old).status == 200
    assert sender.post("track", {"event": "A", "userId": "u"}, key=new).status == 200
    with clock.shifted(timedelta(hours=25)):
        from yutang.events.collecting.sources import forget_senders

        forget_senders()
        assert sender.post("track", {"event": "A", "userId": "u"}, key=old).status == 401
    rotate_key(EventSource.objects.get(), by=SYSTEM, at_once=True)
    assert sender.post("track", {"event": "A", "userId": "u"}, key=new).status == 401


def test_a_browser_may_send_from_another_origin_with_the_key_in_a_plain_text_body(sender: Sender) -> None:
    preflight = sender.request("OPTIONS", "/v1/batch", ORIGIN="https://shop.example")
    assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (204, "*")

    body = {"batch": [{"type": "page", "anonymousId": "b", "messageId": "1"}], "writeKey": sender.source.write_key}
    answer = sender.request(
        "POST", "/v1/b", orjson.dumps(body), ORIGIN="https://shop.example", CONTENT_TYPE="text/plain"
    )
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert Event.objects.get(name="page").visitor is not None


def test_more_than_the_rate_is_told_to_come_back(make_source) -> None:
    slow = Sender(make_source(rate_per_second=3))
    answers = [slow.track("A", userId="u") for _ in range(5)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert Event.objects.filter(source=slow.source.label).count() == 3


def test_visits_of_programs_are_marked_and_nobodys(sender: Sender) -> None:
    agent = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
    sender.post("page", {"anonymousId": "b", "context": {"userAgent": agent}})
    person = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
    sender.post("screen", {"anonymousId": "b2", "context": {"userAgent": person}})

    robot, visit = Event.objects.get(name="page"), Event.objects.get(name="screen")
    assert (robot.props, robot.visitor) == ({"$bot": True}, None)
    assert (visit.props, visit.visitor is not None) == ({}, True)


def test_without_consent_an_event_is_counted_but_tells_of_nobody(sender: Sender) -> None:
    consent = {"consent": {"categoryPreferences": {"Analytics": False, "Advertising": True}}}
    sender.track(
        "Bought", userId="u", anonymousId="b", properties={"price": 5, "gift": True, "note": "for Li"}, context=consent
    )

    event = Event.objects.get(name="track:Bought")
    assert (event.visitor, event.customer, event.props) == (None, None, {"price": 5, "gift": True})
    assert not Visitor.objects.exists()


def test_segments_browser_library_gets_its_settings(sender: Sender) -> None:
    answer = sender.request("GET", f"/v1/projects/{sender.source.write_key}/settings")

    assert answer.status == 200
    assert answer.json()["integrations"]["Segment.io"]["apiKey"] == sender.source.write_key
    assert sender.request("GET", "/v1/track").status == 405
    assert sender.request("POST", "/v1/nothing").status == 404
