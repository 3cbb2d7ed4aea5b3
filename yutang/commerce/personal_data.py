"""What commerce keeps of a person: told when they ask for it, let go of where the law lets us."""

import re
from collections.abc import Sequence
from typing import Any

from yutang.commerce.models import ENDED, ImportRun, Order
from yutang.commerce.services.runs import drop_raw

_MADE_OF_AN_ID = re.compile(r".+ \d{4}-\d\d-\d\d \d\d:\d\d")  # as importing.lines makes them for files without numbers


def forget(record_ids: Sequence[int]) -> int:
    """Orders stay, since books must be kept for years; they hang on the blanked record, which names nobody. An order
    number made of a person's id and a moment is replaced by one that says nothing. Files of finished imports go, since
    any of them may name the person."""
    drop_raw(ImportRun.objects.filter(state__in=ENDED).exclude(staged=""))
    orders = Order.objects.filter(customer__in=record_ids, number__contains=" ")
    telling = [order for order in orders.only("pk", "number") if _MADE_OF_AN_ID.fullmatch(order.number)]
    for order in telling:
        order.number = f"erased-{order.pk}"
    Order.objects.bulk_update(telling, ["number"], batch_size=500)
    return len(telling)


def tell(record_ids: Sequence[int]) -> list[dict[str, Any]]:
    orders = Order.objects.filter(customer__in=record_ids).select_related("source").prefetch_related("lines")
    return [
        {
            "number": order.number,
            "source": order.source.name,
            "kind": order.kind,
            "placed_at": order.placed_at.isoformat(),
            "amount_fen": order.amount_fen,
            "currency": order.source.currency,
            "lines": [
                {
                    "sku": line.sku,
                    "title": line.title,
                    "quantity_milli": line.quantity_milli,
                    "amount_fen": line.amount_fen,
                }
                for line in order.lines.all()
            ],
        }
        for order in orders.order_by("placed_at", "pk")
    ]
