"""What tests of the lake share: people, facts and orders by the handful."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from conftest import NOW
from yutang.customers.models import Customer
from yutang.events.models import Event


@pytest.fixture
def make_person(db: None) -> Callable[..., Customer]:
    def make(name: str = "张三") -> Customer:
        return Customer.objects.create(name=name, created_at=NOW, updated_at=NOW)

    return make


@pytest.fixture
def happen(db: None) -> Callable[..., list[Event]]:
    """`happen("page.viewed", person, times=3, amount_fen=100)`: events a second apart, with these props."""

    def make(
        name: str, customer: Customer | None = None, *, times: int = 1, at: datetime = NOW, visitor: Any = None, **props
    ) -> list[Event]:
        already = Event.objects.count()
        return Event.objects.bulk_create(
            Event(
                key=f"test:{already + number}",
                fingerprint="f",
                name=name,
                at=at + timedelta(seconds=number),
                received_at=NOW,
                customer=customer,
                visitor=visitor,
                props=props,
            )
            for number in range(times)
        )

    return make


@pytest.fixture
def make_order(db: None) -> Callable[..., Any]:
    from yutang.commerce.models import Order, OrderLine, OrderSource

    def make(
        customer: Customer | None = None, *, amount_fen: int = 1_000, at: datetime = NOW, sku: str = "apple", **fields
    ) -> Order:
        source, _ = OrderSource.objects.get_or_create(name="till", defaults={"created_at": NOW})
        order = Order.objects.create(
            source=source,
            number=f"N{Order.objects.count() + 1}",
            customer=customer,
            placed_at=at,
            amount_fen=amount_fen,
            line_count=1,
            quantity_milli=1_000,
            created_at=NOW,
            **fields,
        )
        OrderLine.objects.create(
            order=order,
            fingerprint=order.pk,
            sku=sku,
            title=sku,
            quantity_milli=1_000,
            unit_price_micros=amount_fen * 10_000,
            amount_fen=amount_fen,
        )
        return order

    return make
