import pytest

from yutang.customers.errors import NoContactToTag, TagNameTaken
from yutang.customers.models import OwnershipState, Tag, Tagging, TagGroup, TagGroupKind
from yutang.customers.services.ownership import apply_relation
from yutang.customers.services.tags import (
    LibraryGroup,
    LibraryTag,
    add_tags,
    apply_corp_taggings,
    apply_library,
    create_group,
    create_tag,
    delete_tag,
    remove_tags,
    settle_taggings,
)
from yutang.customers.tests.factories import AT, a_contact, a_customer, at
from yutang.events.models import Event
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def own_tag(name="荔枝控"):
    group = TagGroup.objects.filter(kind="own").first() or create_group("口味", kind=TagGroupKind.OWN, by=SYSTEM)
    return create_tag(group, name, by=SYSTEM)


def library(*tags):
    return [LibraryGroup("g1", "等级", 1, [LibraryTag(f"t{n}", name, n) for n, name in enumerate(tags, 1)])]


@pytest.fixture
def corp_tag(make_member):
    member = make_member()
    apply_library(member.corp, library("VIP", "新客"), at=AT, by=SYSTEM, complete=True)
    return Tag.objects.get(name="VIP"), member


def test_a_tag_is_put_once_with_who_when_and_why():
    tag, customer = own_tag(), a_customer("林夏")
    assert add_tags([customer.pk], [tag.pk], by=SYSTEM, at=AT, reason="扫码") == 1
    assert add_tags([customer.pk], [tag.pk], by=SYSTEM) == 0

    row = Tagging.objects.get()
    assert (row.at, row.by_kind, row.reason, row.member, row.settled) == (AT, "system", "扫码", None, True)
    event = Event.objects.get(name="tag.added")
    assert event.props == {"tag_id": tag.pk, "tag": "荔枝控", "reason": "扫码", "tagging_id": row.pk}

    assert remove_tags([customer.pk], [tag.pk], by=SYSTEM) == 1
    assert remove_tags([customer.pk], [tag.pk], by=SYSTEM) == 0
    assert Event.objects.filter(name="tag.removed").count() == 1
    assert add_tags([customer.pk], [tag.pk], by=SYSTEM) == 1


def test_many_are_tagged_at_once_with_a_job_each_for_the_channel(django_assert_max_num_queries):
    tag = own_tag()
    customers = [a_customer().pk for _ in range(300)]
    with django_assert_max_num_queries(360):
        assert add_tags(customers, [tag.pk], by=SYSTEM) == 300


def test_a_corp_tag_sits_on_the_members_relation_and_waits_for_wecom(corp_tag):
    tag, member = corp_tag
    customer = a_contact(member)
    add_tags([customer.pk], [tag.pk], by=SYSTEM)

    row = Tagging.objects.get()
    assert (row.member, row.settled) == (member, False)
    event = Event.objects.get(name="tag.added")
    assert (event.member, event.source) == (member, "console")

    with pytest.raises(NoContactToTag):
        add_tags([a_customer().pk], [tag.pk], by=SYSTEM)


def test_a_listing_does_not_undo_what_wecom_has_not_been_told(corp_tag):
    tag, member = corp_tag
    customer = a_contact(member)
    add_tags([customer.pk], [tag.pk], by=SYSTEM, at=AT)
    apply_corp_taggings(customer, member, [], at=at(60), by=SYSTEM)
    assert Tagging.objects.filter(removed_at=None).count() == 1

    settle_taggings([Tagging.objects.get().pk])
    apply_corp_taggings(customer, member, [], at=at(-60), by=SYSTEM)  # asked before the tag was put
    assert Tagging.objects.filter(removed_at=None).count() == 1
    apply_corp_taggings(customer, member, [], at=at(90), by=SYSTEM)
    assert Tagging.objects.filter(removed_at=None).count() == 0
    assert Event.objects.get(name="tag.removed").source == "wecom"

    apply_corp_taggings(customer, member, ["t1", "t2"], at=at(120), by=SYSTEM)
    assert set(Tagging.objects.filter(removed_at=None).values_list("tag__name", flat=True)) == {"VIP", "新客"}
    remove_tags([customer.pk], [tag.pk], by=SYSTEM)
    apply_corp_taggings(customer, member, ["t1", "t2"], at=at(150), by=SYSTEM)  # WeCom does not know yet
    assert list(Tagging.objects.filter(removed_at=None).values_list("tag__name", flat=True)) == ["新客"]


def test_a_live_code_tags_a_half_made_contact(corp_tag):
    tag, member = corp_tag
    customer = a_customer("林夏")
    apply_relation(customer, member, OwnershipState.HALF, at=AT, by=SYSTEM)
    assert add_tags([customer.pk], [tag.pk], by=SYSTEM, member=member, source="live_code") == 1


def test_the_library_follows_wecom(make_corp):
    corp = make_corp()
    apply_library(corp, library("A", "B", "C"), at=AT, by=SYSTEM, complete=True)
    told = Event.objects.filter(name="tag_library.changed").count()
    apply_library(corp, library("A", "B", "C"), at=AT, by=SYSTEM, complete=True)
    assert Event.objects.filter(name="tag_library.changed").count() == told == 4

    apply_library(corp, library("B", "A"), at=at(5), by=SYSTEM, complete=True)  # swapped names, C deleted
    live = Tag.objects.filter(deleted_at=None).order_by("wecom_id").values_list("wecom_id", "name")
    assert list(live) == [("t1", "B"), ("t2", "A")]

    apply_library(corp, library("B", "A", "C"), at=at(9), by=SYSTEM, complete=True)
    assert Tag.objects.get(wecom_id="t3").deleted_at is None
    assert Tag.objects.count() == 3


def test_a_tag_made_here_is_recognised_when_wecom_lists_it(make_corp):
    corp = make_corp()
    group = create_group("等级", kind=TagGroupKind.CORP, corp=corp, by=SYSTEM)
    tag = create_tag(group, "VIP", by=SYSTEM)
    apply_library(corp, library("VIP"), at=AT, by=SYSTEM, complete=True)

    tag.refresh_from_db()
    group.refresh_from_db()
    assert (tag.wecom_id, group.wecom_id) == ("t1", "g1")
    assert Tag.objects.count() == 1


def test_names_are_taken_once_and_deleting_takes_a_tag_off_everybody():
    tag, customer = own_tag(), a_customer()
    with pytest.raises(TagNameTaken):
        create_tag(tag.group, " 荔枝控 ", by=SYSTEM)
    add_tags([customer.pk], [tag.pk], by=SYSTEM)
    delete_tag(tag, by=SYSTEM)

    assert Tagging.objects.get().removed_at is not None
    assert create_tag(tag.group, "荔枝控", by=SYSTEM).pk != tag.pk
