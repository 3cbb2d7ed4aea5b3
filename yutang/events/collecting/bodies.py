"""The body of a request, as messages: unpacked, measured, parsed. Pure."""

import zlib
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from yutang.events.collecting.messages import MAX_EVENT_BYTES, Message, Reading, read_message
from yutang.events.collecting.refusals import Failure, Refused

MAX_BODY_BYTES = 500 * 1024
KEPT_BYTES = 64 * 1024  # of what is too big to be kept whole
BATCH = "batch"


class Delivery(NamedTuple):
    """What came of one body."""

    messages: list[Message]
    failures: list[Failure]


def unpack(body: bytes, encoding: str) -> bytes:
    """Without its gzip. Raises Refused. A small body that would grow without end is unpacked only so far."""
    if encoding not in ("gzip", "x-gzip"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error:
        raise Refused("unreadable_gzip") from None
    if not unpacker.eof and len(plain) <= MAX_BODY_BYTES:
        raise Refused("unreadable_gzip")  # cut off on the way
    return plain


def parse(body: bytes) -> Any:
    """Raises Refused for what is not JSON as the standard has it: no NaN, no broken UTF-8, no bottomless nesting."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused("unreadable_json", problem=str(error)[:200]) from None


def read_call(raw: Any, reading: Reading, call: str, size: int) -> Delivery:
    """The one message of /v1/track and its like; `size` is that of the body."""
    if type(raw) is dict:
        named(raw)
    try:
        if size > MAX_EVENT_BYTES:
            raise Refused("event_too_large", size=size, limit=MAX_EVENT_BYTES)
        return Delivery([read_message(raw, reading, call)], [])
    except Refused as refused:
        return Delivery([], [failure_of(raw, refused, reading, call)])


def read_batch(raw: Any, reading: Reading) -> Delivery:
    """The messages of /v1/batch: each stands for itself. Raises Refused where there is no batch at all."""
    if type(raw) is not dict:
        raise Refused("not_an_object")
    batch = raw.get(BATCH)
    if type(batch) is not list:
        raise Refused("no_batch")
    if not batch:
        raise Refused("empty_batch")
    context = raw.get("context")
    reading = reading._replace(
        sent_at=raw.get("sentAt") or reading.sent_at, context=context if type(context) is dict else None
    )
    messages: list[Message] = []
    failures: list[Failure] = []
    for index, each in enumerate(batch):
        if type(each) is dict:
            named(each)
        try:
            messages.append(read_message(each, reading))
        except Refused as refused:
            failures.append(failure_of(each, refused, reading, None, index))
    return Delivery(messages, failures)


_NOT_ITSELF = ("context", "sentAt", "receivedAt", "writeKey", "integrations")  # what differs from try to try


def named(message: dict[str, Any]) -> None:
    """Give a message without an id one: by its content where that says when it happened, so that a second try is known
    for what it is; without a time two alike may well be two."""
    if message.get("messageId"):
        return
    if message.get("timestamp") or message.get("originalTimestamp"):
        told = {name: value for name, value in message.items() if name not in _NOT_ITSELF}
        text = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        message["messageId"] = f"yutang-{blake2b(text, digest_size=16).hexdigest()}"
    else:
        message["messageId"] = f"yutang-{uuid4().hex}"


def failure_of(
    raw: Any, refused: Refused, reading: Reading, call: str | None = None, index: int | None = None
) -> Failure:
    """The message as it can be replayed by itself: with the type its address said and the time its request was sent."""
    if type(raw) is dict:
        raw = dict(raw)
        if call:
            raw["type"] = call
        if reading.sent_at is not None:
            raw.setdefault("sentAt", reading.sent_at)
        if reading.context:
            raw.setdefault("context", reading.context)
        raw.pop("writeKey", None)
    body = orjson.dumps(raw, option=orjson.OPT_INDENT_2)
    whole = len(body) <= MAX_BODY_BYTES

    def told(field: str, limit: int) -> str:
        value = raw.get(field) if type(raw) is dict else None
        return value[:limit].replace("\x00", "") if type(value) is str else ""

    return Failure(
        refused=refused,
        body=body if whole else body[:KEPT_BYTES],
        is_whole=whole,
        call=told("type", 16),
        event_name=told("event", 100),
        message_id=told("messageId", 100),
        index=index,
    )
