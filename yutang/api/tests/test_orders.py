"""Orders over HTTP: the list with its filters and pages, one order, a person's orders, and who sees which."""

import pytest

from yutang.commerce.models import ImportRun
from yutang.commerce.services import runs
from yutang.commerce.services.run_import import carry_out
from yutang.customers.models import Customer, OwnershipState
from yutang.customers.services.ownership import apply_relation
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Role, ScopeKind

TABLE = (
    "订单号,下单时间,会员号,手机号,商品名称,数量,单价\n"
    "A100,2026-01-05 23:30,m1,,苹果,2,3.5\nA100,2026-01-05 23:30,m1,,梨,1.5,2\n"
    "A101,2026-01-06 00:10,,13912345678,梨,1,8\nA102,2026-01-07 10:00,,,枣,1,1\nC103,2026-01-08 10:00,m1,,苹果,-1,3.5\n"
)


@pytest.fixture
def shop(db, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(TABLE)
    options = {"cancellation_prefix": "C", "zone": "Asia/Shanghai"}
    run = runs.create_run_from_path(path, source="shop", by=SYSTEM, options=options)
    runs.start(run, by=SYSTEM)
    carry_out(run.pk)
    return {customer.identities.get().value: customer for customer in Customer.objects.all()}


def numbers(api, **query):
    return [order["number"] for order in api.get("/orders", **query).json()["items"]]


def test_orders_are_listed_newest_first_page_by_page_and_filtered(api, shop):
    first = api.get("/orders", limit=3).json()
    assert [order["number"] for order in first["items"]] == ["C103", "A102", "A101"]
    assert first["total"] == {"count": 4, "exact": True}
    rest = api.get("/orders", limit=3, cursor=first["next"]).json()
    assert ([order["number"] for order in rest["items"]], rest["next"]) == (["A100"], None)

    assert numbers(api, q="A10") == ["A102", "A101", "A100"]
    assert numbers(api, kind="cancellation") == ["C103"]
    assert numbers(api, since="2026-01-06", until="2026-01-06") == ["A101"]
    assert numbers(api, customer=shop["m1"].pk) == ["C103", "A100"]
    (source,) = api.get("/order-sources").json()
    assert source["name"] == "shop"
    assert len(numbers(api, source=source["id"])) == 4
    assert api.get("/orders", customer=999).status_code == 404
    assert api.get("/orders", cursor="x").status_code == 422


def test_an_order_shows_its_lines_and_whose_it_is(api, shop):
    found = api.get("/orders", q="A100").json()["items"][0]
    order = api.get(f"/orders/{found['id']}").json()

    assert (order["customer_id"], order["currency"], order["amount_fen"]) == (shop["m1"].pk, "CNY", 1_000)
    assert order["placed_at"].startswith("2026-01-05T15:30:00")
    lines = [(line["title"], line["quantity"], line["unit_price"], line["amount_fen"]) for line in order["lines"]]
    assert lines == [("苹果", "2", "3.5", 700), ("梨", "1.5", "2", 300)]


def test_a_persons_orders_are_those_of_all_their_records(api, shop):
    from yutang.customers.services.merge import merge

    merge(shop["m1"], shop["+8613912345678"], by=SYSTEM)
    body = api.get(f"/customers/{shop['m1'].pk}/orders").json()

    assert [order["number"] for order in body["items"]] == ["C103", "A101", "A100"]
    assert {order["customer_id"] for order in body["items"]} == {shop["m1"].pk}
    assert body["sums"] == [{"currency": "CNY", "orders": 2, "amount_fen": 1_450}]


def test_a_narrow_scope_shows_orders_of_its_own_customers_only(api_for, make_account, make_member, shop):
    member = make_member()
    apply_relation(shop["m1"], member, OwnershipState.MUTUAL, at=clock.now(), by=SYSTEM)
    guide = api_for(make_account(role=Role.GUIDE, scope=ScopeKind.OWN, member=member))

    assert numbers(guide) == ["C103", "A100"]
    everyone = {order["number"]: order["id"] for order in api_for(make_account("chief")).get("/orders").json()["items"]}
    assert guide.get(f"/orders/{everyone['A100']}").status_code == 200
    for number in ("A101", "A102"):
        assert guide.get(f"/orders/{everyone[number]}").status_code == 404
    assert guide.get(f"/customers/{shop['+8613912345678'].pk}/orders").status_code == 404


def test_an_erased_person_leaves_orders_for_the_books_without_a_name(api, shop):
    from yutang.customers.services.erase import erase

    erase(shop["m1"], by=SYSTEM, reason="asked")

    order = api.get("/orders", q="A100").json()["items"][0]
    assert (order["amount_fen"], order["customer_name"]) == (1_000, "")
    # The file that named them is gone too, with what was shown of it.
    kept = ImportRun.objects.get()
    assert (kept.layout["samples"], kept.summary["samples"], kept.staged) == ([], [], "")
    assert "13912345678" not in str(api.get(f"/imports/{kept.pk}").json())
    assert api.get(f"/customers/{shop['m1'].pk}/orders").status_code == 404
