"""What live codes announce."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class CodeScanned(DomainEvent):
    """A live code's landing page was opened. The visitor is often not known yet."""

    name = "code.scanned"
    label = Text("扫码", "Code scanned")
    code_id: int


@dataclass(frozen=True)
class CodeStateChanged(DomainEvent):
    """WeCom's side of a live code stands otherwise than before: brought in line, refused, unstaffed, taken away."""

    name = "code.state_changed"
    label = Text("活码状态变化", "Live code's state changed")
    code_id: int
    before: str
    after: str


@dataclass(frozen=True)
class CodeJoined(DomainEvent):
    """A code printed for one customer was scanned and added: the scanner and that customer are taken to be one."""

    name = "code.joined"
    label = Text("一客一码识别", "Recognised by a personal code")
    customer_code_id: int
    known_customer_id: int


@dataclass(frozen=True)
class SecondMemberAdded(DomainEvent):
    """Under a code that gives a customer to one member only, a customer of another member was added."""

    name = "contact.added_twice"
    label = Text("重复添加", "Added by a second member")
    code_id: int
    first_member_id: int


@dataclass(frozen=True)
class ProfileCompleted(DomainEvent):
    """A customer left a name or a phone number on our page."""

    name = "profile.completed"
    label = Text("完善资料", "Profile completed")
    fields: list[str]
