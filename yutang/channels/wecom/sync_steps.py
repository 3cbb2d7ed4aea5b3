"""What each kind of sync does in one step."""

from typing import Any

from django.db import transaction

from yutang.channels.wecom.client import WeComClient, rows_of
from yutang.channels.wecom.customers_in import bring_in_rows, corp_tag_ids
from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.models import SyncKind, SyncRun
from yutang.channels.wecom.processing import STATUSES
from yutang.channels.wecom.shapes import DepartmentItem, MemberItem
from yutang.channels.wecom.sync import count, step_of
from yutang.channels.wecom.tags_in import bring_in_library, ensure_tags_known
from yutang.kernel import clock
from yutang.organization.services.address_book import (
    DepartmentRow,
    MemberRow,
    set_serving_members,
    upsert_departments,
    upsert_members,
)

MEMBERS_PER_READING = 100  # members asked about in one batch reading
ROWS_PER_TRANSACTION = 20  # keeps the database free for callbacks in between

NAMES_WITHHELD = {48002, 48009, 60011}
NOT_VISIBLE = {60011, 60111, 60021, 50002, 40003}
BAD_CURSOR = 50100

Position = dict[str, Any]


@step_of(SyncKind.TAGS)
def read_tags(run: SyncRun, client: WeComClient) -> None:
    run.done = run.total = bring_in_library(run.app, client)


@step_of(SyncKind.ADDRESS_BOOK)
def read_address_book(run: SyncRun, client: WeComClient) -> Position | None:
    """Departments first, then the members of one department a step, then who serves customers."""
    position = run.position
    if "departments" not in position:
        return _read_departments(run, client)
    if position["departments"]:
        return _read_department_members(run, client)
    if "serving" not in position:
        return _read_single_members(run, client)
    set_serving_members(run.app.corp, client.follow_users())
    return None


def _read_departments(run: SyncRun, client: WeComClient) -> Position:
    """An app that may not read names still gets the tree."""
    try:
        departments = client.departments()
    except WeComError as error:
        if error.errcode not in NAMES_WITHHELD:
            raise
        departments = client.department_ids()
    rows = [_department_row(department) for department in departments]
    changes = upsert_departments(run.app.corp, rows, complete=bool(rows))
    run.total = len(rows)
    count(run, departments=len(rows), departments_gone=changes.gone)
    return {"departments": [row.wecom_id for row in rows], "seen": []}


def _department_row(department: DepartmentItem) -> DepartmentRow:
    return DepartmentRow(
        wecom_id=department["id"],
        parent_wecom_id=department.get("parentid"),
        name=department.get("name") or "",
        order=department.get("order") or 0,
    )


def _read_department_members(run: SyncRun, client: WeComClient) -> Position:
    department, *rest = run.position["departments"]
    rows = [member_row(member) for member in client.members_of(department)]
    upsert_members(run.app.corp, rows)
    run.done += 1
    seen = sorted({*run.position["seen"], *(row.userid for row in rows)})
    run.counts["members"] = len(seen)
    return {"departments": rest, "seen": seen}


def _read_single_members(run: SyncRun, client: WeComClient) -> Position:
    """Members an app may see one by one, outside the departments it sees; then those nobody named have left."""
    allowed = client.agent().get("allow_userinfos", {}).get("user", []) if run.app.agent_id else []
    seen = set(run.position["seen"])
    rows = []
    for userid in (user["userid"] for user in allowed):
        if userid in seen:
            continue
        try:
            rows.append(member_row(client.member(userid)))
        except WeComError as error:
            if error.errcode not in NOT_VISIBLE:
                raise
            rows.append(MemberRow(userid=userid))
    upsert_members(run.app.corp, rows)
    gone = _mark_left(run, seen | {row.userid for row in rows})
    count(run, members=len(rows), members_gone=gone)
    return {"departments": [], "seen": [], "serving": True}


def _mark_left(run: SyncRun, seen: set[str]) -> int:
    """An empty answer is a missing permission, not a merchant without staff."""
    if not seen:
        return 0
    rows = [MemberRow(userid=userid) for userid in seen]
    return upsert_members(run.app.corp, rows, complete=True).gone


def member_row(member: MemberItem) -> MemberRow:
    return MemberRow(
        userid=member["userid"],
        name=member.get("name") or "",
        alias=member.get("alias") or "",
        position=member.get("position") or "",
        avatar=member.get("avatar") or "",
        status=STATUSES.get(member.get("status") or 0),
        department_ids=member.get("department"),
    )


@step_of(SyncKind.CUSTOMERS)
def read_customers(run: SyncRun, client: WeComClient) -> Position | None:
    """One page of customers a step: of a hundred members at a time, from the saved cursor on."""
    if "waiting" not in run.position:
        members = run.position.get("members") or client.follow_users()
        run.total = len(members)
        return {"waiting": members, "cursor": ""}
    waiting = run.position["waiting"]
    if not waiting:
        return None
    now_reading, rest = waiting[:MEMBERS_PER_READING], waiting[MEMBERS_PER_READING:]
    asked_at = clock.now()
    try:
        page = next(client.customers_of(now_reading, cursor=run.position["cursor"]))
    except WeComError as error:
        if error.errcode != BAD_CURSOR or not run.position["cursor"]:
            raise
        return {"waiting": waiting, "cursor": ""}  # it has expired: these members are read from their first page
    rows = rows_of(page)
    ensure_tags_known(run.app, client, {tag for row in rows for tag in corp_tag_ids(row["follow_info"])})
    for start in range(0, len(rows), ROWS_PER_TRANSACTION):
        with transaction.atomic():
            bring_in_rows(run.app, rows[start : start + ROWS_PER_TRANSACTION], asked_at=asked_at)
    count(run, relations=len(rows))
    if page.next_cursor:
        return {"waiting": waiting, "cursor": page.next_cursor}
    run.done += len(now_reading)
    return {"waiting": rest, "cursor": ""}
