"""Segments over HTTP: made, tried, read, edited, frozen, exported, and seen by each within their scope."""

from datetime import timedelta

import pytest

from yutang.customers.services.edit import Edit, edit_person
from yutang.customers.services.tag_library import create_group, create_tag, delete_tag
from yutang.customers.services.tags import add_tags
from yutang.customers.tests.factories import a_contact, a_customer
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Role, ScopeKind
from yutang.segments.services.keep import Keeper

pytestmark = pytest.mark.django_db


def settle() -> None:
    keeper = Keeper()
    while jobs.run_due(lanes=("analysis",)) or keeper.step():
        pass


def rule(*conditions):
    return {"schema": 1, "when": {"kind": "all", "of": list(conditions)}}


CONTACTS = {"kind": "relation"}
ADDED_THIS_WEEK = {"kind": "relation", "added": {"kind": "last", "amount": 7, "unit": "days"}}


@pytest.fixture
def pond(make_member):
    lan, wang = make_member("lan", name="小兰"), make_member("wang", name="老王")
    now = clock.now()
    return {
        "lan": lan,
        "wang": wang,
        "old": a_contact(lan, "李雷", when=now - timedelta(days=30)),
        "new": a_contact(lan, "韩梅", when=now - timedelta(days=1)),
        "other": a_contact(wang, "林涛", when=now - timedelta(days=2)),
        "stranger": a_customer("路人"),
    }


def names(answer):
    assert answer.status_code == 200, answer.content
    return [each["name"] for each in answer.json()["items"]]


def test_a_rule_is_tried_saved_and_shows_its_people(api, pond):
    tried = api.post("/segments/preview", {"rule": rule(CONTACTS, ADDED_THIS_WEEK)}).json()
    assert (tried["count"], tried["everyone"]) == (2, 4)
    assert [each["name"] for each in tried["sample"]] == ["林涛", "韩梅"]
    assert [leaf["count"] for leaf in tried["leaves"]] == [3, 2]
    assert tried["sentence"] == "is a contact and is a contact (added in the last 7 days)"

    made = api.post("/segments", {"name": "新好友", "rule": rule(ADDED_THIS_WEEK), "note": "第一版"})
    assert (made.status_code, made.json()["is_ready"], made.json()["count"]) == (201, False, None)
    path = f"/segments/{made.json()['id']}"
    assert api.get(f"{path}/members").json()["code"] == "segment_not_ready"
    settle()
    found = api.get(path).json()
    assert (found["is_ready"], found["count"], found["version"]) == (True, 2, 1)
    page = api.get(f"{path}/members", limit=1).json()
    assert ([row["name"] for row in page["items"]], page["total"]) == (["林涛"], {"count": 2, "exact": True})
    assert names(api.get(f"{path}/members", limit=1, cursor=page["next"])) == ["韩梅"]
    assert names(api.get("/segments")) == ["新好友"]
    assert names(api.get(f"/customers/{pond['new'].pk}/segments")) == ["新好友"]
    assert names(api.get(f"/customers/{pond['old'].pk}/segments")) == []


def test_each_part_of_a_rule_is_counted_where_it_stands(api, pond):
    new = api.post("/segments", {"name": "新好友", "rule": rule(ADDED_THIS_WEEK)}).json()
    parts = [CONTACTS, {"kind": "not", "of": {"kind": "segment", "segment": new["id"]}}]
    tried = api.post("/segments/preview", {"rule": rule(*parts, {"kind": "any", "of": []})}).json()

    def leaf(count):
        return {"count": count, "of": []}

    assert tried["parts"] == {"count": 0, "of": [leaf(3), {"count": 2, "of": [leaf(2)]}, leaf(0)]}


def test_everybody_sees_people_and_counts_of_their_own_scope_alone(api, api_for, make_account, pond):
    made = api.post("/segments", {"name": "新好友", "rule": rule(ADDED_THIS_WEEK)}).json()
    settle()
    path = f"/segments/{made['id']}"
    guide = api_for(make_account("lan", role=Role.GUIDE, scope=ScopeKind.OWN, member=pond["lan"]))
    analyst = api_for(make_account("ana", role=Role.ANALYST, scope=ScopeKind.OWN, member=pond["wang"]))

    assert names(guide.get(f"{path}/members")) == ["韩梅"]
    assert guide.get(path).json()["count"] == 1
    assert guide.get("/segments").json()["items"][0]["count"] == 1
    tried = guide.post("/segments/preview", {"rule": rule(ADDED_THIS_WEEK), "compare_with": [made["id"]]}).json()
    assert (tried["count"], tried["everyone"], tried["leaves"][0]["count"]) == (1, 2, 1)
    assert tried["parts"] == {"count": 1, "of": [{"count": 1, "of": []}]}
    assert [(each["count"], each["both"]) for each in tried["overlaps"]] == [(1, 1)]
    assert guide.get(f"{path}/why/{pond['other'].pk}").status_code == 404
    assert guide.post("/segments", {"name": "x", "rule": rule()}).status_code == 403
    assert guide.get(f"{path}/export.csv").status_code == 403
    csv = b"".join(analyst.get(f"{path}/export.csv").streaming_content).decode()
    assert "林涛" in csv
    assert "韩梅" not in csv
    assert AuditEntry.objects.filter(action="segment.exported", subject_id=str(made["id"])).count() == 1


def test_why_tells_each_condition_with_what_was_seen(api, pond):
    two = {"kind": "any", "of": [ADDED_THIS_WEEK, {"kind": "not", "of": {"kind": "named"}}]}
    made = api.post("/segments", {"name": "新好友", "rule": {"schema": 1, "when": two}}).json()
    settle()

    told = api.get(f"/segments/{made['id']}/why/{pond['old'].pk}").json()
    assert (told["is_in"], told["customer"]["name"]) == (False, "李雷")
    added, unnamed = told["reason"]["of"]
    assert (added["holds"], "小兰 mutual contact" in added["seen"]) == (False, True)
    assert (unnamed["kind"], unnamed["holds"], unnamed["of"][0]["seen"]) == ("not", False, "李雷")
    assert api.get(f"/segments/{made['id']}/why/{pond['new'].pk}").json()["is_in"] is True


def test_an_edit_makes_a_version_and_tells_who_came_and_went(api, pond):
    made = api.post("/segments", {"name": "新好友", "rule": rule(ADDED_THIS_WEEK)}).json()
    settle()
    path = f"/segments/{made['id']}"
    edited = api.patch(path, {"version": 1, "rule": rule({"kind": "named"}), "note": "放宽"}).json()
    assert (edited["version"], edited["is_ready"], edited["count"]) == (2, False, 2)
    late = api.patch(path, {"version": 1, "name": "别名"})
    assert (late.status_code, late.json()["code"]) == (409, "segment_changed_meanwhile")
    settle()

    assert api.get(path).json()["count"] == 4
    [row] = api.get("/segments").json()["items"]
    assert (row["entered_lately"], row["left_lately"]) == (2, 0)
    changes = api.get(f"{path}/changes").json()["items"]
    assert {(each["customer"]["name"], each["entered"], each["because"]) for each in changes} == {
        ("李雷", True, "edit"),
        ("路人", True, "edit"),
    }
    today = api.get(f"{path}/flow", days=2).json()["items"][-1]
    assert (today["entered"], today["left"]) == (2, 0)
    assert [each["number"] for each in api.get(f"{path}/versions").json()["items"]] == [2, 1]
    told = api.get(f"{path}/versions/1/diff/2").json()
    assert (told["added"], told["removed"]) == (["has a name"], ["is a contact (added in the last 7 days)"])


def test_a_frozen_list_stays_while_the_segment_goes_on(api, pond):
    made = api.post("/segments", {"name": "新好友", "rule": rule(ADDED_THIS_WEEK)}).json()
    refused = api.post(f"/segments/{made['id']}/freeze", {"name": "名单"})
    assert (refused.status_code, refused.json()["code"]) == (409, "segment_not_ready")
    settle()
    frozen = api.post(f"/segments/{made['id']}/freeze", {"name": "名单"}).json()
    outside = rule(CONTACTS, {"kind": "not", "of": {"kind": "segment", "segment": frozen["id"]}})
    other = api.post("/segments", {"name": "不在名单", "rule": outside}).json()
    with clock.shifted(timedelta(days=10)):
        settle()
        assert api.get(f"/segments/{made['id']}").json()["count"] == 0
        assert names(api.get(f"/segments/{frozen['id']}/members")) == ["林涛", "韩梅"]
        assert names(api.get(f"/segments/{other['id']}/members")) == ["李雷"]
    refused = api.patch(f"/segments/{frozen['id']}", {"version": 1, "name": "x"})
    assert refused.json()["code"] == "segment_at_rest"
    told = api.get(f"/segments/{frozen['id']}/why/{pond['old'].pk}").json()
    assert (told["is_in"], told["reason"]["seen"]) == (False, "not listed")


def test_what_cannot_be_a_rule_is_refused_by_name(api, pond):
    tag = create_tag(create_group("口味", kind="own", by=SYSTEM), "爱吃辣", by=SYSTEM)
    deep = {"kind": "named"}
    for _ in range(9):
        deep = {"kind": "not", "of": deep}

    def refused(when):
        answer = api.post("/segments/preview", {"rule": {"schema": 1, "when": when}})
        return answer.status_code, answer.json().get("code")

    assert refused({"kind": "tags", "tags": [tag.pk]})[0] == 200
    made = api.post("/segments", {"name": "辣", "rule": rule({"kind": "tags", "tags": [tag.pk]})}).json()
    assert made["problem"] is None
    delete_tag(tag, by=SYSTEM)
    assert "does not exist any more" in api.get(f"/segments/{made['id']}").json()["problem"]
    assert refused({"kind": "tags", "tags": [tag.pk]}) == (422, "unknown_reference")
    assert refused({"kind": "segment", "segment": 99}) == (422, "unknown_reference")
    assert refused({"kind": "field", "field": "shoe", "is": {"op": "exists"}}) == (422, "unknown_reference")
    assert refused({"kind": "events", "which": {"events": ["never.heard"]}}) == (422, "unknown_reference")
    assert refused({"kind": "events", "which": {"events": ["segment.left"]}}) == (422, "rule_invalid")
    assert refused({"kind": "moon"}) == (422, "rule_invalid")
    assert refused(deep) == (422, "rule_too_deep")
    deepest = '{"rule":{"schema":1,"when":' + '{"kind":"not","of":' * 5_000 + "{}" + "}" * 5_002
    answer = api.client.generic("POST", "/api/segments/preview", deepest, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert refused({"kind": "any", "of": [{"kind": "named"}] * 61}) == (422, "rule_invalid")
    wide = {"kind": "any", "of": [{"kind": "all", "of": [{"kind": "named"}] * 31}] * 2}
    assert refused(wide) == (422, "rule_too_large")


def test_segments_may_refer_to_each_other_but_not_in_a_circle(api, pond):
    def refer(other):
        return rule({"kind": "segment", "segment": other})

    first = api.post("/segments", {"name": "甲", "rule": rule(CONTACTS)}).json()
    second = api.post("/segments", {"name": "乙", "rule": refer(first["id"])}).json()
    circle = api.patch(f"/segments/{first['id']}", {"version": 1, "rule": refer(second["id"])})
    assert (circle.status_code, circle.json()["code"]) == (409, "rule_in_circle")
    assert "甲 → 乙 → 甲" in circle.json()["message"]
    used = api.delete(f"/segments/{first['id']}")
    assert (used.status_code, used.json()["code"]) == (409, "segment_in_use")
    assert api.delete(f"/segments/{second['id']}").status_code == 204
    assert api.delete(f"/segments/{first['id']}").status_code == 204
    assert names(api.get("/segments")) == []
    assert names(api.get("/segments", state="archived")) == ["乙", "甲"]
    taken = api.post("/segments", {"name": "甲", "rule": rule(CONTACTS)})
    assert taken.status_code == 201  # the name of an archived one is free
    assert api.post("/segments", {"name": "甲", "rule": rule(CONTACTS)}).json()["code"] == "segment_name_taken"


def test_a_builder_finds_the_form_and_the_words_of_rules(api, api_for, make_account, pond):
    tag = create_tag(create_group("口味", kind="own", by=SYSTEM), "爱吃辣", by=SYSTEM)
    add_tags([pond["old"].pk], [tag.pk], by=SYSTEM)
    edit_person(pond["stranger"], Edit(gender="female"), by=SYSTEM)
    form = api.get("/segments/rule-schema").json()
    assert form["properties"]["schema"]["const"] == 1
    words = api.get("/segments/vocabulary").json()
    assert {"key": "events", "label": "Behaviour"} in words["leaves"]
    assert [(each["name"], each["group"]) for each in words["tags"]] == [("爱吃辣", "口味")]
    added = next(each for each in words["events"] if each["key"] == "contact.added")
    assert added["is_seen"]
    assert {"name": "add_way", "type": "number"} in added["props"]
    assert not [each for each in words["events"] if each["key"].startswith("segment.")]
    chinese = api_for(make_account("zh"), language="zh").post(
        "/segments/preview",
        {"rule": rule({"kind": "tags", "tags": [tag.pk]}, {"kind": "gender", "genders": ["female"]})},
    )
    assert chinese.json()["sentence"] == "带有任一标签 爱吃辣，且性别为女"
    assert [leaf["count"] for leaf in chinese.json()["leaves"]] == [1, 1]


def test_a_segment_hands_out_a_tag_that_a_profile_says_is_the_rules(api, api_for, make_account, pond):
    tag = create_tag(create_group("规则标签", kind="rule", by=SYSTEM), "新客", by=SYSTEM)
    made = api.post("/segments", {"name": "新好友", "rule": rule(ADDED_THIS_WEEK)}).json()
    path = f"/segments/{made['id']}"
    assert made["hands_out"] is None

    chosen = api.put(f"{path}/tag", {"tag": tag.pk}).json()["hands_out"]
    assert chosen["tag"] == {"id": tag.pk, "name": "新客", "group": "规则标签"}
    assert chosen["sentence"] == "Gives the tag “新客” on entering and takes it away on leaving"
    settle()
    jobs.run_due(lanes=("default", "bulk"))
    assert api.get(path).json()["hands_out"]["wearing"] == 2
    given = api.get(f"/customers/{pond['new'].pk}").json()["taggings"]
    assert [(each["tag"]["name"], each["by"], each["by_segment"]) for each in given] == [("新客", "新好友", made["id"])]

    here = {"kind": "tags", "tags": [tag.pk]}
    refused = api.patch(path, {"version": 1, "rule": rule(here)})
    assert (refused.status_code, refused.json()["code"]) == (409, "tag_in_circle")
    other = api.post("/segments", {"name": "另一个", "rule": rule()}).json()
    assert api.put(f"/segments/{other['id']}/tag", {"tag": tag.pk}).json()["code"] == "tag_handed_elsewhere"
    assert api.put(f"/segments/{other['id']}/tag", {"tag": 999}).json()["code"] == "unknown_reference"

    delete_tag(tag, by=SYSTEM)
    assert api.get(path).json()["problem"] == "The tag “新客” that it gives was deleted."
    assert api.delete(f"{path}/tag").json()["hands_out"] is None
    actions = AuditEntry.objects.filter(action__startswith="segment.tag").values_list("action", flat=True)
    assert set(actions) == {"segment.tag_chosen", "segment.tag_ended"}


def test_a_tag_for_everybody_is_chosen_by_who_sees_everybody_and_may_tag(api, api_for, make_account, pond):
    tag = create_tag(create_group("规则标签", kind="rule", by=SYSTEM), "新客", by=SYSTEM)
    made = api.post("/segments", {"name": "新好友", "rule": rule(ADDED_THIS_WEEK)}).json()
    path = f"/segments/{made['id']}"
    analyst = api_for(make_account("ana", role=Role.ANALYST))
    assert analyst.put(f"{path}/tag", {"tag": tag.pk}).json()["code"] == "not_allowed"
    narrow = api_for(make_account("op", role=Role.OPERATOR, scope=ScopeKind.OWN, member=pond["wang"]))
    assert narrow.put(f"{path}/tag", {"tag": tag.pk}).json()["code"] == "tagging_beyond_scope"

    api.put(f"{path}/tag", {"tag": tag.pk, "keeps": True})
    assert narrow.get(path).json()["hands_out"]["wearing"] is None
    for refused in (
        narrow.delete(f"{path}/tag"),
        narrow.delete(path),
        narrow.patch(path, {"version": 1, "rule": rule()}),
        narrow.patch(path, {"version": 1, "live": False}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "tagging_beyond_scope")
    assert narrow.patch(path, {"version": 1, "name": "改名"}).status_code == 200
