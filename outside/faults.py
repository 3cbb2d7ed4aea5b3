"""What goes wrong on purpose: rules set through the control API that strike by chance, by count or for a while.

API faults: latency (seconds), errcode (errcode, errmsg), http_500, drop (the connection breaks), token_expired,
ip_rejected, rate_limited. `when: after` lets the call take effect first: its answer is lost, not its doing.
`where` is a path or a pattern: `*` means every call that has a token, `**` gettoken as well.

Callback faults: duplicate (times), delay (seconds), reorder (the event waits for the next one), callback_drop,
same_second (all events carry the second of the first).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from outside.records import Fault
from outside.world import World

API_FAULTS = frozenset({"latency", "errcode", "http_500", "drop", "token_expired", "ip_rejected", "rate_limited"})
CALLBACK_FAULTS = frozenset({"duplicate", "delay", "reorder", "callback_drop", "same_second"})


def strike(world: World, kinds: frozenset[str], corpid: str, where: str) -> list[Fault]:
    """The faults that strike this time, each counted."""
    if not len(world.faults):
        return []
    return [f for f in world.faults if f.what in kinds and _matches(f, corpid, where) and _is_due(world, f)]


def _matches(fault: Fault, corpid: str, where: str) -> bool:
    if where == "gettoken" and fault.where == "*":
        return False
    return fault.corpid in ("*", corpid) and fnmatchcase(where, fault.where)


def _is_due(world: World, fault: Fault) -> bool:
    if fault.until is not None and world.clock.now() >= fault.until:
        return False
    if fault.count is not None and fault.count <= 0:
        return False
    if fault.skip > 0:
        fault.skip -= 1
        world.faults.put(fault)
        return False
    if fault.probability < 1 and world.random.random() >= fault.probability:
        return False
    fault.struck += 1
    if fault.count is not None:
        fault.count -= 1
    world.faults.put(fault)
    return True


def new_fault(world: World, given: dict[str, Any]) -> Fault:
    """From the control API; what is not a field of every fault (see `known`) is an option of this kind."""
    known = {"what", "corpid", "where", "probability", "count", "skip", "seconds_long", "id"}
    what = given.get("what")
    if what not in API_FAULTS | CALLBACK_FAULTS:
        raise ValueError(f"unknown fault {what!r}: one of {', '.join(sorted(API_FAULTS | CALLBACK_FAULTS))}")
    lasting = given.get("seconds_long")
    return world.faults.put(
        Fault(
            id=given.get("id") or world.new_hex()[:12],
            what=what,
            corpid=given.get("corpid", "*"),
            where=given.get("where", "*"),
            probability=float(given.get("probability", 1)),
            count=given.get("count"),
            skip=int(given.get("skip", 0)),
            until=None if lasting is None else world.clock.now() + float(lasting),
            options={name: value for name, value in given.items() if name not in known},
        )
    )
