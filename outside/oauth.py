"""Who stands before a web page: OAuth codes, user tickets and the tickets of the JS-SDK."""

from __future__ import annotations

import hashlib
from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.records import Person, Ticket
from outside.world import World

_CODE_SECONDS = 300
_USER_TICKET_SECONDS = 1800
_JS_TICKET_SECONDS = 7200


def new_code(world: World, corpid: str, agentid: int, scope: str, subject: dict[str, Any]) -> str:
    """A code for one visitor: subject is {"userid": ...} or {"person": ...}. agentid 0: any app of the corp."""
    ticket = Ticket(
        world.new_id("", 43),
        "oauth_code",
        corpid,
        agentid,
        world.clock.seconds() + _CODE_SECONDS,
        {**subject, "scope": scope},
    )
    return world.tickets.put(ticket).code


def _take_code(call: Call) -> Ticket:
    ticket = call.world.tickets.get(call["code"])
    if ticket is None or ticket.purpose != "oauth_code" or ticket.corpid != call.corpid:
        raise WeComError(40029)
    if ticket.used:
        raise WeComError(42022)
    if ticket.expires_at <= call.world.clock.now():
        raise WeComError(42003)
    if ticket.agentid not in (0, call.app.agentid):
        raise WeComError(50001)
    ticket.used = True
    call.world.tickets.put(ticket)
    return ticket


def _openid(corpid: str, person: Person) -> str:
    return "o" + hashlib.sha256(f"openid:{corpid}:{person.id}".encode()).hexdigest()[:27]


def _visitor(call: Call) -> Answer:
    ticket = _take_code(call)
    if "userid" in ticket.subject:
        return _member_visitor(call, ticket)
    person = call.world.people.get(ticket.subject["person"])
    if person is None:
        raise WeComError(40029)
    answer: Answer = {"openid": _openid(call.corpid, person)}
    external_userid = person.external_ids.get(call.corpid, "")
    relations = call.world.relations.by("customer", (call.corpid, external_userid))
    if any(x.is_readable and call.sees(x.userid) for x in relations):
        answer["external_userid"] = external_userid
    return answer


def _member_visitor(call: Call, ticket: Ticket) -> Answer:
    userid = ticket.subject["userid"]
    answer: Answer = {"userid": userid}
    if ticket.subject.get("scope") == "snsapi_privateinfo" and call.sees(userid):
        expires = call.world.clock.seconds() + _USER_TICKET_SECONDS
        code = call.world.new_id("", 120)
        call.world.tickets.put(Ticket(code, "user_ticket", call.corpid, call.app.agentid, expires, {"userid": userid}))
        answer |= {"user_ticket": code, "expires_in": _USER_TICKET_SECONDS}
    return answer


@api("GET", "auth/getuserinfo", p.text("code", need=41008), grant="any")
def getuserinfo(call: Call) -> Answer:
    return _visitor(call)


@api("GET", "user/getuserinfo", p.text("code", need=41008), grant="any")
def old_getuserinfo(call: Call) -> Answer:
    """The older form, with capitals."""
    names = {"userid": "UserId", "openid": "OpenId"}
    return {"DeviceId": ""} | {names.get(name, name): value for name, value in _visitor(call).items()}


def _detail(call: Call) -> Answer:
    ticket = call.world.tickets.get(call["user_ticket"])
    if ticket is None or ticket.purpose != "user_ticket" or ticket.corpid != call.corpid:
        raise WeComError(84015)
    if ticket.expires_at <= call.world.clock.now():
        raise WeComError(84014)
    member = call.world.members.get(call.corpid, ticket.subject["userid"].lower())
    if member is None or member.status == 5:
        raise WeComError(60111)
    avatar = f"{call.world.public_url}/avatar/member/{member.corpid}/{member.userid}.svg"
    return {
        "userid": member.userid,
        "gender": str(member.gender),
        "avatar": avatar,
        "qr_code": f"{call.world.public_url}/u/{member.corpid}/{member.userid}",
        "mobile": member.mobile,
        "email": member.email,
        "biz_mail": member.biz_mail,
        "address": member.address,
    }


_USER_TICKET = p.text("user_ticket", need=84090)


@api("POST", "auth/getuserdetail", _USER_TICKET, grant="any")
def getuserdetail(call: Call) -> Answer:
    return _detail(call)


@api("POST", "user/getuserdetail", _USER_TICKET, grant="any")
def old_getuserdetail(call: Call) -> Answer:
    """The older path."""
    return _detail(call)


def _js_ticket(call: Call, purpose: str, agentid: int) -> Answer:
    now = call.world.clock.seconds()
    for ticket in call.world.tickets.by("holder", (purpose, call.corpid, agentid)):
        if ticket.expires_at > now:
            return {"ticket": ticket.code, "expires_in": ticket.expires_at - now}
    ticket = Ticket(call.world.new_id("", 86), purpose, call.corpid, agentid, now + _JS_TICKET_SECONDS)
    call.world.tickets.put(ticket)
    return {"ticket": ticket.code, "expires_in": _JS_TICKET_SECONDS}


@api("GET", "get_jsapi_ticket", grant="any")
def get_jsapi_ticket(call: Call) -> Answer:
    return _js_ticket(call, "jsapi", 0)


@api("GET", "ticket/get", p.text("type", need=91040, choices=("agent_config",), wrong=91040), grant="any")
def ticket_get(call: Call) -> Answer:
    return _js_ticket(call, "agent_config", call.app.agentid)


@api("POST", "user/convert_to_openid", p.text("userid", need=41009), grant="any")
def convert_to_openid(call: Call) -> Answer:
    return {"openid": _member_openid(call.corpid, call.member(call["userid"]).userid)}


@api("POST", "user/convert_to_userid", p.text("openid", need=40073), grant="any")
def convert_to_userid(call: Call) -> Answer:
    for member in call.world.members.by("corp", call.corpid):
        if _member_openid(call.corpid, member.userid) == call["openid"] and call.sees(member.userid):
            return {"userid": member.userid}
    raise WeComError(40073)


def _member_openid(corpid: str, userid: str) -> str:
    return "o" + hashlib.sha256(f"member:{corpid}:{userid.lower()}".encode()).hexdigest()[:27]
