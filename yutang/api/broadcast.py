"""Live changes: while anybody listens, one thread a process follows the log and tells each what it may see."""

import logging
import threading
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import close_old_connections, connection

from yutang.customers.queries import relations_in_scope
from yutang.events.models import Event
from yutang.events.tail import Recorded, Tail
from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text

log = logging.getLogger(__name__)

MAX_LISTENERS = 24  # a process has 32 request threads, and each listener keeps one
LOOK_SECONDS = 0.5
LARGEST_BURST = 200_000  # events told of in one message
SHOWN_EVENTS = 20  # of a burst the last so many are told one by one, the others only counted
RETRY_SECONDS = 20

# What is stale after an event, by the first word of its name. Each topic is the first word of an address of the API.
TOPICS: dict[str, tuple[str, ...]] = {
    "customer": ("customers", "reviews"),
    "contact": ("customers", "live-codes", "members"),
    "tag": ("customers", "tags"),
    "tag_library": ("tags", "tag-groups"),
    "consent": ("customers",),
    "profile": ("customers",),
    "order": ("orders", "customers"),
    "segment": ("segments", "customers"),
    "relation": ("customers", "members"),
    "address_book": ("members",),
    "code": ("live-codes", "customer-codes"),
    "welcome": ("welcomes", "live-codes"),
    "member": ("members", "live-codes"),
    "visitor": ("customers",),
}
ALWAYS = ("events", "overview")


class TooManyListeners(DomainError):
    code, status = "too_many_listeners", 503
    text = Text("实时更新的连接已满，稍后会自动重试。", "All live connections are taken; yours is tried again soon.")
    retry_after_seconds = RETRY_SECONDS

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_SECONDS)}


@dataclass
class Change:
    """What became stale, and what happened: `count` events, of which the last are in `events`."""

    topics: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    count: int = 0

    def add(self, other: "Change") -> None:
        self.topics |= other.topics
        self.events = (self.events + other.events)[-SHOWN_EVENTS:]
        self.count += other.count


class Listener:
    """One open stream. Changes that come faster than it takes them are joined into one."""

    def __init__(self, member_ids: frozenset[int] | None) -> None:
        self.member_ids = member_ids
        self._news = threading.Condition()
        self._pending: Change | None = None

    def tell(self, change: Change) -> None:
        with self._news:
            if self._pending is None:
                self._pending = Change()
            self._pending.add(change)
            self._news.notify()

    def take(self, timeout_seconds: float) -> Change | None:
        """What has gathered, as soon as there is anything; None when nothing came in time."""
        with self._news:
            self._news.wait_for(lambda: self._pending is not None, timeout_seconds)
            taken, self._pending = self._pending, None
            return taken


class Broadcaster:
    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._following = threading.Event()

    def join(self, member_ids: frozenset[int] | None) -> Listener:
        """A listener who misses nothing from now on. Raises TooManyListeners."""
        listener = Listener(member_ids)
        with self._lock:
            if len(self._listeners) >= MAX_LISTENERS:
                raise TooManyListeners
            self._listeners.add(listener)
            if self._thread is None:
                self._following.clear()
                self._thread = threading.Thread(target=self._follow, daemon=True, name="live-broadcast")
                self._thread.start()
        self._following.wait(timeout=5)
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    @property
    def count(self) -> int:
        return len(self._listeners)

    @property
    def is_following(self) -> bool:
        return self._thread is not None

    def _follow(self) -> None:
        """Follow the log until the last listener has left."""
        tail: Tail | None = None
        while self._has_listeners():
            try:
                tail = tail or Tail()
                self._following.set()
                if found := tail.read():
                    while len(found) < LARGEST_BURST and (more := tail.read()):
                        found += more
                    self._spread(found)
                else:
                    time.sleep(LOOK_SECONDS)
            except Exception:
                # The database may be away for a moment; listeners stay, and hear of what comes after.
                log.exception("Live updates could not read the log")
                connection.close()
                time.sleep(LOOK_SECONDS * 4)
            close_old_connections()
        connection.close()

    def _has_listeners(self) -> bool:
        with self._lock:
            if not self._listeners:
                self._thread = None
            return bool(self._listeners)

    def _spread(self, found: Sequence[Recorded]) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for scope in {listener.member_ids for listener in listeners}:
            if change := change_of(found if scope is None else within_scope(found, scope)):
                for listener in listeners:
                    if listener.member_ids == scope:
                        listener.tell(change)


BROADCASTER = Broadcaster()


def change_of(found: Sequence[Recorded]) -> Change | None:
    if not found:
        return None
    shown = Event.objects.filter(pk__in=[each.id for each in found[-SHOWN_EVENTS:]])
    return Change(
        topics=topics_of({each.name for each in found}),
        events=list(shown.select_related("customer", "customer__person", "member").order_by("pk")),
        count=len(found),
    )


def topics_of(names: Collection[str]) -> set[str]:
    return {topic for name in names for topic in (*TOPICS.get(name.split(".")[0], ()), *ALWAYS)}


def within_scope(found: Iterable[Recorded], member_ids: frozenset[int]) -> list[Recorded]:
    """Those that members in scope did or that befell people in their care."""
    found = list(found)
    people = list({each.person_id for each in found if each.person_id is not None})
    seen: set[int] = set()
    for start in range(0, len(people), 500):
        held = relations_in_scope(member_ids).filter(person__in=people[start : start + 500])
        seen |= set(held.values_list("person_id", flat=True))
    return [each for each in found if each.member_id in member_ids or each.person_id in seen]
