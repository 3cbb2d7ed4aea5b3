"""Search over everything: a few hits of each kind, within the viewer's scope and rights."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from ninja import Field, Router, Schema

from yutang.acquisition.queries import visible_codes
from yutang.api.auth import ViewerRequest, needs
from yutang.commerce.models import Order
from yutang.customers.cards import cards_of
from yutang.customers.listing import Wanted, list_people
from yutang.customers.models import Tag
from yutang.customers.queries import relations_in_scope
from yutang.kernel.language import Text
from yutang.kernel.permissions import Permission
from yutang.organization.queries import visible_members
from yutang.organization.scope import Viewer

router = Router(tags=["search"])

EACH = 5


class Hit(Schema):
    kind: str = Field(description="customer, live_code, member, tag or order.")
    id: int
    title: str
    subtitle: str | None
    href: str


class Hits(Schema):
    items: list[Hit]


@router.get("/search", response=Hits)
@needs(Permission.SEE_OVERVIEW)
def search(request: ViewerRequest, q: str = "") -> Hits:
    """At most five hits of each kind. Customers are found by name, remark, phone and tag, orders by their number."""
    words, viewer = q.strip()[:100], request.auth
    if not words:
        return Hits(items=[])
    kinds = (
        (Permission.SEE_CUSTOMERS, customers),
        (Permission.SEE_LIVE_CODES, live_codes),
        (Permission.SEE_ORGANIZATION, members),
        (Permission.SEE_CUSTOMERS, tags),
        (Permission.SEE_ORDERS, orders),
    )
    return Hits(items=[hit for permission, find in kinds if viewer.may(permission) for hit in find(viewer, words)])


def customers(viewer: Viewer, words: str) -> Iterable[Hit]:
    found = list_people(viewer, Wanted(q=words), limit=EACH)
    for card in cards_of(found.items, viewer.member_ids):
        known_by = " · ".join(part for part in (card.remark, card.phone_masked or "") if part)
        name = card.name or Text("未命名客户", "Unnamed customer").here()
        yield Hit(kind="customer", id=card.id, title=name, subtitle=known_by or None, href=f"/customers/{card.id}")


def live_codes(viewer: Viewer, words: str) -> Iterable[Hit]:
    for code in visible_codes(viewer).filter(name__icontains=words, archived_at=None).order_by("-pk")[:EACH]:
        yield Hit(
            kind="live_code",
            id=code.pk,
            title=code.name,
            subtitle=code.touchpoint or None,
            href=f"/live-codes/{code.pk}",
        )


def members(viewer: Viewer, words: str) -> Iterable[Hit]:
    named = Q(name__icontains=words) | Q(alias__icontains=words) | Q(userid__icontains=words)
    for member in visible_members(viewer).select_related("store").filter(named).order_by("-pk")[:EACH]:
        place = member.store.name if member.store else member.position
        yield Hit(
            kind="member", id=member.pk, title=member.label, subtitle=place or None, href=f"/members?q={member.userid}"
        )


def tags(viewer: Viewer, words: str) -> Iterable[Hit]:
    rows = Tag.objects.select_related("group").filter(deleted_at=None, name__icontains=words)
    for tag in rows.order_by("name", "pk")[:EACH]:
        yield Hit(kind="tag", id=tag.pk, title=tag.name, subtitle=tag.group.name, href=f"/customers?tags={tag.pk}")


def orders(viewer: Viewer, words: str) -> Iterable[Hit]:
    """By how the number begins: an index finds that among millions."""
    rows = Order.objects.select_related("source", "customer").filter(_begins(words))
    if viewer.member_ids is not None:
        mine = relations_in_scope(viewer.member_ids).values("person")
        rows = rows.filter(Q(customer__in=mine) | Q(customer__person__in=mine))
    for order in rows.order_by("number", "pk")[:EACH]:
        buyer = order.customer.name if order.customer else ""
        told = " · ".join(part for part in (order.source.name, buyer) if part)
        yield Hit(kind="order", id=order.pk, title=order.number, subtitle=told, href=f"/orders?q={order.number}")


def _begins(words: str) -> Q:
    # SQLite's LIKE does not use the index; a range of text does, but only where text is ordered by code point.
    if connection.vendor == "sqlite":
        return Q(number__gte=words, number__lt=words + "\U0010ffff")
    return Q(number__startswith=words)
