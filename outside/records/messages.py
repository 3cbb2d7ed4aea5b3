"""What is said: chats, welcomes, app messages and the files in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from outside.records.plain import JSON


@dataclass(slots=True)
class WelcomeCode:
    """Good for 20 seconds and for one welcome."""

    kind: ClassVar[str] = "welcome_code"
    code: str
    corpid: str
    userid: str
    external_userid: str
    issued_at: float
    used: bool = False

    @property
    def key(self) -> str:
        return self.code


@dataclass(slots=True)
class WelcomeTemplate:
    """入群欢迎语素材."""

    kind: ClassVar[str] = "welcome_template"
    corpid: str
    template_id: str
    creator: int
    parts: JSON = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.template_id


@dataclass(slots=True)
class Media:
    kind: ClassVar[str] = "media"
    media_id: str
    corpid: str
    type: str
    filename: str
    content_type: str
    size: int
    created_at: int
    permanent: bool = False
    attachment_type: int = 0

    @property
    def key(self) -> str:
        return self.media_id


@dataclass(slots=True)
class ChatMessage:
    """One bubble between a member and a customer."""

    kind: ClassVar[str] = "chat_message"
    id: str
    corpid: str
    userid: str
    external_userid: str
    sender: str  # customer, member, welcome (a member's, sent by the system), system (a grey line)
    msgtype: str
    content: JSON
    at: float

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True)
class AppMessage:
    """What an app wrote to members with message/send."""

    kind: ClassVar[str] = "app_message"
    msgid: str
    corpid: str
    agentid: int
    to: list[str]
    msgtype: str
    content: JSON
    at: float
    response_code: str = ""
    recalled: bool = False
    digest: str = ""

    @property
    def key(self) -> str:
        return self.msgid
