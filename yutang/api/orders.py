"""Orders: the list, one order with its lines, and all orders of a person."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ninja import Field, Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.api.paged import PagedOut, Paging
from yutang.commerce.importing.staging import decimal_text
from yutang.commerce.models import Order, OrderKind, OrderLine, OrderSource
from yutang.commerce.queries import Wanted, find_order, list_orders, sums_of
from yutang.customers.queries import find_person
from yutang.kernel.paging import latest_first
from yutang.kernel.permissions import Permission
from yutang.organization.services.merchant import merchant_zone

router = Router(tags=["orders"])


class OrderSourceOut(Schema):
    id: int
    name: str
    currency: str


class OrderRowOut(Schema):
    id: int
    number: str
    source: OrderSourceOut
    kind: OrderKind
    customer_id: int | None = Field(description="The person; none for a guest.")
    customer_name: str | None
    store_name: str | None
    country: str
    placed_at: datetime
    line_count: int
    quantity: str = Field(description="A decimal: goods are also sold by weight.")
    amount_fen: int = Field(description="Hundredths of the currency; negative on cancellations.")
    currency: str


class OrderLineOut(Schema):
    id: int
    sku: str
    title: str
    quantity: str
    unit_price: str = Field(description="A decimal of the currency, to six places.")
    amount_fen: int


class OrderDetailOut(OrderRowOut):
    lines: list[OrderLineOut] = Field(description="The first thousand.")
    created_at: datetime


class OrderFilter(Paging):
    q: str = Field("", max_length=100, description="How the order number begins.")
    customer: Id | None = None
    source: Id | None = None
    kind: OrderKind | None = None
    since: date | None = Field(None, description="First day, in the merchant's time zone.")
    until: date | None = Field(None, description="Last day, in the merchant's time zone.")

    def wanted(self) -> Wanted:
        zone = merchant_zone()
        return Wanted(
            number=self.q.strip(),
            customer=self.customer,
            source=self.source,
            kind=self.kind or "",
            since=_midnight(self.since, zone),
            until=_midnight(self.until, zone, days=1),
        )


class OrderSumOut(Schema):
    currency: str
    orders: int
    amount_fen: int


class CustomerOrdersOut(PagedOut[OrderRowOut]):
    sums: list[OrderSumOut]


LINES_SHOWN = 1_000


@router.get("/orders", response=PagedOut[OrderRowOut])
@needs(Permission.SEE_ORDERS)
def orders(request: ViewerRequest, filters: Query[OrderFilter]) -> PagedOut[OrderRowOut]:
    """Newest first. Orders of guests are shown to those who see everybody."""
    found = list_orders(request.auth, filters.wanted())
    page = latest_first(found, limit=filters.limit, cursor=filters.cursor, by="placed_at")
    return PagedOut[OrderRowOut].of(page, row_out)


@router.get("/order-sources", response=list[OrderSourceOut])
@needs(Permission.SEE_ORDERS)
def sources(request: ViewerRequest) -> list[OrderSource]:
    """Where orders come from."""
    return list(OrderSource.objects.order_by("name")[:500])


@router.get("/orders/{order_id}", response=OrderDetailOut)
@needs(Permission.SEE_ORDERS)
def order_detail(request: ViewerRequest, order_id: Id) -> OrderDetailOut:
    """One order with its lines."""
    order = find_order(request.auth, order_id)
    lines = OrderLine.objects.filter(order=order).order_by("pk")[:LINES_SHOWN]
    return OrderDetailOut(
        **row_out(order).model_dump(), lines=[_line_out(line) for line in lines], created_at=order.created_at
    )


@router.get("/customers/{customer_id}/orders", response=CustomerOrdersOut)
@needs(Permission.SEE_ORDERS)
def orders_of_customer(request: ViewerRequest, customer_id: Id, paging: Query[Paging]) -> CustomerOrdersOut:
    """All orders of a person, whichever of the merged records they came under, with what they come to."""
    person = find_person(request.auth, customer_id)
    found = list_orders(request.auth, Wanted(customer=person.pk))
    page = latest_first(found, limit=paging.limit, cursor=paging.cursor, by="placed_at")
    listed = PagedOut[OrderRowOut].of(page, row_out)
    sums = [
        OrderSumOut(currency=each.currency, orders=each.orders, amount_fen=each.amount_fen) for each in sums_of(found)
    ]
    return CustomerOrdersOut(items=listed.items, next=listed.next, total=listed.total, sums=sums)


def row_out(order: Order) -> OrderRowOut:
    """Of an order read with its source, store, customer and person."""
    person = order.customer and (order.customer.person or order.customer)
    source = order.source
    return OrderRowOut(
        id=order.pk,
        number=order.number,
        source=OrderSourceOut(id=source.pk, name=source.name, currency=source.currency),
        kind=OrderKind(order.kind),
        customer_id=person.pk if person else None,
        customer_name=person.name if person else None,
        store_name=order.store.name if order.store else None,
        country=order.country,
        placed_at=order.placed_at,
        line_count=order.line_count,
        quantity=decimal_text(order.quantity_milli, 3),
        amount_fen=order.amount_fen,
        currency=source.currency,
    )


def _line_out(line: OrderLine) -> OrderLineOut:
    return OrderLineOut(
        id=line.pk,
        sku=line.sku,
        title=line.title,
        quantity=decimal_text(line.quantity_milli, 3),
        unit_price=decimal_text(line.unit_price_micros, 6),
        amount_fen=line.amount_fen,
    )


def _midnight(day: date | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    """When a day begins; a day beyond the calendar's end bounds nothing."""
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=days), time(), zone)
    except OverflowError:
        return None
