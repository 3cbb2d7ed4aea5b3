"""Routines: work done again and again, planned by rows like all work, so that of many workers one does it at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from yutang.kernel import clock, jobs
from yutang.kernel.models import Job

Routine = Callable[[], None]
PREFIX = "routine:"  # of the kinds of their jobs


@dataclass(frozen=True)
class _Planned:
    kind: str
    every: timedelta
    first: timedelta


ROUTINES: list[_Planned] = []
ending = threading.Event()  # the worker of this process is to stop: what waits in a routine waits no longer


def routine(
    name: str, *, every: timedelta, lane: str = "default", first: timedelta = timedelta()
) -> Callable[[Routine], Routine]:
    """Register a function that workers run `every` so often, in a new installation `first` after its start.

    It plans its next time first, so no failure ends it.
    """
    kind = PREFIX + name
    planned = _Planned(kind, every, first)

    def register(run: Routine) -> Routine:
        def once(_payload: dict[str, Any]) -> None:
            _plan(planned, after=every)
            run()

        jobs.handles(kind, lane=lane, max_attempts=1)(once)
        ROUTINES.append(planned)
        return run

    return register


def plan_all() -> None:
    """At a worker's start: what was never planned or was lost is planned; what waits or runs stays as it is."""
    waiting = set(Job.objects.filter(key__in=[each.kind for each in ROUTINES]).values_list("key", flat=True))
    for planned in ROUTINES:
        if planned.kind not in waiting:
            _plan(planned, after=planned.first)


def _plan(planned: _Planned, *, after: timedelta) -> None:
    jobs.enqueue(planned.kind, {}, run_at=clock.now() + after, key=planned.kind)
