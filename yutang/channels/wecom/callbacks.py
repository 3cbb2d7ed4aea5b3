"""Callbacks on their way in: believed or refused, then written down word for word before anything else is done."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from yutang.channels.wecom.callback_errors import CallbackRefused
from yutang.channels.wecom.crypto import CallbackCrypto
from yutang.channels.wecom.models import RefusedCallback, WeComApp
from yutang.channels.wecom.payload import Fields, ParsedCallback, as_int, read_callback
from yutang.channels.wecom.tickets import open_ticket
from yutang.events.models import InboxMessage, InboxState
from yutang.kernel import clock, jobs
from yutang.kernel.briefly import Briefly
from yutang.kernel.together import Together

CHANNEL = "wecom"
FRESHNESS = timedelta(minutes=5)  # an envelope further from our clock is not believed
SEEN_EVERY = timedelta(minutes=1)  # how often the app's row notes that callbacks arrive

PROCESS = "wecom.process_callback"
GREET = "wecom.greet"  # on the lane of what cannot wait


class StaleCallback(CallbackRefused):
    """Signed, but too long ago or ahead: a replay, or one of the two clocks is wrong."""

    name = "stale_timestamp"


@dataclass(frozen=True)
class Envelope:
    """What came over HTTP, before it is believed."""

    signature: str
    timestamp: str
    nonce: str
    body: bytes = b""

    @classmethod
    def of(cls, query: Mapping[str, str], body: bytes = b"") -> "Envelope":
        return cls(query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""), body)


def _app_at(public_id: str) -> WeComApp | None:
    app = WeComApp.objects.select_related("corp").filter(public_id=public_id, is_active=True).first()
    return app if app is not None and app.callback_token else None


app_at = Briefly(_app_at, seconds=2.0)
"""The app whose callback address this is. Reading and unsealing it costs more than all else a callback needs."""


def verify_address(app: WeComApp, envelope: Envelope, *, echostr: str) -> str:
    """The plain text WeCom expects back when the callback address is entered in its console."""
    plain = crypto_of(app).verify_url(
        signature=envelope.signature, timestamp=envelope.timestamp, nonce=envelope.nonce, echostr=echostr
    )
    WeComApp.objects.filter(pk=app.pk).update(callback_verified_at=clock.now())
    return plain


def accept(app: WeComApp, envelope: Envelope) -> int:
    """Believe, write down, put to work. Returns the inbox row's id; raises CallbackRefused.

    When this returns the row is committed, and so is the job that will process it. A re-send finds its row by the key
    and is only counted.
    """
    plain = crypto_of(app).open(
        signature=envelope.signature, timestamp=envelope.timestamp, nonce=envelope.nonce, body=envelope.body
    )
    _check_freshness(envelope.timestamp)
    callback = read_callback(plain)
    message_id = _arrivals.submit(Arrival(app, callback))
    _note_seen(app)
    return message_id


@dataclass(frozen=True)
class Arrival:
    app: WeComApp
    callback: ParsedCallback


def _write_arrivals(arrivals: Sequence[Arrival]) -> list[int]:
    """Write down what came in at one moment, each with the job that follows, in one transaction."""
    ids = []
    for arrival in arrivals:
        received_at = clock.now()
        message_id, is_new = _write(arrival.app, arrival.callback, received_at)
        if is_new:
            ticket_id = open_ticket(
                arrival.app.pk, arrival.callback, happened(arrival.callback.fields) or received_at, received_at
            )
            if ticket_id is not None:
                jobs.enqueue(GREET, {"ticket_id": ticket_id})
            enqueue_processing(message_id, app_id=arrival.app.pk)
        ids.append(message_id)
    return ids


_arrivals = Together(_write_arrivals)


def enqueue_processing(message_id: int, *, app_id: int) -> None:
    jobs.enqueue(PROCESS, {"message_id": message_id, "app_id": app_id})


def count_refusal(app: WeComApp, refusal: CallbackRefused, *, ip: str) -> None:
    """Keep the count of what was refused, for people to see; not the content, which anybody can send."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wecom_refusedcallback (app_id, reason, hour, count, last_at, last_ip)"
            " VALUES (%s, %s, %s, 1, %s, %s) ON CONFLICT (app_id, reason, hour) DO UPDATE SET"
            " count = wecom_refusedcallback.count + 1, last_at = excluded.last_at, last_ip = excluded.last_ip",
            [app.pk, refusal.name, adapt(hour), adapt(now), ip[:64]],
        )


def refused_since(app: WeComApp, since: datetime) -> list[RefusedCallback]:
    return list(RefusedCallback.objects.filter(app=app, last_at__gte=since).order_by("-last_at"))


def crypto_of(app: WeComApp) -> CallbackCrypto:
    return CallbackCrypto(
        token=app.callback_token, encoding_aes_key=app.callback_aes_key, receive_id=app.corp.wecom_corpid
    )


def inbox_key(corp_id: int, callback: ParsedCallback) -> str:
    """The identity of what happened, the same for every re-send and different for everything else.

    Messages have an id. Events have none, and many share a second: all their elements together tell them apart, in any
    order and whether they came as XML or JSON.
    """
    message_id = callback.fields.get("MsgId")
    if callback.msg_type != "event" and isinstance(message_id, (str, int)):
        whose = f"{callback.msg_type}:{callback.sender}"
        return f"{CHANNEL}:{corp_id}:message:{message_id}:{whose}"[:200]
    told = orjson.dumps(_as_texts(callback.fields), option=orjson.OPT_SORT_KEYS)
    return f"{CHANNEL}:{corp_id}:{hashlib.blake2b(told, digest_size=20).hexdigest()}"


def kind_of(callback: ParsedCallback) -> str:
    named = callback.event if callback.msg_type in ("event", "") else callback.msg_type
    return "/".join(part for part in (named or "unknown", callback.change_type) if part)[:100]


def _as_texts(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _as_texts(inside) for name, inside in value.items()}
    if isinstance(value, list):
        return [_as_texts(inside) for inside in value]
    return str(value).strip()


def _check_freshness(timestamp: str) -> None:
    seconds = as_int(timestamp)
    if seconds is None or abs(clock.now().timestamp() - seconds) > FRESHNESS.total_seconds():
        raise StaleCallback("the envelope's time is more than five minutes from ours")


_WRITE = """
INSERT INTO events_inboxmessage
  (channel, corp_id, key, kind, body, happened_at, received_at, deliveries, state, attempts, error)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1, %s, 0, '')
ON CONFLICT (key) DO UPDATE SET deliveries = events_inboxmessage.deliveries + 1
RETURNING id, deliveries
"""


def _write(app: WeComApp, callback: ParsedCallback, received_at: datetime) -> tuple[int, bool]:
    adapt = connection.ops.adapt_datetimefield_value
    happened_at = happened(callback.fields)
    row: list[Any] = [
        CHANNEL,
        app.corp_id,
        inbox_key(app.corp_id, callback),
        kind_of(callback),
        callback.raw.replace("\x00", ""),  # PostgreSQL cannot store this one character
        adapt(happened_at) if happened_at else None,
        adapt(received_at),
        InboxState.WAITING,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, row)
        message_id, deliveries = cursor.fetchone()
    return message_id, deliveries == 1


def happened(fields: Fields) -> datetime | None:
    seconds = as_int(fields.get("CreateTime") or fields.get("TimeStamp"))
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, OSError, ValueError):
        return None


def _note_seen(app: WeComApp) -> None:
    now = clock.now()
    if app.callback_seen_at is None or now - app.callback_seen_at > SEEN_EVERY:
        app.callback_seen_at = now
        WeComApp.objects.filter(pk=app.pk).update(callback_seen_at=now)


def callback_of(message: InboxMessage) -> ParsedCallback:
    """What a stored message says."""
    return read_callback(message.body)
