"""Whose write key this is, and how much may still come in under it: remembered for seconds, for every event asks."""

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q

from yutang.events.collecting.declared import Declared
from yutang.events.models import Enforcement, EventSource, LearntEvent
from yutang.kernel import clock

REMEMBERED_SECONDS = 2.0  # a change made elsewhere shows after this
MAX_REMEMBERED = 1_000


@dataclass(frozen=True)
class Sender:
    """A source as the path of its events sees it."""

    id: int
    name: str
    issuer: str
    label: str
    allowed_origins: frozenset[str]
    rate_per_second: int
    trusts_traits: bool
    consent_category: str
    is_enabled: bool
    declared: Mapping[str, Declared] = field(default_factory=dict)  # by stored name


_remembered: dict[str, tuple[float, Sender | None]] = {}


def hash_of(write_key: str) -> str:
    return hashlib.sha256(write_key.encode()).hexdigest()


def sender_of(write_key: str) -> Sender | None:
    """The source with this key, or with this key until lately; None for a stranger's."""
    kept = _remembered.get(write_key)
    if kept is not None and time.monotonic() - kept[0] < REMEMBERED_SECONDS:
        return kept[1]
    hashed = hash_of(write_key)
    own = Q(key_hash=hashed) | Q(old_key_hash=hashed, old_key_until__gt=clock.now())
    source = EventSource.objects.filter(own).first()
    sender = _sender(source) if source is not None else None
    if len(_remembered) >= MAX_REMEMBERED:
        _remembered.clear()
    _remembered[write_key] = (time.monotonic(), sender)
    return sender


def forget_senders() -> None:
    """Called when a source changes in this process."""
    _remembered.clear()


def sender_from(source: EventSource) -> Sender:
    return _sender(source)


def _sender(source: EventSource) -> Sender:
    learnt = LearntEvent.objects.filter(source=source, declared__isnull=False).exclude(enforcement=Enforcement.OFF)
    return Sender(
        id=source.pk,
        name=source.name,
        issuer=source.issuer,
        label=source.label,
        allowed_origins=frozenset(source.allowed_origins),
        rate_per_second=source.rate_per_second,
        trusts_traits=source.trusts_traits,
        consent_category=source.consent_category,
        is_enabled=source.is_enabled,
        declared={
            each.name: Declared(each.declared, each.enforcement == Enforcement.REFUSE)
            for each in learnt
            if each.declared
        },
    )


class Allowance:
    """How many events sources may still send: what flows in each second, up to a second's worth.

    Anything is taken while something is left, and what it takes beyond is owed: so a large batch passes at a small
    rate, and the rate holds all the same. Each web process allows its share.
    """

    def __init__(self) -> None:
        self._left: dict[int, tuple[float, float]] = {}  # source → (as of, events left)
        self._lock = threading.Lock()

    def take(self, source_id: int, rate_per_second: int, count: int) -> float:
        """0 where `count` events may come in now; otherwise the seconds until more may."""
        rate = max(rate_per_second / settings.WEB_PROCESSES, 0.01)
        now = time.monotonic()
        with self._lock:
            as_of, left = self._left.get(source_id, (now, float(max(rate, 1.0))))
            left = min(left + (now - as_of) * rate, max(rate, 1.0))
            if left < 1:
                self._left[source_id] = (now, left)
                return (1 - left) / rate
            self._left[source_id] = (now, left - count)
            return 0.0


ALLOWANCE = Allowance()
