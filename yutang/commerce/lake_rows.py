"""Orders and their lines in the lake."""

from collections.abc import Collection

from yutang.commerce.models import Order, OrderLine
from yutang.lake.changes import changed
from yutang.lake.hot import ModelRows
from yutang.lake.tables import Column, Kind, LakeTable

ORDERS = LakeTable(
    "orders",
    (
        Column("id", Kind.INTEGER),
        Column("source_id", Kind.INTEGER),
        Column("number", Kind.TEXT, personal=True),  # some are made of a person's id
        Column("kind", Kind.TEXT),
        Column("subject", Kind.INTEGER),
        Column("store_id", Kind.INTEGER),
        Column("placed_at", Kind.MOMENT),
        Column("country", Kind.TEXT),
        Column("line_count", Kind.INTEGER),
        Column("quantity_milli", Kind.INTEGER),
        Column("amount_fen", Kind.INTEGER),
        Column("currency", Kind.TEXT),
    ),
    moment="placed_at",
    sorted_by=("subject", "placed_at"),
    hot=ModelRows(
        Order,
        (
            "pk",
            "source_id",
            "number",
            "kind",
            "customer_id",
            "store_id",
            "placed_at",
            "country",
            "line_count",
            "quantity_milli",
            "amount_fen",
            "source__currency",
        ),
    ),
)

# A line carries what questions about goods ask of its order, so that they need no join.
ORDER_LINES = LakeTable(
    "order_lines",
    (
        Column("id", Kind.INTEGER),
        Column("order_id", Kind.INTEGER),
        Column("sku", Kind.TEXT),
        Column("title", Kind.TEXT),
        Column("quantity_milli", Kind.INTEGER),
        Column("unit_price_micros", Kind.INTEGER),
        Column("amount_fen", Kind.INTEGER),
        Column("kind", Kind.TEXT),
        Column("source_id", Kind.INTEGER),
        Column("store_id", Kind.INTEGER),
        Column("subject", Kind.INTEGER),
        Column("placed_at", Kind.MOMENT),
        Column("currency", Kind.TEXT),
    ),
    moment="placed_at",
    sorted_by=("sku", "subject", "placed_at"),
    hot=ModelRows(
        OrderLine,
        (
            "pk",
            "order_id",
            "sku",
            "title",
            "quantity_milli",
            "unit_price_micros",
            "amount_fen",
            "order__kind",
            "order__source_id",
            "order__store_id",
            "order__customer_id",
            "order__placed_at",
            "order__source__currency",
        ),
        customer="order__customer",
    ),
)


def orders_changed(order_ids: Collection[int]) -> None:
    """Orders known from before say something else now, and so do all their lines."""
    changed(ORDERS.name, order_ids)
    changed(ORDER_LINES.name, OrderLine.objects.filter(order__in=order_ids).values_list("pk", flat=True))
