"""What every leaf of a rule can do: be read over everybody, be read for one person, and be said in a sentence."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from django.db import connection
from django.db.models import QuerySet
from pydantic import BaseModel, ConfigDict
from pyroaring import BitMap

from yutang.kernel.language import Text
from yutang.segments.flips import Flips, micros
from yutang.segments.history import History, Needs
from yutang.segments.windows import Moment, Window

if TYPE_CHECKING:
    import ibis
    import pyarrow

_ROWS = 50_000


class Lake(Protocol):
    """The lake as a leaf needs it: tables by name, and answers to expressions over them."""

    def table(self, name: str) -> "ibis.Table": ...

    def run(self, expression: "ibis.Table") -> "pyarrow.Table": ...


@dataclass
class World:
    """Everybody, as of a moment: what the reading of a leaf over all people looks at.

    `lake` is asked for only by leaves that read it. The set of all people is read once.
    """

    moment: Moment
    open_lake: Callable[[], Lake]
    _kept: dict[str, Any] = field(default_factory=dict)

    @property
    def lake(self) -> Lake:
        if "lake" not in self._kept:
            self._kept["lake"] = self.open_lake()
        lake: Lake = self._kept["lake"]
        return lake

    @property
    def everyone(self) -> BitMap:
        if "everyone" not in self._kept:
            from yutang.customers.models import Customer

            rows = Customer.objects.filter(person__isnull=True, erased_at__isnull=True)
            self._kept["everyone"] = people_in(rows, "pk")
        everyone: BitMap = self._kept["everyone"]
        return everyone


@dataclass(frozen=True)
class Reading:
    """Who a leaf holds for, and when that may change with time alone."""

    people: BitMap
    flips: Flips = field(default_factory=Flips)


class Leaf(BaseModel):
    """One condition. Two leaves that say the same have the same key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @cached_property
    def key(self) -> str:
        said = orjson.dumps(self.dump(), option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(said, digest_size=16).hexdigest()

    def dump(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)

    def needs(self) -> Needs:
        raise NotImplementedError

    def hears(self) -> Collection[str]:
        """Names of the events after which the answer for their customer may be another."""
        raise NotImplementedError

    def is_shaken_by(self, event: str, props: Mapping[str, Any]) -> bool:
        """Whether an event changes the answer for so many that the leaf is to be read anew as a whole."""
        return False

    def people(self, world: World) -> Reading:
        raise NotImplementedError

    def holds_for(self, history: History, moment: Moment) -> bool:
        raise NotImplementedError

    def next_flip(self, history: History, moment: Moment) -> datetime | None:
        """The first moment after this one at which the answer may be another without anything new; early is fine."""
        return None

    def sentence(self, names: "Names", moment: Moment) -> Text:
        raise NotImplementedError

    def seen(self, history: History, names: "Names", moment: Moment) -> Text:
        """What the answer for this person was read from."""
        raise NotImplementedError


class Names(Protocol):
    """What the things are called that rules name by id. Things that are gone say so."""

    def of(self, what: str, key: int | str) -> Text: ...


def people_in(rows: QuerySet[Any], column: str) -> BitMap:
    """The distinct values of a column of ids, past the ORM: a million rows in a fraction of a second."""
    sql, values = rows.order_by().values_list(column).query.sql_with_params()
    found = BitMap()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while chunk := cursor.fetchmany(_ROWS):
            found.update(row[0] for row in chunk)
    return found


def within(rows: QuerySet[Any], column: str, window: Window, moment: Moment) -> QuerySet[Any]:
    """Rows whose moment lies in the window."""
    span = window.span(moment)
    rows = rows.filter(**{f"{column}__lt": span.until})
    return rows if span.since is None else rows.filter(**{f"{column}__gte": span.since})


def flips_of(rows: QuerySet[Any], person: str, column: str, window: Window, moment: Moment) -> Flips:
    """When people may enter or leave because a moment in one of their rows enters or leaves the window."""
    span = window.span(moment)
    if window.leaves_after is None and window.boundary(moment) is None:
        rows = rows.filter(**{f"{column}__gte": span.until})  # what is there stays; what is to come will enter
    elif span.since is not None:
        rows = rows.filter(**{f"{column}__gte": span.since})
    found = rows.order_by().values_list(person, column).iterator(_ROWS)
    return Flips.of((micros(move), owner) for owner, at in found for move in window.moves(at, moment))


def first_move(happened: Iterable[datetime], moves: Callable[[datetime], Iterable[datetime]]) -> datetime | None:
    return min((move for each in happened for move in moves(each)), default=None)


def listed(texts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    texts = list(texts)
    return Text(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


def spoken(words: Mapping[Any, Text], values: Iterable[Any]) -> Text:
    return listed((words.get(value, Text(str(value), str(value))) for value in values), "、", " or ")


def moment_text(at: datetime | None, moment: Moment) -> Text:
    return Text(moment.text(at), moment.text(at)) if at else NONE


NONE = Text("无", "none")
