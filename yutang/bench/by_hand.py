"""What the dashboard tells, by SQL written by hand over the lake's files: the reference its time is set beside."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb

from yutang.lake.models import LakeHead

ZONE = ZoneInfo("Asia/Shanghai")

_SOLD = """
SELECT sum(amount_fen)::BIGINT AS gmv, count(*) AS orders
FROM read_parquet(?) WHERE kind = 'sale' AND amount_fen > 0 AND placed_at >= ? AND placed_at < ?
"""

_BUYERS = """
SELECT count(*) AS buyers, count(*) FILTER (earlier = 0) AS new_buyers,
       count(*) FILTER (earlier + bought > 1) AS repurchasing
FROM (SELECT subject, count(*) FILTER (placed_at >= ?) AS bought, count(*) FILTER (placed_at < ?) AS earlier
      FROM read_parquet(?) WHERE kind = 'sale' AND amount_fen > 0 AND subject IS NOT NULL AND placed_at < ?
      GROUP BY subject)
WHERE bought > 0
"""

_NEW = """
SELECT count(*) AS new_customers
FROM (SELECT subject, min("at") AS first_at FROM read_parquet(?) WHERE name = 'customer.created' GROUP BY subject)
WHERE first_at >= ? AND first_at < ?
"""

_CONTACTS = """
SELECT count(*) AS new_contacts
FROM (SELECT subject, min("at") AS first_at FROM read_parquet(?) WHERE name = 'contact.added' AND member_id IS NOT NULL
      GROUP BY subject)
WHERE first_at >= ? AND first_at < ?
"""

# In the crowd every contact holds from its add on.
_PRIVATE = """
SELECT coalesce(sum(amount_fen), 0)::BIGINT AS private_gmv
FROM read_parquet(?) o WHERE kind = 'sale' AND amount_fen > 0 AND placed_at >= ? AND placed_at < ?
AND EXISTS (SELECT 1 FROM read_parquet(?) e WHERE e.name = 'contact.added' AND e.member_id IS NOT NULL
            AND e.subject = o.subject AND e."at" <= o.placed_at)
"""


def paths(table: str) -> list[str]:
    return [file["path"].removeprefix("file://") for file in LakeHead.objects.get(table=table).files]


def newest_day() -> date:
    """The merchant's day of the newest order in the lake."""
    sql = "SELECT epoch(max(placed_at))::BIGINT FROM read_parquet(?)"
    (second,) = duckdb.execute(sql, [paths("orders")]).fetchone() or (0,)
    return datetime.fromtimestamp(int(second), ZONE).date()


def dashboard_by_hand(since: date, until: date) -> dict[str, int]:
    """The figures of a period; the one before it is asked for too, as the dashboard does."""
    days = timedelta(days=(until - since).days + 1)
    _figures(since - days, until - days)
    return _figures(since, until)


def _figures(since: date, until: date) -> dict[str, int]:
    begins, ends = _midnight(since), _midnight(until + timedelta(days=1))
    orders, events = paths("orders"), paths("events")
    told: dict[str, int] = {}
    for sql, given in (
        (_SOLD, [orders, begins, ends]),
        (_BUYERS, [begins, begins, orders, ends]),
        (_NEW, [events, begins, ends]),
        (_CONTACTS, [events, begins, ends]),
        (_PRIVATE, [orders, begins, ends, events]),
    ):
        asked = duckdb.execute(sql, given)
        row = asked.fetchone() or ()
        told |= dict(zip([column[0] for column in asked.description or ()], row, strict=True))
    return told


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
