"""What a customer has bought, as told by whoever keeps the orders (a higher floor plugs itself in)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Purchases:
    orders: int = 0
    spent_fen: int = 0
    last_at: datetime | None = None

    def and_also(self, other: "Purchases") -> "Purchases":
        lasts = [at for at in (self.last_at, other.last_at) if at is not None]
        return Purchases(self.orders + other.orders, self.spent_fen + other.spent_fen, max(lasts, default=None))


Counter = Callable[[Collection[int]], dict[int, Purchases]]  # record ids → purchases of those that have any

_counters: list[Counter] = []


def counted_by(count: Counter) -> Counter:
    """Register a source of purchases. Several add up."""
    if count not in _counters:
        _counters.append(count)
    return count


def purchases_of(record_ids: Collection[int]) -> dict[int, Purchases]:
    total: dict[int, Purchases] = {}
    for count in _counters:
        for record, purchases in count(record_ids).items():
            total[record] = total.get(record, Purchases()).and_also(purchases)
    return total
