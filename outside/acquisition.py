"""获客助手: links that lead to members, their customers and their quota."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from outside import params as p
from outside.clock import day_start
from outside.endpoints import Answer, Call, api, page
from outside.errors import WeComError
from outside.records import AcquisitionLink

_PREFIX = "externalcontact/customer_acquisition"
_MOST_PEOPLE = 500
_DAY = 86400
_CHANGEABLE = (
    p.text("link_name", chars=30),
    p.record("range"),
    p.flag("skip_verify"),
    p.flag("mark_source"),
    p.record("priority_option"),
)
_LINK_ID = p.text("link_id", need=40058)


def _url(call: Call, link: AcquisitionLink) -> str:
    return f"{call.world.public_url}/ca/{link.link_id}"


def _link(call: Call) -> AcquisitionLink:
    found = call.world.links.get(call["link_id"])
    if found is None or found.corpid != call.corpid or found.creator != call.app.agentid or found.deleted:
        raise WeComError(40058, "unknown link_id")
    return found


def _change(call: Call, link: AcquisitionLink) -> None:
    for name in ("link_name", "skip_verify", "mark_source"):
        if call[name] is not None:
            setattr(link, name, call[name])
    if call["range"] is not None:
        _change_range(call, link)
    if call["priority_option"] is not None:
        _change_priority(call, link)


def _change_range(call: Call, link: AcquisitionLink) -> None:
    users = p.texts("user_list", items=_MOST_PEOPLE, default=[]).take(call["range"])
    parties = p.numbers("department_list", default=[]).take(call["range"])
    if not users and not parties:
        raise WeComError(40058, "range is empty")
    for userid in users:
        call.serving_member(userid)
    shown = call.world.visible_departments(call.app)
    if any(party not in shown for party in parties):
        raise WeComError(60011)
    everyone = {u.lower() for u in users} | {m.userid.lower() for m in call.world.members_of(call.corpid, parties)}
    if len(everyone) > _MOST_PEOPLE:
        raise WeComError(40058, "range covers more than 500 people")
    link.users, link.parties = users, parties


def _change_priority(call: Call, link: AcquisitionLink) -> None:
    option = call["priority_option"]
    link.priority_type = p.number("priority_type", need=40058, choices=(1, 2)).take(option)
    need = 40058 if link.priority_type == 2 else None
    link.priority_users = p.texts("priority_userid_list", items=1000, default=[], need=need).take(option)


def _fields(call: Call, link: AcquisitionLink) -> dict[str, Any]:
    return {
        "link_id": link.link_id,
        "link_name": link.link_name,
        "url": _url(call, link),
        "create_time": link.create_time,
        "skip_verify": link.skip_verify,
        "mark_source": link.mark_source,
    }


@api("POST", f"{_PREFIX}/create_link", *_CHANGEABLE, grant="own_customer")
def create_link(call: Call) -> Answer:
    if not call["link_name"]:
        raise WeComError(40058, "link_name is missing")
    if call["range"] is None:
        raise WeComError(40058, "range is missing")
    own = call.world.links.by("corp", call.corpid)
    if sum(not x.deleted for x in own) >= call.world.switch("acquisition_link_quota"):
        raise WeComError(41095)
    link = AcquisitionLink(call.corpid, call.world.new_id("ca", 18), call.app.agentid, "", call.world.clock.seconds())
    _change(call, link)
    call.world.links.put(link)
    call.world.live.tell("codes")
    told = _fields(call, link)
    return {"link": {name: told[name] for name in ("link_id", "link_name", "url", "create_time")}}


@api(
    "POST",
    f"{_PREFIX}/list_link",
    p.number("limit", default=100, least=1, clamp=100),
    p.text("cursor"),
    grant="own_customer",
)
def list_link(call: Call) -> Answer:
    own = [x for x in call.world.links.by("corp", call.corpid) if x.creator == call.app.agentid and not x.deleted]
    own.sort(key=lambda x: (x.create_time, x.link_id))
    found, cursor = page(own, call["cursor"], call["limit"], "links")
    return {"link_id_list": [x.link_id for x in found], "next_cursor": cursor}


@api("POST", f"{_PREFIX}/get", _LINK_ID, grant="own_customer")
def get(call: Call) -> Answer:
    link = _link(call)
    answer: Answer = {
        "link": _fields(call, link),
        "range": {"user_list": link.users, "department_list": link.parties},
    }
    if link.priority_type:
        option = {"priority_type": link.priority_type, "priority_userid_list": link.priority_users}
        answer["priority_option"] = option
    return answer


@api("POST", f"{_PREFIX}/update_link", _LINK_ID, *_CHANGEABLE, grant="own_customer")
def update_link(call: Call) -> Answer:
    link = replace(_link(call))  # a refused change leaves the old one as it was
    _change(call, link)
    call.world.links.put(link)
    call.world.live.tell("codes")
    return {}


@api("POST", f"{_PREFIX}/delete_link", _LINK_ID, grant="own_customer")
def delete_link(call: Call) -> Answer:
    link = _link(call)
    link.deleted = True
    call.world.links.put(link)
    call.world.live.tell("codes")
    return {}


@api(
    "POST",
    f"{_PREFIX}/customer",
    _LINK_ID,
    p.number("limit", default=100, least=1, clamp=1000),
    p.text("cursor"),
    grant="own_customer",
)
def customer(call: Call) -> Answer:
    link = _link(call)
    added = [x for x in call.world.relations if x.link_id == link.link_id]
    added.sort(key=lambda x: (x.createtime, x.key))
    found, cursor = page(added, call["cursor"], call["limit"], f"link:{link.link_id}")
    rows = [
        {
            "external_userid": x.external_userid,
            "userid": x.userid,
            "chat_status": int(x.received > 0),
            "state": x.state,
        }
        for x in found
    ]
    return {"customer_list": rows, "next_cursor": cursor}


@api(
    "POST",
    f"{_PREFIX}/statistic",
    _LINK_ID,
    p.number("start_time", need=40058),
    p.number("end_time", need=40058),
    grant="own_customer",
)
def statistic(call: Call) -> Answer:
    link = _link(call)
    start, end = day_start(call["start_time"]), day_start(call["end_time"]) + _DAY
    if end <= start or end - start > 31 * _DAY or start < call.world.clock.now() - 181 * _DAY:
        raise WeComError(40058, "time range")
    clicks = sum(count for day, count in link.clicks.items() if start <= int(day) < end)
    new = sum(x.link_id == link.link_id and start <= x.createtime < end for x in call.world.relations)
    return {"click_link_customer_cnt": clicks, "new_customer_cnt": new}


@api("POST", f"{_PREFIX}/get_chat_info", p.text("chat_key", need=40058), grant="own_customer")
def get_chat_info(call: Call) -> Answer:
    ticket = call.world.tickets.get(call["chat_key"])
    if ticket is None or ticket.purpose != "chat_key" or ticket.expires_at < call.world.clock.now():
        raise WeComError(40058, "invalid chat_key")
    relation = call.world.relations.get(
        call.corpid, ticket.subject["userid"].lower(), ticket.subject["external_userid"]
    )
    if relation is None:
        raise WeComError(84061)
    info = {"recv_msg_cnt": relation.received, "link_id": relation.link_id, "state": relation.state}
    return {"userid": relation.userid, "external_userid": relation.external_userid, "chat_info": info}


@api("GET", "externalcontact/customer_acquisition_quota", grant="own_customer")
def quota(call: Call) -> Answer:
    settings = call.corp.settings
    balance = int(settings.get("acquisition_balance", 1000))
    total = int(settings.get("acquisition_total", 1000))
    expires = int(settings.get("acquisition_expires", call.world.clock.seconds() + 365 * _DAY))
    return {"total": total, "balance": balance, "quota_list": [{"expire_date": expires, "balance": balance}]}
