"""Keeps our calls inside WeCom's rates, so that we are slowed down here and not locked out there.

Counts are kept per process; a lock-out that WeCom did impose is shared, see `Blocks`.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from yutang.channels.wecom.limits import HOUR, MINUTE, Rate, Scope, rates_for, rule
from yutang.channels.wecom.protocol import Endpoint

SLOTS = 60  # a window is counted in this many slots; a slot leaves the count only when all of it is past the window
LONGEST_WAIT = 5.0  # seconds a caller is held here before being sent away


class SlidingWindow:
    """Counts calls in the last `seconds`. Not thread-safe by itself."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self._slot_seconds = seconds / SLOTS
        self._slots: deque[list[int]] = deque()  # [slot number, calls]
        self._total = 0

    def wait(self, at: float) -> float:
        """Seconds until one more call fits; 0 if it fits now."""
        slot = self._expire(at)
        if self._total < self.limit:
            return 0.0
        oldest = self._slots[0][0]
        return max((oldest + SLOTS + 1) * self._slot_seconds - at, self._slot_seconds if slot == oldest else 0.001)

    def count(self, at: float) -> None:
        slot = self._expire(at)
        if self._slots and self._slots[-1][0] == slot:
            self._slots[-1][1] += 1
        else:
            self._slots.append([slot, 1])
        self._total += 1

    def _expire(self, at: float) -> int:
        slot = int(at / self._slot_seconds)
        while self._slots and self._slots[0][0] < slot - SLOTS:
            self._total -= self._slots.popleft()[1]
        return slot


class Blocks(Protocol):
    """Until when WeCom has locked an API out, shared by all processes."""

    def blocked_until(self, key: str) -> datetime | None: ...

    def block(self, key: str, until: datetime) -> None: ...


class MemoryBlocks:
    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def blocked_until(self, key: str) -> datetime | None:
        return self._until.get(key)

    def block(self, key: str, until: datetime) -> None:
        self._until[key] = until


class Limiter:
    """Counts calls per corp, app and address. One for the whole process."""

    def __init__(
        self,
        blocks: Blocks,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        rates: Callable[..., Iterable[Rate]] = rates_for,
    ) -> None:
        self._blocks = blocks
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._rates = rates
        self._windows: dict[tuple[str, str, int], SlidingWindow] = {}
        self._lock = threading.Lock()
        at_once = rule("parallel_calls", on=now().date()).value
        self._parallel: dict[str, threading.BoundedSemaphore] = defaultdict(lambda: threading.BoundedSemaphore(at_once))

    def take(self, endpoint: Endpoint, *, corp: str, app: str) -> float:
        """Count one call, waiting a little if need be. Returns 0, or the seconds to stay away when that is longer."""
        blocked = self._blocked_for(endpoint, corp)
        if blocked > 0:
            return blocked
        deadline = self._monotonic() + LONGEST_WAIT
        while True:
            wait = self._try(endpoint, corp, app)
            if wait <= 0:
                return 0.0
            if self._monotonic() + wait > deadline:
                return wait
            self._sleep(wait)

    def parallel(self, endpoint: Endpoint, *, corp: str) -> threading.BoundedSemaphore:
        """Held during a call, so that one corp's API is not called too many times at once (45033)."""
        return self._parallel[f"{corp}/{endpoint.path}"]

    def penalize(self, endpoint: Endpoint, *, corp: str) -> float:
        """WeCom answered 45009: stay away for the exceeded window. Returns the seconds.

        The answer does not say which window it was. A minute is tried first; refused again right after it, an hour.
        """
        key, at = f"{corp}/{endpoint.path}", self._now()
        until = self._blocks.blocked_until(key)
        if until is None or at >= until:
            again = until is not None and at < until + timedelta(seconds=2 * MINUTE)
            until = at + timedelta(seconds=HOUR if again else MINUTE)
            self._blocks.block(key, until)
        return (until - at).total_seconds()

    def _blocked_for(self, endpoint: Endpoint, corp: str) -> float:
        until = self._blocks.blocked_until(f"{corp}/{endpoint.path}")
        return (until - self._now()).total_seconds() if until else 0.0

    def _try(self, endpoint: Endpoint, corp: str, app: str) -> float:
        with self._lock:
            at = self._monotonic()
            windows = [self._window(rate, endpoint, corp, app) for rate in self._rates_today(endpoint)]
            wait = max((window.wait(at) for window in windows), default=0.0)
            if wait <= 0:
                for window in windows:
                    window.count(at)
            return wait

    def _rates_today(self, endpoint: Endpoint) -> Iterable[Rate]:
        return self._rates(endpoint.bucket, on=self._now().date())

    def _window(self, rate: Rate, endpoint: Endpoint, corp: str, app: str) -> SlidingWindow:
        whose = {Scope.CORP: corp, Scope.APP: f"{corp}/{app}", Scope.IP: "ip"}[rate.scope]
        key = (whose, endpoint.path, rate.seconds)
        window = self._windows.get(key)
        if window is None or window.limit != rate.limit:
            window = self._windows[key] = SlidingWindow(rate.limit, rate.seconds)
        return window
