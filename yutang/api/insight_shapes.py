"""How insights look over the API: what one may ask, and the small table every answer is."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field as Doc
from ninja import Schema

from yutang.acquisition.models import CustomerCode, LiveCode
from yutang.api.customer_shapes import Id
from yutang.api.sources import source_labels
from yutang.commerce.models import Order, OrderSource
from yutang.customers.queries import visible_people
from yutang.insights.answers import Answer, Kind
from yutang.insights.funnel import Funnel
from yutang.insights.options import Options, Pick
from yutang.insights.question import Field, Grain, Period, Question
from yutang.insights.rfm import Bounds
from yutang.insights.services.answer import coarsest_needed, report
from yutang.kernel.errors import BadInput
from yutang.kernel.facts import CATALOGUE
from yutang.kernel.language import Text
from yutang.kernel.permissions import Permission
from yutang.organization.models import Store
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import the_merchant

ReportName = Literal[
    "sales", "fields", "places", "hours", "buyers", "people", "sources", "repurchase", "intervals", "cohorts", "tenure",
    "rfm", "products", "pairs", "funnel", "retention", "paths", "events", "scoreboard",
]  # fmt: skip
PeopleOf = Literal[
    "buyers", "new_buyers", "repurchasing", "times", "new_customers", "active", "added", "lost", "effective",
    "converted", "cohort", "rfm", "product", "funnel",
]  # fmt: skip
EventName = Annotated[str, Doc(min_length=1, max_length=64)]
Bound = Annotated[int, Doc(ge=0, le=10**15)]
Score = Annotated[int, Doc(ge=1, le=5)]
Day = Annotated[date, Doc(ge=date(1992, 1, 1), le=date(2100, 12, 31))]

BACKWARDS = Text("开始日期在结束日期之后。", "The period begins after it ends.")
HALF_COMPARED = Text("请同时给出对比期的开始和结束日期。", "A period to compare with takes both its days.")


class Narrowed(Schema):
    """What is counted, in whatever period."""

    grain: Grain | None = Doc(None, description="None: as fits the period.")
    currency: str | None = Doc(None, max_length=3, description="None: that of most orders.")
    order_source: list[Id] = Doc([], max_length=50)
    store: list[Id] = Doc([], max_length=200)
    one_a_day: bool = Doc(False, description="Several orders of a person on a day are one purchase.")
    free_orders: bool = Doc(False, description="Orders of 0.00 are purchases too.")
    segment: Id | None = Doc(None, description="The people of this segment alone.")

    def question_of(self, period: Period, viewer: Viewer) -> Question:
        if self.segment is not None:
            viewer.require(Permission.SEE_SEGMENTS)
        return Question(
            period=period,
            zone=the_merchant().time_zone,
            grain=self.grain or coarsest_needed(period),
            currency=self.currency or main_currency(),
            order_sources=tuple(sorted(set(self.order_source))),
            stores=tuple(sorted(set(self.store))),
            one_a_day=self.one_a_day,
            free_orders=self.free_orders,
            segment=self.segment,
        )


class Asked(Narrowed):
    """The period and what is counted in it."""

    since: Day = Doc(description="First day, in the merchant's zone.")
    until: Day = Doc(description="Last day.")

    def question(self, viewer: Viewer) -> Question:
        return self.question_of(_period(self.since, self.until), viewer)


class Compared(Schema):
    compare: Literal["none", "before", "year", "other"] = Doc(
        "none", description="With the days just before, the same days a year before, or the days given."
    )
    compare_since: Day | None = None
    compare_until: Day | None = None

    def compared(self, period: Period) -> Period | None:
        match self.compare:
            case "before":
                return period.before()
            case "year":
                return period.a_year_before()
            case "other":
                if self.compare_since is None or self.compare_until is None:
                    raise BadInput(HALF_COMPARED)
                return _period(self.compare_since, self.compare_until)
        return None


class Detailed(Schema):
    """What single reports take beyond that."""

    recency_days: list[Bound] = Doc([], max_length=4, description="rfm: four bounds; none: the merchant's.")
    purchases: list[Bound] = Doc([], max_length=4)
    spent_fen: list[Bound] = Doc([], max_length=4)
    quintiles: bool = Doc(False, description="rfm: by the quintiles of the buyers.")
    step: list[EventName] = Doc([], max_length=8, description="funnel: event names, in order.")
    exclude: list[EventName] = Doc([], max_length=8, description="funnel: events that break a chain.")
    window: int = Doc(7 * 86_400, ge=1, le=10**9, description="funnel: seconds from the first step.")
    by_source: bool = Doc(False, description="funnel: parted by where the first step was told from.")
    first: list[EventName] = Doc([], max_length=8, description="retention: what people begin with; none: anything.")
    returning: list[EventName] = Doc([], max_length=8, description="retention: what counts as coming back.")
    start: str = Doc("", max_length=64, description="paths: the event they begin (or end) with.")
    depth: int = Doc(4, ge=1, le=8)
    backwards: bool = False
    most: int = Doc(100, ge=1, le=1_000, description="Rows of a list.")

    def options(self) -> Options:
        return Options(
            bounds=self._bounds(),
            by_quintiles=self.quintiles,
            funnel=Funnel(tuple(self.step), self.window, tuple(self.exclude)) if self.step else None,
            by_source=self.by_source,
            first=tuple(self.first),
            returning=tuple(self.returning),
            start=self.start,
            depth=self.depth,
            backwards=self.backwards,
            most=self.most,
        )

    def _bounds(self) -> Bounds | None:
        if not (self.recency_days or self.purchases or self.spent_fen):
            return None
        return Bounds(tuple(self.recency_days), tuple(self.purchases), tuple(self.spent_fen))


class ReportAsked(Asked, Compared, Detailed):
    pass


class Picked(Schema):
    """Which of the people behind a report."""

    cohort: Day | None = Doc(None, description="The first day of a cohort.")
    age: int | None = Doc(None, ge=0, le=2_000)
    r: Score | None = None
    f: Score | None = None
    m: Score | None = None
    kind: str | None = Doc(None, max_length=16, description="Of the RFM kinds.")
    field: Field | None = None
    source: str | None = Doc(None, max_length=200)
    sku: str | None = Doc(None, max_length=100)
    at_order_source: Id | None = None
    at_store: Id | None = None
    reached: int | None = Doc(None, ge=1, le=100, description="A funnel's step, or the number of purchases.")
    stopped: bool = Doc(False, description="funnel: those who went no further.")
    at: Day | None = Doc(None, description="The first day of one step of the period.")

    def pick(self, grain: Grain) -> Pick:
        from yutang.insights.question import bucket_of

        return Pick(
            cohort=None if self.cohort is None else bucket_of(self.cohort, grain),
            age=self.age,
            recency=self.r,
            frequency=self.f,
            money=self.m,
            kind=self.kind,
            field=self.field,
            source=self.source,
            sku=self.sku,
            order_source=self.at_order_source,
            store=self.at_store,
            step=self.reached,
            lost=self.stopped,
            bucket=None if self.at is None else bucket_of(self.at, grain),
        )


def _period(since: date, until: date) -> Period:
    if since > until:
        raise BadInput(BACKWARDS, fields={"until": BACKWARDS.here()})
    return Period(since, until)


def main_currency() -> str:
    """That of the newest order; merchants with several choose."""
    newest = Order.objects.order_by("-pk").values_list("source__currency", flat=True).first()
    return newest or "CNY"


class ColumnOut(Schema):
    key: str
    name: str
    kind: Kind
    definition: str = Doc(description="Key of the figure it shows; empty for what needs no words.")
    labels: dict[str, str] = Doc(description="For ids and codes among the values: what people call them.")


class AnswerOut(Schema):
    columns: list[ColumnOut]
    rows: list[list[Any]]
    notes: dict[str, Any] = Doc(description="Figures beside the table.")


class PeriodOut(Schema):
    since: date
    until: date


class ReportOut(Schema):
    report: str
    period: PeriodOut
    grain: Grain
    currency: str
    answer: AnswerOut
    compared_period: PeriodOut | None
    compared: AnswerOut | None


def period_out(period: Period) -> PeriodOut:
    return PeriodOut(since=period.since, until=period.until)


def report_out(name: str, question: Question, compared: Period | None, options: Options, viewer: Viewer) -> ReportOut:
    """A report asked for this viewer, and again for the period it is compared with."""
    told = report(viewer, name, question, options)
    earlier = report(viewer, name, question.during(compared), options) if compared else None
    return ReportOut(
        report=name,
        period=period_out(question.period),
        grain=question.grain,
        currency=question.currency,
        answer=answer_out(told, viewer),
        compared_period=period_out(compared) if compared else None,
        compared=answer_out(earlier, viewer) if earlier else None,
    )


def answer_out(answer: Answer, viewer: Viewer) -> AnswerOut:
    columns = []
    for place, column in enumerate(answer.columns):
        values = {row[place] for row in answer.rows if row[place] is not None} if column.kind in _LABELLED else set()
        columns.append(
            ColumnOut(
                key=column.key,
                name=column.name.here(),
                kind=column.kind,
                definition=column.definition,
                labels=labels_of(column.kind, values, viewer),
            )
        )
    return AnswerOut(columns=columns, rows=answer.rows, notes=answer.notes)


_LABELLED = {Kind.SOURCE, Kind.ORDER_SOURCE, Kind.STORE, Kind.PERSON, Kind.EVENT, Kind.FIELD}

_FIELDS = {
    Field.PRIVATE: Text("私域", "Private"),
    Field.PUBLIC: Text("公域", "Public"),
    Field.STORE: Text("门店", "Store"),
}


def labels_of(kind: Kind, values: set[Any], viewer: Viewer) -> dict[str, str]:
    match kind:
        case Kind.SOURCE:
            return customer_source_labels(values)
        case Kind.ORDER_SOURCE:
            return _by_id(OrderSource.objects.filter(pk__in=values).values_list("pk", "name"))
        case Kind.STORE:
            return _by_id(Store.objects.filter(pk__in=values).values_list("pk", "name"))
        case Kind.PERSON:
            return _by_id(visible_people(viewer).filter(pk__in=values).values_list("pk", "name"))
        case Kind.EVENT:
            return {name: event_label(name) for name in values}
        case Kind.FIELD:
            return {str(value): _FIELDS[Field(value)].here() for value in values}
    return {}


def event_label(name: str) -> str:
    """The name of an event of ours in the caller's language; other people's events are called what they call them."""
    return CATALOGUE[name].label.here() if name in CATALOGUE else name


def customer_source_labels(sources: set[str]) -> dict[str, str]:
    """`code:…` carries the state of a live code or of a code for one customer; the rest is as on customer records."""
    states = {source.removeprefix("code:") for source in sources if source.startswith("code:")}
    names = dict(LiveCode.objects.filter(state_code__in=states).values_list("state_code", "name"))
    cards = CustomerCode.objects.filter(state_code__in=states).values_list("state_code", "code__name")
    names |= {state: f"{name} · {Text('一客一码', 'personal code').here()}" for state, name in cards}
    labels = source_labels(source for source in sources if not source.startswith("code:"))
    return labels | {f"code:{state}": names.get(state) or state for state in states}


def _by_id(pairs: Any) -> dict[str, str]:
    return {str(pk): name or f"#{pk}" for pk, name in pairs}


def visible_in_order(ids: list[int], viewer: Viewer) -> list[int]:
    """Those of these people the viewer may see, in this order."""
    seen = set(visible_people(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in seen]
