"""The address book as the contacts-sync secret writes it."""

from __future__ import annotations

import re

from outside import params as p
from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.records import Department, Member

_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_MOBILE = re.compile(r"\+?[0-9][0-9 -]{4,31}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BAD_NAME = re.compile(r'[\\:*?"<>|｜]')
ROOT = 1


def _department(call: Call, department_id: int, code: int = 60003) -> Department:
    found = call.world.departments.get(call.corpid, department_id)
    if found is None:
        raise WeComError(code)
    return found


def _check_department_name(call: Call, name: str, parentid: int, own_id: int | None) -> None:
    if not 1 <= len(name) <= 64:
        raise WeComError(60001)
    if _BAD_NAME.search(name):
        raise WeComError(60009)
    for sibling in call.world.departments.by("corp", call.corpid):
        if sibling.parentid == parentid and sibling.name == name and sibling.id != own_id:
            raise WeComError(60008)


@api(
    "POST",
    "department/create",
    p.text("name", need=60001),
    p.text("name_en", chars=64, default=""),
    p.number("parentid", need=60124),
    p.number("order", default=100000000, least=0, most=2**32 - 1),
    p.number("id", least=2, most=2**31 - 1),
    grant="contacts",
)
def department_create(call: Call) -> Answer:
    _department(call, call["parentid"], 60004)
    _check_department_name(call, call["name"], call["parentid"], None)
    taken = {d.id for d in call.world.departments.by("corp", call.corpid)}
    new_id = call["id"] or max(taken, default=ROOT) + 1
    if new_id in taken:
        raise WeComError(60008)
    row = Department(call.corpid, new_id, call["name"], call["parentid"], call["order"], call["name_en"])
    call.world.departments.put(row)
    call.world.directory_changed()
    return {"errmsg": "created", "id": new_id}


@api(
    "POST",
    "department/update",
    p.number("id", need=60003),
    p.text("name"),
    p.text("name_en", chars=64),
    p.number("parentid"),
    p.number("order", least=0, most=2**32 - 1),
    grant="contacts",
)
def department_update(call: Call) -> Answer:
    row = _department(call, call["id"])
    parentid = row.parentid if call["parentid"] is None else call["parentid"]
    if call["parentid"] is not None and row.id == ROOT:
        raise WeComError(60007)
    if call["parentid"] is not None:
        _department(call, parentid, 60004)
        if parentid in call.world.department_subtree(call.corpid, row.id):
            raise WeComError(60010)
    if call["name"] is not None:
        _check_department_name(call, call["name"], parentid, row.id)
    row.parentid = parentid
    for name in ("name", "name_en", "order"):
        if call[name] is not None:
            setattr(row, name, call[name])
    call.world.departments.put(row)
    call.world.directory_changed()
    return {"errmsg": "updated"}


@api("GET", "department/delete", p.number("id", need=60003), grant="contacts")
def department_delete(call: Call) -> Answer:
    row = _department(call, call["id"])
    if row.id == ROOT:
        raise WeComError(60007)
    if any(d.parentid == row.id for d in call.world.departments.by("corp", call.corpid)):
        raise WeComError(60006)
    if any(row.id in m.departments and m.status != 5 for m in call.world.members.by("corp", call.corpid)):
        raise WeComError(60005)
    call.world.departments.remove(row)
    call.world.directory_changed()
    return {"errmsg": "deleted"}


# members, written by the contacts-sync secret

_MEMBER_PARAMS = (
    p.texts("direct_leader", items=1),
    p.text("mobile"),
    p.text("email"),
    p.text("biz_mail"),
    p.text("alias", chars=64),
    p.text("position", bytes=128),
    p.number("gender"),
    p.numbers("department", items=100),
    p.numbers("order", items=100),
    p.numbers("is_leader_in_dept", items=100),
    p.number("main_department"),
    p.text("telephone", bytes=32),
    p.text("address", bytes=128),
    p.number("enable", choices=(0, 1)),
    p.text("external_position", chars=12),
    p.record("external_profile"),
    p.record("extattr"),
)


def _check_member(call: Call, userid: str) -> None:
    world, corpid = call.world, call.corpid
    if call["mobile"] and not _MOBILE.fullmatch(call["mobile"]):
        raise WeComError(60103)
    if call["email"] and not _EMAIL.fullmatch(call["email"]):
        raise WeComError(60105)
    for other in world.members.by("corp", corpid):
        if other.userid.lower() == userid.lower() or other.status == 5:
            continue
        if call["mobile"] and other.mobile == call["mobile"]:
            raise WeComError(60104)
        if call["email"] and other.email.lower() == call["email"].lower():
            raise WeComError(60106)
    for department_id in call["department"] or []:
        _department(call, department_id, 60123)


def _change_member(call: Call, member: Member) -> None:
    plain = (
        "name", "mobile", "email", "biz_mail", "alias", "position", "gender", "telephone", "address",
        "main_department", "external_position", "external_profile", "extattr", "direct_leader",
    )  # fmt: skip
    for name in plain:
        if call.params.get(name) is not None:
            setattr(member, name, call[name])
    if call["department"] is not None:
        member.departments = call["department"] or [ROOT]
    if call["order"] is not None:
        member.orders = call["order"]
    if call["is_leader_in_dept"] is not None:
        flags = call["is_leader_in_dept"]
        member.leader_in = [d for d, leads in zip(member.departments, flags, strict=False) if leads]
    if call["enable"] is not None and member.status in (1, 2):
        member.status = 1 if call["enable"] else 2
    call.world.members.put(member)
    call.world.directory_changed()


@api(
    "POST",
    "user/create",
    p.text("userid", need=41009),
    p.text("name", need=60112, chars=64, wrong=60112),
    *_MEMBER_PARAMS,
    grant="contacts",
)
def user_create(call: Call) -> Answer:
    userid = call["userid"]
    if not _USERID.fullmatch(userid):
        raise WeComError(40003)
    known = call.world.members.get(call.corpid, userid.lower())
    if known is not None and known.status != 5:
        raise WeComError(60102)
    if not call["mobile"] and not call["email"]:
        raise WeComError(60129)
    _check_member(call, userid)
    member = Member(call.corpid, userid, call["name"], status=4, contact_function=False)
    _change_member(call, member)
    return {"errmsg": "created", "created_department": {"department_info": []}}


@api(
    "POST",
    "user/update",
    p.text("userid", need=41009),
    p.text("name", chars=64, wrong=60112),
    p.text("new_userid"),
    *_MEMBER_PARAMS,
    grant="contacts",
)
def user_update(call: Call) -> Answer:
    member = call.world.members.get(call.corpid, call["userid"].lower())
    if member is None or member.status == 5:
        raise WeComError(60111)
    _check_member(call, member.userid)
    if call["new_userid"]:
        raise WeComError(40058, "userids are fixed on this server")
    _change_member(call, member)
    return {"errmsg": "updated"}


@api("GET", "user/delete", p.text("userid", need=41009), grant="contacts")
def user_delete(call: Call) -> Answer:
    _leave(call, call["userid"])
    return {"errmsg": "deleted"}


@api("POST", "user/batchdelete", p.texts("useridlist", need=40032, items=200, wrong=40032), grant="contacts")
def user_batchdelete(call: Call) -> Answer:
    for userid in call["useridlist"]:
        _leave(call, userid)
    return {"errmsg": "deleted"}


def _leave(call: Call, userid: str) -> None:
    member = call.world.members.get(call.corpid, userid.lower())
    if member is None or member.status == 5:
        raise WeComError(60111)
    member.status = 5
    member.left_at = call.world.clock.seconds()
    call.world.members.put(member)
    call.world.directory_changed()
