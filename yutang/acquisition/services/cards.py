"""Codes for one customer each: issuing them for known customers and for orders, one at a time or by the hundred."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yutang.acquisition.errors import CodeArchived
from yutang.acquisition.models import CustomerCode, LiveCode
from yutang.acquisition.orders import customer_of_order
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit

MOST_AT_ONCE = 5000


@dataclass(frozen=True)
class CardFor:
    """Whom a card is for: a customer, an order, or both."""

    customer_id: int | None = None
    order_source: str = ""
    order_number: str = ""


@transaction.atomic
def issue_cards(code: LiveCode, wanted: Sequence[CardFor], *, by: Actor) -> list[CustomerCode]:
    """A card for each, in order. Who has one under this code already keeps it: printing twice gives the same card."""
    if code.archived_at is not None:
        raise CodeArchived
    LiveCode.objects.select_for_update().get(pk=code.pk)
    cards: dict[CardFor, CustomerCode] = {_key(card): card for card in _present(code, wanted)}
    fresh: dict[CardFor, CustomerCode] = {}
    for each in wanted:
        if _plain(each) not in cards and _plain(each) not in fresh:
            fresh[_plain(each)] = _card(code, each)
    CustomerCode.objects.bulk_create(fresh.values(), batch_size=500)
    audit("customer_codes.issued", by=by, subject_kind="live_code", subject_id=code.pk, cards=len(fresh))
    found = cards | fresh
    return [found[_plain(each)] for each in wanted]


def _plain(each: CardFor) -> CardFor:
    """By its order where there is one: the customer of an order may become known later."""
    return CardFor(None, each.order_source, each.order_number) if each.order_number else each


def _key(card: CustomerCode) -> CardFor:
    return _plain(CardFor(card.customer_id, card.order_source, card.order_number))


def _present(code: LiveCode, wanted: Sequence[CardFor]) -> list[CustomerCode]:
    numbers = {each.order_number for each in wanted if each.order_number}
    people = {each.customer_id for each in wanted if not each.order_number}
    mine = CustomerCode.objects.filter(code=code)
    return [*mine.filter(order_number__in=numbers), *mine.filter(customer__in=people, order_number="")]


def _card(code: LiveCode, each: CardFor) -> CustomerCode:
    customer_id = each.customer_id
    if customer_id is None and each.order_number:
        customer_id = customer_of_order(each.order_source, each.order_number)
    return CustomerCode(
        code=code,
        customer_id=customer_id,
        order_source=each.order_source,
        order_number=each.order_number,
        created_at=clock.now(),
    )
