"""The merchant, brands, stores, departments and members, within the viewer's scope."""

from datetime import timedelta

import pytest
from django.utils import timezone

from yutang.customers.models import Customer, OwnershipState
from yutang.customers.services.ownership import apply_relation
from yutang.events.models import Event
from yutang.kernel.actors import SYSTEM
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Department, Member, Role, ScopeKind
from yutang.organization.services.address_book import DepartmentRow, MemberRow, upsert_departments, upsert_members

STORE = {"name": "南山店", "code": "SZ-001", "address": "科技园路 1 号", "latitude": 22.54, "longitude": 113.95}


@pytest.fixture
def corp(make_corp):
    return make_corp()


@pytest.fixture
def staff(corp):
    """东区 holds 阿东 and below it 南山店 with 小兰; 西区 holds 老西."""
    upsert_departments(
        corp,
        [
            DepartmentRow(1, 0, "总部", order=100),
            DepartmentRow(2, 1, "东区", order=50),
            DepartmentRow(3, 2, "南山店", order=1),
            DepartmentRow(4, 1, "西区", order=90),
        ],
    )
    upsert_members(
        corp,
        [
            MemberRow("dong", "阿东", department_ids=[2]),
            MemberRow("lan", "小兰", department_ids=[3]),
            MemberRow("xi", "老西", department_ids=[4]),
        ],
    )
    return {member.userid: member for member in Member.objects.all()}


@pytest.fixture
def departments(staff):
    return {row.name: row for row in Department.objects.all()}


@pytest.fixture
def manager(make_account, departments, api_for):
    """A store manager who sees 东区 and what is below it."""
    account = make_account("manager", role=Role.STORE_MANAGER, scope=ScopeKind.DEPARTMENT)
    account.scope_departments.set([departments["东区"]])
    return api_for(account)


@pytest.fixture
def guide(make_account, staff, api_for):
    return api_for(make_account("guide", role=Role.GUIDE, scope=ScopeKind.OWN, member=staff["lan"]))


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [each["name"] for each in answer.json()["items"]]


def test_the_merchant_has_a_name_and_a_time_zone(api):
    assert api.get("/merchant").json() == {"name": "", "time_zone": "Asia/Shanghai"}
    assert api.put("/merchant", {"name": "鲜果时光", "time_zone": "Asia/Urumqi"}).status_code == 200
    assert api.get("/me").json()["merchant"] == {"name": "鲜果时光", "time_zone": "Asia/Urumqi"}

    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        refused = api.put("/merchant", {"name": "鲜果时光", "time_zone": zone})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, ["time_zone"])
    assert AuditEntry.objects.get(action="merchant.changed").detail["after"]["time_zone"] == "Asia/Urumqi"


def test_brands_are_made_renamed_and_deleted_unless_used(api):
    brand = api.post("/brands", {"name": "鲜果时光"}).json()
    assert api.post("/brands", {"name": "鲜果时光"}).json()["fields"] == {"name": "There is a brand of this name."}
    assert api.put(f"/brands/{brand['id']}", {"name": "鲜果时光 Plus"}).json()["name"] == "鲜果时光 Plus"
    store = api.post("/stores", STORE | {"brand_id": brand["id"]}).json()

    refused = api.delete(f"/brands/{brand['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "brand_in_use")

    api.put(f"/stores/{store['id']}", STORE)
    assert api.delete(f"/brands/{brand['id']}").status_code == 204
    assert api.get("/brands").json()["items"] == []


def test_a_store_is_made_and_changed(api, departments):
    made = api.post("/stores", STORE | {"department_id": departments["南山店"].pk})
    assert made.status_code == 201
    store = made.json()
    assert (store["department"]["name"], store["latitude"], store["is_open"]) == ("南山店", 22.54, True)

    changed = api.put(f"/stores/{store['id']}", STORE | {"name": "南山二店", "is_open": False})
    assert (changed.json()["name"], changed.json()["department"], changed.json()["is_open"]) == (
        "南山二店",
        None,
        False,
    )
    assert names(api.get("/stores", is_open="false")) == ["南山二店"]
    assert names(api.get("/stores", q="sz-0")) == ["南山二店"]
    assert names(api.get("/stores", q="nothing")) == []
    entry = AuditEntry.objects.get(action="store.changed")
    assert (entry.detail["before"]["name"], entry.detail["after"]["name"]) == ("南山店", "南山二店")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"name": "\u202e"}, "name"),
        ({"brand_id": 999}, "brand_id"),
        ({"department_id": 2**60}, "department_id"),
        ({"longitude": None}, "latitude"),
        ({"latitude": 90.5}, "latitude"),
        ({"code": "TAKEN"}, "code"),
    ],
)
def test_a_faulty_store_is_refused_naming_the_field(api, change, field):
    api.post("/stores", STORE | {"code": "TAKEN"})

    refused = api.post("/stores", STORE | change)

    assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])


def test_the_tree_stands_in_wecoms_order_with_counts(api, departments):
    tree = api.get("/departments").json()["items"]

    assert [(row["name"], row["depth"], row["member_count"]) for row in tree] == [
        ("总部", 0, 0),
        ("西区", 1, 1),
        ("东区", 1, 1),
        ("南山店", 2, 1),
    ]
    Department.objects.filter(name="西区").update(gone_at=timezone.now())
    assert "西区" not in [row["name"] for row in api.get("/departments").json()["items"]]
    assert "西区" in [row["name"] for row in api.get("/departments", gone="true").json()["items"]]


def test_members_are_filtered(api, staff, departments, corp, make_corp):
    store = api.post("/stores", STORE).json()
    api.post("/members/move", {"member_ids": [staff["lan"].pk], "store_id": store["id"]})
    Member.objects.filter(userid="xi").update(status="left", alias="Westy")

    assert names(api.get("/members")) == ["老西", "小兰", "阿东"]
    assert names(api.get("/members", q="兰")) == ["小兰"]
    assert names(api.get("/members", q="west")) == ["老西"]
    assert names(api.get("/members", department_id=departments["东区"].pk)) == ["小兰", "阿东"]
    assert names(api.get("/members", store_id=store["id"])) == ["小兰"]
    assert names(api.get("/members", status="left")) == ["老西"]
    assert names(api.get("/members", serves_customers="true")) == []
    assert names(api.get("/members", corp_id=make_corp().pk)) == []
    assert api.get("/members", department_id=999999).status_code == 404


def test_a_member_counts_the_people_it_holds(api, staff):
    now = timezone.now()
    for n, state in enumerate(OwnershipState.values[:3]):
        customer = Customer.objects.create(name=f"c{n}", created_at=now, updated_at=now)
        apply_relation(customer, staff["lan"], OwnershipState(state), at=now, by=SYSTEM)

    assert api.get(f"/members/{staff['lan'].pk}").json()["customer_count"] == 2


def test_a_manager_sees_the_own_department_and_what_is_below(manager, api, departments, staff):
    east = api.post("/stores", STORE | {"code": "E", "department_id": departments["南山店"].pk}).json()
    api.post("/stores", STORE | {"code": "W", "name": "西店", "department_id": departments["西区"].pk})

    assert names(manager.get("/members")) == ["小兰", "阿东"]
    assert names(manager.get("/departments")) == ["东区", "南山店"]
    assert names(manager.get("/stores")) == ["南山店"]
    assert manager.get(f"/stores/{east['id']}").status_code == 200


def test_guessed_ids_out_of_scope_look_like_missing_ones(manager, api, departments, staff):
    west = api.post("/stores", STORE | {"department_id": departments["西区"].pk}).json()
    missing = manager.get("/members/999999").json()

    for path in (
        f"/members/{staff['xi'].pk}",
        f"/stores/{west['id']}",
        f"/members?department_id={departments['西区'].pk}",
        f"/stores?department_id={departments['西区'].pk}",
    ):
        answer = manager.client.get(f"/api{path}")
        assert (answer.status_code, answer.json()) == (404, missing), path


def test_a_guide_sees_the_own_row_and_changes_nothing_else(guide, staff):
    assert names(guide.get("/members")) == ["小兰"]
    assert names(guide.get("/departments")) == ["南山店"]
    for refused in (
        guide.post("/stores", STORE),
        guide.post("/brands", {"name": "x"}),
        guide.put("/merchant", {"name": "x", "time_zone": "UTC"}),
        guide.post("/members/move", {"member_ids": [staff["lan"].pk], "store_id": None}),
        guide.put(f"/members/{staff['xi'].pk}/line", {"takes_customers": False}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_guide_goes_off_line_and_it_is_told(guide, staff):
    assert guide.put("/me/line", {"takes_customers": False}).json()["takes_customers"] is False
    assert guide.put("/me/line", {"takes_customers": False}).status_code == 200

    assert Member.objects.get(userid="lan").takes_customers is False
    assert AuditEntry.objects.get(action="member.went_off_line").actor_name == "guide"
    assert Event.objects.get(name="member.availability_changed").member_id == staff["lan"].pk
    assert guide.get("/me").json()["account"]["member"]["takes_customers"] is False


def test_an_account_without_a_member_cannot_switch_itself(api):
    refused = api.put("/me/line", {"takes_customers": False})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_moving_members_into_a_store_is_audited_once_each(api, staff):
    store = api.post("/stores", STORE).json()
    move = {"member_ids": [staff["lan"].pk, staff["xi"].pk], "store_id": store["id"]}

    assert api.post("/members/move", move).json() == {"moved": 2}
    assert api.post("/members/move", move).json() == {"moved": 0}

    assert AuditEntry.objects.filter(action="member.store_assigned").count() == 2
    assert api.get(f"/stores/{store['id']}").json()["member_count"] == 2
    half_right = {"member_ids": [staff["lan"].pk, 999999], "store_id": None}
    assert api.post("/members/move", half_right).status_code == 404
    assert Member.objects.filter(store=store["id"]).count() == 2


def test_a_list_costs_the_same_queries_however_long(api, corp, django_assert_max_num_queries):
    upsert_members(corp, [MemberRow(f"m{n}", f"员工{n}") for n in range(60)])
    with django_assert_max_num_queries(8):
        assert len(api.get("/members", limit=60).json()["items"]) == 60


def test_today_begins_at_the_merchants_midnight():
    from datetime import UTC, datetime

    from yutang.organization.models import Merchant
    from yutang.organization.services.merchant import start_of_today

    shanghai = Merchant(time_zone="Asia/Shanghai")
    at = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)  # one in the morning of the 11th
    assert start_of_today(shanghai, at=at) == datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
    assert start_of_today(shanghai, at=at - timedelta(hours=2)) == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    assert start_of_today(shanghai, at=at, days_ago=7) == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)


def test_an_administrator_puts_a_member_off_line(api, staff):
    switched = api.put(f"/members/{staff['xi'].pk}/line", {"takes_customers": False})

    assert switched.json()["takes_customers"] is False
    assert AuditEntry.objects.get(action="member.went_off_line").actor_name == "boss"


def test_an_operator_switches_any_member_and_a_store_manager_those_in_scope(make_account, api_for, manager, staff):
    operator = api_for(make_account("op", role=Role.OPERATOR))
    off = {"takes_customers": False}

    assert operator.put(f"/members/{staff['xi'].pk}/line", off).json()["takes_customers"] is False
    assert manager.put(f"/members/{staff['lan'].pk}/line", off).json()["takes_customers"] is False
    refused = manager.put(f"/members/{staff['dong'].pk + 1000}/line", off)
    beyond = manager.put(f"/members/{staff['xi'].pk}/line", {"takes_customers": True})

    assert (beyond.status_code, beyond.json()) == (refused.status_code, refused.json()) == (404, refused.json())
    assert set(Member.objects.filter(takes_customers=False)) == {staff["xi"], staff["lan"]}
    for role in (Role.ANALYST, Role.AUDITOR):
        reader = api_for(make_account(role=role))
        assert reader.put(f"/members/{staff['dong'].pk}/line", off).json()["code"] == "not_allowed"


def test_an_operator_tags_a_customer_and_it_is_noted(api, make_member):
    member, now = make_member(), timezone.now()
    customer = Customer.objects.create(name="李雷", created_at=now, updated_at=now)
    apply_relation(customer, member, OwnershipState.MUTUAL, at=now, by=SYSTEM)
    group = api.post("/tag-groups", {"name": "口味", "kind": "own"}).json()
    (tag,) = api.post(f"/tag-groups/{group['id']}/tags", {"name": "爱吃芒果"}).json()["tags"]

    assert api.post(f"/customers/{customer.pk}/tags", {"tag_ids": [tag["id"]]}).status_code == 200, tag

    assert AuditEntry.objects.get(action="customers.tagged").subject_id == str(customer.pk)
