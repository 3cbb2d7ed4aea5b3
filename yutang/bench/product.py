"""A product of one's own to measure: processes on free ports with a home that is thrown away."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True)
class Product:
    home: Path
    url: str
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Run `python ARGUMENTS` within this product's environment; its standard output."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, *arguments], env=self.env, input=stdin, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def product(
    *command: str, database_url: str = "", before: Callable[[Product], object] | None = None
) -> Iterator[Product]:
    """A migrated product; with a `command` (as "serve" or "web") running and answering, after `before` had its turn."""
    home = Path(tempfile.mkdtemp(prefix="yutang-bench-"))
    port = free_port()
    env = os.environ | {
        "YUTANG_HOME": str(home),
        "YUTANG_PORT": str(port),
        "YUTANG_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "YUTANG_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "yutang.settings",
        "DATABASE_URL": database_url,
    }
    made = Product(home, f"http://127.0.0.1:{port}", env, None)
    try:
        made.run("-m", "yutang", "migrate")
        if before is not None:
            before(made)
        if not command:
            yield made
            return
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "yutang", *command], env=env, stdout=log, stderr=log, start_new_session=True
            )
            try:
                wait_until_it_answers(f"{made.url}/api/health")
                yield Product(home, made.url, env, process)
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=20)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def wait_until_it_answers(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url, timeout=2)
            return
        time.sleep(0.05)
    raise RuntimeError(f"Nothing answers at {url}.")
