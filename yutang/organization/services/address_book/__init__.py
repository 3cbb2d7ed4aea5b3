"""A corp's address book, as the channel tells of it.

A sync adds and changes rows and marks them gone; it deletes none. WeCom withholds names from most apps: an empty name
therefore means "not told", and what is known stays.
"""

from yutang.organization.services.address_book.changes import Changes
from yutang.organization.services.address_book.departments import (
    DepartmentRow,
    mark_departments_gone,
    upsert_departments,
)
from yutang.organization.services.address_book.members import (
    MemberRow,
    ensure_member,
    mark_members_left,
    rename_member,
    set_serving_members,
    upsert_members,
)

__all__ = [
    "Changes",
    "DepartmentRow",
    "MemberRow",
    "ensure_member",
    "mark_departments_gone",
    "mark_members_left",
    "rename_member",
    "set_serving_members",
    "upsert_departments",
    "upsert_members",
]
