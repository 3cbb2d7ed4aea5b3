"""What commerce announces."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class OrderPlaced(DomainEvent):
    """An order was placed. Amounts are whole hundredths of `currency`."""

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
