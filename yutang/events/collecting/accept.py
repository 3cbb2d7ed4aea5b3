"""Writing down what came: many requests in one transaction, each event once, what was refused beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import orjson
from django.db import connection

from yutang.events.collecting import room
from yutang.events.collecting.bodies import Delivery
from yutang.events.collecting.refusals import Failure
from yutang.events.collecting.sources import Sender
from yutang.events.collecting.visiting import Told, Visits, Whom
from yutang.events.record import Line, write
from yutang.kernel import jobs
from yutang.kernel.language import Text
from yutang.kernel.together import Together

KEY_PREFIX = "in:"  # of keys from outside; ours begin with the name of an event, which has a dot
INTRODUCE = "events.introduce"
LANE = "visitors"
MAX_TOGETHER = 64  # requests


class Arrival(NamedTuple):
    """What one request brought."""

    sender: Sender
    received_at: datetime
    delivery: Delivery


def accept(arrival: Arrival) -> None:
    """Write it down. When this returns, all of it is committed."""
    _arrivals.submit(arrival)


def _write_arrivals(arrivals: Sequence[Arrival]) -> list[None]:
    told = [Told(each.sender, message) for each in arrivals for message in each.delivery.messages]
    if told:
        received = [each.received_at for each in arrivals for _ in each.delivery.messages]
        visits = Visits()
        whom = visits.place(told)
        write([line_of(*each) for each in zip(told, whom, received, strict=True)])
        visits.finish()
        if visits.introductions:
            jobs.enqueue(INTRODUCE, {}, key=INTRODUCE)
    for each in arrivals:
        if each.delivery.failures:
            keep_failures(each.sender, each.delivery.failures, each.received_at)
    return [None] * len(arrivals)


_arrivals = Together(_write_arrivals, at_most=MAX_TOGETHER)


def line_of(told: Told, whom: Whom, received_at: datetime) -> Line:
    sender, message = told
    return Line(
        f"{KEY_PREFIX}{sender.issuer}:{message.message_id}",
        message.fingerprint,
        message.name,
        message.at,
        received_at,
        whom.customer_id,
        None,
        None,
        whom.visitor_id,
        sender.label,
        message.props if whom.keeps_words else without_words(message.props),
    )


def without_words(props: str) -> str:
    """Numbers and yes or no, which sums are made of; nothing that tells of a person."""
    told = orjson.loads(props)
    return orjson.dumps({name: value for name, value in told.items() if isinstance(value, int | float)}).decode()


_KEEP = """
INSERT INTO events_failedevent (source_id, body, is_whole, digest, call, reason, "values", event_name, message_id,
  times, received_at, last_at, state, is_edited, settled_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 1, %s, %s, 'waiting', %s, '')
ON CONFLICT (source_id, digest) DO UPDATE SET times = events_failedevent.times + 1, last_at = excluded.last_at,
  reason = excluded.reason, "values" = excluded."values", state = 'waiting', settled_at = NULL, settled_by = ''
"""


def keep_failures(sender: Sender, failures: Sequence[Failure], at: datetime) -> None:
    """Write down what was refused; what was refused before, word for word, is only counted."""
    moment = connection.ops.adapt_datetimefield_value(at)
    rows = [
        (
            sender.id,
            text_of(failure.body),
            failure.is_whole,
            digest_of(failure.body),
            failure.call,
            failure.refused.reason,
            _storable(failure.refused.values),
            failure.event_name,
            failure.message_id,
            moment,
            moment,
            False,
        )
        for failure in failures
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP, rows)
    room.taken(sender.id, len(rows))


def _storable(values: Mapping[str, object]) -> str:
    told = {name: list(value) if isinstance(value, Text) else value for name, value in values.items()}
    return orjson.dumps(told).decode().replace("\\u0000", "")


def text_of(body: bytes) -> str:
    """As text a column can hold; what is not UTF-8 shows as the replacement character."""
    return body.decode("utf-8", "replace").replace("\x00", "\ufffd")


def digest_of(body: bytes) -> str:
    return blake2b(body, digest_size=16).hexdigest()
