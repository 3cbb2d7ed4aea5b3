"""Reading WeCom's side in runs that can be stopped anywhere, and finding what callbacks did not tell."""

from datetime import timedelta

import pytest

from outside.testing import CORPID
from yutang.channels.wecom import sync
from yutang.channels.wecom.models import Gap, GapKind, SyncKind, SyncRun, SyncState
from yutang.customers.models import Customer, Ownership, OwnershipState, SearchTerm, Tag, Tagging, TagGroup
from yutang.customers.services import derive
from yutang.events.models import Event
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.models import Job
from yutang.organization.models import Department, Member, MemberStatus

pytestmark = pytest.mark.django_db


def run(shop, kind: SyncKind) -> SyncRun:
    started = sync.start_sync(shop.app, kind, by=SYSTEM)
    jobs.run_due()
    started.refresh_from_db()
    return started


def grow(shop, userids: list[str], count: int) -> None:
    """So many people become customers of these members, as if long ago and without a word to us."""
    shop.outside.control(
        "POST", "bulk/relations", {"corpid": CORPID, "userids": userids, "count": count, "prefix": "p"}
    )


def test_the_address_book_is_read_with_its_tree_and_who_serves_customers(shop):
    done = run(shop, SyncKind.ADDRESS_BOOK)
    assert (done.state, done.done, done.total, done.error) == (SyncState.DONE, 3, 3, "")
    assert {d.name: d.parent.name if d.parent else None for d in Department.objects.all()} == {
        "鲜果时光": None,
        "城东店": "鲜果时光",
        "城西店": "鲜果时光",
    }
    members = {member.userid: member for member in Member.objects.all()}
    assert {userid: member.name for userid, member in members.items()} == {
        "ZhangSan": "张三",
        "lisi": "李四",
        "wangwu": "王五",
        "clerk": "收银员",
    }
    assert {userid for userid, member in members.items() if member.serves_customers} == {"ZhangSan", "lisi", "wangwu"}
    assert [d.name for d in members["wangwu"].departments.all()] == ["城西店"]


def test_a_member_who_left_is_marked_and_not_deleted(shop):
    run(shop, SyncKind.ADDRESS_BOOK)
    shop.act("resign", userid="lisi")
    shop.postman.letters.clear()
    run(shop, SyncKind.ADDRESS_BOOK)
    assert Member.objects.get(userid="lisi").status == MemberStatus.LEFT
    assert Member.objects.count() == 4


def test_members_leaving_and_joining_are_known_by_their_callbacks(shop):
    run(shop, SyncKind.ADDRESS_BOOK)
    shop.act("resign", userid="lisi")
    shop.act("edit_member", userid="wangwu", name="王小五")
    shop.work()
    assert Member.objects.get(userid="lisi").status == MemberStatus.LEFT
    assert Member.objects.get(userid="wangwu").name == "王小五"


def test_thousands_of_customers_are_read_and_a_killed_run_resumes_at_its_cursor(shop):
    grow(shop, ["ZhangSan", "lisi"], 230)
    started = sync.start_sync(shop.app, SyncKind.CUSTOMERS, by=SYSTEM)
    shop.outside.fault("http_500", where="externalcontact/batch/get_by_user", skip=2, count=1)
    jobs.run_due()
    started.refresh_from_db()
    assert started.state == SyncState.RUNNING
    assert started.position["cursor"]
    read_before = started.counts["relations"]
    assert 0 < read_before < 230

    Job.objects.update(run_at=started.created_at)
    jobs.run_due()
    started.refresh_from_db()
    assert (started.state, started.counts["relations"]) == (SyncState.DONE, 230)
    assert (Customer.objects.count(), Ownership.objects.count()) == (230, 230)


def test_reading_everything_twice_changes_nothing(shop):
    grow(shop, ["ZhangSan"], 30)
    run(shop, SyncKind.CUSTOMERS)
    before = (Customer.objects.count(), Ownership.objects.count(), Event.objects.count())
    again = run(shop, SyncKind.CUSTOMERS)
    assert again.state == SyncState.DONE
    assert (Customer.objects.count(), Ownership.objects.count(), Event.objects.count()) == before


def test_a_run_can_be_cancelled_and_another_started_after_it(shop):
    grow(shop, ["ZhangSan"], 30)
    started = sync.start_sync(shop.app, SyncKind.CUSTOMERS, by=SYSTEM)
    assert sync.start_sync(shop.app, SyncKind.CUSTOMERS, by=SYSTEM) == started
    sync.cancel_sync(started, by=SYSTEM)
    jobs.run_due()
    started.refresh_from_db()
    assert started.state == SyncState.CANCELLED
    with pytest.raises(sync.SyncNotRunning):
        sync.cancel_sync(started, by=SYSTEM)
    assert run(shop, SyncKind.CUSTOMERS).state == SyncState.DONE
    assert Customer.objects.count() == 30


def test_a_run_whose_job_was_given_up_can_still_be_cancelled(shop):
    started = sync.start_sync(shop.app, SyncKind.CUSTOMERS, by=SYSTEM)
    Job.objects.update(failed_at=started.created_at)
    sync.cancel_sync(started, by=SYSTEM)
    started.refresh_from_db()
    assert started.state == SyncState.CANCELLED
    assert run(shop, SyncKind.CUSTOMERS).state == SyncState.DONE


def test_a_run_that_keeps_failing_is_left_to_people_with_its_reason(shop):
    shop.outside.fault("errcode", where="externalcontact/get_follow_user_list", errcode=40058)
    started = sync.start_sync(shop.app, SyncKind.CUSTOMERS, by=SYSTEM)
    for _ in range(sync.MOST_FAILURES):
        Job.objects.update(run_at=started.created_at)
        jobs.run_due()
    started.refresh_from_db()
    assert started.state == SyncState.FAILED
    assert "40058" in started.error


def test_a_locked_out_run_waits_and_goes_on(shop):
    shop.outside.fault("errcode", where="externalcontact/get_corp_tag_list", errcode=45009, count=1)
    started = sync.start_sync(shop.app, SyncKind.TAGS, by=SYSTEM)
    jobs.run_due()
    started.refresh_from_db()
    assert started.state == SyncState.RUNNING
    waiting = Job.objects.get(kind=sync.RUN)
    assert 55 < (waiting.run_at - started.started_at).total_seconds() < 65


def test_a_recount_finds_lost_adds_and_lost_deletions_and_heals_them(shop):
    shop.outside.advance(-3600)
    shop.scan("lin")
    shop.scan("chen")
    with clock.shifted(timedelta(hours=-1)):
        shop.work()
    shop.act("delete_customer", userid="ZhangSan", person="lin")
    shop.scan("hua")
    shop.outside.advance(3600)
    shop.postman.letters.clear()  # these callbacks never reach us

    done = run(shop, SyncKind.RECOUNT)
    assert done.state == SyncState.DONE
    gaps = {(gap.kind, gap.external_userid): gap for gap in Gap.objects.all()}
    assert sorted(kind for kind, _ in gaps) == [GapKind.GONE_THERE, GapKind.MISSING_HERE]
    assert all(gap.healed_at for gap in gaps.values())
    states = {o.customer.name: o.state for o in Ownership.objects.select_related("customer")}
    assert states == {
        "林小鱼": OwnershipState.DELETED_BY_MEMBER,
        "陈大海": OwnershipState.MUTUAL,
        "花花": OwnershipState.MUTUAL,
    }
    assert run(shop, SyncKind.RECOUNT).counts.keys() == {"relations"}


def test_the_tag_library_goes_both_ways(shop):
    run(shop, SyncKind.TAGS)
    assert set(Tag.objects.values_list("name", flat=True)) == {"VIP", "普通"}

    from yutang.customers.services import tags

    group = TagGroup.objects.get(name="等级")
    made = tags.create_tag(group, "银卡", by=SYSTEM)
    vip = Tag.objects.get(name="VIP")
    jobs.run_due()
    made.refresh_from_db()
    assert made.wecom_id.startswith("et")
    theirs = shop.outside.api("externalcontact/get_corp_tag_list", {})["tag_group"]
    assert {tag["name"] for tag in theirs[0]["tag"]} == {"VIP", "普通", "银卡"}

    tags.rename_tag(made, "金卡", by=SYSTEM)
    jobs.run_due()
    shop.act("delete_tag", id="ettagvip")
    shop.work()
    vip.refresh_from_db()
    assert vip.deleted_at is not None
    theirs = shop.outside.api("externalcontact/get_corp_tag_list", {})["tag_group"]
    assert {tag["name"] for tag in theirs[0]["tag"]} == {"普通", "金卡"}


def test_a_tag_put_on_a_customer_here_is_on_the_customer_there(shop):
    run(shop, SyncKind.TAGS)
    scanned = shop.scan("lin")
    shop.work()

    from yutang.customers.services import tags

    customer = Customer.objects.get()
    tags.add_tags([customer.pk], [Tag.objects.get(name="VIP").pk], by=SYSTEM)
    jobs.run_due()
    assert Tagging.objects.get().settled
    follower = shop.outside.api("externalcontact/get", external_userid=scanned["external_userid"])["follow_user"][0]
    assert [tag["tag_name"] for tag in follower["tags"]] == ["VIP"]

    tags.remove_tags([customer.pk], [Tag.objects.get(name="VIP").pk], by=SYSTEM)
    jobs.run_due()
    follower = shop.outside.api("externalcontact/get", external_userid=scanned["external_userid"])["follow_user"][0]
    assert follower["tags"] == []


def test_a_corp_tag_that_a_segment_gives_is_on_the_customer_there_and_goes_again(shop):
    from yutang.segments.rule import Rule
    from yutang.segments.services.handed_tags import hand_out_no_more, hand_out_tag
    from yutang.segments.services.segments import create_segment

    run(shop, SyncKind.TAGS)
    scanned = shop.scan("lin")
    shop.work()
    everybody = Rule.model_validate({"schema": 1, "when": {"kind": "everyone"}})
    segment = create_segment("所有客户", everybody, by=SYSTEM)
    hand_out_tag(segment, Tag.objects.get(name="VIP").pk, keeps=False, by=SYSTEM)
    jobs.run_due()

    def there() -> list[str]:
        contact = shop.outside.api("externalcontact/get", external_userid=scanned["external_userid"])
        return [tag["tag_name"] for tag in contact["follow_user"][0]["tags"]]

    assert there() == ["VIP"]
    hand_out_no_more(segment, by=SYSTEM)
    jobs.run_due()
    assert there() == []


def test_what_is_derived_of_a_page_of_people_is_as_if_they_came_one_by_one(shop):
    """The same people by batch reading and by single readings: stages, search terms and merges agree."""
    mobiles = ["13911112222"]
    for person, userid in (("lin", "ZhangSan"), ("lin", "lisi"), ("chen", "lisi")):
        shop.outside.put("relations", corpid=CORPID, userid=userid, person=person, remark="老客户", mobiles=mobiles)
    run(shop, SyncKind.CUSTOMERS)

    def state() -> list[tuple[str, str, int, set[str]]]:
        people = Customer.objects.filter(person=None).order_by("name")
        terms = {p.pk: set(SearchTerm.objects.filter(person=p).values_list("term", flat=True)) for p in people}
        return [(p.name, p.stage, p.all_ownerships.count(), terms[p.pk]) for p in people]

    by_page = state()
    derive.refresh([row.pk for row in Customer.objects.all()])
    derive.reindex([row.pk for row in Customer.objects.all()])
    assert state() == by_page
    assert {stage for _, stage, _, _ in by_page} == {"contact"}
    assert sum(count for _, _, count, _ in by_page) == 3
