"""Insights: the dashboard, every report, the people behind any number, and the words of each figure."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

from django.http.response import HttpResponseBase
from ninja import Field as Doc
from ninja import Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.csv_stream import csv_response
from yutang.api.customer_shapes import CustomerRow, Id, rows_of
from yutang.api.insight_shapes import (
    AnswerOut,
    Asked,
    Compared,
    Detailed,
    PeopleOf,
    PeriodOut,
    Picked,
    ReportAsked,
    ReportName,
    ReportOut,
    answer_out,
    period_out,
    report_out,
    visible_in_order,
)
from yutang.api.paged import PagedOut, Paging, TotalOut
from yutang.api.xlsx import xlsx_response
from yutang.commerce.models import OrderSource
from yutang.insights.answers import Kind
from yutang.insights.benchmarks import BANDS
from yutang.insights.definitions import DEFINITIONS, Unit
from yutang.insights.fields import fields_of_sources, guessed_field
from yutang.insights.question import Field, Grain
from yutang.insights.rfm import Bounds
from yutang.insights.services import answer as asked_for
from yutang.insights.services.days import known_days
from yutang.insights.services.decide import put_source_into_field, rfm_bounds, set_rfm_bounds
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput, NotFound
from yutang.kernel.language import Text
from yutang.kernel.paging import decode_cursor, encode_cursor
from yutang.kernel.permissions import Permission
from yutang.organization.services.merchant import the_merchant

router = Router(tags=["insights"])

FILE_ANSWER = {"responses": {200: {"description": "A file", "content": {"text/csv": {"schema": {"type": "string"}}}}}}
PEOPLE_EXPORTED = 100_000


class DefinitionOut(Schema):
    key: str
    name: str
    sentence: str
    formula: str
    unit: Unit
    tables: list[str]
    why: str


class BandOut(Schema):
    figure: str
    label: str
    low: float
    high: float
    source: str
    valid_from: date


class DefinitionsOut(Schema):
    definitions: list[DefinitionOut]
    bands: list[BandOut]


class SpanOut(Schema):
    since: date | None
    until: date | None


class FigureOut(Schema):
    key: str
    value: float | None
    before: float | None = Doc(description="Of the period it is compared with.")


class DashboardAsked(Asked, Compared):
    pass


class DashboardOut(Schema):
    period: PeriodOut
    compared_period: PeriodOut | None
    grain: Grain
    currency: str
    figures: list[FigureOut]
    fields: AnswerOut
    fields_before: AnswerOut | None
    sources: AnswerOut
    bands: list[BandOut]


class PeopleAsked(Asked, Detailed, Picked, Paging):
    pass


class PeopleExportAsked(Asked, Detailed, Picked):
    pass


class RuleOut(Schema):
    rule: dict[str, Any] = Doc(description="As `/segments` takes it.")


class SourceFieldOut(Schema):
    id: int
    name: str
    field: Field
    guessed: Field = Doc(description="What the name suggests.")


class SourceFieldIn(Schema):
    field: Field


class BoundsShape(Schema):
    recency_days: list[int] = Doc(min_length=4, max_length=4)
    purchases: list[int] = Doc(min_length=4, max_length=4)
    spent_fen: list[int] = Doc(min_length=4, max_length=4)


@router.get("/insights/definitions", response=DefinitionsOut)
@needs(Permission.SEE_INSIGHTS)
def definitions(request: ViewerRequest) -> DefinitionsOut:
    """Every figure by one definition, in words people can check; and what is known of others."""
    told = [
        DefinitionOut(
            key=each.key,
            name=each.name.here(),
            sentence=each.sentence.here(),
            formula=each.formula.here(),
            unit=each.unit,
            tables=list(each.tables),
            why=each.why.here() if each.why else "",
        )
        for each in DEFINITIONS.values()
    ]
    return DefinitionsOut(definitions=told, bands=_bands())


@router.get("/insights/span", response=SpanOut)
@needs(Permission.SEE_INSIGHTS)
def span(request: ViewerRequest) -> SpanOut:
    """From when to when there are orders the viewer may see, in the merchant's days."""
    first, last = known_days(request.auth)
    return SpanOut(since=first, until=last)


@router.get("/insights/dashboard", response=DashboardOut)
@needs(Permission.SEE_INSIGHTS)
def dashboard(request: ViewerRequest, asked: Query[DashboardAsked]) -> DashboardOut:
    """The loop at a glance: one period, beside another."""
    question = asked.question(request.auth)
    compared = asked.compared(question.period)
    told = asked_for.dashboard(request.auth, question, compared)
    before = told.before or {}
    return DashboardOut(
        period=period_out(question.period),
        compared_period=period_out(compared) if compared else None,
        grain=question.grain,
        currency=question.currency,
        figures=[FigureOut(key=key, value=value, before=before.get(key)) for key, value in told.now.items()],
        fields=answer_out(told.fields, request.auth),
        fields_before=answer_out(told.fields_before, request.auth) if told.fields_before else None,
        sources=answer_out(told.sources, request.auth),
        bands=_bands(),
    )


@router.get("/insights/reports/{report}", response=ReportOut)
@needs(Permission.SEE_INSIGHTS)
def report(request: ViewerRequest, report: ReportName, asked: Query[ReportAsked]) -> ReportOut:
    """One report, beside another period where that is asked for."""
    question = asked.question(request.auth)
    return report_out(report, question, asked.compared(question.period), asked.options(), request.auth)


@router.get("/insights/reports/{report}/export.{ending}", openapi_extra=FILE_ANSWER)
@needs(Permission.EXPORT_CUSTOMERS)
def export_report(
    request: ViewerRequest, report: ReportName, ending: Literal["csv", "xlsx"], asked: Query[ReportAsked]
) -> HttpResponseBase:
    """A report's table as a file. Money is in whole units with two decimals, shares are numbers from 0 to 1."""
    question = asked.question(request.auth)
    told = asked_for.report(request.auth, report, question, asked.options())
    name = f"{report}-{question.period.since}-{question.period.until}"
    audit("insights.exported", by=request.auth.actor, subject_kind="report", subject_id=report)
    shown = answer_out(told, request.auth)
    header = [column.name for column in shown.columns]
    return _file(name, ending, header, [_readable(row, shown) for row in told.rows])


@router.get("/insights/people/{of}", response=PagedOut[CustomerRow])
@needs(Permission.SEE_CUSTOMERS)
def people(request: ViewerRequest, of: PeopleOf, asked: Query[PeopleAsked]) -> PagedOut[CustomerRow]:
    """The people behind a number, those who count most first."""
    request.auth.require(Permission.SEE_INSIGHTS)
    question = asked.question(request.auth)
    ids = asked_for.people(request.auth, of, question, asked.options(), asked.pick(question.grain))
    begin = _place(asked.cursor)
    shown = ids[begin : begin + asked.limit]
    more = begin + asked.limit < len(ids)
    return PagedOut[CustomerRow](
        items=rows_of(visible_in_order(shown, request.auth), request.auth),
        next=encode_cursor([begin + asked.limit]) if more else None,
        total=TotalOut(count=len(ids), exact=True),
    )


@router.get("/insights/people/{of}/rule", response=RuleOut)
@needs(Permission.SEE_INSIGHTS)
def rule(request: ViewerRequest, of: PeopleOf, asked: Query[PeopleExportAsked]) -> RuleOut:
    """The people behind a number as the rule of a segment, where it can be said exactly."""
    request.auth.require(Permission.SEE_SEGMENTS)
    question = asked.question(request.auth)
    found = asked_for.segment_rule(request.auth, of, question, asked.options(), asked.pick(question.grain))
    return RuleOut(rule=found.dump())


@router.get("/insights/people/{of}/export.{ending}", openapi_extra=FILE_ANSWER)
@needs(Permission.EXPORT_CUSTOMERS)
def export_people(
    request: ViewerRequest, of: PeopleOf, ending: Literal["csv", "xlsx"], asked: Query[PeopleExportAsked]
) -> HttpResponseBase:
    """The people behind a number as a file, phones masked."""
    request.auth.require(Permission.SEE_INSIGHTS)
    question = asked.question(request.auth)
    ids = asked_for.people(request.auth, of, question, asked.options(), asked.pick(question.grain))[:PEOPLE_EXPORTED]
    audit("customers.exported", by=request.auth.actor, subject_kind="insights", subject_id=of, people=len(ids))
    header = _PEOPLE_HEADER.here().split(",")
    lines = [line for start in range(0, len(ids), 500) for line in _people_lines(request, ids[start : start + 500])]
    return _file(f"people-{of}", ending, header, lines)


@router.get("/insights/order-sources", response=list[SourceFieldOut])
@needs(Permission.SEE_INSIGHTS)
def order_source_fields(request: ViewerRequest) -> list[SourceFieldOut]:
    """The field each order source sells in."""
    fields = fields_of_sources()
    return [_source_field_out(source, fields[source.pk]) for source in OrderSource.objects.order_by("name")[:500]]


@router.put("/insights/order-sources/{source_id}", response=SourceFieldOut)
@needs(Permission.EDIT_INSIGHTS)
def set_order_source_field(request: ViewerRequest, source_id: Id, given: SourceFieldIn) -> SourceFieldOut:
    source = OrderSource.objects.filter(pk=source_id).first()
    if source is None:
        raise NotFound
    put_source_into_field(source, given.field, by=request.auth.actor)
    return _source_field_out(source, given.field)


@router.get("/insights/rfm-bounds", response=BoundsShape)
@needs(Permission.SEE_INSIGHTS)
def get_rfm_bounds(request: ViewerRequest) -> BoundsShape:
    """The merchant's bounds of the RFM scores."""
    return _bounds_out(rfm_bounds())


@router.put("/insights/rfm-bounds", response=BoundsShape)
@needs(Permission.EDIT_INSIGHTS)
def put_rfm_bounds(request: ViewerRequest, given: BoundsShape) -> BoundsShape:
    bounds = Bounds(tuple(given.recency_days), tuple(given.purchases), tuple(given.spent_fen))
    set_rfm_bounds(bounds, by=request.auth.actor)
    return _bounds_out(bounds)


_PEOPLE_HEADER = Text(
    "编号,昵称,备注,阶段,来源,员工,手机号,订单数,消费金额,首次出现",
    "id,name,remark,stage,source,members,phone,orders,spent,first seen",
)


def _people_lines(request: ViewerRequest, ids: list[int]) -> Iterator[Sequence[object]]:
    for row in rows_of(visible_in_order(ids, request.auth), request.auth):
        yield (
            row.id,
            row.name,
            row.remark,
            row.stage.value,
            row.source_label,
            " ".join(owner.name for owner in row.owners),
            row.phone_masked,
            row.order_count,
            f"{row.spent_fen / 100:.2f}",
            row.created_at,
        )


def _file(name: str, ending: str, header: list[str], rows: list[Sequence[object]]) -> HttpResponseBase:
    zone = the_merchant().time_zone
    if ending == "xlsx":
        return xlsx_response(f"{name}.xlsx", header, rows, zone=zone)
    return csv_response(f"{name}.csv", header, rows, zone=zone)


def _readable(row: list[Any], shown: AnswerOut) -> list[object]:
    """Ids by name, money in whole units."""
    cells: list[object] = []
    for value, column in zip(row, shown.columns, strict=True):
        if value is not None and column.kind == Kind.FEN:
            cells.append(value / 100)
        else:
            cells.append(column.labels.get(str(value), value))
    return cells


def _place(cursor: str | None) -> int:
    if not cursor:
        return 0
    (place,) = decode_cursor(cursor, length=1)
    if not isinstance(place, int) or not 0 <= place < 2**53:
        raise BadInput(Text("翻页位置无效。", "This page position is not valid."))
    return place


def _bands() -> list[BandOut]:
    return [
        BandOut(
            figure=band.figure,
            label=band.label.here(),
            low=band.low,
            high=band.high,
            source=band.source.here(),
            valid_from=band.valid_from,
        )
        for band in BANDS
    ]


def _source_field_out(source: OrderSource, field: Field) -> SourceFieldOut:
    return SourceFieldOut(id=source.pk, name=source.name, field=field, guessed=guessed_field(source.name))


def _bounds_out(bounds: Bounds) -> BoundsShape:
    return BoundsShape(
        recency_days=list(bounds.recency_days), purchases=list(bounds.purchases), spent_fen=list(bounds.spent_fen)
    )
