"""Everything `make test` does, two steps at a time, with a summary at the end.

python scripts/test.py            all steps
python scripts/test.py lint       lint, types and contracts
python scripts/test.py python     Python tests on both databases
python scripts/test.py web        front-end checks and tests
python scripts/test.py browser    the product walked in Chromium

The output of a step is printed whole when the step ends.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NPM = [sys.executable, "scripts/npm.py"]
AT_ONCE = min(2, os.cpu_count() or 1)  # most steps keep one core busy; some tests watch the clock, so no more than two
RULE = "!" * 78
Step = tuple[str, list[str]]

LINT: list[Step] = [
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("types", [str(BIN / "mypy")]),
    ("import contracts", [str(BIN / "lint-imports")]),
    ("migrations match models", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
]
PYTEST = [str(BIN / "pytest"), "-m", "not browser", "-p", "no:cacheprovider"]
# The outside world keeps its own state, so the product's database makes no difference to its tests.
PYTHON: list[Step] = [
    ("Python on PostgreSQL", [sys.executable, "scripts/with_postgres.py", *PYTEST, "yutang", "tests"]),
    ("Python on SQLite", [*PYTEST, "yutang", "tests"]),
    ("outside world", [*PYTEST, "outside"]),
]
WEB: list[Step] = [
    ("front-end lint", [*NPM, "run", "--silent", "lint"]),
    ("front-end types", [*NPM, "run", "--silent", "typecheck"]),
    ("front-end client", [*NPM, "run", "--silent", "generated"]),
    ("front-end tests", [*NPM, "run", "--silent", "test"]),
    ("front-end size", [*NPM, "run", "--silent", "size"]),
]
BROWSER: list[Step] = [("browser", [str(BIN / "pytest"), "-m", "browser", "-p", "no:cacheprovider"])]


def have_chromium() -> bool:
    """Chromium from the machine, or from Debian's packages when they can be had."""
    if shutil.which("chromium") or shutil.which("google-chrome"):
        return True
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.call(["apt-get", "update"], **quiet)
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
        subprocess.call(install, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, **quiet)
    return shutil.which("chromium") is not None


@dataclass(frozen=True)
class Result:
    name: str
    ok: bool
    seconds: float
    output: str


def run(step: Step) -> Result:
    name, command = step
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "yutang.settings", "PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        ok = subprocess.call(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT) == 0
        output.seek(0)
        return Result(name, ok, time.monotonic() - began, output.read().decode(errors="replace"))


def run_all(steps: list[Step]) -> list[Result]:
    """The steps in their order, two at a time; each is reported as it ends."""
    results = []
    with ThreadPoolExecutor(AT_ONCE) as lanes:
        for done in as_completed([lanes.submit(run, step) for step in steps]):
            result = done.result()
            results.append(result)
            print(f"\n── {result.name}: {'ok' if result.ok else 'FAILED'}, {result.seconds:.1f} s", flush=True)
            print(result.output.rstrip(), flush=True)
    return results


PARTS: dict[str, list[Step]] = {"lint": LINT, "python": PYTHON, "web": WEB, "browser": BROWSER}


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(__doc__, file=sys.stderr)
        return 2
    can_browse = "browser" not in wanted or have_chromium()
    if not can_browse:
        wanted.remove("browser")
    began = time.monotonic()
    results = run_all([step for name in wanted for step in PARTS[name]])
    print("\n" + "\n".join(f"{'ok  ' if one.ok else 'FAIL'}  {one.seconds:6.1f} s  {one.name}" for one in results))
    if not can_browse:
        print(f"\n{RULE}\n!! NOT RUN: the browser tests. Chromium is not on this machine and could not be")
        print(f"!! installed from Debian's packages. Install chromium and run this again.\n{RULE}")
    failed = [one.name for one in results if not one.ok]
    print(
        f"\n{len(results) - len(failed)} passed, {len(failed)} failed in {time.monotonic() - began:.0f} s", flush=True
    )
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
