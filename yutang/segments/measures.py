"""What is counted or summed over happenings in a window, and compared with a value. Whole numbers throughout, so that
adding up in any order, on any engine, gives the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictFloat, StrictInt, model_validator

from yutang.kernel.language import Text
from yutang.segments.comparing import in_order
from yutang.segments.windows import Moment, Window

if TYPE_CHECKING:
    import ibis

MeasureKind = Literal["count", "sum", "average", "least", "most", "days", "first", "last", "since_first", "since_last"]
Order = Literal["eq", "ne", "gt", "gte", "lt", "lte"]

ZERO_OF_NOTHING = ("count", "sum", "days")  # of nothing these are 0; the others have no value and never hold
AMOUNTS = ("sum", "average", "least", "most")
GROWING = ("count", "days")  # grow with every happening
MICRO = 1_000_000  # props that are numbers are counted in millionths
BIGGEST = 9e12  # beyond it a number is passed over: in millionths it would no longer fit 64 bits


@dataclass(frozen=True)
class Row:
    """One happening as a measure sees it. `counts` is false for what only changes a sum, as a cancellation does."""

    at: datetime
    amount: int | None = None
    counts: bool = True


class Measure(BaseModel):
    """`measure` `op` `value`, as in count gte 2.

    Values: of count and days a whole number; of amounts fen, or a prop's own number; of since_first and since_last
    days; of first and last a moment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    measure: MeasureKind = "count"
    op: Order = "gte"
    value: Annotated[StrictInt | StrictFloat, Field(ge=-1e12, le=1e12)] | AwareDatetime = 1

    @model_validator(mode="after")
    def _check(self) -> "Measure":
        if (self.measure in ("first", "last")) != isinstance(self.value, datetime):
            raise ValueError("first and last compare with a moment, all else with a number")
        if self.measure.startswith(("first", "last", "since")) and self.op in ("eq", "ne"):
            raise ValueError("moments are compared by before and after")
        if self.measure in ("count", "days") and self.value != int(self.number):
            raise ValueError("a whole number is needed")
        if self.measure.startswith("since") and not 0 <= self.number <= 36_500:
            raise ValueError("days between 0 and 36500 are needed")
        return self

    @property
    def number(self) -> float:
        return 0.0 if isinstance(self.value, datetime) else self.value

    def threshold(self, scale: int) -> int:
        """The value in the unit that amounts are counted in."""
        return round(self.number * (scale if self.measure in AMOUNTS else 1))

    @property
    def holds_of_nothing(self) -> bool:
        return self.measure in ZERO_OF_NOTHING and bool(in_order(self.op, 0, self.threshold(MICRO)))

    @property
    def only_grows(self) -> bool:
        """More happenings can only make it hold, fewer only cease to."""
        return self.measure in GROWING and self.op in ("gt", "gte")

    @property
    def holds_by_one(self) -> bool:
        """A single happening is enough."""
        return self.only_grows and self.threshold(1) + (self.op == "gt") == 1

    def of(self, rows: Sequence[Row], moment: Moment, scale: int = 1) -> int | datetime | None:
        """The measured value of happenings that are all in the window; None: there is none. An average is a sum here:
        see `holds`."""
        counting = [row for row in rows if row.counts]
        amounts = [row.amount for row in counting if row.amount is not None]
        match self.measure:
            case "count":
                return len(counting)
            case "days":
                return len({row.at.astimezone(moment.zone).date() for row in counting})
            case "sum":
                return sum(row.amount for row in rows if row.amount is not None)
            case "average":
                return sum(amounts) if amounts else None
            case "least":
                return min(amounts, default=None)
            case "most":
                return max(amounts, default=None)
            case "first" | "since_first":
                return min((row.at for row in counting), default=None)
            case _:
                return max((row.at for row in counting), default=None)

    def holds(self, rows: Sequence[Row], moment: Moment, scale: int = 1) -> bool:
        value = self.of(rows, moment, scale)
        if value is None:
            return False
        if isinstance(value, datetime):
            return bool(in_order(*self._in_time(moment, value)))
        threshold = self.threshold(scale)
        if self.measure == "average":
            threshold *= sum(1 for row in rows if row.counts and row.amount is not None)
        return bool(in_order(self.op, value, threshold))

    def _in_time(self, moment: Moment, value: object) -> tuple[str, object, object]:
        """The comparison with a moment; days since something compare the other way round."""
        if isinstance(self.value, datetime):
            return self.op, value, self.value
        turned = {"gt": "lt", "gte": "lte", "lt": "gt", "lte": "gte"}[self.op]
        return turned, value, moment.at - timedelta(days=self.number)

    def turns(self, rows: Sequence[Row]) -> list[datetime]:
        """When days-since reach the value."""
        if not self.measure.startswith("since") or not rows:
            return []
        at = [row.at for row in rows if row.counts]
        if not at:
            return []
        turn = (min(at) if self.measure == "since_first" else max(at)) + timedelta(days=self.number)
        # At the moment itself "at least" begins to hold; "more than" does so just after it.
        return [turn, turn + timedelta(microseconds=1)]

    def over(self, rows: "ibis.Table", inside: "ibis.BooleanValue", moment: Moment, scale: int) -> "ibis.BooleanValue":
        """The same as an aggregate over one person's rows (at, amount, counts); null where there is no value."""
        import ibis

        counting = inside & rows.counts
        with_amount = counting & rows.amount.notnull()
        threshold = self.threshold(scale)
        match self.measure:
            case "count":
                return in_order(self.op, rows.count(where=counting), threshold)
            case "days":  # of the merchant: the lake's session keeps their zone
                return in_order(self.op, rows.at.truncate("D").nunique(where=counting), threshold)
            case "sum":
                return in_order(self.op, rows.amount.sum(where=inside).fill_null(0), threshold)
            case "average":
                count = rows.count(where=with_amount)
                even = count.cast("decimal(38, 0)") * ibis.literal(threshold, "decimal(38, 0)")
                total = rows.amount.sum(where=with_amount).cast("decimal(38, 0)")
                return in_order(self.op, total, even) & (count > 0)
            case "least":
                return in_order(self.op, rows.amount.min(where=with_amount), threshold)
            case "most":
                return in_order(self.op, rows.amount.max(where=with_amount), threshold)
            case "first" | "since_first":
                return self._time_over(rows.at.min(where=counting), moment)
            case _:
                return self._time_over(rows.at.max(where=counting), moment)

    def _time_over(self, value: "ibis.Value", moment: Moment) -> "ibis.BooleanValue":
        op, left, right = self._in_time(moment, value)
        return in_order(op, left, at_literal(right))  # type: ignore[arg-type]


def at_literal(at: datetime) -> "ibis.Value":
    import ibis

    return ibis.literal(at.astimezone(UTC), type="timestamp('UTC')")


MEASURES: dict[str, Text] = {
    "count": Text("{what} {op} {value} 次", "{what} {op} {value} times"),
    "days": Text("有{what}的天数{op} {value} 天", "days with {what} {op} {value}"),
    "sum": Text("{what}的{amount}合计{op} {value}", "total {amount} of {what} {op} {value}"),
    "average": Text("{what}的平均{amount}{op} {value}", "average {amount} of {what} {op} {value}"),
    "least": Text("{what}的最小{amount}{op} {value}", "least {amount} of {what} {op} {value}"),
    "most": Text("{what}的最大{amount}{op} {value}", "greatest {amount} of {what} {op} {value}"),
    "first": Text("首次{what}{op} {value}", "first {what} {op} {value}"),
    "last": Text("最近一次{what}{op} {value}", "last {what} {op} {value}"),
    "since_first": Text("距首次{what}{op} {value} 天", "{op} {value} days since the first {what}"),
    "since_last": Text("距最近一次{what}{op} {value} 天", "{op} {value} days since the last {what}"),
}
ORDERS: dict[str, Text] = {
    "eq": Text("等于", "exactly"),
    "ne": Text("不等于", "other than"),
    "gt": Text("多于", "more than"),
    "gte": Text("至少", "at least"),
    "lt": Text("少于", "fewer than"),
    "lte": Text("至多", "at most"),
}
IN_TIME: dict[str, Text] = {
    "gt": Text("晚于", "after"),
    "gte": Text("不早于", "not before"),
    "lt": Text("早于", "before"),
    "lte": Text("不晚于", "not after"),
}


def measure_sentence(measure: Measure, window: Window, what: Text, amount: Text, moment: Moment, scale: int) -> Text:
    if isinstance(measure.value, datetime):
        value, op = moment.text(measure.value), IN_TIME[measure.op]
    elif measure.measure in AMOUNTS and scale == 1:
        value, op = f"¥{measure.number / 100:,.2f}", ORDERS[measure.op]
    else:
        value, op = f"{measure.number:g}", ORDERS[measure.op]
    when = window.sentence(moment)
    if measure.measure == "count" and measure.op == "eq" and measure.number == 0:
        said = Text("没有{what}", "no {what}").fill(what=what)
    else:
        said = MEASURES[measure.measure].fill(what=what, amount=amount, op=op, value=value)
    if not when.zh:
        return said
    return Text("{when}{said}", "{said} {when}").fill(when=when, said=said)
