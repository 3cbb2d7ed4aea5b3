"""The one clock. Tests move it in-process; a rehearsal moves it for all processes through YUTANG_CLOCK_FILE."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings

_FILE_CHECK_SECONDS = 0.2

_stopped_at: datetime | None = None
_shift = timedelta()
_file_offset = timedelta()
_file_seen: tuple[float, int] = (0.0, 0)  # when we last looked (monotonic), and the file's mtime in ns then


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return (_stopped_at or datetime.now(UTC)) + _shift + _offset_of_file()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move the clock of this process for the length of a block."""
    global _shift
    before = _shift
    _shift = before + by
    try:
        yield
    finally:
        _shift = before


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Hold the clock of this process at a moment for the length of a block; `shifted` still moves it."""
    global _stopped_at
    before = _stopped_at
    _stopped_at = at
    try:
        yield
    finally:
        _stopped_at = before


def _offset_of_file() -> timedelta:
    global _file_offset, _file_seen
    path = settings.CLOCK_FILE
    if not path:
        return timedelta()
    looked, mtime = _file_seen
    if time.monotonic() - looked < _FILE_CHECK_SECONDS:
        return _file_offset
    try:
        changed = os.stat(path).st_mtime_ns
        if changed != mtime:
            with open(path) as file:
                _file_offset = timedelta(seconds=float(file.read().strip() or 0))
    except (FileNotFoundError, ValueError):
        changed = mtime
    _file_seen = (time.monotonic(), changed)
    return _file_offset
