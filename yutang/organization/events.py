"""What the organization announces."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class AddressBookChanged(DomainEvent):
    """Members or departments came, went, or stand elsewhere: in other departments or stores."""

    name = "address_book.changed"
    label = Text("通讯录变化", "Address book changed")
    what: str
    members: int


@dataclass(frozen=True)
class MemberAvailabilityChanged(DomainEvent):
    """A member can take new customers now, or no longer can: left, came back, went on or off line."""

    name = "member.availability_changed"
    label = Text("员工接待状态变化", "Member availability changed")
    is_available: bool
    reason: str  # switch, status or function (WeCom's customer contact)
