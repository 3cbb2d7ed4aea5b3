"""Welcomes: one for each new friend, within twenty seconds; and the library of group welcomes."""

from __future__ import annotations

import asyncio
from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.friendship import say
from outside.message_parts import PARTS, check_part, check_text, in_chat
from outside.records import JSON, Relation, WelcomeCode, WelcomeTemplate

_MOST_ATTACHMENTS = 9
_MOST_TEMPLATES = 100
_TEMPLATE_TEXT_BYTES = 3000
_OLD_PARTS = ("image", "link", "miniprogram")
_distributing: set[str] = set()


@api(
    "POST",
    "externalcontact/send_welcome_msg",
    p.text("welcome_code", need=41049),
    p.record("text"),
    p.records("attachments"),
    grant="customer",
)
async def send_welcome_msg(call: Call) -> Answer:
    code = _valid_code(call)
    relation = call.world.relations.get(code.corpid, code.userid.lower(), code.external_userid)
    if relation is None or relation.chatted or relation.welcomed or code.used:
        raise WeComError(41051)
    if code.code in _distributing:
        raise WeComError(41096)
    text, attachments = _content(call)
    _distributing.add(code.code)
    try:
        await _distribute(call)
    finally:
        _distributing.discard(code.code)
    _deliver(call, code, relation, text, attachments)
    return {}


async def _distribute(call: Call) -> None:
    seconds = float(call.world.switch("welcome_processing_seconds"))
    if seconds > 0:
        await asyncio.sleep(seconds)


def _valid_code(call: Call) -> WelcomeCode:
    code = call.world.welcome_codes.get(call["welcome_code"])
    if code is None or code.corpid != call.corpid or not call.sees(code.userid):
        raise WeComError(41050)
    if call.world.clock.now() - code.issued_at > call.world.switch("welcome_code_seconds"):
        raise WeComError(41050)
    return code


def _content(call: Call) -> tuple[str, list[JSON]]:
    text = check_text(call["text"])
    attachments = call["attachments"]
    if attachments is None:  # the old form, with at most one part beside the text
        attachments = [{"msgtype": kind, kind: call.given[kind]} for kind in _OLD_PARTS if call.given.get(kind)][:1]
    if len(attachments) > _MOST_ATTACHMENTS:
        raise WeComError(41064)
    if not text and not attachments:
        raise WeComError(40058, "text and attachments are both empty")
    for attachment in attachments:
        if attachment.get("msgtype") not in PARTS:
            raise WeComError(41065)
        check_part(call, attachment["msgtype"], attachment.get(attachment["msgtype"]))
    return text, attachments


def _deliver(call: Call, code: WelcomeCode, relation: Relation, text: str, attachments: list[JSON]) -> None:
    code.used = True
    call.world.welcome_codes.put(code)
    relation.welcomed = True
    call.world.relations.put(relation)
    if text:
        say(call.world, relation, "welcome", "text", {"content": text}, silent=True)
    for attachment in attachments:
        kind = attachment["msgtype"]
        say(call.world, relation, "welcome", kind, in_chat(call, kind, attachment[kind]), silent=True)


# the library of group welcomes

_PARTS = (p.record("text"), *(p.record(kind) for kind in ("image", "link", "miniprogram", "file", "video")))


def _template_parts(call: Call) -> JSON:
    text = check_text(call["text"], _TEMPLATE_TEXT_BYTES)
    kinds = [kind for kind in ("image", "link", "miniprogram", "file", "video") if call[kind]]
    if not text and not kinds:
        raise WeComError(40058, "all parts are empty")
    for kind in kinds:
        check_part(call, kind, call[kind])
    parts: JSON = {"text": {"content": text}} if text else {}
    return parts | ({kinds[0]: call[kinds[0]]} if kinds else {})


def _template(call: Call) -> WelcomeTemplate:
    found = call.world.welcome_templates.get(call["template_id"])
    if found is None or found.corpid != call.corpid:
        raise WeComError(40058, "unknown template_id")
    return found


def _own_template(call: Call) -> WelcomeTemplate:
    found = _template(call)
    if found.creator != call.app.agentid:
        raise WeComError(41058)
    return found


@api("POST", "externalcontact/group_welcome_template/add", *_PARTS, p.number("notify"), grant="customer")
def add_template(call: Call) -> Answer:
    if call.world.welcome_templates.count("corp", call.corpid) >= _MOST_TEMPLATES:
        raise WeComError(41055)
    template = WelcomeTemplate(call.corpid, call.world.new_id("msg"), call.app.agentid, _template_parts(call))
    return {"template_id": call.world.welcome_templates.put(template).template_id}


_TEMPLATE_ID = p.text("template_id", need=40063)


@api("POST", "externalcontact/group_welcome_template/edit", _TEMPLATE_ID, *_PARTS, grant="customer")
def edit_template(call: Call) -> Answer:
    template = _own_template(call)
    template.parts = _template_parts(call)
    call.world.welcome_templates.put(template)
    return {}


@api("POST", "externalcontact/group_welcome_template/get", _TEMPLATE_ID, grant="customer")
def get_template(call: Call) -> Answer:
    parts: dict[str, Any] = dict(_template(call).parts)
    if "image" in parts:
        parts["image"] = {"pic_url": in_chat(call, "image", parts["image"]).get("file_url", "")}
    return parts


@api("POST", "externalcontact/group_welcome_template/del", _TEMPLATE_ID, grant="customer")
def del_template(call: Call) -> Answer:
    call.world.welcome_templates.remove(_own_template(call))
    return {}
