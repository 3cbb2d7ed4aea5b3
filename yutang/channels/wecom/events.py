"""What the WeCom channel announces, beside the contact events of the customers app."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class WelcomeSent(DomainEvent):
    """WeCom accepted the greeting of a new contact, so many milliseconds after its callback arrived."""

    name = "welcome.sent"
    label = Text("欢迎语已发送", "Welcome sent")
    sentence = Text("欢迎语在 {after_ms} 毫秒内发出", "Welcome sent within {after_ms} ms")
    ticket_id: int
    after_ms: int
    parts: int


@dataclass(frozen=True)
class WelcomeMissed(DomainEvent):
    """A new contact got no greeting although one was due. `reason` is late, refused, unanswered or no_app."""

    name = "welcome.missed"
    label = Text("欢迎语未发出", "Welcome missed")
    sentence = Text("欢迎语未发出：{reason}", "No welcome was sent: {reason}")
    ticket_id: int
    reason: str
    errcode: int = 0


@dataclass(frozen=True)
class TransferFailed(DomainEvent):
    """A customer handed to another member could not be taken over. `reason` in WeCom's word."""

    name = "contact.transfer_failed"
    label = Text("客户继承失败", "Transfer failed")
    sentence = Text("客户继承失败：{reason}", "The transfer failed: {reason}")
    reason: str


@dataclass(frozen=True)
class ArchiveConsented(DomainEvent):
    """The customer agreed to chats with this member being archived; only then may the welcome be sent."""

    name = "contact.archive_consented"
    label = Text("同意会话存档", "Agreed to chat archiving")
    ticket_id: int | None = None


@dataclass(frozen=True)
class CustomerReplied(DomainEvent):
    """A customer's first message to a member, where WeCom tells of it: contacts made through acquisition links."""

    name = "contact.replied"
    label = Text("客户首次回复", "Customer replied")


@dataclass(frozen=True)
class GroupChanged(DomainEvent):
    """A customer group was created, changed or dismissed; `detail` in WeCom's word, members where it named them."""

    name = "group.changed"
    label = Text("客户群变化", "Customer group changed")
    chat_id: str
    change: str
    detail: str
    members: list[str]
