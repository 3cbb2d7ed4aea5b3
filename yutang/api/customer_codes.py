"""Codes for one customer each, and the file a printer of parcel cards needs."""

from datetime import datetime
from typing import Literal

from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Field, Query, Router, Schema, Status

from yutang.acquisition import qr, queries
from yutang.acquisition.models import CustomerCode
from yutang.acquisition.qr import Drawing
from yutang.acquisition.queries import find_code, find_editable
from yutang.acquisition.services.cards import MOST_AT_ONCE, CardFor, issue_cards
from yutang.api.accounts import Ref
from yutang.api.auth import ViewerRequest, needs
from yutang.api.csv_stream import csv_response
from yutang.api.live_code_shapes import landing_url
from yutang.api.paged import PagedOut, Paging
from yutang.customers.queries import find_person, visible_people
from yutang.kernel.errors import BadInput, NotFound
from yutang.kernel.language import Text
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import the_merchant

router = Router(tags=["customer codes"])


class CustomerCodeOut(Schema):
    id: int
    code: Ref
    landing_url: str
    customer: Ref | None = Field(description="Whom it was issued for, where known and in the viewer's scope.")
    order_source: str
    order_number: str
    created_at: datetime
    opened_at: datetime | None
    joined_at: datetime | None
    joined_customer: Ref | None


class CustomerCodeFilter(Paging):
    q: str = Field("", max_length=100, description="The beginning of an order number.")
    code: int | None = None
    state: Literal["waiting", "opened", "joined"] | None = None


class CustomerCodeIn(Schema):
    code_id: int
    customer_id: int | None = None
    order_source: str = Field("", max_length=64)
    order_number: str = Field("", max_length=100)


class CustomerCodeBatch(Schema):
    code_id: int
    order_source: str = Field("", max_length=64)
    order_numbers: list[str] = Field([], max_length=MOST_AT_ONCE)
    customer_ids: list[int] = Field([], max_length=MOST_AT_ONCE)


class IssuedCodes(Schema):
    issued: int
    items: list[CustomerCodeOut] = Field(description="The first hundred; the file has them all.")


@router.get("/customer-codes", response=PagedOut[CustomerCodeOut])
@needs(Permission.SEE_LIVE_CODES)
def list_customer_codes(request: ViewerRequest, filters: Query[CustomerCodeFilter]) -> PagedOut[CustomerCodeOut]:
    found = queries.visible_customer_codes(request.auth)
    if filters.q.strip():
        found = found.filter(Q(order_number__startswith=filters.q.strip()) | Q(state_code=filters.q.strip().lower()))
    if filters.code is not None:
        found = found.filter(code=filters.code)
    if filters.state == "joined":
        found = found.filter(joined_at__isnull=False)
    elif filters.state is not None:
        found = found.filter(joined_at=None, opened_at__isnull=filters.state == "waiting")
    page = newest_first(found, limit=filters.limit, cursor=filters.cursor)
    names = _names(request.auth, page.items)
    return PagedOut.of(page, lambda card: _shape(card, names))


@router.post("/customer-codes", response={201: CustomerCodeOut})
@needs(Permission.EDIT_LIVE_CODES)
def issue_one(request: ViewerRequest, given: CustomerCodeIn) -> Status[CustomerCodeOut]:
    """A card for a customer, an order, or both. Asked again for the same, it is the same card."""
    code = find_editable(request.auth, given.code_id)
    customer = find_person(request.auth, given.customer_id) if given.customer_id is not None else None
    number = given.order_number.strip()
    if customer is None and not number:
        raise BadInput(Text("请填写客户或订单号。", "Name a customer or an order number."))
    wanted = CardFor(customer.pk if customer else None, given.order_source.strip(), number)
    (card,) = issue_cards(code, [wanted], by=request.auth.actor)
    return Status(201, _shape(card, _names(request.auth, [card])))


@router.post("/customer-codes/batch", response={201: IssuedCodes})
@needs(Permission.EDIT_LIVE_CODES)
def issue_many(request: ViewerRequest, given: CustomerCodeBatch) -> Status[IssuedCodes]:
    code = find_editable(request.auth, given.code_id)
    people = set(visible_people(request.auth).filter(pk__in=given.customer_ids).values_list("pk", flat=True))
    if people != set(given.customer_ids):
        raise NotFound
    numbers = [number for number in (each.strip()[:100] for each in given.order_numbers) if number]
    wanted = [CardFor(order_source=given.order_source.strip(), order_number=number) for number in numbers]
    wanted += [CardFor(customer_id=customer_id) for customer_id in given.customer_ids]
    if not wanted:
        raise BadInput(Text("请填写客户或订单号。", "Name customers or order numbers."))
    cards = list({card.pk: card for card in issue_cards(code, wanted, by=request.auth.actor)}.values())
    names = _names(request.auth, cards[:100])
    return Status(201, IssuedCodes(issued=len(cards), items=[_shape(card, names) for card in cards[:100]]))


_HEADER = Text("编号,订单号,订单来源,活码,链接", "No.,Order,Source,Live code,Address")


@router.get("/customer-codes.csv", include_in_schema=False)
@needs(Permission.SEE_LIVE_CODES)
def cards_file(request: ViewerRequest, code: int) -> StreamingHttpResponse:
    """For the printer: an address a line, without names or phones, for the file leaves the house."""
    parent = find_code(request.auth, code)
    cards = CustomerCode.objects.filter(code=parent).order_by("pk")
    lines = (
        [card.pk, card.order_number, card.order_source, parent.name, landing_url(card.state_code)]
        for card in cards.iterator(chunk_size=2000)
    )
    name = Text(f"{parent.name}-一客一码.csv", f"{parent.name}-customer-codes.csv").here()
    return csv_response(name, _HEADER.here().split(","), lines, zone=the_merchant().time_zone)


@router.get("/customer-codes/{int:card_id}/qr.png", include_in_schema=False)
@needs(Permission.SEE_LIVE_CODES)
def card_png(request: ViewerRequest, card_id: int, size: int = 600) -> HttpResponse:
    card = queries.visible_customer_codes(request.auth).filter(pk=card_id).first()
    if card is None:
        raise NotFound
    drawing = Drawing(landing_url(card.state_code), size=min(max(size, 100), 2000))
    return HttpResponse(qr.as_png(drawing), content_type="image/png")


def _names(viewer: Viewer, cards: list[CustomerCode]) -> dict[int, Ref]:
    """The people of some cards whom the viewer may see, by the record the card names."""
    records = [each for card in cards for each in (card.customer, card.joined_customer) if each is not None]
    people = {record.person_key for record in records}
    seen = dict(visible_people(viewer).filter(pk__in=people).values_list("pk", "name"))
    return {r.pk: Ref(id=r.person_key, name=seen[r.person_key]) for r in records if r.person_key in seen}


def _shape(card: CustomerCode, names: dict[int, Ref]) -> CustomerCodeOut:
    return CustomerCodeOut(
        id=card.pk,
        code=Ref(id=card.code_id, name=card.code.name),
        landing_url=landing_url(card.state_code),
        customer=names.get(card.customer_id or 0),
        order_source=card.order_source,
        order_number=card.order_number,
        created_at=card.created_at,
        opened_at=card.opened_at,
        joined_at=card.joined_at,
        joined_customer=names.get(card.joined_customer_id or 0),
    )
