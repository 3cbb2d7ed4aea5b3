"""`make run`: the outside world, the product, and on first use a demo merchant with two weeks of life in its pond."""

import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from demo.merchant import STAFF_ACCOUNTS

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90.0
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class CannotStart(Exception):
    """Something stands in the way; the text says what and what to do."""


class Household:
    """The processes of one demo, ended together."""

    def __init__(self, reload: bool = False) -> None:
        self.home = Path(os.environ.get("YUTANG_HOME") or "var").resolve()
        self.port = int(os.environ.get("YUTANG_PORT") or 8000)
        self.outside_port = int(os.environ.get("OUTSIDE_PORT") or 8100)
        self.reload = reload
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.home.mkdir(parents=True, exist_ok=True)
        self.env = os.environ | {
            "YUTANG_HOME": str(self.home),
            "YUTANG_PORT": str(self.port),
            "YUTANG_PUBLIC_URL": os.environ.get("YUTANG_PUBLIC_URL") or f"http://127.0.0.1:{self.port}",
            "OUTSIDE_PORT": str(self.outside_port),
            "OUTSIDE_HOME": str(self.home / "outside"),
            # One clock for both sides, so that a day can pass in the demo while the kettle boils.
            "YUTANG_CLOCK_FILE": os.environ.get("YUTANG_CLOCK_FILE") or str(self.home / "clock"),
        }

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def outside(self) -> str:
        return f"http://127.0.0.1:{self.outside_port}"

    def sign_in(self) -> dict[str, str]:
        """The demo owner's name and password: made once, kept in the home, readable by its owner alone."""
        path = self.home / "demo-sign-in.json"
        if not path.exists():
            chosen = {"username": "boss", "password": f"pond-{secrets.token_urlsafe(9)}"}
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(chosen, file)
        kept: dict[str, str] = json.loads(path.read_text())
        return kept

    def up(self) -> None:
        for name, address in (("console", self.console), ("outside world", self.outside)):
            if answers(address):
                where = "YUTANG_PORT" if name == "console" else "OUTSIDE_PORT"
                raise CannotStart(f"Something already answers at {address}. Stop it, or set {where} to a free port.")
        self.run("migrate", [sys.executable, "-m", "yutang", "migrate"])
        self.start("outside", [sys.executable, "-m", "outside", "serve"])
        serve = [sys.executable, "-m", "yutang", "serve", *(["--reload"] if self.reload else [])]
        self.start("yutang", serve)
        self.wait_for("outside", f"{self.outside}/control/health")
        self.wait_for("yutang", f"{self.console}/api/health")

    def furnish(self) -> None:
        """Give a new home its demo merchant; a furnished one is left as it is."""
        self.sign_in()
        self.run("demo", [sys.executable, "-m", "demo", "seed"])

    def run(self, name: str, command: list[str]) -> None:
        if subprocess.call(command, cwd=ROOT, env=self.env) != 0:
            raise CannotStart(f"{name} failed; the lines above say why.")

    def start(self, name: str, command: list[str]) -> None:
        log = (self.home / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_end_with_us if sys.platform == "linux" else None,
        )

    def wait_for(self, name: str, address: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(address):
            if self.processes[name].poll() is not None:
                raise CannotStart(f"{name} ended while starting; see {self.home / name}.log")
            if time.monotonic() > deadline:
                raise CannotStart(f"{name} does not answer at {address}; see {self.home / name}.log")
            time.sleep(0.1)

    def down(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def watch(self) -> str:
        """Wait until a process ends by itself; its name."""
        while True:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    return name
            time.sleep(0.5)


def _end_with_us() -> None:
    """Linux: be ended when the process that starts us is, even if that one is killed outright."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def main(reload: bool = False) -> int:
    began = time.monotonic()
    household = Household(reload)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        sign_in = household.sign_in()
        household.up()
        household.furnish()
        announce(household, sign_in, time.monotonic() - began)
        ended = household.watch()
        print(f"{ended} ended by itself; see {household.home / ended}.log")
        return 1
    except CannotStart as problem:
        print(f"\nCannot start: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping …")
        return 0
    finally:
        household.down()


def announce(household: Household, sign_in: dict[str, str], seconds: float) -> None:
    names = " / ".join(userid for userid, _ in STAFF_ACCOUNTS)
    print(
        f"""
  鱼塘 Yutang is up ({seconds:.0f} s)

    Console 控制台        {household.console}
    Sign in 登录          {sign_in["username"]} / {sign_in["password"]}
    As staff 店长 / 导购    {names} (the same password 密码相同)
    Outside world 两部手机  {household.outside}

  Data in {household.home}. Ctrl-C stops everything; `make run` continues where it was.
""",
        flush=True,
    )
