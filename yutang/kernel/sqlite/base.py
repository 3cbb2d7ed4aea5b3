"""SQLite for several threads and processes that write at once.

SQLite lets one transaction write at a time, and its own way of waiting is to look again after pauses that grow to
100 ms: under load some writers wait long while others pass them by. Here a transaction first takes a lock on a file
beside the database. The kernel keeps those who wait in a queue and hands the lock over at once.
"""

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None  # the open lock file
        self._holds_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        finally:
            self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._give_turn()

    def close(self) -> None:
        super().close()
        # Within an atomic block the connection lives on until the block ends (and in-memory databases never close).
        if self.connection is None and self._turn is not None:
            os.close(self._turn)  # lets go of the lock, too
            self._turn, self._holds_turn = None, False

    def _take_turn(self) -> None:
        path = str(self.settings_dict["NAME"])
        if self._holds_turn or self.is_in_memory_db():
            return
        if self._turn is None:
            self._turn = os.open(f"{path}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        self._holds_turn = True

    def _give_turn(self) -> None:
        if self._holds_turn and self._turn is not None:
            self._holds_turn = False
            fcntl.flock(self._turn, fcntl.LOCK_UN)
