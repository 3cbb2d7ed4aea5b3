"""The first page and the search over everything."""

from datetime import timedelta

import pytest

from yutang.acquisition.models import LiveCode
from yutang.api import figures
from yutang.commerce.models import Order, OrderSource
from yutang.customers.models import Customer
from yutang.customers.services.derive import refresh, reindex
from yutang.customers.services.ownership import apply_relation
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Role, ScopeKind


@pytest.fixture(autouse=True)
def _forget():
    figures._kept.clear()


@pytest.fixture
def pond(make_member):
    """李雷 and 韩梅 with 小兰, 阿东 with 老王 who lost them again; 李雷 bought for ¥128.50 less a cancelled ¥20."""
    now = clock.now()
    lan, wang = make_member("lan", name="小兰"), make_member("wang", name="老王")
    people = {}
    for name, member, ago in (("李雷", lan, 0), ("韩梅", lan, 1), ("阿东", wang, 0)):
        customer = Customer.objects.create(name=name, source="wecom", created_at=now, updated_at=now)
        at = now - timedelta(days=ago, seconds=5)
        apply_relation(customer, member, "mutual", at=at, by=SYSTEM)
        people[name] = customer
    apply_relation(people["阿东"], wang, "deleted_by_customer", at=now, by=SYSTEM)
    source = OrderSource.objects.create(name="小程序商城", created_at=now)
    for number, kind, fen in (("SO-1001", "sale", 12850), ("SO-1002", "cancellation", -2000)):
        Order.objects.create(
            source=source,
            number=number,
            kind=kind,
            customer=people["李雷"],
            placed_at=now,
            amount_fen=fen,
            created_at=now,
        )
    refresh([person.pk for person in people.values()])
    reindex([person.pk for person in people.values()])
    return {"lan": lan, "wang": wang} | people


@pytest.fixture
def guide(make_account, pond, api_for):
    return api_for(make_account("guide", role=Role.GUIDE, scope=ScopeKind.OWN, member=pond["wang"]))


def test_an_empty_pond_says_what_to_do_first(api):
    answer = api.get("/overview")
    assert answer.status_code == 200
    told = answer.json()

    assert (told["customers"], told["orders"], told["amount_fen"], told["currency"]) == (0, 0, 0, "CNY")
    assert (told["attention"], told["latest"], len(told["days"])) == ([], [], 30)
    assert [(step["key"], step["is_done"]) for step in told["setup"]] == [
        ("connect_corp", False),
        ("verify_callback", False),
        ("sync_members", False),
        ("first_live_code", False),
        ("first_import", False),
        ("first_contact", False),
    ]
    assert all(step["title"] and step["next"] and step["href"].startswith("/") for step in told["setup"])


def test_the_overview_tells_how_the_pond_stands(api, pond):
    told = api.get("/overview").json()

    assert {name: told[name] for name in ("customers", "contacts", "new_today", "new_week")} == {
        "customers": 3,
        "contacts": 2,
        "new_today": 3,
        "new_week": 3,
    }
    assert (told["added_today"] + told["added_yesterday"], told["lost_today"]) == (3, 1)
    assert told["turnovers"] == [{"currency": "CNY", "orders": 1, "amount_fen": 10850}]
    assert (told["orders"], told["amount_fen"]) == (1, 10850)
    assert told["sources"] == [{"source": "wecom", "label": "WeCom", "count": 3}]
    assert sum(day["added"] for day in told["days"]) == 3
    assert told["latest"][0]["label"]
    done = {step["key"]: step["is_done"] for step in told["setup"]}
    assert (done["first_contact"], done["sync_members"], done["first_import"]) == (True, True, False)


def test_a_guides_overview_is_of_own_customers(guide, pond):
    told = guide.get("/overview").json()

    assert (told["customers"], told["contacts"], told["new_today"]) == (1, 0, 1)
    assert (told["added_today"] + told["added_yesterday"], told["lost_today"]) == (1, 1)
    assert (told["orders"], told["setup"], told["attention"], told["latest"]) == (0, [], [], [])


def test_yesterday_ends_at_the_merchants_midnight(api, pond):
    api.put("/merchant", {"name": "x", "time_zone": "Pacific/Kiritimati"})
    east = api.get("/overview").json()["days"]
    api.put("/merchant", {"name": "x", "time_zone": "Pacific/Pago_Pago"})
    west = api.get("/overview").json()["days"]

    assert east[-1]["day"] > west[-1]["day"]
    assert sum(day["added"] for day in east) == sum(day["added"] for day in west) == 3


def test_the_overview_costs_a_bounded_number_of_queries(api, pond, django_assert_max_num_queries):
    with django_assert_max_num_queries(110):
        api.get("/overview")


def hits(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.json()
    return [(hit["kind"], hit["title"]) for hit in answer.json()["items"]]


def test_search_finds_customers_members_and_orders(api, pond):
    assert hits(api.get("/search", q="李雷")) == [("customer", "李雷")]
    assert hits(api.get("/search", q="小兰")) == [("member", "小兰")]
    assert hits(api.get("/search", q="SO-100")) == [("order", "SO-1001"), ("order", "SO-1002")]
    assert hits(api.get("/search", q="O-1001")) == []
    assert hits(api.get("/search", q="  ")) == []
    assert hits(api.get("/search")) == []
    for odd in ("%", "_", "'; DROP TABLE", "\\", "🐟" * 200):
        assert api.get("/search", q=odd).status_code == 200


def test_search_finds_live_codes(api, make_corp):
    now = clock.now()
    LiveCode.objects.create(name="包裹卡", corp=make_corp(), created_at=now, updated_at=now)
    assert hits(api.get("/search", q="包裹")) == [("live_code", "包裹卡")]


def test_a_guide_finds_nothing_of_others(guide, pond):
    assert hits(guide.get("/search", q="李雷")) == []
    assert hits(guide.get("/search", q="SO-1001")) == []
    assert hits(guide.get("/search", q="小兰")) == []
    assert hits(guide.get("/search", q="老王")) == [("member", "老王")]
    assert hits(guide.get("/search", q="阿东")) == [("customer", "阿东")]
