"""Moments as the merchant's days, weeks and months, in whole numbers: the same on every engine.

Engines differ in what they do with zones, sessions and intervals; they agree about integers.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import ibis
from ibis import Column, Deferred

from yutang.insights.question import Grain, Period, day_number

_FROM, _TO = datetime(1992, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
_DAY = 86_400


@lru_cache(maxsize=64)
def turns_of(zone: str) -> tuple[tuple[int, int], ...]:
    """The zone's offsets from 1992 to 2050: (from which second of the epoch, seconds to add)."""
    at = ZoneInfo(zone)
    found = [(int(_FROM.timestamp()), _offset(_FROM, at))]
    days = [_FROM + timedelta(days=number) for number in range((_TO - _FROM).days + 1)]
    for before, after in pairwise(days):
        if _offset(before, at) != _offset(after, at):
            turn = _turning(int(before.timestamp()), int(after.timestamp()), at)
            found.append((turn, _offset(datetime.fromtimestamp(turn, UTC), at)))
    return tuple(found)


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    return int(moment.astimezone(zone).utcoffset().total_seconds())  # type: ignore[union-attr]


def _turning(low: int, high: int, zone: ZoneInfo) -> int:
    """The first second of the new offset; it lies after `low` and not after `high`."""
    before = _offset(datetime.fromtimestamp(low, UTC), zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(datetime.fromtimestamp(middle, UTC), zone) == before:
            low = middle
        else:
            high = middle
    return high


def local_seconds(at: Column, zone: str) -> Column:
    """Seconds since 1970-01-01 00:00 by the clock on the merchant's wall."""
    seconds = at.epoch_seconds()
    turns = turns_of(zone)
    if len(turns) == 1:
        return seconds + turns[0][1]
    branches = [(seconds < begins, offset) for (_, offset), (begins, _) in pairwise(turns)]
    return seconds + ibis.cases(*branches, else_=turns[-1][1])


def local_day(at: Column, zone: str) -> Column:
    """Days since 1970-01-01 in the merchant's zone."""
    return local_seconds(at, zone) // _DAY


def bucket(day: Column, grain: Grain) -> Column:
    """The running number of the day's day, week or month; `question.bucket_of` is the same outside a query."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return (day + 3) // 7
        case Grain.MONTH:
            return _month(day)


def _month(day: Column) -> Column:
    """Months since year 0, by Howard Hinnant's `civil_from_days`."""
    shifted = day + 719_468  # days since 0000-03-01
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    march_based = (5 * of_year + 2) // 153
    return (year + era * 400) * 12 + march_based + 2


def within(at: Column | Deferred, period: Period, zone: str) -> Column:
    """Whether a moment falls into the period; asked of the moment itself, so that files outside it are not read."""
    begins, ends = bounds(period, zone)
    return (at >= _moment(begins)) & (at < _moment(ends))


def bounds(period: Period, zone: str) -> tuple[datetime, datetime]:
    """The period's first moment, and the first one after it, in UTC."""
    return _midnight(day_number(period.since), zone), _midnight(day_number(period.until) + 1, zone)


def _midnight(day: int, zone: str) -> datetime:
    at = datetime(1970, 1, 1) + timedelta(days=day)  # noqa: DTZ001  (the zone follows)
    return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _moment(at: datetime) -> Column:
    return ibis.literal(at, type="timestamp('UTC')")
