"""Days, weeks and months within a query are those of the calendar on the merchant's wall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yutang.insights.question import Grain, Period, bucket_of, buckets, day_number, first_day
from yutang.insights.reports.calendar import bounds, bucket, local_day

ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe")
BEGIN = datetime(1992, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_every_moment_falls_into_its_local_day_week_and_month(zone, ask):
    moments = [BEGIN + timedelta(minutes=30 * 977 * number) for number in range(1_000)]
    moments += [
        datetime(2026, month, 28, 15, 59, 59, tzinfo=UTC) + timedelta(seconds=n) for month in (3, 10) for n in (0, 1)
    ]
    table = ibis.memtable(pa.table({"at": pa.array(moments, pa.timestamp("us", tz="UTC"))}))
    days = table.mutate(day=local_day(table["at"], zone))
    rows = ask(days.mutate(week=bucket(days.day, Grain.WEEK), month=bucket(days.day, Grain.MONTH)))

    for row in rows:
        day = row["at"].astimezone(ZoneInfo(zone)).date()
        assert (row["day"], row["week"], row["month"]) == tuple(bucket_of(day, grain) for grain in Grain)


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 1, 1)), st.sampled_from(Grain))
@settings(max_examples=200)
def test_a_bucket_begins_with_its_first_day(day, grain):
    number = bucket_of(day, grain)
    assert first_day(number, grain) <= day < first_day(number + 1, grain)
    assert bucket_of(first_day(number, grain), grain) == number


def test_a_day_of_summer_time_has_its_own_length():
    begins, ends = bounds(Period(date(2026, 3, 29), date(2026, 3, 29)), "Europe/London")
    assert ends - begins == timedelta(hours=23)


def test_periods_are_set_beside_what_came_before():
    month = Period(date(2028, 2, 1), date(2028, 2, 29))
    assert month.before() == Period(date(2028, 1, 3), date(2028, 1, 31))
    assert month.a_year_before() == Period(date(2027, 2, 1), date(2027, 2, 28))
    assert (month.days, month.last - month.first) == (29, 28)
    assert next(first_day(number, Grain.WEEK) for number in buckets(month, Grain.WEEK)) == date(2028, 1, 31)
    assert day_number(date(1970, 1, 1)) == 0
