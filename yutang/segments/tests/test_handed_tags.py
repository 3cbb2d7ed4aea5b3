"""A segment gives a tag to who is in it, and takes it away again."""

from datetime import timedelta

import pytest

from yutang.customers.models import Tag, Tagging
from yutang.customers.services.erase import erase
from yutang.customers.services.merge import merge, unmerge
from yutang.customers.services.tag_library import create_group, create_tag
from yutang.customers.services.tags import add_tags, remove_tags
from yutang.customers.tests.factories import a_customer
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM, Actor
from yutang.segments.errors import SegmentAtRest, TagHandedElsewhere, TagInCircle, UnknownReference
from yutang.segments.rule import Rule
from yutang.segments.services.check import check_everything
from yutang.segments.services.handed_tags import hand_out_no_more, hand_out_tag
from yutang.segments.services.keep import Keeper
from yutang.segments.services.segments import archive_segment, create_segment, edit_segment, freeze_segment
from yutang.segments.tests.test_keeping import happens, lost_in_days, make

pytestmark = pytest.mark.django_db

LAN = Actor(kind="account", id=1, name="小兰")


@pytest.fixture
def settle(db):
    keeper = Keeper()

    def work():
        for _ in range(50):
            done = jobs.run_due(lanes=("analysis", "default", "bulk"))
            if not keeper.step() and not done:
                return
        raise AssertionError("Tags do not come to rest.")

    return work


@pytest.fixture
def library():
    return create_group("规则标签", kind="rule", by=SYSTEM)


@pytest.fixture
def tag(library) -> Tag:
    return create_tag(library, "活跃", by=SYSTEM)


def wearing(tag: Tag) -> dict[int, str]:
    """Who wears it, person by person, and who gave it: `segment` or another kind of actor."""
    return dict(Tagging.objects.filter(tag=tag, removed_at=None).values_list("person", "by_kind"))


def rule(when: dict) -> Rule:
    return Rule.model_validate({"schema": 1, "when": when})


def test_who_is_in_gets_the_tag_and_who_leaves_loses_it(settle, tag):
    lin, wang = a_customer("林夏"), a_customer("王芳")
    happens(lin)
    segment = make("活跃客户", lost_in_days(1))
    settle()
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    settle()
    assert wearing(tag) == {lin.pk: "segment"}  # who was in already, too

    happens(wang)
    settle()
    assert wearing(tag) == {lin.pk: "segment", wang.pk: "segment"}
    given = Tagging.objects.get(tag=tag, person=wang.pk)
    assert (given.by_id, given.by_name, given.reason) == (segment.pk, "活跃客户", "活跃客户")

    with clock.shifted(timedelta(days=7, minutes=1)):
        settle()
        assert wearing(tag) == {}


def test_who_leaves_keeps_the_tag_where_the_operator_chose_so(settle, tag):
    lin = a_customer()
    happens(lin)
    segment = make("活跃客户", lost_in_days(1))
    hand_out_tag(segment, tag.pk, keeps=True, by=SYSTEM)
    settle()
    with clock.shifted(timedelta(days=8)):
        settle()
        assert wearing(tag) == {lin.pk: "segment"}
        hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
        settle()
        assert wearing(tag) == {}


def test_a_tag_put_on_by_hand_is_never_taken_away_by_the_rule(settle, tag):
    lin, wang = a_customer(), a_customer()
    add_tags([lin.pk, wang.pk], [tag.pk], by=LAN)
    happens(lin)
    segment = make("活跃客户", lost_in_days(1))
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    settle()
    assert wearing(tag) == {lin.pk: "account", wang.pk: "account"}
    with clock.shifted(timedelta(days=8)):
        settle()
        assert wearing(tag) == {lin.pk: "account", wang.pk: "account"}


def test_a_merge_and_its_undoing_leave_the_tag_on_whom_the_rule_means(settle, tag):
    lin, wang = a_customer(), a_customer()
    happens(wang)
    once = {"kind": "all", "of": [lost_in_days(1), {"kind": "not", "of": lost_in_days(2)}]}
    segment = make("恰好一次", once)
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    settle()
    assert wearing(tag) == {wang.pk: "segment"}

    made = merge(lin, wang, by=SYSTEM)
    settle()
    assert wearing(tag) == {lin.pk: "segment"}

    happens(lin)  # twice now, together
    settle()
    assert wearing(tag) == {}
    unmerge(made, by=SYSTEM)
    settle()
    assert wearing(tag) == {lin.pk: "segment", wang.pk: "segment"}

    merge(lin, wang, by=SYSTEM)  # both leave at once, and with them what both wear
    settle()
    assert wearing(tag) == {}


def test_a_tagging_that_a_merge_carries_to_somebody_who_is_out_is_taken_away(settle, tag):
    lin, wang = a_customer(), a_customer()
    happens(lin)
    happens(lin)
    happens(wang)
    segment = make("不到两次", {"kind": "not", "of": lost_in_days(2)})
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    settle()
    assert wearing(tag) == {wang.pk: "segment"}
    merge(lin, wang, by=SYSTEM)
    settle()
    assert wearing(tag) == {}


def test_an_erased_person_wears_nothing_and_is_given_nothing(settle, tag):
    lin, wang = a_customer(), a_customer()
    segment = make("所有人", {"kind": "everyone"})
    hand_out_tag(segment, tag.pk, keeps=True, by=SYSTEM)
    settle()
    assert set(wearing(tag)) == {lin.pk, wang.pk}
    erase(lin, by=SYSTEM, reason="本人要求")
    settle()
    check_everything()
    settle()
    assert set(wearing(tag)) == {wang.pk}
    assert not Tagging.objects.filter(customer=lin).exists()


@pytest.mark.parametrize("switch", ["ended", "draft", "archived", "another tag"])
def test_a_rule_switched_off_takes_back_what_it_gave(settle, tag, library, switch):
    lin, wang = a_customer(), a_customer()
    add_tags([wang.pk], [tag.pk], by=LAN)
    segment = make("所有人", {"kind": "everyone"})
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    settle()
    assert wearing(tag) == {lin.pk: "segment", wang.pk: "account"}
    other = create_tag(library, "另一个", by=SYSTEM)
    match switch:
        case "ended":
            hand_out_no_more(segment, by=SYSTEM)
        case "draft":
            edit_segment(segment, version=1, live=False, by=SYSTEM)
        case "archived":
            archive_segment(segment, by=SYSTEM)
        case "another tag":
            hand_out_tag(segment, other.pk, keeps=False, by=SYSTEM)
    settle()
    assert wearing(tag) == {wang.pk: "account"}
    assert set(wearing(other)) == ({lin.pk, wang.pk} if switch == "another tag" else set())


def test_a_draft_put_to_work_again_gives_again(settle, tag):
    lin = a_customer()
    segment = make("所有人", {"kind": "everyone"})
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    for live in (False, True):
        edit_segment(segment, version=1, live=live, by=SYSTEM)
        settle()
        assert set(wearing(tag)) == ({lin.pk} if live else set())


def test_an_edit_of_the_rule_moves_the_tag(settle, tag):
    lin, wang = a_customer(), a_customer()
    happens(lin)
    segment = make("活跃客户", lost_in_days(1))
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    settle()
    edit_segment(segment, version=1, rule=rule({"kind": "not", "of": lost_in_days(1)}), by=SYSTEM)
    settle()
    assert set(wearing(tag)) == {wang.pk}


def test_the_nightly_check_mends_what_somebody_took_off(settle, tag):
    lin = a_customer()
    segment = make("所有人", {"kind": "everyone"})
    hand_out_tag(segment, tag.pk, keeps=False, by=SYSTEM)
    settle()
    remove_tags([lin.pk], [tag.pk], by=LAN)
    settle()
    assert wearing(tag) == {}
    check_everything()
    settle()
    assert wearing(tag) == {lin.pk: "segment"}


def test_one_rules_tag_is_another_rules_condition(settle, tag, library):
    lin = a_customer()
    happens(lin)
    first = make("活跃客户", lost_in_days(1))
    second = make("带活跃标签", {"kind": "tags", "tags": [tag.pk]})
    loyal = create_tag(library, "忠诚", by=SYSTEM)
    hand_out_tag(first, tag.pk, keeps=False, by=SYSTEM)
    hand_out_tag(second, loyal.pk, keeps=False, by=SYSTEM)
    settle()
    assert set(wearing(loyal)) == {lin.pk}
    with clock.shifted(timedelta(days=8)):
        settle()
        assert wearing(loyal) == {}


def test_a_rule_that_would_depend_on_its_own_tag_is_refused(tag, library):
    other = create_tag(library, "另一个", by=SYSTEM)
    lacks_tag = make("没有标签", {"kind": "tags", "tags": [tag.pk], "which": "none"})
    with pytest.raises(TagInCircle):
        hand_out_tag(lacks_tag, tag.pk, keeps=False, by=SYSTEM)

    hand_out_tag(lacks_tag, other.pk, keeps=False, by=SYSTEM)
    through = make("引用", {"kind": "segment", "segment": make("带另一个", {"kind": "tags", "tags": [other.pk]}).pk})
    with pytest.raises(TagInCircle):
        hand_out_tag(through, tag.pk, keeps=False, by=SYSTEM)

    anybody = make("所有人", {"kind": "everyone"})
    hand_out_tag(anybody, tag.pk, keeps=False, by=SYSTEM)
    with pytest.raises(TagInCircle):
        edit_segment(anybody, version=1, rule=rule({"kind": "tags", "tags": [other.pk]}), by=SYSTEM)


def test_one_segment_alone_has_the_say_about_a_tag(settle, tag):
    first, second = make("甲", {"kind": "everyone"}), make("乙", {"kind": "everyone"})
    hand_out_tag(first, tag.pk, keeps=False, by=SYSTEM)
    with pytest.raises(TagHandedElsewhere):
        hand_out_tag(second, tag.pk, keeps=False, by=SYSTEM)
    with pytest.raises(UnknownReference):
        hand_out_tag(second, 999_999, keeps=False, by=SYSTEM)
    hand_out_no_more(first, by=SYSTEM)
    hand_out_tag(second, tag.pk, keeps=False, by=SYSTEM)
    settle()
    with pytest.raises(SegmentAtRest):
        hand_out_tag(freeze_segment(second, name="丙", by=SYSTEM), tag.pk, keeps=False, by=SYSTEM)


def test_a_draft_gives_nothing(settle, tag):
    a_customer()
    draft = create_segment("草稿", rule({"kind": "everyone"}), draft=True, by=SYSTEM)
    hand_out_tag(draft, tag.pk, keeps=False, by=SYSTEM)
    settle()
    assert wearing(tag) == {}
