"""Leaves over what happened: events and orders, measured within a window."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from math import floor, isfinite
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pyroaring import BitMap

from yutang.kernel.language import Text
from yutang.segments.comparing import Comparison, Told
from yutang.segments.flips import NEVER, Flips, micros
from yutang.segments.history import Happening, History, Needs, OrderTold
from yutang.segments.leaves.base import NONE, Leaf, Names, Reading, World, listed, moment_text
from yutang.segments.measures import AMOUNTS, BIGGEST, MICRO, Measure, Row, at_literal, measure_sentence
from yutang.segments.windows import EVER, Moment, Window

if TYPE_CHECKING:
    import ibis
    import numpy
    import pyarrow

_MICROSECOND = timedelta(microseconds=1)
TRIES = 24  # moments looked at for the one that changes the answer; what is found early only wakes for nothing
PropName = Annotated[str, Field(pattern=r"^\w{1,64}$")]
EventName = Annotated[str, Field(min_length=1, max_length=64)]


class Where(BaseModel):
    """A condition on one event: a column of it (`item`, `source`, `member`, `amount_fen`) or `props.<name>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    field: Annotated[str, Field(pattern=r"^(item|source|member|amount_fen|props\.\w{1,64})$")]
    is_: Comparison = Field(alias="is")

    def holds(self, event: Happening) -> bool:
        match self.field:
            case "item":
                return self.is_.holds(event.item)
            case "source":
                return self.is_.holds(event.source)
            case "member":
                return self.is_.holds(event.member_id)
            case "amount_fen":
                return self.is_.holds(event.amount_fen)
            case _:
                value = event.props.get(self.field.removeprefix("props."))
                return self.is_.holds(value if isinstance(value, str | bool | int | float) else None)

    def over(self, events: "ibis.Table") -> "ibis.BooleanValue":
        match self.field:
            case "item":
                told = Told(events.item)
            case "source":
                told = Told(events.source)
            case "member":
                told = Told(number=events.member_id.cast("float64"))
            case "amount_fen":
                told = Told(number=events.amount_fen.cast("float64"))
            case _:
                value = events.props.cast("json")[self.field.removeprefix("props.")]
                told = Told(value.str, value.float, value.bool)
        return self.is_.over(told)

    def sentence(self, names: Names) -> Text:
        field = names.of("prop", self.field.removeprefix("props."))
        values = [names.of("member", int(v)) for v in self.is_.values if isinstance(v, int | float)]
        how = self.is_.sentence(values if self.field == "member" and values else None)
        return Text("{field}{how}", "{field} {how}").fill(field=field, how=how)


class Which(BaseModel):
    """Which events are meant: of these names, and all conditions."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    events: Annotated[list[EventName], Field(min_length=1, max_length=20)]
    where: list[Where] = Field([], max_length=10)

    @model_validator(mode="after")
    def _check(self) -> "Which":
        if any(name.startswith("segment.") for name in self.events):
            raise ValueError("events of segments would turn in a ring; ask for the segment itself")
        return self

    def holds(self, event: Happening) -> bool:
        return event.name in self.events and all(condition.holds(event) for condition in self.where)

    def over(self, events: "ibis.Table") -> "ibis.BooleanValue":
        wanted = events.name.isin(list(dict.fromkeys(self.events)))
        for condition in self.where:
            wanted &= condition.over(events)
        return wanted

    def sentence(self, names: Names) -> Text:
        said = listed((names.of("event", name) for name in self.events), "或", " or ")
        if not self.where:
            return Text("「{said}」", "“{said}”").fill(said=said)
        how = listed((condition.sentence(names) for condition in self.where), "且", " and ")
        return Text("「{said}」（{how}）", "“{said}” ({how})").fill(said=said, how=how)


class Answer:
    """What the lake answered, as arrays: moments are microseconds, NEVER where there is none."""

    def __init__(self, table: "pyarrow.Table") -> None:
        self._table = table
        self.people = table["person"].to_numpy()
        self.holds = table["holds"].to_numpy(zero_copy_only=False).astype(bool)

    def edge(self, name: str, later: timedelta) -> "numpy.ndarray":
        """A column of moments, moved on."""
        import numpy
        import pyarrow

        at = self._table[name].cast(pyarrow.timestamp("us", "UTC")).cast(pyarrow.int64())
        moments = at.fill_null(NEVER).to_numpy().copy()
        return numpy.where(moments == NEVER, NEVER, moments + later // _MICROSECOND)


class Measured(Leaf):
    """Base of leaves that measure happenings in a window."""

    window: Window = EVER
    is_: Measure = Field(Measure(), alias="is")

    @property
    def scale(self) -> int:
        """In how small parts amounts are counted: 1 for fen."""
        return 1

    def rows(self, world: World) -> "ibis.Table":
        """Columns person, at, amount (int64, null: none) and counts, of what this leaf is about at all times."""
        raise NotImplementedError

    def rows_of(self, history: History) -> list[Row]:
        raise NotImplementedError

    def people(self, world: World) -> Reading:
        answer = Answer(world.lake.run(self._expression(world)))
        holding = BitMap(answer.people[answer.holds].astype("uint32"))
        if self.is_.holds_of_nothing:
            holding |= world.everyone - BitMap(answer.people.astype("uint32"))
        return Reading(holding & world.everyone, self._flips(answer, world.moment))

    def _expression(self, world: World) -> "ibis.Table":
        """A row for each person with happenings that count now or may come to: does it hold, and the edges of time."""
        moment = world.moment
        span = self.window.span(moment)
        rows = self.rows(world).filter(lambda each: each.person.notnull())
        for since in (span.since, self.window.never_before):
            if since is not None:
                rows = rows.filter(rows.at >= at_literal(since))
        if self.window.never_from is not None:
            rows = rows.filter(rows.at < at_literal(self.window.never_from))
        inside = rows.at < at_literal(span.until)
        edges = {"coming": rows.at.min(where=rows.at >= at_literal(span.until))}
        counting = inside if self.is_.measure == "sum" else inside & rows.counts
        if self._wants_last:
            edges["last"] = rows.at.max(where=counting)
        if self._wants_first:
            edges["first"] = rows.at.min(where=counting)
        held = self.is_.over(rows, inside, moment, self.scale).fill_null(False)
        return rows.group_by("person").aggregate(holds=held, **edges)

    @property
    def _wants_last(self) -> bool:
        return self.is_.measure == "since_last" or (self.is_.holds_by_one and self.window.leaves_after is not None)

    @property
    def _wants_first(self) -> bool:
        leaves = self.window.leaves_after is not None and not self.is_.holds_by_one
        return self.is_.measure == "since_first" or leaves

    def _flips(self, answer: "Answer", moment: Moment) -> Flips:
        """Early where only the edges are known: the first happening of the window leaving may change nothing."""
        import numpy

        window, measure = self.window, self.is_
        moves = answer.edge("coming", window.enters_after)
        if measure.only_grows:
            moves[answer.holds] = NEVER  # what comes can only make it hold the more
        if (boundary := window.boundary(moment)) is not None:
            moves = numpy.minimum(moves, micros(boundary))
        elif window.leaves_after is not None:
            leaving = answer.edge("last" if measure.holds_by_one else "first", window.leaves_after)
            if measure.only_grows:
                leaving[~answer.holds] = NEVER
            moves = numpy.minimum(moves, leaving)
        if measure.measure.startswith("since"):
            edge = answer.edge(measure.measure.removeprefix("since_"), timedelta(days=measure.number))
            # At the moment itself "at least" begins to hold; "more than" does so just after it.
            for turn in (edge, numpy.where(edge == NEVER, NEVER, edge + 1)):
                moves = numpy.minimum(moves, numpy.where(turn > micros(moment.at), turn, NEVER))
        return Flips.of_arrays(moves, answer.people)

    def holds_for(self, history: History, moment: Moment) -> bool:
        span = self.window.span(moment)
        return self.is_.holds([row for row in self.rows_of(history) if span.holds(row.at)], moment, self.scale)

    def next_flip(self, history: History, moment: Moment) -> datetime | None:
        """The first move of the window that changes the answer, if one of the next few does."""
        rows = self.rows_of(history)
        holds = self.holds_for(history, moment)
        moves = {move for row in rows for move in self.window.moves(row.at, moment)}
        # Any of them may be the first or the last by then.
        moves |= {turn for row in rows for turn in self.is_.turns([row]) if turn > moment.at}
        ordered = sorted(moves)
        for move in ordered[:TRIES]:
            if self.holds_for(history, Moment(move, moment.zone)) != holds:
                return move
        return ordered[TRIES] if len(ordered) > TRIES else None

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        span = self.window.span(moment)
        rows = [row for row in self.rows_of(history) if span.holds(row.at)]
        value = self.is_.of(rows, moment, self.scale)
        if value is None:
            return NONE
        if isinstance(value, datetime):
            return moment_text(value, moment)
        if self.is_.measure in AMOUNTS:
            shown = value / (100 if self.scale == 1 else self.scale)
            if self.is_.measure == "average":
                shown /= max(1, sum(1 for row in rows if row.counts and row.amount is not None))
            return Text(f"{shown:,.2f}", f"{shown:,.2f}")
        return Text(str(value), str(value))


class EventsAre(Measured):
    """Events of one kind or several, counted or summed: bought twice in 30 days, last seen more than a week ago."""

    kind: Literal["events"] = "events"
    which: Which
    amount: Annotated[str, Field(pattern=r"^(amount_fen|props\.\w{1,64})$")] = "amount_fen"

    @property
    def scale(self) -> int:
        return 1 if self.amount == "amount_fen" else MICRO

    def needs(self) -> Needs:
        return Needs(events=frozenset(self.which.events))

    def hears(self) -> Collection[str]:
        return self.which.events

    def rows(self, world: World) -> "ibis.Table":
        import ibis

        events = world.lake.table("events")
        amount = events.amount_fen.cast("int64") if self.amount == "amount_fen" else _micro_over(events, self.amount)
        if self.is_.measure not in AMOUNTS:
            amount = ibis.null("int64")
        return events.filter(self.which.over(events)).select(
            person=events.person, at=events.at, amount=amount, counts=ibis.literal(True)
        )

    def rows_of(self, history: History) -> list[Row]:
        return [Row(event.at, self._amount(event)) for event in history.events if self.which.holds(event)]

    def _amount(self, event: Happening) -> int | None:
        if self.amount == "amount_fen":
            return event.amount_fen
        return _micro(event.props.get(self.amount.removeprefix("props.")))

    def sentence(self, names: Names, moment: Moment) -> Text:
        amount = Text("金额", "amount") if self.scale == 1 else names.of("prop", self.amount.removeprefix("props."))
        return measure_sentence(self.is_, self.window, self.which.sentence(names), amount, moment, self.scale)


def _micro(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or abs(value) > BIGGEST:
        return None
    return floor(float(value) * MICRO + 0.5)


def _micro_over(events: "ibis.Table", amount: str) -> "ibis.Value":
    import ibis

    number = events.props.cast("json")[amount.removeprefix("props.")].float
    fitting = ibis.cases((number.abs() <= BIGGEST, number), else_=ibis.null("float64"))
    return (fitting * float(MICRO) + 0.5).floor().cast("int64")


Short = Annotated[str, Field(min_length=1, max_length=100)]


class OrdersAre(Measured):
    """Orders: how many, worth what, when. Sales worth something count; cancellations lessen what was spent.

    With products, the orders that hold such a line count, and amounts are those of the lines.
    """

    kind: Literal["orders"] = "orders"
    sources: Annotated[list[int], Field(max_length=100)] = []
    stores: Annotated[list[int], Field(max_length=500)] = []
    skus: Annotated[list[Short], Field(max_length=200)] = []
    title: Annotated[str, Field(max_length=100, description="Part of a product's title.")] = ""
    gross: Annotated[bool, Field(description="Of sales alone: cancellations do not lessen amounts.")] = False

    def needs(self) -> Needs:
        return Needs(orders=True)

    def hears(self) -> Collection[str]:
        return ("order.placed", "order.cancelled", "order.adjusted", "order.voided", "order.amended")

    @property
    def by_line(self) -> bool:
        return bool(self.skus or self.title)

    def rows(self, world: World) -> "ibis.Table":
        orders = world.lake.table("orders")
        kept = orders.filter(orders.kind.isin(["sale"] if self.gross else ["sale", "cancellation"]))
        if self.sources:
            kept = kept.filter(kept.source_id.isin(self.sources))
        if self.stores:
            kept = kept.filter(kept.store_id.isin(self.stores))
        if self.by_line:
            sums = self._line_sums(world)
            kept = kept.inner_join(sums, kept.id == sums.order_id)
            amount = kept.line_fen
        else:
            amount = kept.amount_fen
        return kept.select(
            person=kept.person,
            at=kept.placed_at,
            amount=amount.cast("int64"),
            counts=(kept.kind == "sale") & (kept.amount_fen > 0),
        )

    def _line_sums(self, world: World) -> "ibis.Table":
        lines = world.lake.table("order_lines")
        fitting = lines.sku.isin(self.skus) if self.skus else None
        if self.title:
            titled = lines.title.contains(self.title)
            fitting = titled if fitting is None else fitting & titled
        return lines.filter(fitting).group_by("order_id").aggregate(line_fen=lines.amount_fen.sum())

    def rows_of(self, history: History) -> list[Row]:
        return list(self._told(history.orders))

    def _told(self, orders: Sequence[OrderTold]) -> Iterator[Row]:
        for order in orders:
            if order.kind != "sale" and (self.gross or order.kind != "cancellation"):
                continue
            if (self.sources and order.source_id not in self.sources) or (
                self.stores and order.store_id not in self.stores
            ):
                continue
            amount = order.amount_fen
            if self.by_line:
                lines = [
                    line.amount_fen
                    for line in order.lines
                    if (not self.skus or line.sku in self.skus) and (not self.title or self.title in line.title)
                ]
                if not lines:
                    continue
                amount = sum(lines)
            yield Row(order.placed_at, amount, order.kind == "sale" and order.amount_fen > 0)

    def sentence(self, names: Names, moment: Moment) -> Text:
        parts = [names.of("order_source", each) for each in self.sources]
        parts += [names.of("store", each) for each in self.stores]
        parts += [Text(sku, sku) for sku in self.skus]
        if self.title:
            parts.append(Text(f"品名含「{self.title}」", f"title with “{self.title}”"))
        if self.gross:
            parts.append(Text("不减退款", "refunds not taken off"))
        what = Text("订单", "orders")
        if parts:
            what = Text("订单（{parts}）", "orders ({parts})").fill(parts=listed(parts))
        return measure_sentence(self.is_, self.window, what, Text("金额", "amount"), moment, self.scale)
