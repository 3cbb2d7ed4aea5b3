"""Reads of orders. `visible_orders` and `find_order` are the one door: no endpoint filters by hand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum

from yutang.commerce.models import ImportRun, Order, OrderKind, OrderSource
from yutang.customers.purchases import Purchases
from yutang.customers.queries import MAX_ID, find_person, record_ids_of, relations_in_scope
from yutang.kernel.errors import NotFound
from yutang.kernel.language import Text
from yutang.organization.scope import Viewer

_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True)
class Wanted:
    """Which orders a list shows."""

    number: str = ""  # how the number begins
    customer: int | None = None
    source: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def visible_orders(viewer: Viewer) -> QuerySet[Order]:
    """Orders of the people this viewer may see. Guests' orders belong to nobody: only who sees all sees them."""
    orders = Order.objects.all()
    if viewer.member_ids is None:
        return orders
    people = relations_in_scope(viewer.member_ids).values("person")
    return orders.filter(Q(customer__in=people) | Q(customer__person__in=people), customer__erased_at=None)


def list_orders(viewer: Viewer, wanted: Wanted) -> QuerySet[Order]:
    """Raises NotFound for a customer the viewer may not see."""
    orders = visible_orders(viewer).select_related("source", "store", "customer", "customer__person")
    if wanted.customer:
        person = find_person(viewer, wanted.customer)
        orders = orders.filter(customer__in=record_ids_of(person.pk))
    if wanted.number:
        orders = orders.filter(_number_begins(wanted.number))
    if wanted.source:
        orders = orders.filter(source=wanted.source)
    if wanted.kind:
        orders = orders.filter(kind=wanted.kind)
    if wanted.since:
        orders = orders.filter(placed_at__gte=wanted.since)
    if wanted.until:
        orders = orders.filter(placed_at__lt=wanted.until)
    return orders


def _number_begins(start: str) -> Q:
    if connection.vendor == "sqlite":
        # SQLite's LIKE cannot use the index, since it takes both cases for equal.
        return Q(number__gte=start, number__lt=start + _LAST_CHARACTER)
    return Q(number__startswith=start)


def find_order(viewer: Viewer, order_id: int) -> Order:
    """A stranger's order and a missing one are refused alike."""
    if not 0 < order_id <= MAX_ID:
        raise NotFound
    visible = visible_orders(viewer).select_related("source", "store", "customer", "customer__person")
    found = visible.filter(pk=order_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class CurrencySum:
    """What somebody's orders come to in one currency: cancellations lessen it, void orders and adjustments do not."""

    currency: str
    orders: int  # sales worth something
    amount_fen: int


def sums_of(orders: QuerySet[Order]) -> list[CurrencySum]:
    counted = orders.filter(kind__in=(OrderKind.SALE, OrderKind.CANCELLATION)).order_by()
    rows = counted.values_list("source__currency").annotate(
        bought=Count("pk", filter=Q(kind=OrderKind.SALE, amount_fen__gt=0)), worth=Sum("amount_fen")
    )
    return [CurrencySum(*row) for row in rows.order_by("source__currency")]


def purchases_of(record_ids: Collection[int]) -> dict[int, Purchases]:
    """What each record really bought: sales worth something. Cancellations lessen what was spent."""
    bought = Q(kind=OrderKind.SALE, amount_fen__gt=0)
    rows = (
        Order.objects.filter(bought | Q(kind=OrderKind.CANCELLATION), customer__in=record_ids)
        .values_list("customer")
        .annotate(
            orders=Count("pk", filter=bought), spent_fen=Sum("amount_fen"), last_at=Max("placed_at", filter=bought)
        )
    )
    return {record: Purchases(orders, spent, last) for record, orders, spent, last in rows}


def source_names(ids: Collection[str]) -> dict[str, Text]:
    """What the sources of these ids are called."""
    wanted = [int(each) for each in ids if each.isdecimal() and int(each) <= MAX_ID]
    found = OrderSource.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {str(pk): Text(name, name) for pk, name in found}


def visible_runs(viewer: Viewer) -> QuerySet[ImportRun]:
    """Import runs a viewer may see: a file shows people of every member, so a narrower scope shows only one's own."""
    runs = ImportRun.objects.all()
    if viewer.sees_all:
        return runs
    return runs.filter(by_kind="account", by_id=viewer.account.pk)


def find_run(viewer: Viewer, run_id: int) -> ImportRun:
    found = visible_runs(viewer).filter(pk=run_id).first() if 0 < run_id <= MAX_ID else None
    if found is None:
        raise NotFound
    return found
