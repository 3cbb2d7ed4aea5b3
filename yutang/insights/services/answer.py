"""Answering what a viewer asks: within their scope, kept while nothing has changed."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

from yutang.commerce.models import OrderSource
from yutang.insights.answers import Answer
from yutang.insights.as_segment import Said, rule_of
from yutang.insights.asking import Asker, asking_for
from yutang.insights.cache import kept
from yutang.insights.errors import PeriodTooLong, TooManySteps
from yutang.insights.fields import fields_of_sources
from yutang.insights.options import Options, Pick
from yutang.insights.question import Grain, Period, Question, buckets
from yutang.insights.rfm import Bounds
from yutang.insights.services.days import today
from yutang.insights.services.decide import rfm_bounds
from yutang.organization.scope import Viewer
from yutang.segments.rule import Rule

if TYPE_CHECKING:
    from yutang.insights.reports.dashboard import Dashboard

Told = TypeVar("Told")

MOST_DAYS = 366 * 30
MOST_STEPS = 1_100  # three years of days


def check(question: Question) -> Question:
    """Raises PeriodTooLong or TooManySteps."""
    if question.period.days > MOST_DAYS:
        raise PeriodTooLong(days=MOST_DAYS)
    steps = len(buckets(question.period, question.grain))
    if steps > MOST_STEPS:
        raise TooManySteps(steps=steps)
    return question


def coarsest_needed(period: Period) -> Grain:
    """The step in which a period is told where nobody chose one."""
    if period.days <= 62:
        return Grain.DAY
    return Grain.WEEK if period.days <= 270 else Grain.MONTH


def report(viewer: Viewer, name: str, question: Question, options: Options) -> Answer:
    """Raises KeyError for a report there is none of."""

    def build(asker: Asker) -> Answer:
        from yutang.insights.reports.answered import REPORTS

        return REPORTS[name](asker, question, options)

    return _kept(viewer, question, ("report", name, options), build)


def dashboard(viewer: Viewer, question: Question, compared: Period | None) -> "Dashboard":
    def build(asker: Asker) -> "Dashboard":
        from yutang.insights.reports.dashboard import dashboard

        return dashboard(asker, question, compared)

    return _kept(viewer, question, ("dashboard", compared), build)


def people(viewer: Viewer, of: str, question: Question, options: Options, pick: Pick) -> list[int]:
    """The ids of the people behind a number, the weightiest first."""

    def build(asker: Asker) -> list[int]:
        from yutang.insights.reports.picked import people_of

        return people_of(asker, question, options, pick, of=of)

    return _kept(viewer, question, ("people", of, options, pick), build)


def segment_rule(viewer: Viewer, of: str, question: Question, options: Options, pick: Pick) -> Rule:
    """The rule of a segment that means the people behind a number. Raises NotARule, naming why."""
    bounds = options.bounds or rfm_bounds()
    if options.by_quintiles:

        def build(asker: Asker) -> Bounds:
            from yutang.insights.reports.answered import bounds_for

            return bounds_for(asker, question, options)

        bounds = _kept(viewer, question, ("quintiles", options), build)
    one_currency = not OrderSource.objects.exclude(currency=question.currency).exists()
    return rule_of(of, Said(question, options, pick, bounds, today(), one_currency))


def _kept(viewer: Viewer, question: Question, asked: Hashable, build: Callable[[Asker], Told]) -> Told:
    decided = (tuple(sorted(fields_of_sources().items())), rfm_bounds())
    check(question)

    def ask() -> Told:
        with asking_for(viewer, segment=question.segment) as asker:
            return build(asker)

    return kept((viewer.member_ids, decided, question, asked), ask)
