"""Everything `make test` does, step by step, with a summary at the end.

python scripts/test.py            all steps
python scripts/test.py lint       lint, types and contracts
python scripts/test.py python     Python tests on both databases
python scripts/test.py web        front-end checks and tests
python scripts/test.py browser    the product walked in Chromium
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NPM = [sys.executable, "scripts/npm.py"]
Step = tuple[str, list[str]]

LINT: list[Step] = [
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("types", [str(BIN / "mypy")]),
    ("import contracts", [str(BIN / "lint-imports")]),
    ("migrations match models", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
]
PYTEST = [str(BIN / "pytest"), "-m", "not browser", "-p", "no:cacheprovider"]
PYTHON: list[Step] = [
    ("Python on SQLite", PYTEST),
    # The outside world keeps its own state, so the product's database makes no difference to its tests.
    ("Python on PostgreSQL", [sys.executable, "scripts/with_postgres.py", *PYTEST, "yutang", "tests"]),
]
WEB: list[Step] = [
    ("front-end lint", [*NPM, "run", "--silent", "lint"]),
    ("front-end types", [*NPM, "run", "--silent", "typecheck"]),
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


def run(steps: list[Step]) -> list[tuple[str, bool, float]]:
    results = []
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "yutang.settings", "PYTHONPATH": str(ROOT)}
    for name, command in steps:
        print(f"\n── {name}", flush=True)
        began = time.monotonic()
        ok = subprocess.call(command, cwd=ROOT, env=env) == 0
        results.append((name, ok, time.monotonic() - began))
    return results


def browser() -> list[tuple[str, bool, float]]:
    if have_chromium():
        return run(BROWSER)
    print("\n" + "!" * 78 + "\n!! NOT RUN: the browser tests. Chromium is not on this machine and could not be")
    print("!! installed from Debian's packages. Install chromium and run this again.\n" + "!" * 78, flush=True)
    return []


PARTS: dict[str, Callable[[], list[tuple[str, bool, float]]]] = {
    "lint": lambda: run(LINT),
    "python": lambda: run(PYTHON),
    "web": lambda: run(WEB),
    "browser": browser,
}


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(__doc__, file=sys.stderr)
        return 2
    results = [result for name in wanted for result in PARTS[name]()]
    print("\n" + "\n".join(f"{'ok  ' if ok else 'FAIL'}  {seconds:6.1f} s  {name}" for name, ok, seconds in results))
    failed = sum(1 for _, ok, _ in results if not ok)
    print(f"\n{len(results) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
