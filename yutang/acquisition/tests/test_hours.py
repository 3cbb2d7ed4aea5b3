from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yutang.acquisition.hours import Hours, next_edge, next_midnight

ZONE = ZoneInfo("Asia/Shanghai")
DAY = Hours(time(9), time(18), frozenset({1, 2, 3, 4, 5}))
NIGHT = Hours(time(22), time(6), frozenset({5}))  # Friday night
ALWAYS = Hours(time(), time())


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hours", "at", "holds"),
    [
        (DAY, "2026-03-09T09:00", True),  # a Monday
        (DAY, "2026-03-09T08:59:59", False),
        (DAY, "2026-03-09T18:00", False),
        (DAY, "2026-03-14T12:00", False),  # a Saturday
        (NIGHT, "2026-03-13T22:00", True),
        (NIGHT, "2026-03-14T05:59", True),  # Saturday morning belongs to Friday's night
        (NIGHT, "2026-03-14T06:00", False),
        (NIGHT, "2026-03-13T05:00", False),  # Friday morning belongs to Thursday's
        (ALWAYS, "2026-03-14T00:00", True),
        (ALWAYS, "2026-03-14T23:59", True),
    ],
)
def test_hours_hold_on_their_days_from_their_start_to_their_end(hours: Hours, at: str, holds: bool) -> None:
    assert hours.cover(local(at)) is holds


@pytest.mark.parametrize(
    ("hours", "at", "edge"),
    [
        ([DAY], "2026-03-09T08:00", "2026-03-09T09:00"),
        ([DAY], "2026-03-09T09:00", "2026-03-09T18:00"),
        ([DAY], "2026-03-13T18:00", "2026-03-16T09:00"),
        ([NIGHT], "2026-03-13T23:00", "2026-03-14T06:00"),
        ([DAY, NIGHT], "2026-03-13T19:00", "2026-03-13T22:00"),
    ],
)
def test_the_next_edge_is_the_next_start_or_end(hours: list[Hours], at: str, edge: str) -> None:
    assert next_edge(hours, local(at)) == local(edge).astimezone(UTC)


def test_without_hours_there_is_no_edge() -> None:
    assert next_edge([], local("2026-03-09T08:00")) is None


def test_midnight_is_the_merchants() -> None:
    assert next_midnight(local("2026-03-09T23:59")) == datetime(2026, 3, 9, 16, tzinfo=UTC)


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
weekdays = st.frozensets(st.integers(1, 7), min_size=1)


@settings(deadline=None, max_examples=60)
@given(st.builds(Hours, times, times, weekdays), st.integers(0, 14 * 24 * 60))
def test_nothing_changes_before_the_next_edge(hours: Hours, minute: int) -> None:
    at = local("2026-03-01T00:00") + timedelta(minutes=minute)
    edge = next_edge([hours], at)
    assert edge is not None
    steps = int((edge - at).total_seconds() // 60)

    assert {hours.cover(at + timedelta(minutes=passed)) for passed in range(0, steps, 15)} <= {hours.cover(at)}
