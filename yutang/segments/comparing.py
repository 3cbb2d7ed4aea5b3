"""Comparing what somebody else told with what a rule asks for. Kinds are kept apart: the text "5" is no number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from yutang.kernel.language import Text

if TYPE_CHECKING:
    import ibis

Value = StrictBool | StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=500)]
Operator = Literal["is", "is_not", "contains", "begins", "gt", "gte", "lt", "lte", "exists", "missing"]

ORDERED = ("gt", "gte", "lt", "lte")
BIGGEST = 1e15

OPERATOR_WORDS: dict[Operator, Text] = {
    "is": Text("为{value}", "is {value}"),
    "is_not": Text("不为{value}", "is not {value}"),
    "contains": Text("包含{value}", "contains {value}"),
    "begins": Text("以{value}开头", "begins with {value}"),
    "gt": Text("大于 {value}", "is more than {value}"),
    "gte": Text("至少为 {value}", "is at least {value}"),
    "lt": Text("小于 {value}", "is less than {value}"),
    "lte": Text("至多为 {value}", "is at most {value}"),
    "exists": Text("有值", "is known"),
    "missing": Text("没有值", "is not known"),
}


class Comparison(BaseModel):
    """An operator and what to compare with. `is` and `is_not` take several values, `exists` and `missing` none."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    op: Operator
    values: list[Value] = Field([], max_length=200)

    @model_validator(mode="after")
    def _check(self) -> "Comparison":
        if self.op in ("exists", "missing"):
            if self.values:
                raise ValueError(f"{self.op} takes no value")
            return self
        if not self.values or (self.op not in ("is", "is_not") and len(self.values) != 1):
            raise ValueError(f"{self.op} takes {'values' if self.op in ('is', 'is_not') else 'one value'}")
        first = self.values[0]
        if self.op in ("contains", "begins") and not isinstance(first, str):
            raise ValueError(f"{self.op} takes a text")
        if self.op in ORDERED and isinstance(first, bool):
            raise ValueError(f"{self.op} takes a number or a text")
        if any(isinstance(value, int | float) and not abs(value) <= BIGGEST for value in self.values):
            raise ValueError("the number is too large")
        return self

    def holds(self, actual: Any) -> bool:
        """For a value as JSON has it; None: there is none."""
        match self.op:
            case "exists":
                return actual is not None
            case "missing":
                return actual is None
            case "is":
                return any(_same(actual, value) for value in self.values)
            case "is_not":
                return not any(_same(actual, value) for value in self.values)
        wanted = self.values[0]
        if isinstance(wanted, str):
            return isinstance(actual, str) and _text_holds(self.op, actual, wanted)
        return _is_number(actual) and bool(in_order(self.op, float(actual), float(wanted)))

    def over(self, told: "Told") -> "ibis.BooleanValue":
        """The same for a column, as an expression that is never null."""
        import ibis

        match self.op:
            case "exists":
                return told.there()
            case "missing":
                return ~told.there()
            case "is":
                return ibis.or_(*(told.same(value) for value in self.values))
            case "is_not":
                return ~ibis.or_(*(told.same(value) for value in self.values))
        wanted = self.values[0]
        guise = told.text if isinstance(wanted, str) else told.number
        if guise is None:
            return ibis.literal(False)
        held = (
            _text_over(self.op, guise, wanted) if isinstance(wanted, str) else in_order(self.op, guise, float(wanted))
        )
        return held.fill_null(False)

    def sentence(self, values: Sequence[Text] | None = None) -> Text:
        said = values or [Text(shown(value), shown(value)) for value in self.values]
        joined = Text("、".join(each.zh for each in said), " or ".join(each.en for each in said))
        return OPERATOR_WORDS[self.op].fill(value=joined)


@dataclass(frozen=True)
class Told:
    """One value of a table in its three guises: null, or not there at all, where the value is of another kind."""

    text: "ibis.Value | None" = None
    number: "ibis.Value | None" = None
    truth: "ibis.Value | None" = None

    def there(self) -> "ibis.BooleanValue":
        import ibis

        return ibis.or_(*(each.notnull() for each in (self.text, self.number, self.truth) if each is not None))

    def same(self, value: Value) -> "ibis.BooleanValue":
        import ibis

        if isinstance(value, bool):
            guise = self.truth
        else:
            guise = self.text if isinstance(value, str) else self.number
        wanted = value if isinstance(value, bool | str) else float(value)
        return ibis.literal(False) if guise is None else (guise == wanted).fill_null(False)


def shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def _is_number(actual: Any) -> bool:
    return isinstance(actual, int | float) and not isinstance(actual, bool) and math.isfinite(actual)


def _same(actual: Any, value: Value) -> bool:
    if isinstance(value, bool) or isinstance(actual, bool):
        return actual is value
    if isinstance(value, str):
        return isinstance(actual, str) and actual == value
    return _is_number(actual) and float(actual) == float(value)


def _text_holds(op: Operator, actual: str, wanted: str) -> bool:
    match op:
        case "contains":
            return wanted in actual
        case "begins":
            return actual.startswith(wanted)
        case _:
            return bool(in_order(op, actual, wanted))


def _text_over(op: Operator, column: Any, wanted: str) -> Any:
    match op:
        case "contains":
            return column.contains(wanted)
        case "begins":
            return column.startswith(wanted)
        case _:
            return in_order(op, column, wanted)


def in_order(op: str, left: Any, right: Any) -> Any:
    """left op right, for values and for columns alike."""
    match op:
        case "gt":
            return left > right
        case "gte":
            return left >= right
        case "lt":
            return left < right
        case "lte":
            return left <= right
        case "eq":
            return left == right
        case _:
            return left != right
