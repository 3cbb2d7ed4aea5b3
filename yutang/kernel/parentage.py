"""Processes that must not outlive the one that started them, even when that one is killed outright."""

import os
import threading
import time
from collections.abc import Callable

LOOK_SECONDS = 1.0


def when_orphaned(end: Callable[[], object], *, parent: int | None = None) -> None:
    """Call `end`, from a thread of its own, within a second of the parent's death.

    `parent` is its process id, for callers that know it; by default whoever is the parent now.
    """
    parent = parent or os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        end()

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()
