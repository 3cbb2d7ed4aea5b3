import csv
import io

import pytest

from yutang.customers import listing
from yutang.customers.consents import ConsentChannel
from yutang.customers.models import (
    Customer,
    Erasure,
    Identity,
    Merge,
    Ownership,
    OwnershipState,
    Review,
    SearchTerm,
    Tag,
    TagGroupKind,
)
from yutang.customers.services.ownership import apply_relation
from yutang.customers.services.resolve import give_phone
from yutang.customers.services.tags import add_tags, create_group, create_tag
from yutang.customers.tests.factories import AT, a_contact, a_customer, a_phone, at, buyer, phone, tell, wecom
from yutang.events.models import Event
from yutang.kernel.actors import SYSTEM
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Role, ScopeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_tag():
    group = create_group("口味", kind=TagGroupKind.OWN, by=SYSTEM)
    return create_tag(group, "荔枝控", by=SYSTEM)


@pytest.fixture
def guide(make_account, make_member, api_for):
    """A guide's client and the member the guide is."""
    member = make_member("guide")
    return api_for(make_account("guide", role=Role.GUIDE, scope=ScopeKind.OWN, member=member)), member


@pytest.fixture
def manager(make_account, make_member, api_for):
    """An operator who sees one member's customers only."""
    member = make_member("mine")
    return api_for(make_account("manager", role=Role.OPERATOR, scope=ScopeKind.OWN, member=member)), member


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["items"]]


def test_a_row_of_the_list_says_what_matters(api, make_member, own_tag):
    member = make_member("xiaoli", name="小李")
    number = a_phone()
    customer = a_contact(member, "林夏", remark="林姐", phones=(number,))
    add_tags([customer.pk], [own_tag.pk], by=SYSTEM)

    (row,) = api.get("/customers").json()["items"]

    assert row["last_event_at"] is not None
    del row["last_event_at"]
    assert row == {
        "id": customer.pk,
        "name": "林夏",
        "avatar": None,
        "remark": "林姐",
        "gender": "unknown",
        "stage": "contact",
        "source": "test",
        "source_label": "test",
        "phone_masked": f"{number[:3]}****{number[-4:]}",
        "tags": [{"id": own_tag.pk, "name": "荔枝控", "group": "口味"}],
        "owners": [{"id": member.pk, "name": "小李", "avatar": None, "state": "mutual"}],
        "order_count": 0,
        "spent_fen": 0,
        "last_order_at": None,
        "added_at": "2026-03-01T08:00:00+00:00",
        "created_at": "2026-03-01T08:00:00+00:00",
    }


def test_the_list_pages_newest_first(api):
    made = [a_customer(f"客户{n}").pk for n in range(5)]
    first = api.get("/customers", limit=2).json()
    second = api.get("/customers", limit=2, cursor=first["next"]).json()
    third = api.get("/customers", limit=2, cursor=second["next"]).json()

    assert [row["id"] for page in (first, second, third) for row in page["items"]] == made[::-1]
    assert third["next"] is None
    assert first["total"] == {"count": 5, "exact": True}
    assert api.get("/customers", cursor="nonsense").status_code == 422


@pytest.mark.parametrize("near", [0, 3, 50])
def test_a_list_of_a_time_long_ago_is_the_same_however_it_is_gone_through(api, make_member, own_tag, monkeypatch, near):
    """Many were added in it, so they are looked for among the newest people first and then as a whole."""
    monkeypatch.setattr(listing, "COUNT_CAP", 4)
    monkeypatch.setattr(listing, "NEAR", near)
    ming, hong = make_member("ming"), make_member("hong")
    added = [a_contact(ming, f"客{n}", when=at(-n)) for n in range(12)]  # the later known, the longer ago added
    apply_relation(added[7], hong, OwnershipState.MUTUAL, at=at(-8), by=SYSTEM)
    add_tags([each.pk for each in added[3:11]], [own_tag.pk], by=SYSTEM)
    span = {"added_from": at(-10).isoformat(), "added_to": at(-1).isoformat()}

    seen, cursor = [], None
    while True:
        page = api.get("/customers", limit=4, **span, **({"cursor": cursor} if cursor else {})).json()
        assert page["total"] == {"count": 4, "exact": False}
        seen += [row["name"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == [f"客{n}" for n in range(10, 1, -1)]
    tagged = api.get("/customers", tag=own_tag.pk, stage="contact", **span)
    assert names(tagged) == [f"客{n}" for n in range(10, 2, -1)]


def test_the_number_of_queries_does_not_grow_with_the_list(api, make_member, own_tag, django_assert_num_queries):
    member = make_member()
    for number in range(3):
        add_tags([a_contact(member, f"客户{number}", phones=(a_phone(),)).pk], [own_tag.pk], by=SYSTEM)
    api.get("/customers")
    with django_assert_num_queries(9):  # session, account, ids, merged, records and four that hang on them
        api.get("/customers")
    for number in range(20):
        add_tags([a_contact(member, f"更多{number}", phones=(a_phone(),)).pk], [own_tag.pk], by=SYSTEM)
    with django_assert_num_queries(9):
        assert len(api.get("/customers").json()["items"]) == 23


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("林夏", ["林夏"]),
        ("林", ["林小满", "林夏"]),
        ("小满", ["林小满"]),
        ("林姐", ["林夏"]),
        ("ali", ["Alice Wong"]),
        ("AL", ["Alice Wong"]),
        ("a", ["Alice Wong"]),
        ("alice wong", ["Alice Wong"]),
        ("ＡＬＩＣＥ", ["Alice Wong"]),
        ("13912340001", ["林夏"]),
        ("+86 139-1234-0001", ["林夏"]),
        ("0001", ["林夏"]),
        ("荔枝", ["林小满"]),
        ("王", []),
        ("%", []),
        ("'; drop table", []),
    ],
)
def test_people_are_found_by_name_remark_phone_and_tag(api, make_member, own_tag, query, found):
    a_contact(make_member(), "林夏", remark="林姐", phones=("13912340001",))
    a_customer("Alice Wong")
    add_tags([a_customer("林小满").pk], [own_tag.pk], by=SYSTEM)

    assert names(api.get("/customers", q=query)) == found


def test_filters_narrow_the_list_together(api, make_member, own_tag):
    first, second = make_member(), make_member()
    lin = a_contact(first, "林夏", when=at(0))
    xia = a_contact(second, "夏天", when=at(86_400))
    lost = a_contact(first, "走了", when=at(10))
    apply_relation(lost, first, OwnershipState.DELETED_BY_CUSTOMER, at=at(500), by=SYSTEM)
    a_customer("陌生人")
    add_tags([lin.pk, xia.pk], [own_tag.pk], by=SYSTEM)

    assert names(api.get("/customers", tag=own_tag.pk)) == ["夏天", "林夏"]
    assert names(api.get("/customers", tag=own_tag.pk, member=first.pk)) == ["林夏"]
    assert names(api.get("/customers", stage="lost")) == ["走了"]
    assert names(api.get("/customers", state="deleted_by_customer")) == ["走了"]
    assert names(api.get("/customers", member=first.pk, stage="contact")) == ["林夏"]
    assert names(api.get("/customers", stage="stranger")) == ["陌生人"]
    assert names(api.get("/customers", added_from="2026-03-02T00:00:00Z")) == ["夏天"]
    assert names(api.get("/customers", added_to="2026-03-02T00:00:00Z", tag=own_tag.pk)) == ["林夏"]
    assert names(api.get("/customers", has_orders=True)) == []
    assert names(api.get("/customers", source="test", q="夏")) == ["夏天", "林夏"]
    assert api.get("/customers", stage="nonsense").status_code == 422


def test_a_merged_record_is_listed_and_found_as_its_person(api):
    number = a_phone()
    imported = a_customer("Mrs Lin", buyer("1"), phone(number))
    contact = a_customer("林夏", wecom("wmA"))
    give_phone(contact, number, source="form", at=AT, by=SYSTEM)

    assert names(api.get("/customers", q="林夏")) == names(api.get("/customers")) == ["Mrs Lin"]
    assert api.get(f"/customers/{contact.pk}").json()["id"] == imported.pk
    profile = api.get(f"/customers/{imported.pk}").json()
    assert profile["record_ids"] == [imported.pk, contact.pk]
    assert [each["reason"] for each in profile["merges"]] == ["phone"]


def test_a_viewer_sees_the_customers_of_members_in_scope_only(guide, make_member):
    client, member = guide
    other = make_member("other")
    mine, theirs = a_contact(member, "我的"), a_contact(other, "别人的", phones=("13912340002",))
    a_customer("没人的")
    given_away = a_contact(member, "转走的")
    apply_relation(given_away, member, OwnershipState.TRANSFERRED, at=at(60), by=SYSTEM)

    answer = client.get("/customers")
    assert names(answer) == ["我的"]
    assert answer.json()["total"]["count"] == 1
    assert names(client.get("/customers", q="别人")) == names(client.get("/customers", q="13912340002")) == []
    assert names(client.get("/customers", member=other.pk)) == []
    assert client.get(f"/customers/{mine.pk}").status_code == 200
    assert client.get(f"/customers/{theirs.pk}").status_code == client.get("/customers/999999").status_code == 404
    assert client.get(f"/customers/{theirs.pk}").json() == client.get("/customers/999999").json()


def test_another_members_relation_and_tags_stay_hidden(guide, make_member):
    client, member = guide
    other = make_member("other", name="小王")
    customer = a_contact(member, "共有的", remark="我的备注")
    apply_relation(customer, other, OwnershipState.MUTUAL, at=at(5), by=SYSTEM)

    profile = client.get(f"/customers/{customer.pk}").json()

    assert [each["member"]["id"] for each in profile["ownerships"]] == [member.pk]
    assert [owner["id"] for owner in profile["owners"]] == [member.pk]
    assert "小王" not in str(profile)


SCOPED = [
    ("get", "/customers/{id}", None),
    ("patch", "/customers/{id}", {"gender": "female"}),
    ("get", "/customers/{id}/timeline", None),
    ("get", "/customers/{id}/identities", None),
    ("post", "/customers/{id}/reveal-phone", {}),
    ("post", "/customers/{id}/merge", {"other_id": "{mine}"}),
    ("post", "/customers/{mine}/merge", {"other_id": "{id}"}),
    ("post", "/customers/{id}/tags", {"tag_ids": ["{tag}"]}),
    ("delete", "/customers/{id}/tags/{tag}", None),
    ("post", "/customers/tags", {"customer_ids": ["{mine}", "{id}"], "add": ["{tag}"]}),
    ("post", "/customers/{id}/phones", {"phone": "13912345699"}),
    ("post", "/customers/{id}/consents", {"purpose": "marketing", "channel": "sms", "granted": True}),
    ("post", "/customers/merges/{merge}/undo", {}),
    ("post", "/reviews/{review}/decide", {"same": True}),
]


def filled(value, ids):
    if isinstance(value, str):
        return int(value.format(**ids)) if value.startswith("{") and value.endswith("}") else value.format(**ids)
    if isinstance(value, list):
        return [filled(each, ids) for each in value]
    return {key: filled(each, ids) for key, each in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(("verb", "path", "body"), SCOPED)
def test_nothing_can_be_done_to_whom_one_may_not_see(manager, make_member, own_tag, verb, path, body):
    client, member = manager
    other, number = make_member("other"), a_phone()
    mine, theirs = a_contact(member, "我的"), a_contact(other, "别人的", phones=(a_phone(),))
    give_phone(a_customer("", buyer("9"), phone(number)), number, source="x", at=AT, by=SYSTEM)
    give_phone(theirs, number, source="x", at=AT, by=SYSTEM)
    theirs = Customer.objects.get(pk=theirs.pk)
    shared = a_phone()
    give_phone(mine, shared, source="x", at=AT, by=SYSTEM)
    give_phone(theirs, shared, source="x", at=AT, by=SYSTEM)
    ids = {
        "id": theirs.pk,
        "mine": mine.pk,
        "tag": own_tag.pk,
        "merge": Merge.objects.get().pk,
        "review": Review.objects.get().pk,
    }
    before = (Event.objects.count(), AuditEntry.objects.count())

    send = getattr(client, verb)
    answer = send(path.format(**ids)) if body is None else send(path.format(**ids), filled(body, ids))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (Event.objects.count(), AuditEntry.objects.count()) == before


def test_the_list_of_reviews_keeps_to_the_scope(api, manager, make_member):
    client, member = manager
    number = a_phone()
    left, right = a_contact(member, phones=(number,)), a_contact(make_member("other"), phones=(number,))

    (review,) = api.get("/reviews").json()["items"]
    assert (review["left"]["id"], review["right"]["id"], review["reason"]) == (left.pk, right.pk, "phone")
    assert review["evidence"]["contradicting"] == "external_userid"
    assert client.get("/reviews").json()["items"] == []

    decided = api.post(f"/reviews/{review['id']}/decide", {"same": True})
    assert (decided.status_code, decided.json()["state"]) == (200, "merged")
    again = api.post(f"/reviews/{review['id']}/decide", {"same": False})
    assert (again.status_code, again.json()["code"]) == (409, "review_already_decided")
    assert api.get("/reviews").json()["items"] == []
    assert len(api.get("/reviews", state="merged").json()["items"]) == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_whoever_only_looks_changes_nothing(api_for, make_account, role, own_tag):
    client, customer = api_for(make_account(role=role)), a_customer("林夏", phone(a_phone()))
    path = f"/customers/{customer.pk}"

    assert client.get(path).status_code == 200
    for answer in (
        client.patch(path, {"name": "x"}),
        client.post(f"{path}/tags", {"tag_ids": [own_tag.pk]}),
        client.post(f"{path}/reveal-phone", {}),
        client.post(f"{path}/erase", {}),
        client.post(f"{path}/merge", {"other_id": 1}),
        client.post("/tag-groups", {"name": "x"}),
        client.post("/custom-fields", {"key": "a", "label": "b", "kind": "text"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_profile_is_edited(api):
    assert api.post("/custom-fields", {"key": "birthday", "label": "生日", "kind": "date"}).status_code == 201
    assert api.post("/custom-fields", {"key": "taste", "label": "口味", "kind": "text"}).status_code == 201
    customer = a_customer("Mrs Lin")
    edit = {"name": "林\x07太太 <b>", "gender": "female", "stage": "repeat", "fields": {"birthday": "1990-05-01"}}

    profile = api.patch(f"/customers/{customer.pk}", edit).json()

    assert (profile["name"], profile["gender"], profile["stage"]) == ("林太太 <b>", "female", "repeat")
    assert (profile["fields"], profile["stage_set"]) == ({"birthday": "1990-05-01"}, "repeat")
    assert api.patch(f"/customers/{customer.pk}", {"stage": ""}).json()["stage"] == "stranger"
    assert api.patch(f"/customers/{customer.pk}", {"fields": {"birthday": None}}).json()["fields"] == {}
    api.patch(f"/customers/{customer.pk}", {"fields": {"taste": "爱吃荔枝"}})
    assert names(api.get("/customers", q="荔枝")) == ["林太太 <b>"]
    refused = api.patch(f"/customers/{customer.pk}", {"fields": {"birthday": "soon", "nope": 1}})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"birthday", "nope"})
    assert AuditEntry.objects.filter(action="customer.edited").count() == 4


def test_a_name_from_wechat_is_not_ours_to_edit(api, make_member):
    customer = a_contact(make_member(), "林夏")
    refused = api.patch(f"/customers/{customer.pk}", {"name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "name_from_wechat")


def test_a_number_is_revealed_on_record_and_not_without_end(api, settings):
    number = a_phone()
    customer = a_customer("林夏", phone(number))
    masked = api.get(f"/customers/{customer.pk}").json()["phones"]
    assert masked[0]["masked"] == f"{number[:3]}****{number[-4:]}"
    assert number not in str(api.get(f"/customers/{customer.pk}/identities").json())

    shown = api.post(f"/customers/{customer.pk}/reveal-phone", {"identity_id": masked[0]["identity_id"]})

    assert shown.json() == {"phone": number}
    entry = AuditEntry.objects.get(action="customer.phone_revealed")
    assert (entry.subject_id, entry.actor_name) == (str(customer.pk), "boss")
    assert number not in str(entry.detail)
    for _ in range(119):
        api.post(f"/customers/{customer.pk}/reveal-phone", {})
    assert api.post(f"/customers/{customer.pk}/reveal-phone", {}).status_code == 429


def test_the_timeline_tells_in_both_languages(api, api_for, make_account, make_member):
    customer = a_contact(make_member(name="小李"), "林夏")
    english = api.get(f"/customers/{customer.pk}/timeline").json()["items"]
    chinese = api_for(make_account("zh"), language="zh").get(f"/customers/{customer.pk}/timeline").json()["items"]

    assert {each["label"] for each in english} >= {"Contact added", "Customer created"}
    assert {each["label"] for each in chinese} >= {"添加好友", "新建客户"}
    first = api.get(f"/customers/{customer.pk}/timeline", limit=1).json()
    rest = api.get(f"/customers/{customer.pk}/timeline", limit=50, cursor=first["next"]).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == [each["id"] for each in english]


def test_a_merge_by_hand_is_undone(api):
    left, right = a_customer("左"), a_customer("右")
    merged = api.post(f"/customers/{right.pk}/merge", {"other_id": left.pk}).json()
    assert (merged["id"], merged["record_ids"]) == (left.pk, [left.pk, right.pk])
    again = api.post(f"/customers/{right.pk}/merge", {"other_id": left.pk})
    assert (again.status_code, again.json()["code"]) == (409, "already_one_person")

    undone = api.post(f"/customers/merges/{merged['merges'][0]['id']}/undo", {})
    assert (undone.json()["id"], undone.json()["record_ids"]) == (left.pk, [left.pk])
    assert names(api.get("/customers")) == ["右", "左"]
    twice = api.post(f"/customers/merges/{merged['merges'][0]['id']}/undo", {})
    assert (twice.status_code, twice.json()["code"]) == (409, "merge_already_undone")


def test_a_phone_given_in_the_console_joins_history_and_contact(api, make_member):
    number = a_phone()
    imported, contact = a_customer("17850", buyer("17850"), phone(number)), a_contact(make_member(), "林夏")
    profile = api.post(f"/customers/{contact.pk}/phones", {"phone": number}).json()

    assert (profile["id"], profile["stage"]) == (imported.pk, "contact")
    bad = api.post(f"/customers/{contact.pk}/phones", {"phone": "13800138000"})
    assert (bad.status_code, bad.json()["code"]) == (422, "nothing_to_go_by")


def test_tags_are_put_and_taken_by_hand(api, own_tag):
    customers = [a_customer(f"客户{n}").pk for n in range(3)]
    assert api.post("/customers/tags", {"customer_ids": customers, "add": [own_tag.pk]}).json() == {
        "added": 3,
        "removed": 0,
    }
    profile = api.delete(f"/customers/{customers[0]}/tags/{own_tag.pk}").json()
    assert profile["tags"] == []
    assert names(api.get("/customers", tag=own_tag.pk)) == ["客户2", "客户1"]
    (group,) = api.get("/tag-groups").json()["items"]
    assert group["tags"] == [{"id": own_tag.pk, "name": "荔枝控", "order": 0, "in_wecom": False, "customers": 2}]
    assert api.post(f"/customers/{customers[0]}/tags", {"tag_ids": [999]}).status_code == 404


def test_consents_count_strictest_over_a_person(api):
    left, right = a_customer("左"), a_customer("右")
    said = {"purpose": "marketing", "channel": ConsentChannel.SMS}
    api.post(f"/customers/{left.pk}/consents", {**said, "granted": False})
    api.post(f"/customers/{right.pk}/consents", {**said, "granted": True})
    merged = api.post(f"/customers/{left.pk}/merge", {"other_id": right.pk}).json()
    assert [each["granted"] for each in merged["consents"]] == [False]

    now = api.post(f"/customers/{left.pk}/consents", {**said, "granted": True}).json()
    assert [each["granted"] for each in now["consents"]] == [True]


def test_an_export_is_scoped_audited_and_harmless_to_spreadsheets(api, manager, make_member):
    client, member = manager
    a_contact(member, "=cmd|' /C calc'!A0", remark="林姐")
    a_contact(make_member("other"), "别人的")

    answer = client.get("/customers/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [row["name"] for row in rows] == ["'=cmd|' /C calc'!A0"]
    assert rows[0]["remark"] == "林姐"
    assert AuditEntry.objects.filter(action="customers.exported").count() == 1
    everybody = b"".join(api.get("/customers/export.csv").streaming_content).decode()
    assert everybody.startswith("\ufeffid,name")
    assert len(everybody.splitlines()) == 3


def test_an_erased_person_is_gone_and_provably_so(api, make_member, own_tag):
    from yutang.customers.identity import Claim
    from yutang.customers.services.erase import was_erased

    number, member = a_phone(), make_member()
    imported = a_customer("Mrs Lin", buyer("17850"), phone(number))
    contact = a_contact(member, "林夏", remark="林姐", phones=(number,))
    add_tags([contact.pk], [own_tag.pk], by=SYSTEM)
    copy = api.get(f"/customers/{contact.pk}/copy").json()
    assert f"+86{number}" in str(copy)

    receipt = api.post(f"/customers/{contact.pk}/erase", {"reason": "asked to"}).json()

    assert receipt["customer_id"] == imported.pk
    assert receipt["counts"] == receipt["counts"] | {"identities": 4, "records": 2, "relations": 1, "taggings": 1}
    assert api.get(f"/erasures/{receipt['id']}").json() == receipt
    assert Erasure.objects.get().proof == receipt["proof"]
    for path in (f"/customers/{imported.pk}", f"/customers/{contact.pk}"):
        assert api.get(path).status_code == 404
    assert names(api.get("/customers")) == names(api.get("/customers", q=number)) == []
    assert SearchTerm.objects.count() == 0
    everything = str([list(model.objects.values()) for model in (Customer, Identity, Ownership, Event, AuditEntry)])
    assert not any(word in everything for word in (number, "林夏", "林姐", "17850", "Mrs"))
    assert was_erased(Claim("phone", number))
    assert not was_erased(Claim("phone", a_phone()))
    # Whoever comes back is a new customer.
    assert tell(phone(number)).created


def test_hostile_input_is_answered_not_suffered(api):
    customer = a_customer("林夏")
    path = f"/customers/{customer.pk}"
    for name in ("<img src=x onerror=alert(1)>", "\u202eevil", "😀" * 500, "a" * 1_999):
        assert api.patch(path, {"name": name}).status_code == 200
    raw = api.client.patch(f"/api{path}", data=b'{"name": "\\ud800"}', content_type="application/json")
    assert raw.status_code in (400, 422)
    assert api.patch(path, {"name": "\x00"}).status_code == 422
    assert api.get("/customers/99999999999999999999999").status_code in (404, 422)
    assert api.get("/customers", tag="99999999999999999999999").status_code == 422
    assert api.get("/customers", q="\x00").status_code == 422
    assert api.get("/customers", q="x" * 201).status_code == 422


def test_the_tag_library_is_edited(api, make_corp):
    corp = make_corp()
    made = api.post("/tag-groups", {"name": "等级", "kind": "corp", "corp_id": corp.pk, "tags": ["VIP"]})
    assert made.status_code == 201
    group = made.json()
    assert (group["corp"], [tag["name"] for tag in group["tags"]]) == ({"id": corp.pk, "name": corp.name}, ["VIP"])
    assert (
        api.post("/tag-groups", {"name": "等级", "kind": "corp", "corp_id": corp.pk}).json()["code"] == "tag_name_taken"
    )
    assert api.post("/tag-groups", {"name": "x", "kind": "corp"}).status_code == 422
    grown = api.post(f"/tag-groups/{group['id']}/tags", {"name": "新客"}).json()
    assert len(grown["tags"]) == 2
    renamed = api.patch(f"/tags/{group['tags'][0]['id']}", {"name": "至尊"}).json()
    assert {tag["name"] for tag in renamed["tags"]} == {"至尊", "新客"}
    assert api.patch(f"/tag-groups/{group['id']}", {"name": "会员等级"}).json()["name"] == "会员等级"
    assert api.delete(f"/tags/{group['tags'][0]['id']}").status_code == 204
    assert api.delete(f"/tag-groups/{group['id']}").status_code == 204
    assert api.get("/tag-groups").json()["items"] == []
    assert Tag.objects.count() == 2
    assert api.delete(f"/tag-groups/{group['id']}").status_code == 404


def test_custom_fields_are_defined_changed_and_archived(api):
    bad = api.post("/custom-fields", {"key": "Bad Key", "label": "x", "kind": "text"})
    assert (bad.status_code, bad.json()["fields"]) == (422, {"key": "malformed"})
    assert api.post("/custom-fields", {"key": "size", "label": "x", "kind": "choice"}).status_code == 422
    made = api.post("/custom-fields", {"key": "size", "label": "尺码", "kind": "choice", "options": ["S", "M"]}).json()
    assert api.post("/custom-fields", {"key": "size", "label": "x", "kind": "text"}).json()["code"] == "field_key_taken"
    changed = api.patch(f"/custom-fields/{made['id']}", {"options": ["S", "M", "L"]}).json()
    assert (changed["label"], changed["options"]) == ("尺码", ["S", "M", "L"])
    customer = a_customer("林夏")
    assert api.patch(f"/customers/{customer.pk}", {"fields": {"size": "L"}}).json()["fields"] == {"size": "L"}
    assert api.patch(f"/customers/{customer.pk}", {"fields": {"size": "XXL"}}).status_code == 422
    assert api.delete(f"/custom-fields/{made['id']}").status_code == 204
    assert api.get("/custom-fields").json()["items"] == []
    assert api.get(f"/customers/{customer.pk}").json()["fields"] == {"size": "L"}


def test_a_shared_phone_is_blocked_and_tells_nobody_apart(api, make_account, api_for):
    number = a_phone()
    customer = a_customer("林夏", phone(number))
    made = api.post("/blocked-identities", {"kind": "phone", "value": number, "reason": "店里的座机"})

    assert (made.status_code, made.json()["value"]) == (201, f"+86{number}")
    assert api.get(f"/customers/{customer.pk}").json()["phones"] == []
    assert names(api.get("/customers", q=number)) == []
    assert tell(wecom("wmA"), phone(number)).created
    assert api.post("/blocked-identities", {"kind": "phone", "value": "0"}).status_code == 422
    assert api_for(make_account(role=Role.GUIDE)).get("/blocked-identities").status_code == 403
    (row,) = api.get("/blocked-identities").json()["items"]
    assert api.delete(f"/blocked-identities/{row['id']}").status_code == 204
    assert api.delete(f"/blocked-identities/{row['id']}").status_code == 404
