"""The merchant's days: today, and those of which anything is known."""

from datetime import date

from yutang.commerce.queries import visible_orders
from yutang.kernel import clock
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import merchant_zone


def today() -> date:
    return clock.now().astimezone(merchant_zone()).date()


def known_days(viewer: Viewer) -> tuple[date | None, date | None]:
    """The days of the first and the last order the viewer may see."""
    zone, orders = merchant_zone(), visible_orders(viewer)
    first, last = (
        orders.order_by(way).values_list("placed_at", flat=True).first() for way in ("placed_at", "-placed_at")
    )
    return first.astimezone(zone).date() if first else None, last.astimezone(zone).date() if last else None
