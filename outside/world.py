"""The state of the world: live records in memory, each change written through to the store."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from outside import records as r
from outside.clock import Clock
from outside.live import LiveChannel
from outside.store import Store


class Record(Protocol):
    kind: ClassVar[str]

    @property
    def key(self) -> str: ...


R = TypeVar("R", bound=Record)
Index = Callable[[Any], Any]


class Table(Generic[R]):
    """All records of one kind, by key and by the values of its indexes."""

    def __init__(self, store: Store, record_type: type[R], **indexes: Index) -> None:
        self._store = store
        self._type = record_type
        self._fields = [f.name for f in fields(record_type)]  # type: ignore[arg-type]
        self._rows: dict[str, R] = {}
        self._indexes = indexes
        self._found: dict[str, dict[Any, dict[str, R]]] = {name: {} for name in indexes}
        self._places: dict[str, tuple[Any, ...]] = {}
        for body in store.load(record_type.kind):
            self._place(record_type(**{name: body[name] for name in self._fields if name in body}))

    def _place(self, row: R) -> None:
        """Index a record. One that stays where it was keeps its place in the order, which cursors rely on."""
        key = row.key
        places = tuple(read(row) for read in self._indexes.values())
        if self._rows.get(key) is row and self._places.get(key, ()) == places:
            return
        if self._places.get(key, places) != places:
            self._unplace(key)
        self._rows[key] = row
        if places:
            self._places[key] = places
            for found, place in zip(self._found.values(), places, strict=True):
                found.setdefault(place, {})[key] = row

    def _unplace(self, key: str) -> None:
        for found, place in zip(self._found.values(), self._places.pop(key, ()), strict=False):
            found[place].pop(key, None)
            if not found[place]:
                del found[place]

    def put(self, row: R) -> R:
        """Add a record, or write through what was changed in it."""
        self._place(row)
        self._store.put(self._type.kind, row.key, {name: getattr(row, name) for name in self._fields})
        return row

    def remove(self, row: R) -> None:
        self._unplace(row.key)
        self._rows.pop(row.key, None)
        self._store.remove(self._type.kind, row.key)

    def clear(self) -> None:
        self._rows.clear()
        self._places.clear()
        for found in self._found.values():
            found.clear()

    def get(self, *parts: object) -> R | None:
        return self._rows.get("/".join(str(part) for part in parts))

    def by(self, index: str, value: object) -> list[R]:
        return list(self._found[index].get(value, {}).values())

    def count(self, index: str, value: object) -> int:
        return len(self._found[index].get(value, {}))

    def __iter__(self) -> Iterator[R]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)


SWITCHES: dict[str, Any] = {
    "add_sequence": "add",  # add | half_then_add | half_only: which events a code without verification brings
    "half_is_readable": True,  # externalcontact/get of a half-made friendship
    "callback_retry_on_status": False,  # whether an answer other than 200 is tried again, as older pages say
    "callback_timeout_seconds": 5.0,
    "callback_retry_seconds": 1.0,  # pause before the next try
    "callback_tries": 3,
    "callback_concurrency": 32,  # to one app
    "verify_timeout_seconds": 1.0,
    "second_event_seconds": 1.0,  # from add_half_external_contact to add_external_contact
    "welcome_code_seconds": 20.0,
    "welcome_processing_seconds": 0.0,  # how long one welcome is in distribution: a second caller gets 41096
    "token_seconds": 7200,
    "media_seconds": 3 * 86400,
    "transfer_seconds": 86400,
    "per_minute": 10_000,
    "per_hour": 150_000,
    "ip_per_minute": 20_000,
    "ip_per_hour": 600_000,
    "limits": {},  # API path (with *) -> {"per_minute": n, "per_hour": n}
    "concurrency": 50,  # calls of one API by one corp at the same time
    "tag_quota": 10_000,
    "contact_way_quota": 500_000,
    "acquisition_link_quota": 10_000,
    "reject_unicode_escapes": False,
    "seed": 0,
}


class World:
    """Everything there is. `commit` makes what was changed since the last one durable."""

    def __init__(self, home: Path, clock: Clock, public_url: str) -> None:
        self.home = home
        self.clock = clock
        self.public_url = public_url.rstrip("/")
        self.live = LiveChannel()
        self.store = store = Store(home / "world.sqlite3")
        self.settings = Table(store, r.Setting)
        if not clock.is_shared and (kept := self.settings.get("clock_offset")):
            clock.set_offset(float(kept.value))
        self.corps = Table(store, r.Corp)
        self.apps = Table(store, r.App, secret=lambda a: (a.corpid, a.secret), corp=lambda a: a.corpid)
        self.departments = Table(store, r.Department, corp=lambda d: d.corpid)
        self.members = Table(store, r.Member, corp=lambda m: m.corpid)
        self.member_tags = Table(store, r.MemberTag, corp=lambda t: t.corpid)
        self.people = Table(store, r.Person, unionid=lambda p: p.unionid)
        self.relations = Table(
            store,
            r.Relation,
            member=lambda x: (x.corpid, x.userid.lower()),
            customer=lambda x: (x.corpid, x.external_userid),
        )
        self.friend_requests = Table(
            store, r.FriendRequest, member=lambda x: (x.corpid, x.userid.lower()), person=lambda x: x.person_id
        )
        self.tag_groups = Table(store, r.TagGroup, corp=lambda g: g.corpid)
        self.tags = Table(store, r.Tag, group=lambda t: (t.corpid, t.group_id), corp=lambda t: t.corpid)
        self.contact_ways = Table(store, r.ContactWay, corp=lambda w: w.corpid)
        self.temp_sessions = Table(store, r.TempSession)
        self.links = Table(store, r.AcquisitionLink, corp=lambda x: x.corpid)
        self.welcome_codes = Table(store, r.WelcomeCode)
        self.welcome_templates = Table(store, r.WelcomeTemplate, corp=lambda t: t.corpid)
        self.group_chats = Table(store, r.GroupChat, corp=lambda g: g.corpid)
        self.join_ways = Table(store, r.JoinWay, corp=lambda w: w.corpid)
        self.transfers = Table(
            store, r.Transfer, customer=lambda t: (t.corpid, t.external_userid), status=lambda t: t.status
        )
        self.media = Table(store, r.Media)
        self.chat_messages = Table(
            store,
            r.ChatMessage,
            pair=lambda m: (m.corpid, m.userid.lower(), m.external_userid),
            member=lambda m: (m.corpid, m.userid.lower()),
        )
        self.app_messages = Table(store, r.AppMessage, corp=lambda m: m.corpid)
        self.tokens = Table(store, r.Token, app=lambda t: (t.corpid, t.agentid))
        self.tickets = Table(store, r.Ticket, holder=lambda t: (t.purpose, t.corpid, t.agentid))
        self.callbacks = Table(store, r.Callback, status=lambda c: c.status)
        self.faults = Table(store, r.Fault)
        self.pages = Table(store, r.LyingPage)
        self._external_ids = {
            (corpid, external_userid): person.id
            for person in self.people
            for corpid, external_userid in person.external_ids.items()
        }
        self._visible: dict[str, frozenset[str]] = {}
        self._visible_departments: dict[str, frozenset[int]] = {}
        self._switches: dict[str, Any] = {**SWITCHES, **{s.name: s.value for s in self.settings}}
        self.random = random.Random(self.switch("seed"))
        self.app_message_times: dict[tuple[str, str], deque[float]] = {}
        self.background: set[asyncio.Task[None]] = set()
        self._sequence = 0
        self.on_callback: Callable[[r.Callback], None] = lambda callback: None

    @property
    def tables(self) -> Iterable[Table[Any]]:
        return (value for value in vars(self).values() if isinstance(value, Table))

    def commit(self) -> None:
        self.store.commit()

    def reset(self) -> None:
        """An empty world; switches go back to their defaults and the clock to real time."""
        for table in self.tables:
            table.clear()
        self.store.remove_all()
        self._external_ids.clear()
        self.directory_changed()
        self.app_message_times.clear()
        self._switches = dict(SWITCHES)
        self.random = random.Random(0)
        self.clock.set_offset(0.0)
        self.commit()

    # switches

    def switch(self, name: str) -> Any:
        return self._switches[name]

    def set_switch(self, name: str, value: Any) -> None:
        self._switches[name] = value
        self.settings.put(r.Setting(name, value))
        if name == "seed":
            self.random = random.Random(value)

    @property
    def switches(self) -> dict[str, Any]:
        return {name: self._switches[name] for name in SWITCHES}

    def keep_clock(self) -> None:
        """The offset is remembered with the world; a shared clock file, where there is one, wins over it."""
        self.settings.put(r.Setting("clock_offset", self.clock.offset))

    # people and their ids

    def external_userid(self, corpid: str, person: r.Person) -> str:
        """The id under which this corp knows this person; made from both, so that it is the same in every run."""
        known: str | None = person.external_ids.get(corpid)
        if known is None:
            known = ("wm" if person.type == 1 else "wo") + _digest(f"{corpid}:{person.id}", 30)
            self.remember_external_userid(corpid, person, known)
        return known

    def remember_external_userid(self, corpid: str, person: r.Person, external_userid: str) -> None:
        person.external_ids[corpid] = external_userid
        self._external_ids[corpid, external_userid] = person.id
        self.people.put(person)

    def person_behind(self, corpid: str, external_userid: str) -> r.Person | None:
        person_id = self._external_ids.get((corpid, external_userid))
        return self.people.get(person_id) if person_id else None

    # who sees whom

    def department_subtree(self, corpid: str, root: int) -> set[int]:
        children: dict[int, list[int]] = {}
        for department in self.departments.by("corp", corpid):
            children.setdefault(department.parentid, []).append(department.id)
        found: set[int] = set()
        waiting = [root] if self.departments.get(corpid, root) else []
        while waiting:
            department_id = waiting.pop()
            if department_id not in found:
                found.add(department_id)
                waiting.extend(children.get(department_id, ()))
        return found

    def members_of(self, corpid: str, parties: Iterable[int]) -> list[r.Member]:
        """Members of these departments and of all below them."""
        wanted: set[int] = set()
        for party in parties:
            wanted |= self.department_subtree(corpid, party)
        return [m for m in self.members.by("corp", corpid) if m.status != 5 and wanted.intersection(m.departments)]

    def visible_departments(self, app: r.App) -> frozenset[int]:
        known = self._visible_departments.get(app.key)
        if known is None:
            parties = app.visible_parties if app.role == "app" else [1]
            trees = (self.department_subtree(app.corpid, party) for party in parties)
            known = self._visible_departments[app.key] = frozenset().union(*trees)
        return known

    def visible_users(self, app: r.App) -> frozenset[str]:
        """Userids, in lower case, inside the app's visible range."""
        known = self._visible.get(app.key)
        if known is None:
            parties = app.visible_parties if app.role == "app" else [1]
            users = {m.userid.lower() for m in self.members_of(app.corpid, parties)}
            if app.role == "app":
                users |= {u.lower() for u in app.visible_users}
            known = self._visible[app.key] = frozenset(users)
        return known

    def directory_changed(self) -> None:
        self._visible.clear()
        self._visible_departments.clear()

    # addresses

    def qr_picture_url(self, config_id: str) -> str:
        return f"{self.public_url}/qr/{config_id}.png"

    def qr_url(self, config_id: str) -> str:
        """What the picture of a contact way says."""
        return f"{self.public_url}/q/{config_id}"

    # small makers of ids

    def new_id(self, prefix: str, length: int = 32) -> str:
        text = base64.urlsafe_b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        return prefix + text[: length - len(prefix)]

    def new_sequence(self) -> str:
        """An id that sorts by the moment of its making."""
        self._sequence = max(self._sequence + 1, time.time_ns() // 1000)
        return f"{self._sequence:016d}"

    def new_hex(self) -> str:
        return secrets.token_hex(16)


def _digest(text: str, length: int) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()[:length].replace("-", "A")


def unionid_of(person_id: str) -> str:
    return "o" + _digest(f"unionid:{person_id}", 27)
