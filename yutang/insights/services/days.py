"""The merchant's days: today, and those of which anything is known."""

from datetime import date
from zoneinfo import ZoneInfo

from yutang.commerce.queries import visible_orders
from yutang.kernel import clock
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import the_merchant


def merchants_zone() -> ZoneInfo:
    return ZoneInfo(the_merchant().time_zone or "Asia/Shanghai")


def today() -> date:
    return clock.now().astimezone(merchants_zone()).date()


def known_days(viewer: Viewer) -> tuple[date | None, date | None]:
    """The days of the first and the last order the viewer may see."""
    zone, orders = merchants_zone(), visible_orders(viewer)
    first, last = (
        orders.order_by(way).values_list("placed_at", flat=True).first() for way in ("placed_at", "-placed_at")
    )
    return first.astimezone(zone).date() if first else None, last.astimezone(zone).date() if last else None
