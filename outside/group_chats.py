"""Customer groups, read by apps, and the codes that lead into them."""

from __future__ import annotations

from typing import Any

from outside import params as p
from outside.contact_ways import check_quota
from outside.endpoints import Answer, Call, api, page
from outside.errors import TEXTS, WeComError
from outside.records import GroupChat, JoinWay

_PREFIX = "externalcontact/groupchat"
_MOST_OWNERS = 1000


@api(
    "POST",
    f"{_PREFIX}/list",
    p.number("status_filter", default=0, choices=(0, 1, 2, 3)),
    p.record("owner_filter", default={}),
    p.text("cursor"),
    p.number("limit", need=40058, least=1, most=1000),
    grant="customer",
)
def list_groups(call: Call) -> Answer:
    owners = {u.lower() for u in p.texts("userid_list", items=100, default=[]).take(call["owner_filter"])}
    if not owners and len(call.world.visible_users(call.app)) > _MOST_OWNERS:
        raise WeComError(81017)
    chats = [g for g in call.world.group_chats.by("corp", call.corpid) if not g.dismissed]
    chats = [g for g in chats if g.owner.lower() in owners] if owners else [g for g in chats if call.sees(g.owner)]
    if call["status_filter"]:
        chats = [g for g in chats if _status(call, g) == call["status_filter"]]
    found, cursor = page(chats, call["cursor"], call["limit"], "groups")
    rows = [{"chat_id": g.chat_id, "status": _status(call, g)} for g in found]
    return {"group_chat_list": rows, "next_cursor": cursor}


def _status(call: Call, chat: GroupChat) -> int:
    owner = call.world.members.get(call.corpid, chat.owner.lower())
    return 1 if chat.status == 0 and (owner is None or owner.status == 5) else chat.status


def _chat(call: Call, chat_id: str) -> GroupChat:
    found = call.world.group_chats.get(call.corpid, chat_id)
    if found is None:
        raise WeComError(86003)
    if found.dismissed:
        raise WeComError(49008)
    return found


@api(
    "POST",
    f"{_PREFIX}/get",
    p.text("chat_id", need=86003),
    p.number("need_name", default=0, choices=(0, 1)),
    grant="customer",
)
def get_group(call: Call) -> Answer:
    chat = _chat(call, call["chat_id"])
    if not call.sees(chat.owner) and _status(call, chat) != 1:
        raise WeComError(60011)
    told = {
        "chat_id": chat.chat_id,
        "name": chat.name,
        "owner": chat.owner,
        "create_time": chat.create_time,
        "notice": chat.notice,
        "member_list": [_member_fields(call, m) for m in chat.members],
        "admin_list": [{"userid": u} for u in chat.admins],
        "member_version": chat.member_version,
    }
    return {"group_chat": told}


def _member_fields(call: Call, member: dict[str, Any]) -> dict[str, Any]:
    told = {"group_nickname": "", **member}
    if not told.get("state"):
        told.pop("state", None)
    person = call.world.person_behind(call.corpid, member["userid"]) if member["type"] == 2 else None
    if person is not None and person.type == 1 and call.corp.developer_bound:
        told["unionid"] = person.unionid
    if call["need_name"]:
        row = call.world.members.get(call.corpid, member["userid"].lower())
        told["name"] = person.nickname if person else row.name if row else ""
    return told


_JOIN_WAY_PARAMS = (
    p.number("scene", need=40058, choices=(1, 2)),
    p.text("remark", default=""),
    p.number("auto_create_room", default=1, choices=(0, 1)),
    p.text("room_base_name", default="", chars=40),
    p.number("room_base_id", default=0),
    p.texts("chat_id_list", need=40058, items=5, wrong=41091),
    p.text("state", default="", chars=30),
    p.flag("mark_source", default=True),
)


def _fill(call: Call, way: JoinWay) -> JoinWay:
    for chat_id in call["chat_id_list"]:
        _chat(call, chat_id)
    for param in _JOIN_WAY_PARAMS:
        setattr(way, param.name, call[param.name])
    way.remark = way.remark[:30]
    call.world.live.tell("codes")
    return call.world.join_ways.put(way)


def _own(call: Call) -> JoinWay:
    way = call.world.join_ways.get(call["config_id"])
    if way is None or way.corpid != call.corpid or way.creator != call.app.agentid:
        raise WeComError(41044)
    return way


@api("POST", f"{_PREFIX}/add_join_way", *_JOIN_WAY_PARAMS, grant="customer")
def add_join_way(call: Call) -> Answer:
    check_quota(call)
    way = JoinWay(call.corpid, call.world.new_hex(), call.app.agentid, call["scene"])
    return {"config_id": _fill(call, way).config_id}


_CONFIG_ID = p.text("config_id", need=41043)


@api("POST", f"{_PREFIX}/get_join_way", _CONFIG_ID, grant="customer")
def get_join_way(call: Call) -> Answer:
    way = _own(call)
    told = {param.name: getattr(way, param.name) for param in _JOIN_WAY_PARAMS}
    return {"join_way": {"config_id": way.config_id, **told, "qr_code": call.world.qr_picture_url(way.config_id)}}


@api("POST", f"{_PREFIX}/update_join_way", _CONFIG_ID, *_JOIN_WAY_PARAMS, grant="customer")
def update_join_way(call: Call) -> Answer:
    _fill(call, _own(call))
    return {}


@api("POST", f"{_PREFIX}/del_join_way", _CONFIG_ID, grant="customer")
def del_join_way(call: Call) -> Answer:
    call.world.join_ways.remove(_own(call))
    return {}


_TRANSFER = (p.texts("chat_id_list", need=86003, items=100), p.text("new_owner", need=40063))


@api("POST", f"{_PREFIX}/transfer", *_TRANSFER, grant="customer")
def transfer(call: Call) -> Answer:
    """Groups of who left, to a new owner."""
    return _transfer_all(call, resigned=True)


@api("POST", f"{_PREFIX}/onjob_transfer", *_TRANSFER, grant="customer")
def onjob_transfer(call: Call) -> Answer:
    """Groups of who is still here, to a new owner."""
    return _transfer_all(call, resigned=False)


def _transfer_all(call: Call, *, resigned: bool) -> Answer:
    owner = call.serving_member(call["new_owner"])
    failed = []
    for chat_id in call["chat_id_list"]:
        code = _transfer_one(call, chat_id, owner.userid, resigned)
        if code:
            failed.append({"chat_id": chat_id, "errcode": code, "errmsg": TEXTS[code]})
    return {"failed_chat_list": failed}


def _transfer_one(call: Call, chat_id: str, owner: str, resigned: bool) -> int:
    chat = call.world.group_chats.get(call.corpid, chat_id)
    if chat is None or chat.dismissed:
        return 90501
    if chat.owner.lower() == owner.lower():
        return 90504
    has_left = _status(call, chat) == 1
    if has_left != resigned:
        return 90500 if resigned else 90502
    chat.owner, chat.status = owner, 3 if resigned else 0
    if all(m["userid"].lower() != owner.lower() for m in chat.members):
        chat.members.append({"userid": owner, "type": 1, "join_time": call.world.clock.seconds(), "join_scene": 1})
        chat.member_version = call.world.new_hex()
    call.world.group_chats.put(chat)
    return 0
