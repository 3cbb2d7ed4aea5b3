"""A lane whose work loads much code and memory: a process of its own does it, started for work and ended after it.

So an idle installation stays small, and what an analysis takes is given back to the machine when it is done.
"""

import os
import subprocess
import sys
import time

from yutang.kernel import jobs

LANE = "analysis"
LANES = {LANE: 1}  # one at a time: each may use all the memory that analyses are allowed
IDLE_SECONDS = 30.0  # how long the process waits for more work before it ends
LOOK_SECONDS = 0.5


class Apart:
    """Starts the process when the lane has work, and ends it with the worker that started it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._looked = 0.0

    def look(self) -> None:
        """Called in the worker's round; cheap while there is nothing to do."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        if (self._process is None or self._process.poll() is not None) and jobs.lanes_due([LANE]):
            command = [sys.executable, "-m", "yutang", "worker", "--analysis"]
            self._process = subprocess.Popen(command, env=os.environ | {"YUTANG_SERVE_PID": str(os.getpid())})  # noqa: S603

    def end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
