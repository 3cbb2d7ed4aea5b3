"""A pytest plugin that gives each test run a home of its own, before any setting is read (pyproject.toml names it)."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="yutang-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)

os.environ["YUTANG_HOME"] = _home
os.environ.pop("YUTANG_CLOCK_FILE", None)
os.environ.setdefault("YUTANG_LOG_LEVEL", "ERROR")
