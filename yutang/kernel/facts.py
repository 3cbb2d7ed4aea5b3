"""Facts: the closed vocabulary of events, announcing them, and consuming what lower floors announce.

An app declares its events as subclasses of DomainEvent in its `events.py` and says `announce(Fact(...))` in the
transaction of the change. The events app (floor 3) records them; apps on any floor may consume them as jobs.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

import orjson

from yutang.kernel import jobs
from yutang.kernel.language import Text

CATALOGUE: dict[str, type["DomainEvent"]] = {}


@dataclass(frozen=True)
class DomainEvent:
    """Base of all events. Fields are JSON values; each class sets `name` (subject.verb_in_the_past) and `label`.

    `sentence` tells one occurrence; its places are fields of the event, {member}, {customer} and {amount}.
    """

    name: ClassVar[str]
    label: ClassVar[Text]
    sentence: ClassVar[Text | None] = None

    def __init_subclass__(cls) -> None:
        if cls.name in CATALOGUE:
            raise ValueError(f"Two events named {cls.name}.")
        CATALOGUE[cls.name] = cls

    def props(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Fact:
    """An event with its place in the world. `key` names the occurrence: a retry must bring the same key and content."""

    event: DomainEvent
    key: str
    at: datetime
    customer_id: int | None = None
    member_id: int | None = None
    corp_id: int | None = None
    source: str = ""

    def content(self) -> dict[str, Any]:
        return {
            "name": self.event.name,
            "at": self.at.isoformat(),
            "customer_id": self.customer_id,
            "member_id": self.member_id,
            "corp_id": self.corp_id,
            "source": self.source,
            "props": self.event.props(),
        }

    def fingerprint(self) -> str:
        """Of what happened to whom; where we heard of it does not count."""
        told = {name: value for name, value in self.content().items() if name != "source"}
        return hashlib.blake2b(orjson.dumps(told, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def fact_from(payload: dict[str, Any]) -> Fact:
    """The fact a consumer's job carries. Props this version does not know are left out."""
    event_class = CATALOGUE[payload["name"]]
    known = {field.name for field in fields(event_class)}
    props = {name: value for name, value in payload["props"].items() if name in known}
    return Fact(
        event=event_class(**props),
        key=payload["key"],
        at=datetime.fromisoformat(payload["at"]),
        customer_id=payload["customer_id"],
        member_id=payload["member_id"],
        corp_id=payload["corp_id"],
        source=payload["source"],
    )


Recorder = Callable[[Iterable[Fact]], list[Fact]]  # writes facts; gives back those that were new
Consumer = Callable[[Fact], None]

_recorder: Recorder | None = None
_consumers: dict[str, list[str]] = {}  # event name → kinds of jobs


def record_with(recorder: Recorder) -> None:
    """The events app plugs itself in here."""
    global _recorder
    _recorder = recorder


def announce(*facts: Fact) -> int:
    """Record facts in the present transaction and put their consumers to work. Returns how many were new."""
    return announce_many(facts)


def announce_many(facts: Iterable[Fact]) -> int:
    if _recorder is None:
        raise RuntimeError("The events app is not installed, so facts have nowhere to go.")
    new = _recorder(facts)
    for fact in new:
        for kind in _consumers.get(fact.event.name, ()):
            jobs.enqueue(kind, fact.content() | {"key": fact.key})
    return len(new)


def consumes(event_class: type[DomainEvent], *, lane: str = "default") -> Callable[[Consumer], Consumer]:
    """Register a function in an app's tasks.py to run as a job for each new event of a class. It is idempotent."""

    def register(consume: Consumer) -> Consumer:
        kind = f"{event_class.name}>{consume.__module__.removeprefix('yutang.')}.{consume.__name__}"[:64]
        jobs.handles(kind, lane=lane)(lambda payload: consume(fact_from(payload)))
        _consumers.setdefault(event_class.name, []).append(kind)
        return consume

    return register
