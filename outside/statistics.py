"""Daily figures of members, counted from what really happened in this world."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from outside import params as p
from outside.clock import day_start
from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.records import ChatMessage
from outside.world import World

_DAY = 86400


@api(
    "POST",
    "externalcontact/get_user_behavior_data",
    p.texts("userid", items=100, default=[]),
    p.numbers("partyid", items=100, default=[]),
    p.number("start_time", need=40058),
    p.number("end_time", need=40058),
    grant="customer",
)
def get_user_behavior_data(call: Call) -> Answer:
    """Sums over all members asked for; a day is told from the next day on."""
    if not call["userid"] and not call["partyid"]:
        raise WeComError(40058, "userid and partyid are both empty")
    now = call.world.clock.seconds()
    start, end = day_start(call["start_time"]), day_start(call["end_time"])
    if end < start or end - start > 30 * _DAY or start < day_start(now) - 180 * _DAY:
        raise WeComError(40058, "time range")
    users = {call.member(userid).userid.lower() for userid in call["userid"]}
    shown = call.world.visible_departments(call.app)
    if any(party not in shown for party in call["partyid"]):
        raise WeComError(60011)
    users |= {m.userid.lower() for m in call.world.members_of(call.corpid, call["partyid"])}
    last = min(end, day_start(now) - _DAY)
    return {"behavior_data": [_day(call.world, call.corpid, users, day) for day in range(start, last + 1, _DAY)]}


def _day(world: World, corpid: str, users: set[str], day: int) -> dict[str, Any]:
    told: dict[str, Any] = {"stat_time": day, "new_apply_cnt": 0, "new_contact_cnt": 0, "negative_feedback_cnt": 0}
    chats: dict[str, list[ChatMessage]] = defaultdict(list)
    for userid in users:
        for relation in world.relations.by("member", (corpid, userid)):
            if day <= relation.createtime < day + _DAY:
                told["new_contact_cnt"] += 1
                told["new_apply_cnt"] += relation.oper_userid.lower() == userid
            if relation.status == "deleted_by_customer" and day <= relation.deleted_at < day + _DAY:
                told["negative_feedback_cnt"] += 1
        for message in world.chat_messages.by("member", (corpid, userid)):
            if day <= message.at < day + _DAY and message.sender in ("customer", "member"):
                chats[f"{userid}/{message.external_userid}"].append(message)
    return told | _chat_figures(list(chats.values()))


def _chat_figures(chats: list[list[ChatMessage]]) -> dict[str, Any]:
    written = [[m for m in chat if m.sender == "member"] for chat in chats]
    figures: dict[str, Any] = {
        "chat_cnt": sum(bool(messages) for messages in written),
        "message_cnt": sum(len(messages) for messages in written),
    }
    opened = [chat for chat in chats if chat[0].sender == "customer"]
    if opened:
        waits = [wait for chat in opened if (wait := _first_reply(chat)) is not None]
        figures["reply_percentage"] = round(100 * len(waits) / len(opened), 2)
        if waits:
            figures["avg_reply_time"] = round(sum(waits) / len(waits) / 60)
    return figures


def _first_reply(chat: list[ChatMessage]) -> float | None:
    return next((m.at - chat[0].at for m in chat if m.sender == "member"), None)
