"""Time that can be moved: the machine's time plus an offset, shared through a file where one is named."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path


def day_start(moment: int) -> int:
    """Midnight in Shanghai, which has no summer time."""
    return (moment + 8 * 3600) // 86400 * 86400 - 8 * 3600


class Clock:
    """Seconds since the epoch, plus an offset.

    With a file, the offset is kept there as a float in text, so that other processes on this machine can share it; the
    file is read again whenever it changes, and wins over the offset that was saved with the world.
    """

    def __init__(self, file: Path | None = None, offset: float = 0.0) -> None:
        self._file = file
        self._offset = offset
        self._read_at: int | None = None

    @classmethod
    def from_environment(cls) -> Clock:
        named = os.environ.get("YUTANG_CLOCK_FILE")
        return cls(Path(named) if named else None)

    @property
    def is_shared(self) -> bool:
        return self._file is not None

    @property
    def offset(self) -> float:
        if self._file is not None:
            with suppress(OSError, ValueError):
                changed_at = self._file.stat().st_mtime_ns
                if changed_at != self._read_at:
                    self._offset = float(self._file.read_text().strip() or 0)
                    self._read_at = changed_at
        return self._offset

    def set_offset(self, seconds: float) -> None:
        self._offset = seconds
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft = self._file.with_name(f"{self._file.name}.{os.getpid()}")
            draft.write_text(repr(seconds))
            draft.replace(self._file)

    def now(self) -> float:
        return time.time() + self.offset

    def seconds(self) -> int:
        return int(self.now())

    def advance(self, seconds: float) -> None:
        self.set_offset(self.offset + seconds)

    def move_to(self, moment: float) -> None:
        self.set_offset(moment - time.time())
