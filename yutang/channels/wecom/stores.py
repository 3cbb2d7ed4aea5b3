"""Tokens and lock-outs in the database, so that every process and thread shares them."""

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q

from yutang.channels.wecom.models import ApiBlock, TokenRow
from yutang.channels.wecom.tokens import Token
from yutang.kernel import clock

FETCH_LEASE = timedelta(seconds=20)  # longer than a call's time-out
LOOK_AGAIN_SECONDS = 0.05


class DatabaseTokens:
    """Tokens shared through rows, with a copy in this process that is dropped when WeCom turns it down."""

    def __init__(self) -> None:
        self._copies: dict[str, Token] = {}
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, key: str) -> Token | None:
        copy = self._copies.get(key)
        if copy is not None and copy.is_usable(clock.now()):
            return copy
        row = TokenRow.objects.filter(key=key, expires_at__isnull=False).first()
        if row is None or row.expires_at is None or not row.value:
            return None
        token = self._copies[key] = Token(row.value, row.expires_at)
        return token

    def put(self, key: str, token: Token) -> None:
        self._copies[key] = token
        TokenRow.objects.update_or_create(key=key, defaults={"value": token.value, "expires_at": token.expires_at})

    def drop(self, key: str, value: str) -> None:
        copy = self._copies.get(key)
        if copy is not None and copy.value == value:
            del self._copies[key]
        # The row's value is encrypted and cannot be compared in the query.
        row = TokenRow.objects.filter(key=key).first()
        if row is not None and row.value == value:
            TokenRow.objects.filter(pk=row.pk, expires_at=row.expires_at).update(value="", expires_at=None)

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        me = uuid.uuid4().hex
        with self._locks[key]:
            self._take_lease(key, me)
            try:
                self._copies.pop(key, None)
                yield
            finally:
                TokenRow.objects.filter(key=key, fetching_by=me).update(fetching_until=None, fetching_by="")

    def _take_lease(self, key: str, me: str) -> None:
        TokenRow.objects.bulk_create([TokenRow(key=key)], ignore_conflicts=True)
        while not self._leased(key, me):
            time.sleep(LOOK_AGAIN_SECONDS)

    def _leased(self, key: str, me: str) -> bool:
        now = clock.now()
        free = Q(fetching_until__isnull=True) | Q(fetching_until__lt=now)
        taken = TokenRow.objects.filter(free, key=key).update(fetching_until=now + FETCH_LEASE, fetching_by=me)
        return taken == 1


class DatabaseBlocks:
    """Lock-outs are rare and looked up before every call, so they are read from the database every few seconds only."""

    LOOK_SECONDS = 5.0

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._looked = float("-inf")

    def blocked_until(self, key: str) -> datetime | None:
        if time.monotonic() - self._looked > self.LOOK_SECONDS:
            self._looked = time.monotonic()
            remembered = clock.now() - timedelta(minutes=5)
            self._until = dict(ApiBlock.objects.filter(until__gt=remembered).values_list("key", "until"))
        return self._until.get(key)

    def block(self, key: str, until: datetime) -> None:
        self._until[key] = until
        ApiBlock.objects.update_or_create(key=key, defaults={"until": until})
