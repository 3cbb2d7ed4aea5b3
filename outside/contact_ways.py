"""联系我: codes that lead to members, made and kept by apps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api, page
from outside.errors import WeComError
from outside.friendship import close_temp_session
from outside.message_parts import check_conclusions
from outside.records import ContactWay
from outside.world import World

_MOST_MEMBERS = 100
_DAY = 86400
_CHANGEABLE = (
    p.text("remark", chars=30),
    p.flag("skip_verify"),
    p.number("style"),
    p.text("state", chars=30),
    p.texts("user"),
    p.numbers("party"),
    p.number("expires_in", least=1, most=14 * _DAY),
    p.number("chat_expires_in", least=1, most=14 * _DAY),
    p.text("unionid"),
    p.flag("mark_source"),
    p.record("conclusions"),
)


def _check_members(call: Call, way: ContactWay) -> None:
    for userid in way.user:
        if not call.member(userid).can_serve:
            raise WeComError(41054)
    shown = call.world.visible_departments(call.app)
    for party in way.party:
        if call.world.departments.get(call.corpid, party) is None:
            raise WeComError(40066)
        if party not in shown:
            raise WeComError(60011)
    everyone = {u.lower() for u in way.user}
    everyone |= {m.userid.lower() for m in call.world.members_of(call.corpid, way.party)}
    if len(everyone) > _MOST_MEMBERS:
        raise WeComError(41041)


def _check(call: Call, way: ContactWay) -> None:
    if way.style and not 1 <= way.style <= (3 if way.type == 1 else 2):
        raise WeComError(41042)
    if way.type == 1 and (len(way.user) != 1 or way.party):
        raise WeComError(40058, "type 1 takes exactly one user")
    if way.type == 2 and not way.user and not way.party:
        raise WeComError(40058, "user and party are both empty")
    if way.is_temp and way.type != 1:
        raise WeComError(40058, "a temporary session takes a single user")
    if way.unionid and not call.corp.developer_bound:
        raise WeComError(41057)
    if way.conclusions:
        if not way.is_temp:
            raise WeComError(40058, "conclusions are for temporary sessions")
        check_conclusions(call, way.conclusions)
    _check_members(call, way)


def _change(way: ContactWay, call: Call) -> None:
    for param in _CHANGEABLE:
        if call[param.name] is not None:
            setattr(way, param.name, call[param.name])


def check_quota(call: Call) -> None:
    """Contact ways and join ways share one quota."""
    used = call.world.contact_ways.count("corp", call.corpid) + call.world.join_ways.count("corp", call.corpid)
    if used >= call.corp.settings.get("contact_way_quota", call.world.switch("contact_way_quota")):
        raise WeComError(41045)


@api(
    "POST",
    "externalcontact/add_contact_way",
    p.number("type", need=41037, choices=(1, 2), wrong=41039),
    p.number("scene", need=41038, choices=(1, 2), wrong=41040),
    p.flag("is_temp", default=False),
    p.flag("is_exclusive", default=False),
    *_CHANGEABLE,
    grant="customer",
)
def add_contact_way(call: Call) -> Answer:
    way = ContactWay(call.corpid, call.world.new_hex(), call.app.agentid, call.world.clock.seconds())
    for name in ("type", "scene", "is_temp", "is_exclusive"):
        setattr(way, name, call[name])
    _change(way, call)
    _check(call, way)
    if not way.is_temp:
        check_quota(call)
    call.world.contact_ways.put(way)
    call.world.live.tell("codes")
    answer: Answer = {"config_id": way.config_id}
    return answer | ({"qr_code": call.world.qr_picture_url(way.config_id)} if way.scene == 2 else {})


def _find(call: Call) -> ContactWay:
    way = call.world.contact_ways.get(call["config_id"])
    if way is None or way.corpid != call.corpid:
        raise WeComError(41044)
    return way


def _find_own(call: Call) -> ContactWay:
    way = _find(call)
    if way.creator != call.app.agentid:
        raise WeComError(41044, "made by another app")
    return way


def way_fields(world: World, way: ContactWay) -> dict[str, Any]:
    told: dict[str, Any] = {
        "config_id": way.config_id,
        "type": way.type,
        "scene": way.scene,
        "remark": way.remark,
        "skip_verify": way.skip_verify,
        "state": way.state,
        "user": way.user,
        "party": way.party,
        "is_temp": way.is_temp,
        "is_exclusive": way.is_exclusive,
        "mark_source": way.mark_source,
    }
    if way.scene == 1:
        told["style"] = way.style
    else:
        told["qr_code"] = world.qr_picture_url(way.config_id)
    if way.is_temp:
        told |= {"expires_in": way.expires_in, "chat_expires_in": way.chat_expires_in, "unionid": way.unionid}
        told["conclusions"] = way.conclusions
    return told


_CONFIG_ID = p.text("config_id", need=41043)


@api("POST", "externalcontact/get_contact_way", _CONFIG_ID, grant="customer")
def get_contact_way(call: Call) -> Answer:
    return {"contact_way": way_fields(call.world, _find(call))}


@api(
    "POST",
    "externalcontact/list_contact_way",
    p.number("start_time"),
    p.number("end_time"),
    p.text("cursor"),
    p.number("limit", default=100, least=1, most=1000),
    grant="customer",
)
def list_contact_way(call: Call) -> Answer:
    now = call.world.clock.seconds()
    start = now - 90 * _DAY if call["start_time"] is None else call["start_time"]
    end = now if call["end_time"] is None else call["end_time"]
    ways = [
        w
        for w in call.world.contact_ways.by("corp", call.corpid)
        if start <= w.created_at <= end and not w.is_temp and w.creator == call.app.agentid
    ]
    ways.sort(key=lambda w: (w.created_at, w.config_id))
    found, cursor = page(ways, call["cursor"], call["limit"], f"ways:{start}")
    return {"contact_way": [{"config_id": w.config_id} for w in found], "next_cursor": cursor}


@api("POST", "externalcontact/update_contact_way", _CONFIG_ID, *_CHANGEABLE, grant="customer")
def update_contact_way(call: Call) -> Answer:
    way = _find_own(call)
    if way.is_expired(call.world.clock.now()):
        raise WeComError(41044, "expired")
    way = replace(way)  # a refused change leaves the old one as it was
    _change(way, call)
    _check(call, way)
    call.world.contact_ways.put(way)
    call.world.live.tell("codes")
    return {}


@api("POST", "externalcontact/del_contact_way", _CONFIG_ID, grant="customer")
def del_contact_way(call: Call) -> Answer:
    call.world.contact_ways.remove(_find_own(call))
    call.world.live.tell("codes")
    return {}


@api(
    "POST",
    "externalcontact/close_temp_chat",
    p.text("userid", need=40063),
    p.text("external_userid", need=41035),
    grant="customer",
)
def close_temp_chat(call: Call) -> Answer:
    call.relation(call["userid"], call["external_userid"])
    session = call.world.temp_sessions.get(call.corpid, call["userid"].lower(), call["external_userid"])
    if session is None or session.expires_at < call.world.clock.now():
        raise WeComError(84061, "no temporary session")
    close_temp_session(call.world, session)
    return {}
