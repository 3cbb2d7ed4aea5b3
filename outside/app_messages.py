"""What apps write to members: checked, and kept for the member's phone."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from typing import Any

from outside import params as p
from outside.clock import day_start
from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.media import require_media
from outside.message_parts import in_chat
from outside.records import JSON, AppMessage
from outside.template_cards import INTERACTIVE, check_card

_TEXT_BYTES = 2048
_PER_MINUTE, _PER_HOUR = 30, 1000  # to one member; what is beyond is silently dropped
_RECALL_SECONDS = 86400
_CARD_ANSWER_SECONDS = 72 * 3600


def _text(call: Call, body: JSON) -> JSON:
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise WeComError(44004)
    return {**body, "content": content.encode()[:_TEXT_BYTES].decode(errors="ignore")}


def _markdown(call: Call, body: JSON) -> JSON:
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise WeComError(44004)
    if len(content.encode()) > _TEXT_BYTES:
        raise WeComError(45002)
    return body


def _textcard(call: Call, body: JSON) -> JSON:
    for name, missing, chars in (("title", 41016, 128), ("description", 41033, 512)):
        value = body.get(name)
        if not isinstance(value, str) or not value:
            raise WeComError(missing)
        if len(value) > chars:
            raise WeComError(45002, f"{name} is longer than {chars} characters")
    _check_url(body.get("url"))
    return body


def _check_url(url: Any) -> None:
    if not isinstance(url, str) or not url:
        raise WeComError(41010)
    if len(url.encode()) > 2048:
        raise WeComError(45002, "url is longer than 2048 bytes")
    if "://" not in url:
        raise WeComError(45034)


def _news(call: Call, body: JSON) -> JSON:
    if call["safe"]:
        raise WeComError(40074)
    for article in _articles(body):
        if not article.get("title"):
            raise WeComError(41016)
        if not article.get("appid"):
            _check_url(article.get("url"))
    return body


def _articles(body: JSON) -> list[JSON]:
    articles = body.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise WeComError(45008)
    if not all(isinstance(article, dict) for article in articles):
        raise WeComError(40058, "articles must be objects")
    return articles


def _mpnews(call: Call, body: JSON) -> JSON:
    for article in _articles(body):
        if not article.get("title"):
            raise WeComError(41016)
        if not article.get("content"):
            raise WeComError(44004)
        require_media(call, str(article.get("thumb_media_id", "")), "image")
    return body


def _miniprogram_notice(call: Call, body: JSON) -> JSON:
    for name in ("appid", "title"):
        if not body.get(name):
            raise WeComError(40058, f"{name} is missing")
    if call["touser"] == "@all":
        raise WeComError(40058, "@all is not possible")
    return body


def _card(call: Call, body: JSON) -> JSON:
    check_card(body)
    if body["card_type"] in INTERACTIVE and not call.app.callback_url:
        raise WeComError(43012)
    return body


def _media_of(kind: str) -> Any:
    def check(call: Call, body: JSON) -> JSON:
        require_media(call, str(body.get("media_id", "")), kind)
        return in_chat(call, kind, body)

    return check


_BODIES = {
    "text": _text,
    "markdown": _markdown,
    "textcard": _textcard,
    "news": _news,
    "mpnews": _mpnews,
    "miniprogram_notice": _miniprogram_notice,
    "template_card": _card,
    "image": _media_of("image"),
    "voice": _media_of("voice"),
    "video": _media_of("video"),
    "file": _media_of("file"),
}


def _split(text: str | None, most: int, code: int) -> list[str]:
    found = [part for part in (text or "").split("|") if part]
    if len(found) > most:
        raise WeComError(code)
    return found


def _receivers(call: Call) -> tuple[set[str], dict[str, str]]:
    """Userids in lower case, and the ids of each kind that reach nobody."""
    users = _split(call["touser"], 1000, 40032)
    parties, tags = _split(call["toparty"], 100, 82002), _split(call["totag"], 100, 82003)
    if not users and not parties and not tags:
        raise WeComError(82001)
    visible = call.world.visible_users(call.app)
    if users == ["@all"]:
        return set(visible), {}
    found = {u.lower() for u in users if u.lower() in visible and call.world.members.get(call.corpid, u.lower())}
    bad_users = [u.lower() for u in users if u.lower() not in found]
    bad_parties = []
    for party in parties:
        inside = {m.userid.lower() for m in _party_members(call, party)} & visible
        found |= inside
        if not inside:
            bad_parties.append(party)
    bad_tags = []
    for tag_id in tags:
        tag = call.world.member_tags.get(call.corpid, tag_id)
        inside = {u.lower() for u in tag.users} & visible if tag else set()
        found |= inside
        if not inside:
            bad_tags.append(tag_id)
    if not found:
        raise WeComError(81013)
    invalid = {"invaliduser": bad_users, "invalidparty": bad_parties, "invalidtag": bad_tags}
    return found, {name: "|".join(bad) for name, bad in invalid.items() if bad}


def _party_members(call: Call, party: str) -> list[Any]:
    return call.world.members_of(call.corpid, [int(party)]) if party.isdecimal() else []


def _within_budget(call: Call, userid: str) -> bool:
    now = call.world.clock.now()
    times: deque[float] = call.world.app_message_times.setdefault((call.app.key, userid), deque())
    while times and times[0] <= now - 3600:
        times.popleft()
    if len(times) >= _PER_HOUR or sum(t > now - 60 for t in times) >= _PER_MINUTE:
        return False
    times.append(now)
    return True


@api(
    "POST",
    "message/send",
    p.text("touser"),
    p.text("toparty"),
    p.text("totag"),
    p.text("msgtype", need=40008),
    p.number("agentid", need=41011, wrong=40056),
    p.number("safe", default=0, choices=(0, 1, 2)),
    p.number("enable_duplicate_check", default=0, choices=(0, 1)),
    p.number("duplicate_check_interval", default=1800, least=0, most=14400),
    grant="app",
)
def send(call: Call) -> Answer:
    """Kept for the members' phones; receivers beyond their budget get nothing and nobody is told."""
    if call["agentid"] != call.app.agentid:
        raise WeComError(301002)
    kind = call["msgtype"]
    if kind not in _BODIES:
        raise WeComError(40008)
    found, invalid = _receivers(call)
    given = call.given.get(kind)
    if not isinstance(given, dict):
        raise WeComError(44004 if kind in ("text", "markdown") else 40058, f"{kind} is missing")
    content = _BODIES[kind](call, given)
    digest = _digest(call)
    if call["enable_duplicate_check"] and (earlier := _earlier(call, digest)):
        return {"msgid": earlier.msgid, **invalid}
    message = AppMessage(
        call.world.new_id("", 64),
        call.corpid,
        call.app.agentid,
        sorted(u for u in found if _within_budget(call, u)),
        kind,
        content,
        call.world.clock.now(),
        digest=digest,
    )
    answer: Answer = {"msgid": message.msgid, **invalid}
    if kind == "template_card" and content["card_type"] in INTERACTIVE:
        message.response_code = answer["response_code"] = call.world.new_id("", 64)
    call.world.app_messages.put(message)
    call.world.live.tell("app_message", corpid=call.corpid, to=message.to)
    return answer


def _digest(call: Call) -> str:
    told = {k: v for k, v in call.given.items() if k not in ("enable_duplicate_check", "duplicate_check_interval")}
    return hashlib.sha256(json.dumps([call.app.key, told], sort_keys=True).encode()).hexdigest()


def _earlier(call: Call, digest: str) -> AppMessage | None:
    since = call.world.clock.now() - call["duplicate_check_interval"]
    for message in reversed(call.world.app_messages.by("corp", call.corpid)):
        if message.at < since:
            return None
        if message.digest == digest:
            return message
    return None


@api("POST", "message/recall", p.text("msgid", need=40058), grant="app")
def recall(call: Call) -> Answer:
    message = call.world.app_messages.get(call["msgid"])
    if message is None or (message.corpid, message.agentid) != (call.corpid, call.app.agentid):
        raise WeComError(40058, "unknown msgid")
    if call.world.clock.now() - message.at > _RECALL_SECONDS:
        raise WeComError(42052)
    message.recalled = True
    call.world.app_messages.put(message)
    call.world.live.tell("app_message", corpid=call.corpid, to=message.to)
    return {}


@api("POST", "message/get_statistics", p.number("time_type", default=0, choices=(0, 1)), grant="app")
def get_statistics(call: Call) -> Answer:
    start = day_start(call.world.clock.seconds()) - 86400 * call["time_type"]
    count = sum(
        len(m.to)
        for m in call.world.app_messages.by("corp", call.corpid)
        if m.agentid == call.app.agentid and start <= m.at < start + 86400
    )
    return {"statistics": [{"agentid": call.app.agentid, "app_name": call.app.name, "count": count}]}


@api(
    "POST",
    "message/update_template_card",
    p.texts("userids", items=1000),
    p.numbers("partyids", items=100),
    p.numbers("tagids", items=100),
    p.number("atall", default=0),
    p.number("agentid", need=41011, wrong=40056),
    p.text("response_code", need=60140),
    p.record("button"),
    p.record("template_card"),
    grant="app",
)
def update_template_card(call: Call) -> Answer:
    """A card becomes another, once for each response_code."""
    if call["agentid"] != call.app.agentid:
        raise WeComError(301002)
    message = _answered(call)
    replace_name = (call["button"] or {}).get("replace_name")
    if call["template_card"]:
        check_card(call["template_card"])
        message.content = call["template_card"]
    elif replace_name:
        message.content = {**message.content, "replace_text": replace_name}
    else:
        raise WeComError(40058, "button and template_card are both empty")
    message.response_code = ""
    call.world.app_messages.put(message)
    call.world.live.tell("app_message", corpid=call.corpid, to=message.to)
    return {"invaliduser": [u for u in call["userids"] or [] if u.lower() not in message.to]}


def _answered(call: Call) -> AppMessage:
    for message in call.world.app_messages.by("corp", call.corpid):
        fresh = call.world.clock.now() - message.at < _CARD_ANSWER_SECONDS
        if message.response_code == call["response_code"] and message.agentid == call.app.agentid and fresh:
            return message
    raise WeComError(60140)
