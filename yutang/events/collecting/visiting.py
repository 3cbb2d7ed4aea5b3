"""Who an event is about, by the ids its source gives: found or begun for a whole group of events at a time.

Lookups are remembered in the process. Whoever changes a visitor (finds its customer, ends its edge, withholds it) takes
the next turn of a shared mark and writes it on the visitor; each group looks at the mark and forgets those changed
since.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import F

from yutang.events.collecting.messages import Message
from yutang.events.collecting.sources import Sender
from yutang.events.models import Introduction, Mark, Visitor, VisitorKind

USER, ANONYMOUS = str(VisitorKind.USER), str(VisitorKind.ANONYMOUS)
TURN = "visitors"
MAX_REMEMBERED = 200_000
MAX_CHANGED = 20_000  # beyond it all is forgotten
IN_LIST = 5_000

Key = tuple[str, str, str]  # issuer, kind, value


class Seen(NamedTuple):
    """A visitor's present edge."""

    id: int
    customer_id: int | None
    user_id: int | None
    since: datetime
    follows_id: int | None
    is_withheld: bool


class Whom(NamedTuple):
    """Whom an event is about. Nobody, where it came from a program or somebody asked not to be followed."""

    visitor_id: int | None
    customer_id: int | None
    keeps_words: bool = True  # False: what was told of a person must not be kept


NOBODY = Whom(None, None)
WITHHELD = Whom(None, None, keeps_words=False)


class Told(NamedTuple):
    """One message with the source that sent it."""

    sender: Sender
    message: Message


class Cache:
    """What this process remembers of visitors, as of one turn of the shared mark. Used by one writer at a time."""

    def __init__(self) -> None:
        self.turn: int | None = None
        self.seen: dict[Key, Seen] = {}
        self.key_of: dict[int, Key] = {}  # by visitor: an erased one's own row no longer tells
        self.introduced: dict[tuple[object, ...], None] = {}  # told once already

    def catch_up(self) -> None:
        """Forget the visitors that were changed since the last look."""
        turn = present_turn()
        if turn == self.turn:
            return
        changed: list[int] | None = None
        if self.turn is not None:
            rows = Visitor.objects.filter(turn__gt=self.turn, turn__lte=turn).values_list("pk", flat=True)
            changed = list(rows[: MAX_CHANGED + 1])
        if changed is None or len(changed) > MAX_CHANGED:
            self._clear()
        else:
            for pk in changed:
                if (key := self.key_of.pop(pk, None)) is not None:
                    self.seen.pop(key, None)
        self.turn = turn

    def _clear(self) -> None:
        self.seen.clear()
        self.key_of.clear()

    def keep(self, found: dict[Key, Seen], introduced: Iterable[tuple[object, ...]]) -> None:
        """After the commit only: what a rolled back transaction began does not exist."""
        if len(self.seen) + len(found) > MAX_REMEMBERED:
            self._clear()
        self.seen.update(found)
        self.key_of.update((seen.id, key) for key, seen in found.items())
        if len(self.introduced) > MAX_REMEMBERED:
            self.introduced.clear()
        self.introduced.update(dict.fromkeys(introduced))


CACHE = Cache()


def present_turn() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM events_mark WHERE name = %s", [TURN])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def next_turn() -> int:
    """Before changing visitors: the turn to write on them. Others wait for it until this transaction ends, so turns are
    committed in their order."""
    Mark.objects.bulk_create([Mark(name=TURN, value=0)], ignore_conflicts=True)
    Mark.objects.filter(name=TURN).update(value=F("value") + 1)
    return Mark.objects.values_list("value", flat=True).get(name=TURN)


class Visits:
    """The visitors of one group of messages, within the transaction that writes them."""

    def __init__(self) -> None:
        CACHE.catch_up()
        self._found: dict[Key, Seen] = {}
        self._fresh: dict[Key, Seen] = {}  # read or made by us: to be remembered
        self._linked: dict[int, int] = {}  # anonymous visitor → user visitor
        self._introduced: dict[tuple[object, ...], None] = {}
        self.introductions: list[Introduction] = []

    def place(self, told: Sequence[Told]) -> list[Whom]:
        """Whom each message is about; visitors met for the first time begin here."""
        wanted: dict[Key, datetime] = {}
        hinted: set[Key] = set()
        for sender, message in told:
            if message.is_bot or not message.allows_analysis:
                continue
            if message.user_id is not None:
                wanted.setdefault((sender.issuer, USER, message.user_id), message.at)
            if message.anonymous_id is not None:
                wanted.setdefault((sender.issuer, ANONYMOUS, message.anonymous_id), message.at)
            if message.previous_id is not None:
                hinted.add((sender.issuer, USER, message.previous_id))
                wanted.setdefault((sender.issuer, ANONYMOUS, message.previous_id), message.at)
        self._load(wanted, hinted)
        placed = [self._whom(sender, message) for sender, message in told]
        for device_id in sorted(self._linked):
            Visitor.objects.filter(pk=device_id, user=None).update(user_id=self._linked[device_id])
        return placed

    def _load(self, wanted: dict[Key, datetime], hinted: Collection[Key]) -> None:
        missing: list[Key] = []
        for key in (*wanted, *hinted):
            seen = CACHE.seen.get(key)
            if seen is None:
                missing.append(key)
            else:
                self._found[key] = seen
        if not missing:
            return
        self._remember(_read(missing))
        if begun := sorted(key for key in missing if key not in self._found and key in wanted):
            _begin([(key, wanted[key]) for key in begun])
            self._remember(_read(begun))

    def _remember(self, found: dict[Key, Seen]) -> None:
        self._found |= found
        self._fresh |= found

    def _whom(self, sender: Sender, message: Message) -> Whom:
        if message.is_bot:
            return NOBODY
        if not message.allows_analysis:
            return WITHHELD
        issuer = sender.issuer
        user = self._found[(issuer, USER, message.user_id)] if message.user_id is not None else None
        device = None
        if message.anonymous_id is not None:
            device_key = (issuer, ANONYMOUS, message.anonymous_id)
            device = self._found[device_key]
            if user is not None and device.user_id != user.id:
                device = self._signed_in(device_key, device, user, message.at)
                self._introduce(sender, user, message.at, ("device", device.id, user.id))
        subject = user or device
        assert subject is not None  # noqa: S101  (a message has one of the two)
        if subject.is_withheld or (device is not None and device.is_withheld):
            return WITHHELD
        if message.traits is not None:
            self._identify(sender, subject, message)
        elif message.previous_id is not None and user is not None:
            self._alias(sender, user, message)
        if user is not None:
            if user.customer_id is None:
                self._introduce(sender, user, message.at, ("user", user.id))
            return Whom(user.id, user.customer_id)
        assert device is not None  # noqa: S101
        if device.follows_id is not None and message.at < device.since:
            return _earlier(device, message.at) or Whom(device.id, device.customer_id)
        return Whom(device.id, device.customer_id)

    def _signed_in(self, key: Key, device: Seen, user: Seen, at: datetime) -> Seen:
        """The device with `user` on it. Where it was somebody else's so far, that edge ends and another begins."""
        if device.user_id is None and device.customer_id in (None, user.customer_id):
            self._linked[device.id] = user.id
            device = device._replace(user_id=user.id)
        elif at < device.since:
            return device  # told late: whoever came after has the device by now
        else:
            turn = next_turn()  # before any row of a visitor is written, as everybody does
            owner = self._linked.pop(device.id, device.user_id)
            Visitor.objects.filter(pk=device.id).update(user_id=owner, ended_at=at, turn=turn)
            made = Visitor.objects.create(
                issuer=key[0], kind=key[1], value=key[2], user_id=user.id, follows_id=device.id, since=at
            )
            device = Seen(made.pk, None, user.id, at, device.id, False)
        self._found[key] = self._fresh[key] = device
        return device

    def _identify(self, sender: Sender, subject: Seen, message: Message) -> None:
        claims, name = told_of_person(message, trusted=sender.trusts_traits)
        if claims or name:
            self._introduce(
                sender, subject, message.at, ("traits", subject.id, tuple(map(tuple, claims)), name), claims, name
            )

    def _alias(self, sender: Sender, user: Seen, message: Message) -> None:
        former = self._found.get((sender.issuer, USER, message.previous_id or ""))
        if former is not None and former.id != user.id:
            self._introduce(sender, user, message.at, ("alias", former.id, user.id), alias_of=former.id)
        device_key = (sender.issuer, ANONYMOUS, message.previous_id or "")
        device = self._found[device_key]
        if former is None and device.user_id != user.id:
            device = self._signed_in(device_key, device, user, message.at)
            self._introduce(sender, user, message.at, ("device", device.id, user.id))

    def _introduce(
        self,
        sender: Sender,
        visitor: Seen,
        at: datetime,
        said: tuple[object, ...],
        claims: Sequence[Sequence[str]] = (),
        name: str = "",
        alias_of: int | None = None,
    ) -> None:
        said = (sender.id, *said)
        if said in self._introduced or said in CACHE.introduced:
            return
        self._introduced[said] = None
        self.introductions.append(
            Introduction(
                visitor_id=visitor.id,
                source_id=sender.id,
                claims=[list(claim) for claim in claims],
                name=name,
                alias_of_id=alias_of,
                at=at,
            )
        )

    def finish(self) -> None:
        """Write what follows, and remember it all once it is committed."""
        Introduction.objects.bulk_create(self.introductions, batch_size=500)
        seen, introduced = self._fresh, tuple(self._introduced)
        if seen or introduced:
            transaction.on_commit(lambda: CACHE.keep(seen, introduced))


def told_of_person(message: Message, *, trusted: bool) -> tuple[list[list[str]], str]:
    """The ids ([kind, issuer, value]) and the name in the traits of an identify call; none from those not believed."""
    traits = message.traits
    if not traits or not trusted:
        return [], ""
    claims = [
        [kind, "", str(value)[:800]]
        for kind in ("phone", "email", "unionid")
        if isinstance(value := traits.get(kind), str | int) and not isinstance(value, bool) and value
    ]
    name = traits.get("name")
    if not isinstance(name, str) or not name:
        name = " ".join(part for part in (traits.get("firstName"), traits.get("lastName")) if isinstance(part, str))
    return claims, name[:200]


def _read(keys: Sequence[Key]) -> dict[Key, Seen]:
    found: dict[Key, Seen] = {}
    by_space: dict[tuple[str, str], list[str]] = {}
    for issuer, kind, value in keys:
        by_space.setdefault((issuer, kind), []).append(value)
    for (issuer, kind), values in by_space.items():
        for start in range(0, len(values), IN_LIST):
            rows = Visitor.objects.filter(
                issuer=issuer, kind=kind, value__in=values[start : start + IN_LIST], ended_at=None
            ).values_list("value", "pk", "customer_id", "user_id", "since", "follows_id", "is_withheld")
            for row in rows:
                found[(issuer, kind, row[0])] = Seen(*row[1:])
    return found


def _begin(keys: Sequence[tuple[Key, datetime]]) -> None:
    """In one order everywhere, so that two groups never wait for each other in a ring. Past the ORM, as events are."""
    columns = "issuer, kind, value, since, is_withheld"
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            told = [dict(zip(("issuer", "kind", "value"), key, strict=True), since=at) for key, at in keys]
            cursor.execute(
                f"INSERT INTO events_visitor ({columns}) SELECT issuer, kind, value, since, FALSE"  # noqa: S608
                " FROM json_to_recordset(%s) AS told(issuer text, kind text, value text, since timestamptz)"
                " ON CONFLICT DO NOTHING",
                [orjson.dumps(told).decode()],
            )
        else:
            cursor.executemany(
                f"INSERT INTO events_visitor ({columns}) VALUES (%s, %s, %s, %s, FALSE) ON CONFLICT DO NOTHING",  # noqa: S608
                [(*key, moment(at)) for key, at in keys],
            )


def _earlier(device: Seen, at: datetime) -> Whom | None:
    """Whose device it was at a moment before it came to whoever has it now."""
    follows = device.follows_id
    while follows is not None:
        row = Visitor.objects.filter(pk=follows).values_list("pk", "customer_id", "follows_id", "since").first()
        if row is None:
            return None
        pk, customer_id, before, since = row
        if at >= since or before is None:
            return Whom(pk, customer_id)
        follows = before
    return None
