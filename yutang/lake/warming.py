"""Loading the engine before the first question, once somebody is there who may ask one.

It takes seconds, by which the first report of the day would take longer otherwise; and memory, so a server that nobody
uses does without it.
"""

import threading

_wanted = threading.Event()
_begun = threading.Lock()


def allow() -> None:
    """Called where a server starts; elsewhere nothing is loaded ahead."""
    _wanted.set()


def soon() -> None:
    """Begin to load, unless that was done before. Returns at once."""
    if _wanted.is_set() and _begun.acquire(blocking=False):
        threading.Thread(target=_load, daemon=True, name="lake-warming").start()


def _load() -> None:
    import ibis

    from yutang.lake.engine import DuckDB

    engine = DuckDB("UTC")
    try:
        engine.answer(ibis.memtable({"n": [1]}).n.sum(), seconds=60)
    finally:
        engine.close()
