"""Whose an order is: asked of whoever keeps orders. Commerce stands beside us, so the top floor plugs it in."""

from collections.abc import Callable

OrderLookup = Callable[[str, str], int | None]  # source and number of an order → the record of its customer

_lookup: OrderLookup | None = None


def look_up_orders_with(lookup: OrderLookup) -> None:
    global _lookup
    _lookup = lookup


def customer_of_order(source: str, number: str) -> int | None:
    return _lookup(source, number) if _lookup is not None else None
