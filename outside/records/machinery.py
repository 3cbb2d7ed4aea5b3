"""What the server keeps for itself: tokens, tickets, callbacks, faults, settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from outside.records.plain import JSON


@dataclass(slots=True)
class Token:
    kind: ClassVar[str] = "token"
    token: str
    corpid: str
    agentid: int
    expires_at: int
    withdrawn: bool = False

    @property
    def key(self) -> str:
        return self.token


@dataclass(slots=True)
class Ticket:
    """What a browser or an SDK holds for a while: an OAuth code, a user_ticket, a JS-SDK ticket, a card's answer."""

    kind: ClassVar[str] = "ticket"
    code: str
    purpose: str  # oauth_code, user_ticket, jsapi, agent_config, chat_key
    corpid: str
    agentid: int
    expires_at: int
    subject: JSON = field(default_factory=dict)
    used: bool = False

    @property
    def key(self) -> str:
        return self.code


@dataclass(slots=True)
class Callback:
    """An event on its way to one app, with every try that was made."""

    kind: ClassVar[str] = "callback"
    id: str
    corpid: str
    agentid: int
    event: str
    change_type: str
    plain: JSON
    at: float
    status: str = "pending"  # pending, delivered, failed, dropped
    attempts: list[JSON] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True)
class Fault:
    """Something that shall go wrong; see faults.py for the kinds."""

    kind: ClassVar[str] = "fault"
    id: str
    what: str
    corpid: str = "*"
    where: str = "*"  # an API path or event, with * as a wildcard
    probability: float = 1.0
    count: int | None = None  # how often it may still strike; none: without end
    skip: int = 0  # how many chances it lets pass first
    until: float | None = None
    options: JSON = field(default_factory=dict)
    struck: int = 0

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True)
class Setting:
    """One value of the world itself: its clock, its switches."""

    kind: ClassVar[str] = "setting"
    name: str
    value: Any = None

    @property
    def key(self) -> str:
        return self.name
