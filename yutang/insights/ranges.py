"""Periods that move with the days, as boards keep them: the last 30 days, this month, last week.

Plain values; the console reads the same words (`web/src/features/insights/period.ts`).
"""

from datetime import date, timedelta

from yutang.insights.question import Period
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text

LAST_DAYS = {"7d": 7, "30d": 30, "90d": 90, "year": 365}
RANGES = (*LAST_DAYS, "month", "lastMonth", "lastWeek", "all")

UNKNOWN = Text("时间范围无效。", "This period is not valid.")


def period_of(words: str, *, today: date, first: date | None = None) -> Period:
    """The days a range means today: a name of `RANGES`, or two days as `2026-01-01~2026-01-31`.

    `first` is the first day of which anything is known. Raises BadInput.
    """
    if words in LAST_DAYS:
        return Period(today - timedelta(days=LAST_DAYS[words] - 1), today)
    match words:
        case "month":
            return Period(today.replace(day=1), today)
        case "lastMonth":
            end = today.replace(day=1) - timedelta(days=1)
            return Period(end.replace(day=1), end)
        case "lastWeek":
            return last_week(today)
        case "all":
            return Period(first if first and first < today else today - timedelta(days=364), today)
    return _two_days(words)


def last_week(today: date) -> Period:
    """Monday to Sunday before this week."""
    monday = today - timedelta(days=today.weekday() + 7)
    return Period(monday, monday + timedelta(days=6))


def _two_days(words: str) -> Period:
    since, _, until = words.partition("~")
    try:
        period = Period(date.fromisoformat(since), date.fromisoformat(until))
    except ValueError:
        raise BadInput(UNKNOWN, fields={"range": UNKNOWN.here()}) from None
    if period.since > period.until or period.since.year < 1992 or period.until.year > 2100:
        raise BadInput(UNKNOWN, fields={"range": UNKNOWN.here()})
    return period
