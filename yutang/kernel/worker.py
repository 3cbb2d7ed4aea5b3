"""The worker: one dispatcher that claims due jobs lane by lane, and threads that run them."""

import logging
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connection

from yutang.kernel import jobs, routines, wake
from yutang.kernel.apart import Apart
from yutang.kernel.models import Job

log = logging.getLogger(__name__)

# Threads a lane may use at once. Welcomes live 20 s and wait on the network, so they get most; the others compute, and
# more threads would only wait for each other.
LANES: Mapping[str, int] = {"welcome": 8, "inbox": 2, "visitors": 1, "default": 2, "bulk": 1, "segments": 1}
ASIDE = frozenset({"segments"})  # its job mostly waits for something to happen, so it takes nobody's place
FIRST = "welcome"  # while this lane has work, all others together get one thread; none, while it needs all of its own
SWITCH_SECONDS = 0.001  # how long a computing thread may keep one waiting that heard from the network
IDLE_LOOK_SECONDS = 1.0  # jobs set for a later time are found within this
KEEP_LEASE_SECONDS = 10.0


class Worker:
    """Claims and runs jobs until stopped. Several may run at once, in this process or others."""

    def __init__(
        self, lanes: Mapping[str, int] = LANES, *, apart: Apart | None = None, idle_seconds: float | None = None
    ) -> None:
        """`apart` sees to the lane that runs in a process of its own; after `idle_seconds` without work `run` ends."""
        self.name = jobs.worker_name()
        self.lanes = lanes
        self._apart = apart
        self._idle_seconds = idle_seconds
        self._busy_at = time.monotonic()
        self._stop = threading.Event()
        self._running: dict[int, str] = {}
        self._lock = threading.Lock()
        self._called = threading.Event()  # a thread came free, or it is time to stop

    def stop(self) -> None:
        self._stop.set()
        routines.ending.set()
        self._called.set()

    def run(self) -> None:
        """Work until `stop`; then finish what is in hand (a killed worker's leases run out instead)."""
        sys.setswitchinterval(SWITCH_SECONDS)
        if not self._stop.is_set():
            routines.ending.clear()
        pools = {lane: ThreadPoolExecutor(size, thread_name_prefix=lane) for lane, size in self.lanes.items()}
        keeper = threading.Thread(target=self._keep_leases, daemon=True, name="lease-keeper")
        keeper.start()
        planned = False
        try:
            while not self._stop.is_set() and not self._is_idle_for_long():
                try:
                    if not planned:
                        routines.plan_all()
                        planned = True
                    since = wake.glance()
                    if self._apart is not None:
                        self._apart.look()
                    if not self._claim_into(pools):
                        wake.wait_for_work(IDLE_LOOK_SECONDS, self._called, since=since)
                except Exception:
                    # The database may be away for a moment; the worker outlives that.
                    log.exception("Dispatcher could not claim jobs")
                    connection.close()
                    self._stop.wait(1.0)
        finally:
            self._stop.set()
            for pool in pools.values():
                pool.shutdown(wait=True)
            if self._apart is not None:
                self._apart.end()
            connection.close()

    def _is_idle_for_long(self) -> bool:
        if self._idle_seconds is None:
            return False
        with self._lock:
            if self._running:
                self._busy_at = time.monotonic()
        return time.monotonic() - self._busy_at > self._idle_seconds

    def _claim_into(self, pools: Mapping[str, ThreadPoolExecutor]) -> bool:
        """Claim as many due jobs as there are free threads. True if any were found."""
        self._called.clear()
        found = False
        due = jobs.lanes_due([lane for lane in pools if self._free(lane) > 0])
        for lane, pool in pools.items():
            free = self._free(lane) if lane in due else 0
            if free <= 0:
                continue
            for job in jobs.claim(lane, worker=self.name, limit=free):
                found = True
                self._busy_at = time.monotonic()
                with self._lock:
                    self._running[job.pk] = lane
                pool.submit(self._run, job)
        return found

    def _free(self, lane: str) -> int:
        with self._lock:
            running = list(self._running.values())
        free = self.lanes[lane] - running.count(lane)
        first = running.count(FIRST)
        if lane != FIRST and lane not in ASIDE and first:
            together = 1 if first < self.lanes[FIRST] else 0
            others = sum(1 for each in running if each != FIRST and each not in ASIDE)
            return min(free, together - others)
        return free

    def _run(self, job: Job) -> None:
        close_old_connections()
        try:
            jobs.run(job)
        except Exception:
            log.exception("Job %s could not be brought to an outcome; its lease will run out", job.pk)
            connection.close()
        finally:
            with self._lock:
                self._running.pop(job.pk, None)
            self._called.set()

    def _keep_leases(self) -> None:
        while not self._stop.wait(KEEP_LEASE_SECONDS):
            with self._lock:
                held = list(self._running)
            if held:
                try:
                    jobs.extend_leases(held, worker=self.name)
                except Exception:
                    log.exception("Could not extend leases")
                    connection.close()
