"""The merchant: its name and its time zone, which says when a day begins."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.organization.models import Merchant

UNKNOWN_ZONE = Text("没有这个时区。", "There is no such time zone.")
NAMELESS = Text("请填写名称。", "A name is needed.")


def the_merchant() -> Merchant:
    """The one merchant; an installation that has not been named yet is a merchant without a name."""
    return Merchant.objects.order_by("pk").first() or Merchant(name="")


def merchant_zone() -> ZoneInfo:
    """Where the merchant's days begin and end."""
    return ZoneInfo(the_merchant().time_zone)


@transaction.atomic
def change_merchant(*, name: str, time_zone: str, by: Actor) -> Merchant:
    if not name.strip():
        raise BadInput(NAMELESS, fields={"name": NAMELESS.here()})
    if time_zone not in available_timezones():
        raise BadInput(UNKNOWN_ZONE, fields={"time_zone": UNKNOWN_ZONE.here()})
    merchant = the_merchant()
    before = {"name": merchant.name, "time_zone": merchant.time_zone}
    merchant.name, merchant.time_zone = name.strip(), time_zone
    merchant.save()
    after = {"name": merchant.name, "time_zone": merchant.time_zone}
    audit("merchant.changed", by=by, subject_kind="merchant", subject_id=merchant.pk, before=before, after=after)
    return merchant


def start_of_today(merchant: Merchant, *, days_ago: int = 0, at: datetime | None = None) -> datetime:
    """When today (or the day `days_ago` before it) began for the merchant, in UTC."""
    zone = ZoneInfo(merchant.time_zone)
    day = (at or clock.now()).astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(), zone).astimezone(UTC)
