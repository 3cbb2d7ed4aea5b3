"""Windows of time: which happenings count as of a moment, and when one of them begins or ceases to.

All windows are half-open, [since, until), to the microsecond; nothing that lies in the future counts yet.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from yutang.kernel.language import Text

_JUST = timedelta(microseconds=1)
Unit = Literal["minutes", "hours", "days", "weeks"]
Period = Literal["today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_year", "last_year"]

UNIT_WORDS: dict[Unit, Text] = {
    "minutes": Text("分钟", "minutes"),
    "hours": Text("小时", "hours"),
    "days": Text("天", "days"),
    "weeks": Text("周", "weeks"),
}
PERIOD_WORDS: dict[Period, Text] = {
    "today": Text("今天", "today"),
    "yesterday": Text("昨天", "yesterday"),
    "this_week": Text("本周", "this week"),
    "last_week": Text("上周", "last week"),
    "this_month": Text("本月", "this month"),
    "last_month": Text("上月", "last month"),
    "this_year": Text("今年", "this year"),
    "last_year": Text("去年", "last year"),
}


@dataclass(frozen=True)
class Moment:
    """As of when a rule is read, and in which zone its days begin."""

    at: datetime
    zone: ZoneInfo

    def day_begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    def text(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Span:
    """What a window is as of one moment. None: without an end. `until` is never beyond the moment itself."""

    since: datetime | None
    until: datetime

    def holds(self, at: datetime) -> bool:
        return at < self.until and (self.since is None or at >= self.since)


class _Window(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def span(self, moment: Moment) -> Span:
        raise NotImplementedError

    @property
    def enters_after(self) -> timedelta:
        """How long after it happened a happening begins to count."""
        return timedelta()

    @property
    def leaves_after(self) -> timedelta | None:
        """How long after it happened a happening ceases to count; None: never by the passing of time."""
        return None

    @property
    def never_before(self) -> datetime | None:
        """What happened before this never counts, whenever one asks."""
        return None

    @property
    def never_from(self) -> datetime | None:
        """What happens from here on never counts, whenever one asks."""
        return None

    def boundary(self, moment: Moment) -> datetime | None:
        """The next moment at which the window moves as a whole; None for windows that roll or stand still."""
        return None

    def sentence(self, moment: Moment) -> Text:
        raise NotImplementedError

    def moves(self, happened: datetime, moment: Moment) -> list[datetime]:
        """The moments after this one at which a happening may begin or cease to count."""
        if (self.never_before and happened < self.never_before) or (self.never_from and happened >= self.never_from):
            return []
        if (boundary := self.boundary(moment)) is not None:
            since = self.span(moment).since
            return [boundary] if since is None or happened >= since else []
        moves = [happened + self.enters_after]
        if self.leaves_after is not None:
            moves.append(happened + self.leaves_after)
        return [move for move in moves if move > moment.at]


class Ever(_Window):
    """At any time until now."""

    kind: Literal["ever"] = "ever"

    def span(self, moment: Moment) -> Span:
        return Span(None, moment.at + _JUST)

    def sentence(self, moment: Moment) -> Text:
        return Text("", "")


class Last(_Window):
    """The last so many days, hours or minutes, rolling to the second."""

    kind: Literal["last"] = "last"
    amount: int = Field(ge=1, le=100_000)
    unit: Unit = "days"

    @property
    def length(self) -> timedelta:
        return min(timedelta(**{self.unit: self.amount}), timedelta(days=36_500))

    @property
    def leaves_after(self) -> timedelta:
        return self.length

    def span(self, moment: Moment) -> Span:
        return Span(moment.at - self.length + _JUST, moment.at + _JUST)

    def sentence(self, moment: Moment) -> Text:
        return Text("最近 {n} {unit}内", "in the last {n} {unit}").fill(n=self.amount, unit=UNIT_WORDS[self.unit])


class Ago(_Window):
    """Between `from_days` and `to_days` days ago, rolling to the second: from 60 to 30 days ago."""

    kind: Literal["ago"] = "ago"
    from_days: int = Field(ge=1, le=36_500)
    to_days: int = Field(ge=0, le=36_500)

    @model_validator(mode="after")
    def _check(self) -> "Ago":
        if self.from_days <= self.to_days:
            raise ValueError("from_days must be more than to_days")
        return self

    @property
    def enters_after(self) -> timedelta:
        return timedelta(days=self.to_days)

    @property
    def leaves_after(self) -> timedelta:
        return timedelta(days=self.from_days)

    def span(self, moment: Moment) -> Span:
        return Span(moment.at - self.leaves_after + _JUST, moment.at - self.enters_after + _JUST)

    def sentence(self, moment: Moment) -> Text:
        text = Text("{a} 天前至 {b} 天前", "between {a} and {b} days ago")
        return text.fill(a=self.from_days, b=self.to_days)


class Between(_Window):
    """Between two moments; either may be left out."""

    kind: Literal["between"] = "between"
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @property
    def never_before(self) -> datetime | None:
        return self.since

    @property
    def never_from(self) -> datetime | None:
        return self.until

    def span(self, moment: Moment) -> Span:
        now = moment.at + _JUST
        return Span(self.since, now if self.until is None else min(self.until, now))

    def sentence(self, moment: Moment) -> Text:
        since = moment.text(self.since) if self.since else ""
        until = moment.text(self.until) if self.until else ""
        if since and until:
            return Text("{a} 至 {b}", "between {a} and {b}").fill(a=since, b=until)
        if since:
            return Text("{a} 以来", "since {a}").fill(a=since)
        return Text("{b} 之前", "before {b}").fill(b=until) if until else Text("", "")


class Calendar(_Window):
    """A day, week (from Monday), month or year of the merchant's calendar."""

    kind: Literal["calendar"] = "calendar"
    period: Period

    def _days(self, moment: Moment) -> tuple[date, date]:
        """First day, and the day after the last."""
        which, _, unit = self.period.rpartition("_")
        this = _begin(unit or "day", moment.today)
        if self.period in ("today", "yesterday"):
            this, which, unit = moment.today, "last" if self.period == "yesterday" else "this", "day"
        if which == "last":
            return _begin(unit, this - timedelta(days=1)), this
        return this, _after(unit, this)

    def span(self, moment: Moment) -> Span:
        first, after = self._days(moment)
        return Span(moment.day_begins(first), min(moment.day_begins(after), moment.at + _JUST))

    def boundary(self, moment: Moment) -> datetime | None:
        """The end of the present day, week, month or year."""
        unit = "day" if self.period in ("today", "yesterday") else self.period.rpartition("_")[2]
        return moment.day_begins(_after(unit, _begin(unit, moment.today)))

    def moves(self, happened: datetime, moment: Moment) -> list[datetime]:
        moves = super().moves(happened, moment)
        return [*moves, happened] if happened > moment.at else moves

    def sentence(self, moment: Moment) -> Text:
        return PERIOD_WORDS[self.period]


def _begin(unit: str, day: date) -> date:
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def _after(unit: str, first: date) -> date:
    match unit:
        case "week":
            return first + timedelta(days=7)
        case "month":
            return _begin("month", first + timedelta(days=31))
        case "year":
            return first.replace(year=first.year + 1)
        case _:
            return first + timedelta(days=1)


Window = Annotated[Ever | Last | Ago | Between | Calendar, Field(discriminator="kind")]
EVER = Ever()
