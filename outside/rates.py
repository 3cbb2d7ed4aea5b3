"""Call frequency: fixed windows per corp and API and per address and API, and the penalty for exceeding one."""

from __future__ import annotations

from fnmatch import fnmatchcase

from outside.errors import WeComError
from outside.world import World

_OWN_LIMITS = {
    "get_jsapi_ticket": {"per_hour": 400},
    "ticket/get": {"per_hour": 100},
    "media/uploadimg": {"per_hour": 1000},
}
_WINDOWS = (("per_minute", 60), ("per_hour", 3600))


class RateLimiter:
    """Counts on the world's clock, so that moving it ends a penalty. Counters are not kept over a restart."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._counts: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._blocked_until: dict[tuple[str, str], float] = {}
        self._running: dict[tuple[str, str], int] = {}

    def clear(self) -> None:
        self._counts.clear()
        self._blocked_until.clear()

    def check(self, corpid: str, ip: str, path: str) -> None:
        """Count this call. Raises 45009 when a window is exceeded, and as long as its penalty lasts."""
        now = self._world.clock.now()
        own_limits = self._limits(path)
        for holder, prefix in ((corpid, ""), (ip, "ip_")):
            if now < self._blocked_until.get((holder, path), 0.0):
                raise WeComError(45009)
            for name, length in _WINDOWS:
                limit = own_limits.get(prefix + name, self._world.switch(prefix + name))
                if self._count(holder, path, length, now) > limit:
                    self._blocked_until[holder, path] = now + length
                    raise WeComError(45009)

    def penalize(self, corpid: str, path: str, seconds: float) -> None:
        self._blocked_until[corpid, path] = self._world.clock.now() + seconds

    def _limits(self, path: str) -> dict[str, int]:
        for pattern, limits in self._world.switch("limits").items():
            if fnmatchcase(path, pattern):
                return dict(limits)
        return _OWN_LIMITS.get(path, {})

    def _count(self, holder: str, path: str, length: int, now: float) -> int:
        window = int(now // length)
        started, count = self._counts.get((holder, path, length), (window, 0))
        count = count + 1 if started == window else 1
        self._counts[holder, path, length] = (window, count)
        return count

    def enter(self, corpid: str, path: str) -> None:
        running = self._running.get((corpid, path), 0)
        if running >= self._world.switch("concurrency"):
            raise WeComError(45033)
        self._running[corpid, path] = running + 1

    def leave(self, corpid: str, path: str) -> None:
        self._running[corpid, path] -= 1
