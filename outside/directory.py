"""The address book: members and departments, inside the visible range of the app that asks."""

from __future__ import annotations

from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api, page
from outside.errors import WeComError
from outside.records import Department, Member


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


# the app itself


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
