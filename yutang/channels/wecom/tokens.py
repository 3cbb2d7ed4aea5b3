"""Access tokens: fetched by one caller, used by all.

WeCom limits how often tokens may be fetched and may end one early. So everybody reads the same store, and whoever finds
nothing usable there fetches alone while the others wait for the result.
"""

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

EXPIRY_MARGIN = timedelta(seconds=200)  # a token this close to its end is not handed out any more


@dataclass(frozen=True)
class Token:
    value: str
    expires_at: datetime

    def is_usable(self, at: datetime) -> bool:
        return at < self.expires_at - EXPIRY_MARGIN

    def __repr__(self) -> str:
        return f"Token(…, expires_at={self.expires_at.isoformat()})"


class TokenStore(Protocol):
    """Where the tokens of all apps are kept. `key` tells apps and kinds of token apart."""

    def get(self, key: str) -> Token | None: ...

    def put(self, key: str, token: Token) -> None: ...

    def drop(self, key: str, value: str) -> None:
        """Forget the token if it is still this one; somebody may have put a newer one meanwhile."""

    def alone(self, key: str) -> AbstractContextManager[object]:
        """Held by one caller at a time, wherever it runs."""


class MemoryTokens:
    """A store for one process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, key: str) -> Token | None:
        return self._tokens.get(key)

    def put(self, key: str, token: Token) -> None:
        self._tokens[key] = token

    def drop(self, key: str, value: str) -> None:
        token = self._tokens.get(key)
        if token is not None and token.value == value:
            del self._tokens[key]

    def alone(self, key: str) -> AbstractContextManager[object]:
        return self._locks[key]


def usable_token(
    store: TokenStore, key: str, fetch: Callable[[], Token], *, now: Callable[[], datetime], refused: str = ""
) -> Token:
    """The stored token, or a fetched one. `refused` is a value WeCom has just turned down."""
    if refused:
        store.drop(key, refused)
    token = _good(store.get(key), refused, now())
    if token is not None:
        return token
    with store.alone(key):
        token = _good(store.get(key), refused, now())
        if token is None:
            token = fetch()
            store.put(key, token)
        return token


def _good(token: Token | None, refused: str, at: datetime) -> Token | None:
    return token if token is not None and token.value != refused and token.is_usable(at) else None
