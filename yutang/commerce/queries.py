"""Reads of orders."""

from collections.abc import Collection

from django.db.models import Count, Max, Sum

from yutang.commerce.models import Order, OrderKind
from yutang.customers.purchases import Purchases


def purchases_of(record_ids: Collection[int]) -> dict[int, Purchases]:
    """What each record really bought: sales worth something. Cancellations lessen what was spent."""
    bought = (
        Order.objects.filter(customer__in=record_ids, kind=OrderKind.SALE, amount_fen__gt=0)
        .values_list("customer")
        .annotate(Count("pk"), Sum("amount_fen"), Max("placed_at"))
    )
    returned = dict(
        Order.objects.filter(customer__in=record_ids, kind=OrderKind.CANCELLATION)
        .values_list("customer")
        .annotate(Sum("amount_fen"))
    )
    found = {record: Purchases(orders, spent, last) for record, orders, spent, last in bought}
    for record, amount in returned.items():
        known = found.get(record, Purchases())
        found[record] = Purchases(known.orders, known.spent_fen + amount, known.last_at)
    return found
