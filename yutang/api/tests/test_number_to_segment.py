"""From a number to a segment, whose rule means the very people it counts; and from a segment to reports about it."""

from datetime import timedelta

import pytest

from yutang.api.tests.a_pond import at
from yutang.commerce.models import Order, OrderSource
from yutang.customers.models import Customer
from yutang.customers.services.derive import refresh
from yutang.events.models import Event
from yutang.insights import cache
from yutang.kernel import clock, jobs
from yutang.segments.services.keep import Keeper

MARCH = {"since": "2026-03-01", "until": "2026-03-31"}
BOUNDS = {"recency_days": [1, 26, 27, 30], "purchases": [2, 3, 4, 5], "spent_fen": [15_000, 40_000, 110_000, 150_000]}


@pytest.fixture(autouse=True)
def _forget():
    cache.forget()


def settle() -> None:
    keeper = Keeper()
    while jobs.run_due(lanes=("analysis",)) or keeper.step():
        pass


@pytest.fixture
def refunded(pond):
    """李雷 gave back most of what he bought, and 韩梅 bought once more in April."""
    for number, name, day, kind, fen in (("R1", "李雷", 6, "cancellation", -19_000), ("N6", "韩梅", 40, "sale", 5_000)):
        Order.objects.create(
            source=pond["tmall"],
            number=number,
            kind=kind,
            customer=pond[name],
            placed_at=at(day),
            amount_fen=fen,
            created_at=at(day),
        )
    refresh([pond["李雷"].pk, pond["韩梅"].pk])
    return pond


def counted(api, of, **asked):
    answer = api.get(f"/insights/people/{of}", **asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["total"]["count"]


def meant(api, of, **asked):
    answer = api.get(f"/insights/people/{of}/rule", **asked)
    assert answer.status_code == 200, answer.content
    tried = api.post("/segments/preview", answer.json())
    assert tried.status_code == 200, tried.content
    return tried.json()["count"]


@pytest.mark.parametrize(
    ("of", "asked"),
    [
        ("buyers", MARCH),
        ("buyers", MARCH | {"grain": "day", "at": "2026-03-04"}),
        ("buyers", {"since": "2026-03-03", "until": "2026-03-04"}),
        ("new_buyers", {"since": "2026-03-02", "until": "2026-03-04"}),
        ("repurchasing", {"since": "2026-03-05", "until": "2026-04-30"}),
        ("repurchasing", MARCH),
        ("times", MARCH | {"reached": 1}),
        ("times", MARCH | {"reached": 2}),
        ("new_customers", {"since": "2026-03-03", "until": "2026-03-31"}),
        ("added", {"since": "2026-03-03", "until": "2026-03-31"}),
        ("lost", MARCH),
        ("cohort", MARCH | {"grain": "day", "cohort": "2026-03-01"}),
        ("cohort", MARCH | {"grain": "day", "cohort": "2026-03-01", "age": 2}),
        ("cohort", {"since": "2026-03-01", "until": "2026-04-30", "grain": "month", "cohort": "2026-03-01", "age": 1}),
        ("product", MARCH | {"sku": "plum"}),
        ("rfm", MARCH | {"quintiles": True, "kind": "champions"}),
    ],
)
def test_the_rule_of_a_number_means_as_many_people(api, refunded, of, asked):
    assert meant(api, of, **asked) == counted(api, of, **asked)


def test_every_cell_and_kind_of_rfm_has_its_rule(api, refunded):
    grid = api.get("/insights/reports/rfm", **MARCH, **BOUNDS).json()["answer"]
    assert sum(row[4] for row in grid["rows"]) == 3
    for r, f, m, _kind, people, _spent in grid["rows"]:
        cell = MARCH | BOUNDS | {"r": r, "f": f, "m": m}
        assert meant(api, "rfm", **cell) == counted(api, "rfm", **cell) == people
        row = MARCH | BOUNDS | {"r": r}
        assert meant(api, "rfm", **row) == counted(api, "rfm", **row) > 0
    for kind in api.get("/insights/reports/rfm", **MARCH).json()["answer"]["notes"]["kinds"]:
        asked = MARCH | BOUNDS | {"kind": kind["key"]}
        assert meant(api, "rfm", **asked) == counted(api, "rfm", **asked)


def test_those_who_went_on_and_those_who_stopped_have_rules(api, refunded):
    today = str((clock.now() + timedelta(hours=8)).date())
    for name, days in (("李雷", 3), ("韩梅", 4), ("=阿东()", 5)):
        for place, what in enumerate(("track:看", "track:加购", "track:买")[: 6 - days]):
            Event.objects.create(
                name=what,
                key=f"{name}{place}",
                at=at(days, place + 1),
                received_at=at(days, place + 1),
                customer=refunded[name],
                source="shop",
                props={},
            )
    steps = {"since": "2026-03-01", "until": today, "step": ["track:看", "track:加购", "track:买"], "window": 86_400}
    found = {}
    for step in (1, 2, 3):
        for stopped in (False, True):
            asked = steps | {"reached": step, "stopped": stopped}
            found[step, stopped] = meant(api, "funnel", **asked)
            assert found[step, stopped] == counted(api, "funnel", **asked)
    assert found == {(1, False): 3, (1, True): 1, (2, False): 2, (2, True): 1, (3, False): 1, (3, True): 1}


@pytest.mark.parametrize(
    ("of", "asked"),
    [
        ("active", {}),
        ("effective", {}),
        ("buyers", {"field": "private"}),
        ("new_customers", {"source": "wecom"}),
        ("buyers", {"free_orders": True}),
        ("funnel", {"step": ["a", "b"]}),
    ],
)
def test_what_cannot_be_said_exactly_is_refused_with_its_reason(api, pond, of, asked):
    refused = api.get(f"/insights/people/{of}/rule", **MARCH, **asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_rule")
    assert refused.json()["message"].startswith("This cannot be said as a segment: ")


def test_amounts_of_two_currencies_are_not_added_up(api, pond):
    OrderSource.objects.create(name="US shop", currency="USD", created_at=at(1))
    assert api.get("/insights/people/buyers/rule", **MARCH).json()["code"] == "not_a_rule"


def test_a_report_is_narrowed_to_a_segment_within_the_viewers_scope(api, guide, pond):
    rule = api.get("/insights/people/repurchasing/rule", **MARCH).json()["rule"]
    segment = api.post("/segments", {"name": "复购的人", "rule": rule}).json()["id"]
    narrowed = MARCH | {"segment": segment}
    assert api.get("/insights/reports/sales", **narrowed).json()["code"] == "segment_not_ready"
    settle()

    told = api.get("/insights/dashboard", **narrowed).json()
    figures = {figure["key"]: figure["value"] for figure in told["figures"]}
    assert (figures["gmv"], figures["buyers"]) == (150_000, 2)
    assert [row["name"] for row in api.get("/insights/people/buyers", **narrowed).json()["items"]] == ["韩梅", "李雷"]
    mine = guide.get("/insights/dashboard", **narrowed).json()
    assert {figure["key"]: figure["value"] for figure in mine["figures"]}["gmv"] == 0
    assert meant(api, "buyers", **narrowed) == 2
    assert api.get("/insights/reports/sales", **MARCH, segment=999).status_code == 404

    api.delete(f"/segments/{segment}")
    assert api.get("/insights/reports/rfm", **narrowed).status_code == 404


def test_what_machines_did_is_in_no_figure(api, pond):
    def active():
        told = api.get("/insights/dashboard", since="2026-05-01", until="2026-05-31").json()
        return {figure["key"]: figure["value"] for figure in told["figures"]}["active"]

    def visit(key, props, customer):
        now = at(70)
        Event.objects.create(
            name="page", key=key, at=now, received_at=now, customer=customer, source="shop", props=props
        )
        cache.forget()

    visit("robot", {"$bot": True, "path": "/"}, pond["李雷"])
    assert active() == 0
    visit("said", {"text": 'he said {"$bot": true} to me'}, pond["李雷"])
    assert active() == 1
    visit("other", {"$bot": False}, pond["韩梅"])
    assert active() == 2
    events = api.get("/insights/reports/events", since="2026-05-01", until="2026-05-31").json()["answer"]["rows"]
    assert [(name, times) for name, times, _people in events] == [("page", 2)]
    assert Customer.objects.count() == 3
