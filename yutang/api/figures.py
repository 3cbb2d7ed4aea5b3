"""The figures of the overview, each quick at a million customers: read from an index, capped, or kept for a moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from yutang.acquisition.models import CodeDay
from yutang.acquisition.queries import in_state, visible_codes
from yutang.commerce.models import Order, OrderKind
from yutang.customers.events import ContactAdded, ContactLost
from yutang.customers.models import HELD, Customer, Erasure, Ownership
from yutang.customers.queries import relations_in_scope, visible_people
from yutang.events.models import Event
from yutang.kernel import clock
from yutang.kernel.facts import DomainEvent
from yutang.organization.models import Merchant
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import start_of_today

Answer = TypeVar("Answer")

KEPT_SECONDS = 30.0  # sums over every customer
SLOW_SECONDS = 0.02  # what is asked faster than this is asked anew each time, so that small ponds are always fresh
KEPT_TODAY_SECONDS = 5.0
KEPT_DAY_SECONDS = 600.0  # counts of a day that is over: late events change them rarely
DAYS = 30
MOST_KEPT = 5_000  # answers, over all scopes
RECENT_PEOPLE = 10_000  # sources are those of the newest so many people

_kept: dict[tuple[object, ...], tuple[float, Any]] = {}


def kept(key: tuple[object, ...], seconds: float, ask: Callable[[], Answer]) -> Answer:
    """The answer of at most `seconds` ago, if finding it was slow, else a new one."""
    now = time.monotonic()
    if key in _kept and now - _kept[key][0] < seconds:
        answer: Answer = _kept[key][1]
        return answer
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    answer = ask()
    if time.monotonic() - now > SLOW_SECONDS:
        _kept[key] = (now, answer)
    return answer


@dataclass(frozen=True)
class Day:
    day: date
    added: int
    lost: int


@dataclass(frozen=True)
class Turnover:
    currency: str
    orders: int
    amount_fen: int  # sales less cancellations


def people(viewer: Viewer) -> int:
    def count() -> int:
        if viewer.member_ids is None:
            # Filtering by erased_at would read every row; an index alone counts the people.
            return Customer.objects.filter(person__isnull=True).count() - Erasure.objects.count()
        return visible_people(viewer).count()

    return kept(("people", viewer.member_ids), KEPT_SECONDS, count)


def contacts_held(viewer: Viewer) -> int:
    def count() -> int:
        held = Ownership.objects.filter(state__in=HELD)
        return (held if viewer.member_ids is None else held.filter(member__in=viewer.member_ids)).count()

    return kept(("held", viewer.member_ids), KEPT_SECONDS, count)


def people_since(viewer: Viewer, moment: datetime) -> int:
    """People met since then: new to us, or new to the members in scope. Stops counting at RECENT_PEOPLE."""

    def count() -> int:
        if viewer.member_ids is not None:
            added = relations_in_scope(viewer.member_ids).filter(added_at__gte=moment)
            return added.order_by().values("person").distinct()[:RECENT_PEOPLE].count()
        newest = Customer.objects.filter(person__isnull=True).order_by("-pk").values("pk")[:RECENT_PEOPLE]
        return Customer.objects.filter(pk__in=newest, created_at__gte=moment).count()

    return kept(("since", moment, viewer.member_ids), KEPT_SECONDS, count)


def days(viewer: Viewer, merchant: Merchant) -> list[Day]:
    """Contacts added and lost on each of the last DAYS days of the merchant, today last."""
    return [_day(viewer, merchant, ago) for ago in reversed(range(DAYS))]


def _day(viewer: Viewer, merchant: Merchant, ago: int) -> Day:
    begins = start_of_today(merchant, days_ago=ago)
    ends = start_of_today(merchant, days_ago=ago - 1)
    day = begins.astimezone(ZoneInfo(merchant.time_zone)).date()

    def count() -> Day:
        return Day(day, _happened(viewer, ContactAdded, begins, ends), _happened(viewer, ContactLost, begins, ends))

    seconds = KEPT_TODAY_SECONDS if ago < 2 else KEPT_DAY_SECONDS
    return kept(("day", begins, viewer.member_ids), seconds, count)


def _happened(viewer: Viewer, event: type[DomainEvent], begins: datetime, ends: datetime) -> int:
    rows = Event.objects.filter(name=event.name, at__gte=begins, at__lt=ends)
    return (rows if viewer.member_ids is None else rows.filter(member__in=viewer.member_ids)).count()


def turnovers(viewer: Viewer) -> list[Turnover]:
    """Orders and what they brought, currency by currency, the one with most orders first."""

    def add_up() -> list[Turnover]:
        orders = Order.objects.filter(kind__in=(OrderKind.SALE, OrderKind.CANCELLATION))
        if viewer.member_ids is not None:
            mine = relations_in_scope(viewer.member_ids).values("person")
            orders = orders.filter(Q(customer__in=mine) | Q(customer__person__in=mine))
        sold = Count("pk", filter=Q(kind=OrderKind.SALE))
        sums = orders.order_by().values_list("source__currency").annotate(sold=sold, brought=Sum("amount_fen"))
        return sorted((Turnover(*row) for row in sums), key=lambda turnover: -turnover.orders)

    return kept(("turnovers", viewer.member_ids), KEPT_SECONDS, add_up)


def sources(viewer: Viewer, *, most: int = 5) -> list[tuple[str, int]]:
    """Where the newest people came from."""

    def count() -> list[tuple[str, int]]:
        newest = visible_people(viewer).order_by("-pk").values("pk")[:RECENT_PEOPLE]
        counted = Customer.objects.filter(pk__in=newest).order_by().values_list("source").annotate(n=Count("pk"))
        return list(counted.order_by("-n", "source")[:most])

    return kept(("sources", viewer.member_ids), KEPT_SECONDS, count)


def scans_today(viewer: Viewer, merchant: Merchant) -> int:
    today = clock.now().astimezone(ZoneInfo(merchant.time_zone)).date()
    cells = CodeDay.objects.filter(day=today)
    if viewer.member_ids is not None:
        cells = cells.filter(code__in=visible_codes(viewer))
    return int(cells.aggregate(scans=Sum("scans", default=0))["scans"])


def live_codes(viewer: Viewer) -> int:
    return in_state(visible_codes(viewer), "live").count()


def week_ago(merchant: Merchant) -> datetime:
    return start_of_today(merchant) - timedelta(days=6)
