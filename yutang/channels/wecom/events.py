"""What the WeCom channel announces."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class WelcomeSent(DomainEvent):
    """The welcome reached the new contact. `after_ms` counts from the callback's arrival."""

    name = "welcome.sent"
    label = Text("发送欢迎语", "Welcome sent")
    after_ms: int
    parts: int


@dataclass(frozen=True)
class WelcomeMissed(DomainEvent):
    """No welcome could be sent; `reason` says why (expired, already_chatting, refused, unreachable …)."""

    name = "welcome.missed"
    label = Text("欢迎语未送达", "Welcome missed")
    reason: str
    errcode: int
