"""What importing the web process's entry does, and what it leaves to the server that runs it."""

import os
import subprocess
import sys

from django.conf import settings

WATCHER = "parent-watch"
SCRIPT = f"import threading, yutang.wsgi; print('{WATCHER}' in [each.name for each in threading.enumerate()])"


def told_by(**more: str) -> str:
    env = {name: value for name, value in os.environ.items() if name != "YUTANG_SERVER_PID"} | more
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, cwd=settings.ROOT, env=env
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_only_a_web_process_of_a_server_ends_with_its_parent() -> None:
    assert told_by() == "False"
    assert told_by(YUTANG_SERVER_PID="1") == "True"
