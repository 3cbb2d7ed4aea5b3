"""The address book: members and departments, inside the visible range of the app that asks."""

from __future__ import annotations

import re
from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api, page
from outside.errors import WeComError
from outside.records import Department, Member, MemberTag

ROOT = 1
_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_MOBILE = re.compile(r"\+?[0-9][0-9 -]{4,31}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BAD_NAME = re.compile(r'[\\:*?"<>|｜]')


def member_fields(call: Call, member: Member) -> dict[str, Any]:
    """As user/get tells it; personal fields only to apps that may see them."""
    shown = call.world.visible_departments(call.app)
    departments = [d for d in member.departments if d in shown] or member.departments
    told: dict[str, Any] = {
        "userid": member.userid,
        "name": member.name,
        "department": departments,
        "order": member.orders or [0] * len(departments),
        "position": member.position,
        "status": member.status,
        "is_leader_in_dept": [int(d in member.leader_in) for d in departments],
        "direct_leader": member.direct_leader,
        "telephone": member.telephone,
        "alias": member.alias,
        "english_name": member.english_name,
        "main_department": member.main_department or departments[0],
        "extattr": member.extattr or {"attrs": []},
        "external_position": member.external_position,
        "external_profile": member.external_profile or {"external_attr": []},
        "enable": int(member.status == 1),
        "isleader": int(bool(member.leader_in)),
        "hide_mobile": 0,
    }
    return told | (_private_fields(call, member) if call.app.sees_private_fields else {"gender": "0"})


def _private_fields(call: Call, member: Member) -> dict[str, Any]:
    avatar = f"{call.world.public_url}/avatar/member/{member.corpid}/{member.userid}.svg"
    return {
        "mobile": member.mobile,
        "gender": str(member.gender),
        "email": member.email,
        "biz_mail": member.biz_mail,
        "address": member.address,
        "avatar": avatar,
        "thumb_avatar": avatar,
        "qr_code": f"{call.world.public_url}/u/{member.corpid}/{member.userid}",
    }


def _visible_members(call: Call, department_id: int) -> list[Member]:
    """Members directly in the department. 60003 unknown, 60011 outside the range."""
    if call.world.departments.get(call.corpid, department_id) is None:
        raise WeComError(60003)
    if department_id not in call.world.visible_departments(call.app):
        raise WeComError(60011)
    return [
        m
        for m in call.world.members.by("corp", call.corpid)
        if department_id in m.departments and m.status != 5 and call.sees(m.userid)
    ]


@api("GET", "user/get", p.text("userid", need=41009, bytes=64, wrong=40003), grant="read")
def user_get(call: Call) -> Answer:
    member = call.world.members.get(call.corpid, call["userid"].lower())
    if member is None or member.status == 5 or not call.sees(member.userid):
        raise WeComError(60111)
    return member_fields(call, member)


@api("GET", "user/simplelist", p.number("department_id", need=60123, wrong=60123), grant="read")
def user_simplelist(call: Call) -> Answer:
    members = _visible_members(call, call["department_id"])
    return {
        "userlist": [
            {"userid": m.userid, "name": m.name, "department": m.departments, "open_userid": ""} for m in members
        ]
    }


@api("GET", "user/list", p.number("department_id", need=60123, wrong=60123), grant="read")
def user_list(call: Call) -> Answer:
    return {"userlist": [member_fields(call, m) for m in _visible_members(call, call["department_id"])]}


@api("POST", "user/list_id", p.text("cursor"), p.number("limit", default=10000, least=1, most=10000), grant="contacts")
def user_list_id(call: Call) -> Answer:
    rows = [
        {"userid": m.userid, "department": d}
        for m in sorted(call.world.members.by("corp", call.corpid), key=lambda m: m.key)
        if m.status != 5
        for d in m.departments
    ]
    found, cursor = page(rows, call["cursor"], call["limit"], "user/list_id")
    return {"next_cursor": cursor, "dept_user": found}


@api("POST", "user/getuserid", p.text("mobile", need=60103), grant="read")
def user_getuserid(call: Call) -> Answer:
    return _find_by(call, lambda m: m.mobile == call["mobile"])


@api(
    "POST",
    "user/get_userid_by_email",
    p.text("email", need=60105),
    p.number("email_type", default=1, choices=(1, 2)),
    grant="read",
)
def user_get_userid_by_email(call: Call) -> Answer:
    wanted = call["email"].lower()
    return _find_by(call, lambda m: (m.biz_mail if call["email_type"] == 1 else m.email).lower() == wanted)


def _find_by(call: Call, matches: Any) -> Answer:
    for member in call.world.members.by("corp", call.corpid):
        if matches(member) and member.status != 5 and call.sees(member.userid):
            return {"userid": member.userid}
    raise WeComError(46004)


# departments


def _department_fields(department: Department) -> dict[str, Any]:
    return {
        "id": department.id,
        "name": department.name,
        "name_en": department.name_en,
        "department_leader": department.leaders,
        "parentid": department.parentid,
        "order": department.order,
    }


def _visible_departments(call: Call, root: int | None) -> list[Department]:
    shown = call.world.visible_departments(call.app)
    if root:
        if call.world.departments.get(call.corpid, root) is None:
            raise WeComError(60123)
        if root not in shown:
            raise WeComError(60011)
        shown = shown & call.world.department_subtree(call.corpid, root)
    found = [d for d in call.world.departments.by("corp", call.corpid) if d.id in shown]
    return sorted(found, key=lambda d: d.id)


@api("GET", "department/simplelist", p.number("id", wrong=60123), grant="any")
def department_simplelist(call: Call) -> Answer:
    found = _visible_departments(call, call["id"])
    return {"department_id": [{"id": d.id, "parentid": d.parentid, "order": d.order} for d in found]}


@api("GET", "department/list", p.number("id", wrong=60123), grant="read")
def department_list(call: Call) -> Answer:
    return {"department": [_department_fields(d) for d in _visible_departments(call, call["id"])]}


@api("GET", "department/get", p.number("id", need=60123, wrong=60123), grant="read")
def department_get(call: Call) -> Answer:
    return {"department": _department_fields(_visible_departments(call, call["id"])[0])}


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


# tags of the address book, and what an app may see


@api("GET", "tag/list", grant="any")
def tag_list(call: Call) -> Answer:
    found = call.world.member_tags.by("corp", call.corpid)
    return {"taglist": [{"tagid": t.id, "tagname": t.name} for t in found]}


@api("GET", "tag/get", p.number("tagid", need=40068, wrong=40068), grant="read")
def tag_get(call: Call) -> Answer:
    tag = member_tag(call, call["tagid"])
    users = [m for u in tag.users if (m := call.world.members.get(call.corpid, u.lower())) and call.sees(u)]
    return {
        "tagname": tag.name,
        "userlist": [{"userid": m.userid, "name": m.name} for m in users],
        "partylist": tag.parties,
    }


def member_tag(call: Call, tag_id: int) -> MemberTag:
    found = call.world.member_tags.get(call.corpid, tag_id)
    if found is None:
        raise WeComError(40068)
    return found


def _logo(call: Call) -> str:
    return f"{call.world.public_url}/avatar/app/{call.corpid}/{call.app.agentid}.svg"


@api("GET", "agent/get", p.number("agentid", need=41011, wrong=40056), grant="app")
def agent_get(call: Call) -> Answer:
    app = call.app
    if call["agentid"] != app.agentid:
        raise WeComError(301002)
    return {
        "agentid": app.agentid,
        "name": app.name,
        "square_logo_url": _logo(call),
        "description": app.description,
        "allow_userinfos": {"user": [{"userid": u} for u in app.visible_users]},
        "allow_partys": {"partyid": app.visible_parties},
        "allow_tags": {"tagid": []},
        "close": int(not app.enabled),
        "redirect_domain": app.redirect_domains[0] if app.redirect_domains else "",
        "report_location_flag": 0,
        "isreportenter": 0,
        "home_url": app.home_url,
        "customized_publish_status": 1,
    }


@api("GET", "agent/list", grant="app")
def agent_list(call: Call) -> Answer:
    app = call.app
    return {"agentlist": [{"agentid": app.agentid, "name": app.name, "square_logo_url": _logo(call)}]}
