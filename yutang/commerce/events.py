"""What commerce announces. Amounts are whole hundredths of `currency`."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class _AboutOrder:
    """What every event of an order tells."""

    order_id: int
    number: str
    source: str
    amount_fen: int
    currency: str
    lines: int


@dataclass(frozen=True)
class OrderPlaced(_AboutOrder, DomainEvent):
    """An order was placed."""

    name = "order.placed"
    label = Text("下单", "Order placed")
    sentence = Text("下单 {number}，{amount}", "Placed order {number}, {amount}")


@dataclass(frozen=True)
class OrderCancelled(_AboutOrder, DomainEvent):
    """A cancellation document; amounts are negative."""

    name = "order.cancelled"
    label = Text("取消订单", "Order cancelled")
    sentence = Text("取消订单 {number}，{amount}", "Cancelled order {number}, {amount}")


@dataclass(frozen=True)
class OrderAdjusted(_AboutOrder, DomainEvent):
    """A bookkeeping entry such as a bad debt; never a purchase."""

    name = "order.adjusted"
    label = Text("账务调整", "Adjustment")
    sentence = Text("账务调整 {number}，{amount}", "Adjustment {number}, {amount}")


@dataclass(frozen=True)
class OrderVoided(_AboutOrder, DomainEvent):
    """An order was closed without a purchase: not paid in time, or called off."""

    name = "order.voided"
    label = Text("订单关闭", "Order closed")
    sentence = Text("订单 {number} 已关闭，{amount}", "Order {number} was closed, {amount}")


@dataclass(frozen=True)
class OrderAmended(_AboutOrder, DomainEvent):
    """More of a known order became known: further lines (`amount_fen` and `lines` are theirs), or whose it is."""

    name = "order.amended"
    label = Text("订单补充", "Order amended")
    sentence = Text("订单 {number} 补充 {lines} 行，{amount}", "Order {number} gained {lines} lines, {amount}")
