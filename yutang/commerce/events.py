"""What commerce announces. Amounts are whole hundredths of `currency`; the amounts of an order's events add up to it."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class OrderPlaced(DomainEvent):
    """An order was placed."""

    name = "order.placed"
    label = Text("下单", "Order placed")
    order_id: int
    number: str
    source: str
    amount_fen: int
    currency: str
    lines: int


@dataclass(frozen=True)
class OrderCancelled(DomainEvent):
    """A cancellation document; amounts are negative."""

    name = "order.cancelled"
    label = Text("取消订单", "Order cancelled")
    order_id: int
    number: str
    source: str
    amount_fen: int
    currency: str
    lines: int


@dataclass(frozen=True)
class OrderAdjusted(DomainEvent):
    """A bookkeeping entry such as a bad debt; never a purchase."""

    name = "order.adjusted"
    label = Text("账务调整", "Adjustment")
    order_id: int
    number: str
    source: str
    amount_fen: int
    currency: str
    lines: int


@dataclass(frozen=True)
class OrderVoided(DomainEvent):
    """An order was closed without a purchase: not paid in time, or called off."""

    name = "order.voided"
    label = Text("订单关闭", "Order closed")
    order_id: int
    number: str
    source: str
    amount_fen: int
    currency: str
    lines: int


@dataclass(frozen=True)
class OrderAmended(DomainEvent):
    """More of a known order became known: further lines (`amount_fen` and `lines` are theirs), or whose it is."""

    name = "order.amended"
    label = Text("订单补充", "Order amended")
    order_id: int
    number: str
    source: str
    amount_fen: int
    currency: str
    lines: int
