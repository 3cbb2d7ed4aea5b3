"""Answers kept while nothing has happened since: by what was asked, by whom it may be seen, and by the last event.

A merchant's merges, orders, erasures and everything else are events, so the last event's id tells whether an answer is
still current.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from yutang.events.models import Event

Answer = TypeVar("Answer")

MOST_KEPT = 400
MOST_SECONDS = 60.0  # on PostgreSQL an event may appear below the last one's id


@dataclass(frozen=True)
class Kept(Generic[Answer]):
    answer: Answer
    watermark: int
    at: float  # monotonic

    def holds(self, watermark: int, now: float) -> bool:
        return watermark == self.watermark and now - self.at < MOST_SECONDS


_lock = threading.Lock()
_kept: OrderedDict[Hashable, Kept[Any]] = OrderedDict()


def watermark() -> int:
    """Grows with everything that happens."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def kept(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    mark, now = watermark(), time.monotonic()
    with _lock:
        known = _kept.get(key)
        if known is not None and known.holds(mark, now):
            _kept.move_to_end(key)
            answer: Answer = known.answer
            return answer
    answer = ask()
    with _lock:
        _kept[key] = Kept(answer, mark, now)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return answer


def forget() -> None:
    with _lock:
        _kept.clear()
