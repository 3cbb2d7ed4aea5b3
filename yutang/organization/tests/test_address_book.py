"""Departments and members brought up to date from a corp's address book."""

import pytest
from django.apps import apps

from yutang.kernel.models import AuditEntry
from yutang.organization.models import Department, Member, MemberStatus
from yutang.organization.services.address_book import (
    Changes,
    DepartmentRow,
    MemberRow,
    mark_departments_gone,
    mark_members_left,
    rename_member,
    set_serving_members,
    upsert_departments,
    upsert_members,
)

# By label: the organization's own code does not know the log of events, which stands above it.
Event = apps.get_model("events", "Event")


@pytest.fixture
def corp(make_corp):
    return make_corp()


@pytest.fixture
def tree(corp):
    """1 总部 ⟶ 2 东区 ⟶ 3 南山店, and 4 西区 beside 2. Children are told of before their parents."""
    rows = [
        DepartmentRow(3, 2, "南山店"),
        DepartmentRow(2, 1, "东区"),
        DepartmentRow(4, 1, "西区"),
        DepartmentRow(1, 0, "总部"),
    ]
    upsert_departments(corp, rows)
    return {row.wecom_id: row for row in Department.objects.all()}


def path_of(*departments: Department) -> str:
    return "/" + "".join(f"{each.pk}/" for each in departments)


def test_paths_follow_the_parents_whatever_the_order_they_are_told_in(tree):
    assert tree[3].path == path_of(tree[1], tree[2], tree[3])
    assert tree[1].path == path_of(tree[1])


def test_a_parent_that_moves_takes_its_subtree_along(corp, tree):
    changes = upsert_departments(corp, [DepartmentRow(2, 4)])

    tree[3].refresh_from_db()
    assert tree[3].path == path_of(tree[1], tree[4], tree[2], tree[3])
    assert changes == Changes(changed=1)


def test_a_withheld_name_keeps_the_known_one(corp, tree):
    assert upsert_departments(corp, [DepartmentRow(2, 1, "")]) == Changes()

    assert Department.objects.get(wecom_id=2).name == "东区"


def test_a_complete_list_marks_the_missing_gone_and_they_may_come_back(corp, tree):
    rows = [DepartmentRow(1, 0), DepartmentRow(2, 1), DepartmentRow(3, 2)]
    assert upsert_departments(corp, rows, complete=True) == Changes(gone=1)
    assert Department.objects.get(wecom_id=4).gone_at is not None

    assert upsert_departments(corp, [DepartmentRow(4, 1)]) == Changes(changed=1)
    assert Department.objects.get(wecom_id=4).gone_at is None
    assert mark_departments_gone(corp, [4]) == Changes(gone=1)


def test_a_parent_nobody_may_see_still_holds_its_children(corp):
    upsert_departments(corp, [DepartmentRow(7, 5, "只看得到我")])

    above, seen = Department.objects.get(wecom_id=5), Department.objects.get(wecom_id=7)
    assert (above.name, seen.path) == ("", path_of(above, seen))


def test_departments_in_a_circle_do_not_hang_the_sync(corp):
    upsert_departments(corp, [DepartmentRow(1, 2, "a"), DepartmentRow(2, 1, "b"), DepartmentRow(3, 3, "c")])

    assert Department.objects.get(wecom_id=3).parent is None
    assert Department.objects.count() == 3


def test_members_are_added_changed_and_keep_what_is_withheld(corp, tree):
    told = MemberRow("zhangsan", "张三", position="店长", department_ids=[2, 3, 999])
    assert upsert_members(corp, [told, MemberRow("lisi")]) == Changes(created=2)

    assert upsert_members(corp, [MemberRow("zhangsan")]) == Changes()
    assert upsert_members(corp, [MemberRow("zhangsan", position="区长", department_ids=[4])]) == Changes(changed=1)

    zhang = Member.objects.get(userid="zhangsan")
    assert (zhang.name, zhang.position, zhang.status) == ("张三", "区长", MemberStatus.ACTIVE)
    assert [d.wecom_id for d in zhang.departments.all()] == [4]
    assert Member.objects.get(userid="lisi").label == "lisi"


def test_members_who_left_stay_as_rows_and_may_return(corp):
    upsert_members(corp, [MemberRow("a", "甲"), MemberRow("b", "乙")])

    assert upsert_members(corp, [MemberRow("a")], complete=True) == Changes(gone=1)
    assert Member.objects.get(userid="b").status == MemberStatus.LEFT
    assert mark_members_left(corp, ["b", "nobody"]) == Changes()

    upsert_members(corp, [MemberRow("b")])
    assert Member.objects.get(userid="b").status == MemberStatus.ACTIVE


def test_the_same_userid_in_two_corps_is_two_people(corp, make_corp):
    other = make_corp("二号企业")
    upsert_members(corp, [MemberRow("a", "甲")])
    upsert_members(other, [MemberRow("a", "乙")], complete=True)

    assert [m.name for m in Member.objects.order_by("pk")] == ["甲", "乙"]


def test_hostile_names_are_cut_to_what_a_column_holds(corp):
    upsert_members(corp, [MemberRow("a", "王\x00\ud800" + "长" * 64_000)])

    assert Member.objects.get().name == "王" + "长" * 199


def test_serving_members_are_exactly_those_told(corp):
    upsert_members(corp, [MemberRow("a"), MemberRow("b")])
    set_serving_members(corp, ["a", "new"])
    set_serving_members(corp, ["b", "new"])

    assert dict(Member.objects.values_list("userid", "serves_customers")) == {"a": False, "b": True, "new": True}


def test_leaving_coming_back_and_losing_the_function_are_told(corp):
    upsert_members(corp, [MemberRow("a"), MemberRow("b")])
    assert [event.name for event in Event.objects.all()] == ["address_book.changed"]

    set_serving_members(corp, ["a"])
    mark_members_left(corp, ["a"])
    upsert_members(corp, [MemberRow("a")])

    told = Event.objects.filter(name="member.availability_changed", member__userid="a").order_by("pk")
    assert [event.props for event in told] == [
        {"is_available": True, "reason": "function"},
        {"is_available": False, "reason": "status"},
        {"is_available": True, "reason": "status"},
    ]


def test_a_renamed_member_is_the_same_member(corp):
    upsert_members(corp, [MemberRow("old", "甲"), MemberRow("taken", "乙")])
    rename_member(corp, "old", "new")
    rename_member(corp, "new", "taken")

    assert dict(Member.objects.values_list("userid", "name")) == {"new": "甲", "taken": "乙"}


def test_a_sync_that_changes_nothing_writes_no_audit(corp, tree):
    before = AuditEntry.objects.count()
    upsert_departments(corp, [DepartmentRow(2, 1, "东区")])
    assert AuditEntry.objects.count() == before


def test_many_members_cost_few_queries(corp, tree, django_assert_max_num_queries):
    rows = [MemberRow(f"m{n}", f"员工{n}", department_ids=[2, 3]) for n in range(400)]
    with django_assert_max_num_queries(16):
        upsert_members(corp, rows)
    with django_assert_max_num_queries(12):
        assert upsert_members(corp, rows) == Changes()
