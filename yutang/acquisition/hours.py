"""Hours of the week in the merchant's zone: what shifts, welcome slots and auto-accept windows are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict, field_serializer, field_validator

EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True)
class Hours:
    """From `starts` to `ends` on some weekdays (1 Monday … 7 Sunday).

    `ends` at or before `starts` runs past midnight and belongs to the day it starts on; equal times are 24 hours.
    """

    starts: time
    ends: time
    weekdays: frozenset[int] = EVERY_DAY

    def cover(self, local: datetime) -> bool:
        """Whether they hold at a moment told in the merchant's zone."""
        today, yesterday = local.isoweekday(), (local - timedelta(days=1)).isoweekday()
        at = local.timetz().replace(tzinfo=None)
        if self.starts < self.ends:
            return today in self.weekdays and self.starts <= at < self.ends
        return (today in self.weekdays and at >= self.starts) or (yesterday in self.weekdays and at < self.ends)

    def edges(self, local: datetime) -> Iterator[datetime]:
        """When they start and end, from the day before to eight days after, in the zone of `local`."""
        for ahead in range(-1, 9):
            day = (local + timedelta(days=ahead)).date()
            if day.isoweekday() in self.weekdays:
                overnight = timedelta(days=self.ends <= self.starts)
                yield datetime.combine(day, self.starts, tzinfo=local.tzinfo)
                yield datetime.combine(day + overnight, self.ends, tzinfo=local.tzinfo)


class HoursText(BaseModel):
    """Hours as stored in JSON and spoken over the API: times as HH:MM."""

    model_config = ConfigDict(extra="forbid")

    starts: time
    ends: time
    weekdays: list[int] = []  # 1 Monday … 7 Sunday; empty: every day

    @field_validator("weekdays")
    @classmethod
    def days_of_the_week(cls, days: list[int]) -> list[int]:
        if not set(days) <= EVERY_DAY:
            raise ValueError("Weekdays are 1 (Monday) to 7 (Sunday).")
        return sorted(set(days))

    @field_validator("starts", "ends")
    @classmethod
    def without_zone(cls, at: time) -> time:
        return at.replace(tzinfo=None, second=0, microsecond=0)

    @field_serializer("starts", "ends")
    def hours_and_minutes(self, at: time) -> str:
        return f"{at:%H:%M}"

    def value(self) -> Hours:
        return Hours(self.starts, self.ends, frozenset(self.weekdays) or EVERY_DAY)

    def as_json(self) -> dict[str, object]:
        return self.model_dump()


def hours_from(stored: Iterable[object]) -> list[Hours]:
    """Hours out of a JSON column."""
    return [HoursText.model_validate(each).value() for each in stored]


def next_edge(hours: Iterable[Hours], local: datetime) -> datetime | None:
    """The next moment any of them starts or ends, in UTC."""
    return min((edge.astimezone(UTC) for each in hours for edge in each.edges(local) if edge > local), default=None)


def next_midnight(local: datetime) -> datetime:
    """The coming midnight of the merchant's zone, in UTC."""
    tomorrow = (local + timedelta(days=1)).date()
    return datetime.combine(tomorrow, time(), tzinfo=local.tzinfo).astimezone(UTC)
