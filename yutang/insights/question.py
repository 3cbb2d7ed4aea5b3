"""What is asked of the pond: which days, in what steps, of which orders. Plain values; no tables, no clock."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum


class Grain(StrEnum):
    """The step a report goes in. Weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Field(StrEnum):
    """The three fields in which a merchant sells: its own pond, the open sea, and the shop floor."""

    PRIVATE = "private"
    PUBLIC = "public"
    STORE = "store"


@dataclass(frozen=True)
class Period:
    """Whole days of the merchant, the last one included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def first(self) -> int:
        return day_number(self.since)

    @property
    def last(self) -> int:
        return day_number(self.until)

    def before(self) -> "Period":
        """The same number of days just before."""
        return Period(self.since - timedelta(days=self.days), self.since - timedelta(days=1))

    def a_year_before(self) -> "Period":
        return Period(_a_year_before(self.since), _a_year_before(self.until))


@dataclass(frozen=True)
class Question:
    """One period and what is to be counted in it. Every report is a function of this and of the pond's tables.

    What narrows the orders (currency, sources, stores) narrows a person's earlier purchases too: somebody who bought in
    another store before is new to this one.
    """

    period: Period
    zone: str = "Asia/Shanghai"
    grain: Grain = Grain.DAY
    currency: str = "CNY"
    order_sources: tuple[int, ...] = ()  # none: all
    stores: tuple[int, ...] = ()
    one_a_day: bool = False  # several orders of one person on one day are one purchase
    free_orders: bool = False  # orders of 0.00 are purchases too
    segment: int | None = None  # its people alone

    def during(self, period: Period) -> "Question":
        return replace(self, period=period)


_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def bucket_of(day: date, grain: Grain) -> int:
    """The running number of the day, week or month; `calendar.bucket` computes the same within a query."""
    match grain:
        case Grain.DAY:
            return day_number(day)
        case Grain.WEEK:
            return (day_number(day) + 3) // 7  # 1970-01-01 was a Thursday
        case Grain.MONTH:
            return day.year * 12 + day.month - 1


def first_day(bucket: int, grain: Grain) -> date:
    match grain:
        case Grain.DAY:
            return day_of(bucket)
        case Grain.WEEK:
            return day_of(bucket * 7 - 3)
        case Grain.MONTH:
            return date(bucket // 12, bucket % 12 + 1, 1)


def buckets(period: Period, grain: Grain) -> range:
    return range(bucket_of(period.since, grain), bucket_of(period.until, grain) + 1)


def _a_year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)
