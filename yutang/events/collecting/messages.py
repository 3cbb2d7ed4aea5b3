"""One message in Segment's form, checked and put into ours. Pure: no rows, no clock.

Written flat and with few calls, because every event passes here: a microsecond each is a core at a million a second.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple
from unicodedata import category

import orjson

from yutang.events.collecting.bots import is_bot
from yutang.events.collecting.declared import Declared, broken_by
from yutang.events.collecting.refusals import Refused
from yutang.events.names import CALLS, stored_name

MAX_EVENT_BYTES = 32 * 1024
MAX_ID = 200
MAX_MESSAGE_ID = 100
MAX_NAME = 100
MAX_DEPTH = 32
AHEAD = timedelta(minutes=10)  # how far in the future a corrected time may lie; it then counts as now
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_BIGGEST = 2**63 - 1
_CONTROLS = ("Cc", "Cs")

# What of `context` is kept with the event, under names of ours: part, its field, name.
_KEPT = (
    ("page", (("url", "$url"), ("path", "$path"), ("referrer", "$referrer"), ("title", "$title"))),
    (
        "campaign",
        (
            ("source", "$utm_source"),
            ("name", "$utm_campaign"),
            ("medium", "$utm_medium"),
            ("term", "$utm_term"),
            ("content", "$utm_content"),
        ),
    ),
    ("library", (("name", "$library"),)),
    ("os", (("name", "$os"),)),
    ("device", (("type", "$device"),)),
)


class Message(NamedTuple):
    """A checked message. `props` is JSON text; `key` names the occurrence within its issuer."""

    call: str
    name: str
    message_id: str
    user_id: str | None
    anonymous_id: str | None
    previous_id: str | None
    at: datetime
    fingerprint: str
    props: str
    traits: dict[str, Any] | None  # of an identify call
    is_bot: bool
    allows_analysis: bool  # False: context.consent says no


class Reading(NamedTuple):
    """What holds for all messages of one request."""

    received_at: datetime
    sent_at: object = None  # of the request; a message's own goes first
    consent_category: str = "analytics"
    may_hold_nul: bool = True  # False: a look at the whole request found none
    context: dict[str, Any] | None = None  # of the request
    declared: Mapping[str, Declared] = {}  # by stored name


def read_message(raw: object, reading: Reading, call: str | None = None) -> Message:
    """`call` is what the address said, where it said one. Raises Refused."""
    if type(raw) is not dict:
        raise Refused("not_an_object")
    call = call or raw.get("type")
    if call not in CALLS:
        raise Refused("unknown_type")
    user_id = _id(raw, "userId")
    anonymous_id = _id(raw, "anonymousId")
    if user_id is None and anonymous_id is None:
        raise Refused("no_id")
    traits = None
    previous_id = None
    event = ""
    extra = ""  # what else tells two messages apart
    if call == "track":
        event = _event_name(raw)
        props = _object(raw, "properties")
    elif call == "identify":
        props = traits = _object(raw, "traits")
    elif call == "group":
        extra = _id(raw, "groupId") or ""
        if not extra:
            raise Refused("no_group_id")
        props = {**_object(raw, "traits"), "group_id": extra}
    elif call == "alias":
        previous_id = _id(raw, "previousId")
        if previous_id is None or user_id is None:
            raise Refused("no_previous_id")
        extra = previous_id
        props = {"previous_id": previous_id, "user_id": user_id}
    else:
        props = _object(raw, "properties")
        if type(title := raw.get("name")) is str and title:
            props = {**props, "name": title[:MAX_ID]}
    if reading.may_hold_nul:
        refuse_unstorable(props, 0)
    else:
        for value in props.values():
            kind = type(value)
            if kind is int or kind is float:
                if not -_BIGGEST <= value <= _BIGGEST:
                    raise Refused("unstorable")
            elif kind is dict or kind is list:
                refuse_unstorable(value, 1)
    name = stored_name(call, event)
    declared = reading.declared.get(name) if reading.declared else None
    problem = broken_by(props, declared.properties) if declared else None
    if problem and declared and declared.refuses:
        raise Refused("schema_broken", problem=problem)
    context = raw.get("context")
    if type(context) is not dict:
        context = reading.context or {}
    try:
        told = orjson.dumps(props, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError):
        raise Refused("unstorable") from None
    if len(told) > MAX_EVENT_BYTES:
        raise Refused("event_too_large", size=len(told), limit=MAX_EVENT_BYTES)
    at = _moment(raw, reading)
    bot = type(agent := context.get("userAgent")) is str and is_bot(agent)
    allows = _allows(context, reading.consent_category)
    identity = f"{call}\n{event}\n{user_id or ''}\n{anonymous_id or ''}\n{raw.get('timestamp') or ''}\n{extra}\n"
    fingerprint = blake2b(identity.encode("utf-8", "surrogatepass") + told, digest_size=16).hexdigest()
    message_id = raw.get("messageId")
    if type(message_id) is not str or len(message_id) > MAX_MESSAGE_ID or not message_id.isprintable():
        raise Refused("bad_id", field="messageId", limit=MAX_MESSAGE_ID)
    kept = _kept(context, reading.may_hold_nul)
    if bot:
        kept["$bot"] = True
    if problem:
        kept["$broken"] = problem.en
    if kept:
        told = orjson.dumps(kept) if told == b"{}" else told[:-1] + b"," + orjson.dumps(kept)[1:]
    return Message(
        call,
        name,
        message_id,
        user_id,
        anonymous_id,
        previous_id,
        at,
        fingerprint,
        told.decode(),
        traits,
        bot,
        allows,
    )


def refuse_unstorable(value: object, depth: int) -> None:
    """What no column can hold, anywhere within, and nesting too deep to be read again."""
    if depth > MAX_DEPTH:
        raise Refused("too_deep", limit=MAX_DEPTH)
    kind = type(value)
    if kind is str:
        if "\x00" in value:  # type: ignore[operator]
            raise Refused("unstorable")
    elif kind is dict:
        for key, inner in value.items():  # type: ignore[attr-defined]
            if "\x00" in key:
                raise Refused("unstorable")
            refuse_unstorable(inner, depth + 1)
    elif kind is list:
        for inner in value:  # type: ignore[attr-defined]
            refuse_unstorable(inner, depth + 1)
    elif kind in (int, float) and abs(value) > _BIGGEST:  # type: ignore[arg-type]
        raise Refused("unstorable")


def _id(raw: Mapping[str, Any], field: str) -> str | None:
    value = raw.get(field)
    if value is None or value == "":
        return None
    if type(value) is int:
        value = str(value)
    if type(value) is not str or len(value) > MAX_ID or not is_plain(value):
        raise Refused("bad_id", field=field, limit=MAX_ID)
    return value


def is_plain(text: str) -> bool:
    """Something to see, and no control characters."""
    if text.isprintable():
        return not text.isspace()
    return bool(text.strip()) and not any(category(each) in _CONTROLS for each in text)


def _event_name(raw: Mapping[str, Any]) -> str:
    event = raw.get("event")
    if event is None or event == "":
        raise Refused("no_name")
    if type(event) is not str or len(event) > MAX_NAME or not is_plain(event):
        raise Refused("bad_name", limit=MAX_NAME)
    return event


def _object(raw: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = raw.get(field)
    if value is None:
        return {}
    if type(value) is not dict:
        raise Refused("bad_properties", field=field)
    return value


def _moment(raw: Mapping[str, Any], reading: Reading) -> datetime:
    """When it happened by our clock: the sender's clock may be wrong, and `sentAt` tells by how much."""
    received_at = reading.received_at
    told = raw.get("timestamp")
    field = "timestamp"
    if told is None:
        told, field = raw.get("originalTimestamp"), "originalTimestamp"
        if told is None:
            return received_at
    at = parse_time(told)
    if at is None:
        raise Refused("bad_time", field=field, value=str(told)[:40])
    sent_at = parse_time(raw.get("sentAt") or reading.sent_at)
    try:
        if sent_at is not None:
            at = received_at - (sent_at - at)
        if at > received_at:
            if at - received_at > AHEAD:
                raise Refused("time_in_future", value=str(told)[:40], minutes=int(AHEAD.total_seconds() // 60))
            return received_at
    except OverflowError:
        raise Refused("bad_time", field=field, value=str(told)[:40]) from None
    if at < EARLIEST:
        raise Refused("time_too_old", value=str(told)[:40], earliest=f"{EARLIEST:%Y-%m-%d}")
    return at


def parse_time(told: object) -> datetime | None:
    """ISO 8601; without an offset it is UTC. None for anything else."""
    if type(told) is not str or len(told) > 40:
        return None
    try:
        at = datetime.fromisoformat(told)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _allows(context: Mapping[str, Any], category: str) -> bool:
    consent = context.get("consent")
    if type(consent) is not dict:
        return True
    preferences = consent.get("categoryPreferences")
    if type(preferences) is not dict:
        return True
    wanted = category.casefold()
    return not any(name.casefold() == wanted and allowed is False for name, allowed in preferences.items())


def _kept(context: Mapping[str, Any], may_hold_nul: bool) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if not context:
        return kept
    for part, fields in _KEPT:
        if part in context and type(inner := context[part]) is dict:
            for field, name in fields:
                if field in inner and type(value := inner[field]) is str and value:
                    if may_hold_nul:
                        value = value.replace("\x00", "")
                    kept[name] = value[:1000]
    return kept
