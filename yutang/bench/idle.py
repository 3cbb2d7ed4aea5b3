"""Memory of the running product when nothing happens: web, worker, the far end, and what keeps them."""

import time
from pathlib import Path

import psutil

from yutang.bench.far_end import far_end
from yutang.bench.figures import Figure
from yutang.bench.product import product

SETTLE_SECONDS = 8


def run() -> list[Figure]:
    with far_end(), product("serve"):
        time.sleep(SETTLE_SECONDS)
        me = psutil.Process()
        used = sum(_proportional(process) for process in me.children(recursive=True))
        reference = max(_proportional(process) for process in me.children(recursive=True))
    against = "the largest single process of it"
    return [Figure("idle memory", used / 1e6, "MB", reference / 1e6, against, "≤ 400 MB", used / 1e6 <= 400)]


def _proportional(process: psutil.Process) -> float:
    """Bytes, with pages shared by n processes counted as an n-th each (PSS)."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    if rollup.exists():
        line = next(line for line in rollup.read_text().splitlines() if line.startswith("Pss:"))
        return int(line.split()[1]) * 1024
    return float(process.memory_info().rss)
