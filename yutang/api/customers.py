"""Customers: lists, profiles, timelines, and what the console may change about them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import transaction
from django.http import StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.csv_stream import csv_response
from yutang.api.customer_shapes import (
    CustomerProfile,
    CustomerRow,
    Id,
    IdentityOut,
    identities_of,
    profile_of,
    rows_of,
)
from yutang.api.events import EventOut, event_out
from yutang.api.paged import PagedOut, Paging, TotalOut
from yutang.customers.identity import readable_phone
from yutang.customers.listing import Wanted, every_person, list_people
from yutang.customers.models import Gender, Identity, IdentityKind, OwnershipState, Stage
from yutang.customers.queries import find_person, record_ids_of
from yutang.customers.services.edit import Edit, edit_person
from yutang.events.models import Event
from yutang.kernel.audit import audit
from yutang.kernel.errors import NotFound
from yutang.kernel.language import Language, Text, current_language, speak
from yutang.kernel.paging import latest_first
from yutang.kernel.permissions import Permission
from yutang.kernel.throttle import take_attempt
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import the_merchant

router = Router(tags=["customers"])

CSV_ANSWER = {"responses": {200: {"description": "CSV", "content": {"text/csv": {"schema": {"type": "string"}}}}}}
REVEALS_AN_HOUR = 120  # per account; a day's calls, not a harvest

_HEADER = Text(
    "编号,昵称,备注,阶段,来源,标签,员工,手机号,订单数,消费金额,添加时间,首次出现",
    "id,name,remark,stage,source,tags,members,phone,orders,spent,added,first seen",
)


class Filters(Schema):
    q: str = Field("", max_length=200, description="Part of a name, remark or tag, a phone number or its last digits.")
    tag: list[Id] = Field([], max_length=20, description="Tags the customer carries, all of them.")
    member: Id | None = None
    store: Id | None = None
    state: OwnershipState | None = Field(None, description="Of the relation with a member.")
    stage: Stage | None = None
    source: str = Field("", max_length=64)
    has_orders: bool | None = None
    added_from: datetime | None = Field(None, description="Added by a member at this moment or later.")
    added_to: datetime | None = Field(None, description="Added by a member before this moment.")

    def wanted(self) -> Wanted:
        return Wanted(
            q=self.q,
            tags=self.tag,
            member=self.member,
            store=self.store,
            state=self.state,
            added_from=self.added_from,
            added_to=self.added_to,
            stage=self.stage,
            source=self.source or None,
            has_orders=self.has_orders,
        )


class CustomerFilter(Paging, Filters):
    pass


class CustomerEdit(Schema):
    """What is left out stays as it is."""

    name: str | None = Field(None, max_length=2_000, description="Only where it does not come from WeChat.")
    gender: Gender | None = None
    stage: Stage | Literal[""] | None = Field(None, description="Empty: derived again.")
    fields: dict[str, Any] | None = Field(None, description="Custom fields by key; null clears one.")


class Identities(Schema):
    items: list[IdentityOut]


class RevealIn(Schema):
    identity_id: Id | None = Field(None, description="Which of the phones; none: the latest.")


class Revealed(Schema):
    phone: str


@router.get("/customers", response=PagedOut[CustomerRow])
@needs(Permission.SEE_CUSTOMERS)
def list_customers(request: ViewerRequest, wanted: Query[CustomerFilter]) -> PagedOut[CustomerRow]:
    """People in scope, newest first."""
    page = list_people(request.auth, wanted.wanted(), limit=wanted.limit, cursor=wanted.cursor)
    total = TotalOut(count=page.total.count, exact=page.total.exact)
    return PagedOut(items=rows_of(page.items, request.auth), next=page.next, total=total)


@router.get("/customers/export.csv", openapi_extra=CSV_ANSWER)
@needs(Permission.EXPORT_CUSTOMERS)
def export_customers(request: ViewerRequest, wanted: Query[Filters]) -> StreamingHttpResponse:
    """The people of a list as CSV, phones masked."""
    used = [name for name, value in wanted.model_dump().items() if value not in (None, "", [])]
    audit("customers.exported", by=request.auth.actor, subject_kind="customer", filters=used)
    lines = _export_lines(request.auth, wanted.wanted(), current_language())
    return csv_response("customers.csv", export_header(), lines, zone=the_merchant().time_zone)


@router.get("/customers/{int:customer_id}", response=CustomerProfile)
@needs(Permission.SEE_CUSTOMERS)
def profile(request: ViewerRequest, customer_id: Id) -> CustomerProfile:
    """One person with everything known of them; the id of a merged record leads to its person."""
    return profile_of(find_person(request.auth, customer_id), request.auth)


@router.patch("/customers/{int:customer_id}", response=CustomerProfile)
@needs(Permission.EDIT_CUSTOMERS)
def edit(request: ViewerRequest, customer_id: Id, given: CustomerEdit) -> CustomerProfile:
    person = find_person(request.auth, customer_id)
    edit_person(person, Edit(given.name, given.gender, given.stage, given.fields), by=request.auth.actor)
    return profile_of(find_person(request.auth, customer_id), request.auth)


@router.get("/customers/{int:customer_id}/timeline", response=PagedOut[EventOut])
@needs(Permission.SEE_CUSTOMERS)
def timeline(request: ViewerRequest, customer_id: Id, wanted: Query[Paging]) -> PagedOut[EventOut]:
    """What happened with this person, over all their records, the latest first."""
    records = record_ids_of(find_person(request.auth, customer_id).pk)
    rows = Event.objects.filter(customer__in=records).select_related("customer__person", "member")
    return PagedOut.of(latest_first(rows, limit=wanted.limit, cursor=wanted.cursor), event_out)


@router.get("/customers/{int:customer_id}/identities", response=Identities)
@needs(Permission.SEE_CUSTOMERS)
def identities(request: ViewerRequest, customer_id: Id) -> Identities:
    """Every id this person has or had, with where we know it from."""
    return Identities(items=identities_of(find_person(request.auth, customer_id)))


@router.post("/customers/{int:customer_id}/reveal-phone", response=Revealed)
@needs(Permission.REVEAL_PHONES)
def reveal_phone(request: ViewerRequest, customer_id: Id, given: RevealIn) -> Revealed:
    """One phone number in full. Each reveal is on record, and their number per hour is limited."""
    person = find_person(request.auth, customer_id)
    phones = Identity.objects.filter(person=person.pk, kind=IdentityKind.PHONE, ended_at=None)
    if given.identity_id is not None:
        phones = phones.filter(pk=given.identity_id)
    edge = phones.order_by("-since", "-pk").first()
    if edge is None:
        raise NotFound
    take_attempt(f"reveal-phone:{request.auth.account.pk}", limit=REVEALS_AN_HOUR, per=timedelta(hours=1))
    with transaction.atomic():
        audit(
            "customer.phone_revealed",
            by=request.auth.actor,
            subject_kind="customer",
            subject_id=person.pk,
            identity=edge.pk,
        )
    return Revealed(phone=readable_phone(edge.value))


def _export_lines(viewer: Viewer, wanted: Wanted, language: Language) -> Iterator[Sequence[object]]:
    speak(language)  # lines are made while the answer is on its way, outside the request
    for batch in every_person(viewer, wanted):
        for row in rows_of(batch, viewer):
            yield export_line(row)


def export_header() -> list[str]:
    return _HEADER.here().split(",")


def export_line(row: CustomerRow) -> Sequence[object]:
    return (
        row.id,
        row.name,
        row.remark,
        row.stage.value,
        row.source_label,
        " ".join(tag.name for tag in row.tags),
        " ".join(owner.name for owner in row.owners),
        row.phone_masked,
        row.order_count,
        f"{row.spent_fen / 100:.2f}",
        row.added_at,
        row.created_at,
    )
