"""The table of APIs: each a path, a verb, who may call it, its parameters, and the function that answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from outside.errors import WeComError
from outside.params import Param
from outside.records import App, Corp, Member, Relation
from outside.world import World

T = TypeVar("T")
Answer = dict[str, Any]


@dataclass
class Upload:
    field: str
    filename: str
    content_type: str
    body: bytes


@dataclass
class FileAnswer:
    """A file instead of JSON; parts of it by a Range header."""

    path: Path
    content_type: str
    filename: str


@dataclass
class Call:
    """One request that has passed the gate: who calls, with which parameters."""

    world: World
    corp: Corp
    app: App
    given: dict[str, Any]
    params: dict[str, Any] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    ip: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    @property
    def corpid(self) -> str:
        return self.corp.corpid

    def sees(self, userid: str) -> bool:
        return userid.lower() in self.world.visible_users(self.app)

    def member(self, userid: str) -> Member:
        """A member this app may see. 60111 for the unknown, 60011 for the hidden."""
        member = self.world.members.get(self.corpid, userid.lower())
        if member is None or member.status == 5:
            raise WeComError(60111)
        if not self.sees(userid):
            raise WeComError(60011)
        return member

    def serving_member(self, userid: str) -> Member:
        """A visible member who has the customer-contact function (84074 otherwise)."""
        member = self.member(userid)
        if not member.contact_function:
            raise WeComError(84074)
        return member

    def relation(self, userid: str, external_userid: str) -> Relation:
        """A friendship that may be worked on. 40096 for an unknown customer, 84061 for no relation."""
        if self.world.person_behind(self.corpid, external_userid) is None:
            raise WeComError(40096)
        self.serving_member(userid)
        relation = self.world.relations.get(self.corpid, userid.lower(), external_userid)
        if relation is None or not relation.is_usable:
            raise WeComError(84061)
        return relation


Handler = Callable[[Call], Answer | FileAnswer | Awaitable[Answer]]


@dataclass(frozen=True)
class Endpoint:
    """grant: `any` token; `read` of the directory; `contacts` (the contacts-sync secret only); `customer` (an app on
    the callable list, or the customer-contact secret); `own_customer` (the same, not with that secret); `app`.
    """

    verb: str
    path: str
    grant: str
    params: tuple[Param, ...]
    handler: Handler

    @property
    def summary(self) -> str:
        return (self.handler.__doc__ or "").strip().split("\n")[0]


ENDPOINTS: dict[str, Endpoint] = {}


def api(verb: str, path: str, *params: Param, grant: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        ENDPOINTS[path] = Endpoint(verb, path, grant, params, handler)
        return handler

    return register


def page(rows: Sequence[T], cursor: str | None, limit: int, scope: str) -> tuple[list[T], str]:
    """A slice of `rows` and the opaque cursor of the next one, empty at the end.

    Raises 50100 for a cursor that this server did not make for this listing.
    """
    (start,) = read_cursor(cursor, scope, 1) if cursor else [0]
    end = start + limit
    return list(rows[start:end]), make_cursor(scope, end) if end < len(rows) else ""


def make_cursor(scope: str, *numbers: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([scope, *numbers]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, scope: str, count: int) -> list[int]:
    """The numbers a cursor was made of; 50100 for one made elsewhere."""
    try:
        numbers: list[int]
        found, *numbers = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise WeComError(50100) from error
    if found != scope or len(numbers) != count or not all(isinstance(n, int) and n >= 0 for n in numbers):
        raise WeComError(50100)
    return numbers
