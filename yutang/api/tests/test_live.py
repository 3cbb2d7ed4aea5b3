"""The live channel."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from conftest import NOW
from yutang.api import broadcast, live
from yutang.api.broadcast import BROADCASTER
from yutang.customers.events import CustomerCreated
from yutang.customers.models import Customer
from yutang.customers.services.ownership import apply_relation
from yutang.events.models import Event
from yutang.events.tail import Tail
from yutang.kernel.actors import SYSTEM
from yutang.kernel.facts import Fact, announce_many
from yutang.organization.models import Role, ScopeKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(broadcast, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.3)
    yield
    until = time.monotonic() + 5
    while (BROADCASTER.count or BROADCASTER.is_following) and time.monotonic() < until:
        time.sleep(0.02)
    assert (BROADCASTER.count, BROADCASTER.is_following) == (0, False)


@pytest.fixture
def customer(db) -> Customer:
    return Customer.objects.create(name="李雷", created_at=NOW, updated_at=NOW)


def happen(customer: Customer, *keys: str) -> None:
    with transaction.atomic():
        announce_many(
            Fact(event=CustomerCreated(source="wecom"), key=key, at=NOW, customer_id=customer.pk) for key in keys
        )


def next_change(stream: Iterator[bytes], *, beats: int = 30) -> Any:
    """The next change told, or None when only heartbeats came."""
    for _ in range(beats):
        part = next(stream, None)
        if part is None:
            return "ended"
        if part.startswith(b"event: change\ndata: "):
            return orjson.loads(part.split(b"data: ", 1)[1])
    return None


@pytest.fixture
def listen(_quick) -> Iterator[Any]:
    opened = []

    def open_stream(api: Any) -> Any:
        answer = api.get("/live")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
        opened.append(answer)
        return answer

    yield open_stream
    for answer in opened:
        answer.close()


def test_an_event_reaches_an_open_page(listen, api, customer):
    answer = listen(api)
    stream = iter(answer.streaming_content)
    assert next(stream) == b"retry: 3000\n\n"
    happen(customer, "first")

    change = next_change(stream)

    event = Event.objects.get()
    assert change == {
        "topics": ["customers", "events", "overview", "reviews"],
        "count": 1,
        "events": [
            {
                "id": event.pk,
                "name": "customer.created",
                "label": "Customer created",
                "sentence": "Became known, from WeCom",
                "customer_id": customer.pk,
                "customer_name": "李雷",
                "at": NOW.isoformat(),
            }
        ],
    }


def test_a_burst_is_one_message_with_a_count(listen, api, customer):
    answer = listen(api)
    stream = iter(answer.streaming_content)
    next(stream)
    happen(customer, *[f"k{n}" for n in range(2500)])

    change = next_change(stream)

    assert (change["count"], len(change["events"])) == (2500, 20)
    assert change["events"][-1]["id"] == Event.objects.order_by("-pk").values_list("pk", flat=True)[0]


def test_what_happened_before_is_not_told_and_silence_is_a_heartbeat(listen, api, customer):
    happen(customer, "before")
    answer = listen(api)
    stream = iter(answer.streaming_content)
    next(stream)

    assert next(stream) == b": still here\n\n"


def test_a_guide_hears_only_of_own_customers(listen, make_account, make_member, api_for, customer):
    lan, wang = make_member("lan"), make_member("wang")
    mine = Customer.objects.create(name="韩梅", created_at=NOW, updated_at=NOW)
    apply_relation(mine, lan, "mutual", at=NOW, by=SYSTEM)
    apply_relation(customer, wang, "mutual", at=NOW, by=SYSTEM)
    guide = api_for(make_account("guide", role=Role.GUIDE, scope=ScopeKind.OWN, member=lan))
    answer = listen(guide)
    stream = iter(answer.streaming_content)
    next(stream)

    happen(customer, "theirs", "theirs too")
    assert next_change(stream, beats=2) is None
    happen(mine, "mine")

    change = next_change(stream)
    assert (change["count"], [each["customer_name"] for each in change["events"]]) == (1, ["韩梅"])


def test_each_listener_is_told_in_its_own_language(listen, make_account, api_for, customer):
    account = make_account()
    answers = [listen(api_for(account, language=language)) for language in ("zh", "en")]
    streams = [iter(answer.streaming_content) for answer in answers]
    for stream in streams:
        next(stream)
    happen(customer, "once")

    assert [next_change(stream)["events"][0]["label"] for stream in streams] == ["新建客户", "Customer created"]


def test_beyond_the_places_there_is_a_polite_refusal(listen, api, monkeypatch):
    monkeypatch.setattr(broadcast, "MAX_LISTENERS", 2)
    first, _ = listen(api), listen(api)

    refused = api.get("/live")
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (
        503,
        "too_many_listeners",
        "20",
    )

    first.close()  # never read from, as when a browser went away at once
    listen(api)


def test_a_session_ended_elsewhere_loses_its_stream(listen, api, customer, monkeypatch):
    monkeypatch.setattr(live, "CHECK_SECONDS", 0.0)
    answer = listen(api)
    stream = iter(answer.streaming_content)
    next(stream)
    Session.objects.all().delete()
    happen(customer, "secret")

    assert next_change(stream) == "ended"


def test_a_stream_ends_after_its_time(listen, api, monkeypatch):
    monkeypatch.setattr(live, "STREAM_SECONDS", 0.2)
    answer = listen(api)

    assert list(answer.streaming_content) == [b"retry: 3000\n\n", b": still here\n\n"]


def test_strangers_hear_nothing(client, db):
    assert client.get("/api/live").status_code == 401


def test_the_tail_gives_an_event_that_commits_late(customer):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so events commit in order there.")

    def write(pk: int) -> None:
        Event.objects.create(pk=pk, key=str(pk), name="customer.created", at=NOW, received_at=NOW, customer=customer)

    tail = Tail()
    start = Event.objects.count()
    assert start == 0
    write(5)
    assert [each.id for each in tail.read()] == [5]
    write(2)
    write(9)
    assert [each.id for each in tail.read()] == [2, 9]
    write(3)
    write(1)
    write(7)
    assert [each.id for each in tail.read()] == [1, 3, 7]
    assert tail.read() == []


def test_two_transactions_at_once_are_both_told(listen, api, customer):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so events commit in order there.")
    answer = listen(api)
    stream = iter(answer.streaming_content)
    next(stream)
    slow_wrote, fast_done = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            happen(customer, "slow")
            slow_wrote.set()
            fast_done.wait(10)
        connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    slow_wrote.wait(10)
    happen(customer, "fast")
    first = next_change(stream)
    fast_done.set()
    thread.join()
    second = next_change(stream)

    assert (first["count"], second["count"]) == (1, 1)
    assert first["events"][0]["id"] > second["events"][0]["id"]
