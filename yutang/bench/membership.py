"""How soon a segment knows: from an event committed to the entering told, from a moment due to the leaving told."""

import json
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from yutang.bench.figures import Figure, percentile
from yutang.bench.product import product

PEOPLE, PAUSE_SECONDS = 60, 0.5  # one event every half second
MINUTES = 1  # of the window, after which people leave
LOOK_SECONDS, PATIENCE_SECONDS = 0.02, 60.0
TARGET_MS = 2_000.0


def run() -> list[Figure]:
    """In a product of its own, running as a merchant runs it; events come from a process beside it."""
    with product("serve") as made:
        code = "import django; django.setup()\nfrom yutang.bench.membership import measure\nmeasure()"
        told = json.loads(made.run("-c", code).splitlines()[-1])
    bare = percentile(told["bare"], 0.95)
    against = "an event seen by the same looking, without a segment between"
    figures = []
    for name, cause in (("entered", "by an event"), ("left", "by time")):
        waits = told[name]
        p95, missing = percentile(waits, 0.95) if waits else float("inf"), PEOPLE - len(waits)
        target = f"≤ {TARGET_MS:,.0f} ms, all {PEOPLE} told once ({missing} were not)"
        met = p95 <= TARGET_MS and not missing and told["doubled"] == 0
        figures.append(Figure(f"segment {name} {cause}, p95", p95, "ms", bare, against, target, met))
    return figures


class _Watch:
    """Looks at the log as it grows, and notes when it first saw what befell whom."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, int], float] = {}
        self.doubled = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        from yutang.events.models import Event

        last = 0
        while not self._ending.wait(LOOK_SECONDS):
            for pk, name, person in (
                Event.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "name", "customer_id")
            ):
                last = pk
                self.doubled += (name, person) in self.seen
                self.seen.setdefault((name, person), time.time())

    def wait_for(self, name: str, count: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while sum(1 for each, _ in self.seen if each == name) < count and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)

    def end(self) -> None:
        self._ending.set()
        self._thread.join()


def measure() -> None:
    """Prints one line of JSON: milliseconds waited for each person, and how many were told of twice."""
    from yutang.customers.events import ContactLost
    from yutang.kernel import clock
    from yutang.kernel.facts import Fact, announce

    people = _furnish()
    watch = _Watch()
    happened: dict[int, datetime] = {}
    committed: dict[int, float] = {}
    for person in people:
        happened[person] = clock.now()
        announce(Fact(ContactLost(by="customer"), key=f"bench:{person}", at=happened[person], customer_id=person))
        committed[person] = time.time()
        time.sleep(PAUSE_SECONDS)
    watch.wait_for("segment.left", len(people), MINUTES * 60 + PATIENCE_SECONDS)
    watch.end()

    def waits(name: str, since: dict[int, float]) -> list[float]:
        return [(watch.seen[name, who] - since[who]) * 1000 for who in people if (name, who) in watch.seen]

    due = {who: (at + timedelta(minutes=MINUTES)).timestamp() for who, at in happened.items()}
    told: dict[str, Any] = {
        "bare": [max(0.0, wait) for wait in waits("contact.lost", committed)],
        "entered": waits("segment.entered", committed),
        "left": waits("segment.left", due),
        "doubled": watch.doubled,
    }
    print(json.dumps(told))


def _furnish() -> list[int]:
    """Some people, and a segment of those to whom something happened in the last minute, computed."""
    from yutang.customers.identity import Claim
    from yutang.customers.services.resolve import resolve
    from yutang.kernel import clock
    from yutang.kernel.actors import SYSTEM
    from yutang.segments.models import Segment
    from yutang.segments.rule import Rule
    from yutang.segments.services.segments import create_segment

    claims = [Claim("buyer_id", f"b{number}", "bench") for number in range(PEOPLE)]
    people = [resolve([claim], source="bench", at=clock.now(), by=SYSTEM).customer.pk for claim in claims]
    leaf = {
        "kind": "events",
        "which": {"events": ["contact.lost"]},
        "window": {"kind": "last", "amount": MINUTES, "unit": "minutes"},
        "is": {"measure": "count", "op": "gte", "value": 1},
    }
    segment = create_segment("bench", Rule.model_validate({"schema": 1, "when": leaf}), by=SYSTEM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not Segment.objects.filter(pk=segment.pk, settled_version=1).exists():
        if time.monotonic() > deadline:
            raise RuntimeError("The segment was not computed.")
        time.sleep(0.1)
    return people
