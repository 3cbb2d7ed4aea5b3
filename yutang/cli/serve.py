"""Running the product: web processes, workers, or both under one roof."""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType

import click

from yutang.kernel import env

WEB_THREADS = 32  # requests at once in a process; live-update streams hold one each
ANALYSIS_NICENESS = 10  # whoever waits for a page or a welcome goes before a report being computed


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=None, type=int, help="Default: YUTANG_PORT or 8000.")
@click.option("--web-processes", default=1, show_default=True)
@click.option("--workers", default=1, show_default=True)
@click.option("--reload", is_flag=True, help="Restart when the code changes.")
def serve(host: str, port: int | None, web_processes: int, workers: int, reload: bool) -> None:
    """Run the console, the API and the workers until interrupted.

    A worker that dies is started again; the work it held is taken up when its leases run out.
    """
    keeper = WorkerKeeper(workers)
    keeper.start()
    try:
        _granian(host, port, web_processes, reload)
    finally:
        keeper.stop()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=None, type=int, help="Default: YUTANG_PORT or 8000.")
@click.option("--web-processes", default=1, show_default=True)
@click.option("--reload", is_flag=True, help="Restart when the code changes.")
def web(host: str, port: int | None, web_processes: int, reload: bool) -> None:
    """Run the console and the API alone."""
    _granian(host, port, web_processes, reload)


def _granian(host: str, port: int | None, processes: int, reload: bool) -> None:
    os.environ["YUTANG_WEB_PROCESSES"] = str(processes)
    os.environ["YUTANG_SERVER_PID"] = str(os.getpid())
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "yutang.wsgi:application",
        address=host,
        port=port or env.integer("YUTANG_PORT", 8000),
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=WEB_THREADS,
        websockets=False,
        reload=reload,
        respawn_failed_workers=True,
    ).serve()


@click.command()
@click.option("--analysis", is_flag=True, help="Only what analyses the lake; ends when there is nothing to do.")
def worker(analysis: bool) -> None:
    """Run a worker until interrupted: it finishes the jobs in hand, then ends."""
    from yutang.cli.main import start_django

    start_django()
    from yutang.kernel import apart, memory
    from yutang.kernel.parentage import when_orphaned
    from yutang.kernel.worker import Worker

    if analysis:
        os.nice(ANALYSIS_NICENESS)
    work = Worker(apart.LANES, idle_seconds=apart.IDLE_SECONDS) if analysis else Worker(apart=apart.Apart())

    def stop(_signal: int, _frame: FrameType | None) -> None:
        work.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if started_by := os.environ.get("YUTANG_SERVE_PID"):
        when_orphaned(work.stop, parent=int(started_by))
    memory.settle()
    work.run()


class WorkerKeeper:
    """Keeps a number of worker processes alive."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._stopping = threading.Event()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._thread = threading.Thread(target=self._keep, daemon=True, name="worker-keeper")

    def start(self) -> None:
        self._processes = [self._spawn() for _ in range(self._count)]
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "yutang", "worker"]
        return subprocess.Popen(command, env=os.environ | {"YUTANG_SERVE_PID": str(os.getpid())})  # noqa: S603

    def _keep(self) -> None:
        while not self._stopping.wait(1.0):
            for place, process in enumerate(self._processes):
                if process.poll() is not None and not self._stopping.is_set():
                    click.echo(f"A worker ended with {process.returncode}; starting another.", err=True)
                    self._processes[place] = self._spawn()
