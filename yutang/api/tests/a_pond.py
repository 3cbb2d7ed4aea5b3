"""A small pond: two members, three customers, five orders of March 2026 from two sources."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yutang.commerce.models import Order, OrderLine, OrderSource
from yutang.customers.events import CustomerCreated
from yutang.customers.models import Customer
from yutang.customers.services.derive import refresh
from yutang.customers.services.ownership import apply_relation
from yutang.kernel.actors import SYSTEM
from yutang.kernel.facts import Fact, announce

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=ZONE) + timedelta(days=day - 1)


def a_pond(make_member: Callable[..., Any]) -> dict[str, Any]:
    """小兰 has 李雷 as a contact since the 2nd and 韩梅 since the 10th; 老王 has 阿东, who is called like a formula."""
    lan, wang = make_member("lan", name="小兰"), make_member("wang", name="老王")
    made = {}
    for name, member, day in (("李雷", lan, 2), ("韩梅", lan, 10), ("=阿东()", wang, 5)):
        customer = Customer.objects.create(name=name, source="wecom", created_at=at(day), updated_at=at(day))
        created = CustomerCreated(source="wecom")
        announce(Fact(event=created, key=f"c{customer.pk}", at=at(day), customer_id=customer.pk, source="wecom"))
        apply_relation(customer, member, "mutual", at=at(day), by=SYSTEM)
        made[name] = customer
    tmall = OrderSource.objects.create(name="天猫旗舰店", created_at=at(1))
    mini = OrderSource.objects.create(name="小程序商城", created_at=at(1))
    # who, day, fen, source, skus
    for number, (name, day, fen, source, skus) in enumerate(
        [
            ("李雷", 1, 10_000, tmall, ("pear",)),
            ("李雷", 3, 20_000, tmall, ("pear", "plum")),
            ("韩梅", 4, 40_000, tmall, ("pear", "plum")),
            ("韩梅", 5, 80_000, mini, ("plum",)),
            ("=阿东()", 2, 160_000, tmall, ("fig",)),
        ],
        start=1,
    ):
        order = Order.objects.create(
            source=source,
            number=f"N{number}",
            customer=made[name],
            placed_at=at(day),
            amount_fen=fen,
            created_at=at(day),
        )
        for place, sku in enumerate(skus):
            OrderLine.objects.create(
                order=order,
                fingerprint=place,
                sku=sku,
                title=sku.title(),
                quantity_milli=1000,
                unit_price_micros=0,
                amount_fen=fen // len(skus),
            )
    refresh([customer.pk for customer in made.values()])
    return made | {"lan": lan, "wang": wang, "tmall": tmall, "mini": mini}
