"""What was looked up, believed for a moment: for what many ask at once and seldom changes."""

import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

LOCKS = 32

_all: "weakref.WeakSet[Briefly[Any, Any]]" = weakref.WeakSet()


class Briefly(Generic[Key, Value]):
    """Calls `look` at most once in so many seconds a key.

    A change made elsewhere shows after that, one followed by `forget` at once. What was not found (None) is looked for
    again every time.
    """

    def __init__(self, look: Callable[[Key], Value | None], *, seconds: float, at_most: int = 1000) -> None:
        self._look = look
        self._seconds = seconds
        self._at_most = at_most
        self._kept: dict[Key, tuple[float, Value]] = {}
        # Held while a key not known yet is looked up, once for all who ask. Other keys hardly ever wait for it.
        self._looking = [threading.Lock() for _ in range(LOCKS)]
        _all.add(self)

    def __call__(self, key: Key) -> Value | None:
        kept = self._kept.get(key)
        if kept is None:
            with self._looking[hash(key) % LOCKS]:
                kept = self._kept.get(key)
                return kept[1] if kept is not None else self._found(key)
        if time.monotonic() - kept[0] < self._seconds:
            return kept[1]
        # One thread looks again; those that come meanwhile go by what is known.
        self._kept[key] = (time.monotonic(), kept[1])
        return self._found(key)

    def forget(self) -> None:
        self._kept.clear()

    def _found(self, key: Key) -> Value | None:
        value = self._look(key)
        if value is None:
            self._kept.pop(key, None)
        else:
            if len(self._kept) >= self._at_most:
                self._kept.clear()
            self._kept[key] = (time.monotonic(), value)
        return value


def forget_all() -> None:
    """After a fork, and between tests."""
    for each in list(_all):
        each.forget()
