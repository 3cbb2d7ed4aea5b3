"""Where sources send their events: /v1/track and its like, as Segment's libraries speak it.

It stands in front of Django's middleware, which would take longer than everything else an event needs: sessions, CSRF
and cookies have no say here, the write key alone has.
"""

import base64
import binascii
import json
import logging
import math
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from yutang.events.collecting.accept import Arrival, accept
from yutang.events.collecting.bodies import (
    BATCH,
    KEPT_BYTES,
    MAX_BODY_BYTES,
    Delivery,
    parse,
    read_batch,
    read_call,
    unpack,
)
from yutang.events.collecting.messages import Reading
from yutang.events.collecting.refusals import Failure, Refused
from yutang.events.collecting.sources import ALLOWANCE, Sender, sender_of
from yutang.kernel import clock
from yutang.kernel.language import Text

log = logging.getLogger(__name__)

PREFIX = "/v1/"
# The addresses of Segment's API, with the short ones its browser library uses.
CALLS = {
    "track": "track",
    "t": "track",
    "identify": "identify",
    "i": "identify",
    "page": "page",
    "p": "page",
    "screen": "screen",
    "s": "screen",
    "group": "group",
    "g": "group",
    "alias": "alias",
    "a": "alias",
    "batch": BATCH,
    "b": BATCH,
    "import": BATCH,
}

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

_REASONS = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
_HEADERS = [
    ("Content-Type", "application/json"),
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]
_PREFLIGHT = [
    ("Access-Control-Allow-Methods", "POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "authorization, content-type, content-encoding"),
    ("Access-Control-Max-Age", "86400"),
]
ACCEPTED = b'{"success":true}'

NO_KEY = Text(
    "需要写入密钥：Basic 认证的用户名，或请求体里的 writeKey。",
    "A write key is needed: as the user name of Basic authentication, or as `writeKey` in the body.",
)
STRANGE_KEY = Text("没有使用这个写入密钥的来源。", "No source has this write key.")
DISABLED = Text("这个来源已停用。", "This source is disabled.")
STRANGE_ORIGIN = Text(
    "这个来源不接受来自 {origin} 的网页。", "This source does not take events from pages of {origin}."
)
TOO_FAST = Text("超过这个来源每秒 {rate} 个事件的上限。", "This source may send {rate} events a second; this is more.")
AWAY = Text("暂时无法保存，请稍后重试。", "Events cannot be kept at the moment. Try again.")
NO_CALL = Text("没有这个地址。", "There is no such address.")
POST_ONLY = Text("请用 POST。", "Use POST.")


class _Answer(Exception):
    """Ends a request before anything is accepted."""

    def __init__(self, status: int, code: str, said: Text, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.said, self.retry_after = status, code, said, retry_after


def collect(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """The WSGI application of everything under /v1/."""
    headers: list[tuple[str, str]] = []
    try:
        status, body = 200, _taken(environ)
    except _Answer as answer:
        status, body = answer.status, _said(answer.code, answer.said)
        if answer.retry_after is not None:
            headers.append(("Retry-After", str(answer.retry_after)))
    if status == 200 and not body:
        status, headers = 204, _PREFLIGHT
    start_response(f"{status} {_REASONS[status]}", [*_HEADERS, *headers, ("Content-Length", str(len(body)))])
    return [body]


def _said(code: str, said: Text, **more: object) -> bytes:
    return orjson.dumps({"success": False, "code": code, "message": said.en, "message_zh": said.zh, **more})


def _taken(environ: Environ) -> bytes:
    """What to answer once all is written. Raises _Answer."""
    path = environ["PATH_INFO"][len(PREFIX) :].strip("/")
    call = CALLS.get(path)
    if call is None:
        return _library_settings(environ, path)
    method = environ["REQUEST_METHOD"]
    if method == "OPTIONS":
        return b""
    if method != "POST":
        raise _Answer(405, "method_not_allowed", POST_ONLY)
    received_at = clock.now()
    raw_body, size = _body(environ)
    sender = _by_basic_auth(environ)
    raw: Any = None
    try:
        if size > MAX_BODY_BYTES:
            raise Refused("body_too_large", size=size, limit=MAX_BODY_BYTES)
        body = unpack(raw_body, environ.get("HTTP_CONTENT_ENCODING", "").lower())
        if len(body) > MAX_BODY_BYTES:
            raise Refused("body_too_large", size=f"> {MAX_BODY_BYTES}", limit=MAX_BODY_BYTES)
        raw_body = body
        raw = parse(body)
        sender = sender or _by_body(raw)
        _check(environ, sender)
        reading = Reading(
            received_at=received_at,
            sent_at=raw.get("sentAt") if type(raw) is dict else None,
            consent_category=sender.consent_category,
            may_hold_nul=b"\\u0000" in body,
            declared=sender.declared,
        )
        delivery = read_batch(raw, reading) if call == BATCH else read_call(raw, reading, call, len(body))
    except Refused as refused:
        if sender is None:
            # Whose it would be cannot be read either; what nobody vouches for is not kept.
            raise _Answer(refused.status, refused.reason, refused.said) from None
        _check(environ, sender)
        whole = len(raw_body) == size or raw is not None
        whole = whole and len(raw_body) <= MAX_BODY_BYTES and refused.reason != "unreadable_gzip"
        kept = raw_body if whole else raw_body[:KEPT_BYTES]
        delivery = Delivery([], [Failure(refused, kept, is_whole=whole, call=call)])
    return _accepted(sender, Arrival(sender, received_at, delivery))


def _accepted(sender: Sender, arrival: Arrival) -> bytes:
    delivery = arrival.delivery
    count = len(delivery.messages) + len(delivery.failures)
    wait = ALLOWANCE.take(sender.id, sender.rate_per_second, count)
    if wait:
        raise _Answer(
            429, "too_many_events", TOO_FAST.fill(rate=sender.rate_per_second), retry_after=max(1, math.ceil(wait))
        )
    try:
        close_old_connections()
        accept(arrival)
    except DatabaseError:
        log.exception("Events could not be written")
        connection.close()
        raise _Answer(503, "unavailable", AWAY, retry_after=1) from None
    if not delivery.failures:
        return ACCEPTED
    if delivery.failures[0].index is None:  # the whole request, not one message of a batch
        refused = delivery.failures[0].refused
        raise _Answer(refused.status, refused.reason, refused.said)
    return orjson.dumps({"success": True, "refused": [_refusal(failure) for failure in delivery.failures[:100]]})


def _refusal(failure: Failure) -> dict[str, object]:
    said = failure.refused.said
    return {"index": failure.index, "code": failure.refused.reason, "message": said.en, "message_zh": said.zh}


def _body(environ: Environ) -> tuple[bytes, int]:
    """The body, or its beginning where it is too big, and how long it is."""
    told = environ.get("CONTENT_LENGTH") or ""
    stream = environ["wsgi.input"]
    if told.isdecimal():
        size = int(told)
        return stream.read(size if size <= MAX_BODY_BYTES else KEPT_BYTES), size
    body = stream.read(MAX_BODY_BYTES + 1)
    return body, len(body)


def _by_basic_auth(environ: Environ) -> Sender | None:
    """The source whose key is the user name. None where no name is given; raises _Answer for a stranger's."""
    scheme, _, told = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic" or not told:
        return None
    try:
        key = base64.b64decode(told, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        raise _Answer(401, "unauthorized", STRANGE_KEY) from None
    return _sender(key) if key else None


def _by_body(raw: Any) -> Sender:
    key = raw.get("writeKey") if type(raw) is dict else None
    if not key and type(raw) is dict and type(batch := raw.get(BATCH)) is list and batch and type(batch[0]) is dict:
        key = batch[0].get("writeKey")
    if type(key) is not str or not key:
        raise _Answer(401, "unauthorized", NO_KEY)
    return _sender(key)


def _sender(key: str) -> Sender:
    close_old_connections()
    try:
        sender = sender_of(key[:200])
    except DatabaseError:
        log.exception("A write key could not be looked up")
        connection.close()
        raise _Answer(503, "unavailable", AWAY, retry_after=1) from None
    if sender is None:
        raise _Answer(401, "unauthorized", STRANGE_KEY)
    return sender


def _check(environ: Environ, sender: Sender) -> None:
    if not sender.is_enabled:
        raise _Answer(403, "source_disabled", DISABLED)
    origin = environ.get("HTTP_ORIGIN")
    if origin and sender.allowed_origins and origin.lower() not in sender.allowed_origins:
        raise _Answer(403, "origin_not_allowed", STRANGE_ORIGIN.fill(origin=origin[:200]))


def _library_settings(environ: Environ, path: str) -> bytes:
    """What Segment's browser library asks for when it starts: where to send, and that every event may be sent."""
    parts = path.split("/")
    if len(parts) != 3 or parts[0] != "projects" or parts[2] != "settings":
        raise _Answer(404, "not_found", NO_CALL)
    if environ["REQUEST_METHOD"] != "GET":
        raise _Answer(405, "method_not_allowed", POST_ONLY)
    _sender(parts[1])
    host = settings.PUBLIC_URL.partition("://")[2]
    return json.dumps(
        {
            "integrations": {"Segment.io": {"apiKey": parts[1], "apiHost": f"{host}/v1", "addBundledMetadata": True}},
            "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        }
    ).encode()
