"""Group commit: what many threads want to write at one moment goes into one transaction; each waits for its part."""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import transaction

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Place(Generic[Item, Result]):
    """One caller's place in the queue."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.woken = threading.Event()
        self.is_settled = False
        self.result: Result | None = None
        self.error: BaseException | None = None

    def settle(self, result: Result | None, error: BaseException | None = None) -> None:
        self.result, self.error, self.is_settled = result, error, True
        self.woken.set()


class Together(Generic[Item, Result]):
    """`write` gets a batch inside a transaction and returns one result an item, in order.

    The first caller who finds nobody writing writes for all who wait, itself among them, then calls up the next. There
    is no thread of its own and no delay: a caller alone writes at once. Where a batch fails its items are written one
    by one, so that a bad one fails alone.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Sequence[Result]], *, at_most: int = 200) -> None:
        self._write = write
        self._at_most = at_most
        self._lock = threading.Lock()
        self._waiting: list[_Place[Item, Result]] = []
        self._somebody_writes = False

    def submit(self, item: Item) -> Result:
        """Write one item; returns when it is committed. Raises what `write` raised for it."""
        place: _Place[Item, Result] = _Place(item)
        with self._lock:
            self._waiting.append(place)
            must_write = not self._somebody_writes
            self._somebody_writes = True
        if not must_write:
            place.woken.wait()
        if not place.is_settled:
            self._write_for_all()
        if place.error is not None:
            raise place.error
        return place.result  # type: ignore[return-value]

    def _write_for_all(self) -> None:
        with self._lock:
            batch = self._waiting[: self._at_most]
            del self._waiting[: self._at_most]
        try:
            self._settle(batch)
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting[0].woken.set()  # not settled: called up to write
                else:
                    self._somebody_writes = False

    def _settle(self, batch: Sequence[_Place[Item, Result]]) -> None:
        try:
            with transaction.atomic():
                results = self._write([place.item for place in batch])
        except BaseException as error:
            if len(batch) == 1 or not isinstance(error, Exception):
                for place in batch:
                    place.settle(None, error)
                return
            for place in batch:
                self._settle([place])
            return
        for place, result in zip(batch, results, strict=True):
            place.settle(result)
