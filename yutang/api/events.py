"""The stream of events."""

from dataclasses import fields
from datetime import datetime
from inspect import getdoc
from typing import Any

from ninja import Field, Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.paged import PagedOut, Paging
from yutang.customers.queries import find_person, record_ids_of
from yutang.events.models import Event
from yutang.events.queries import visible_events
from yutang.events.sentences import label_of, sentence_of
from yutang.kernel.facts import CATALOGUE
from yutang.kernel.paging import latest_first
from yutang.kernel.permissions import Permission
from yutang.organization.queries import find_member
from yutang.organization.scope import Viewer

router = Router(tags=["events"])


class Person(Schema):
    id: int
    name: str
    avatar: str | None = None


class EventOut(Schema):
    id: int
    name: str
    label: str = Field(description="What this kind of event is called.")
    sentence: str = Field(description="What happened this time.")
    at: datetime
    received_at: datetime
    customer: Person | None
    member: Person | None
    corp_id: int | None
    source: str
    props: dict[str, Any]


class EventFilter(Paging):
    name: str = Field("", max_length=64)
    customer_id: int | None = None
    member_id: int | None = None
    since: datetime | None = Field(None, description="At this moment or later.")
    until: datetime | None = Field(None, description="Before this moment.")


class FieldOut(Schema):
    name: str
    type: str


class EventKind(Schema):
    name: str
    label: str
    description: str
    fields: list[FieldOut]


class EventCatalogue(Schema):
    items: list[EventKind]


@router.get("/events", response=PagedOut[EventOut])
@needs(Permission.SEE_EVENTS)
def list_events(request: ViewerRequest, wanted: Query[EventFilter]) -> PagedOut[EventOut]:
    """What happened, the latest first."""
    rows = visible_events(request.auth, name=wanted.name).filter(**_lookups(request.auth, wanted))
    rows = rows.select_related("customer", "customer__person", "member")
    return PagedOut.of(latest_first(rows, limit=wanted.limit, cursor=wanted.cursor), event_out)


def _lookups(viewer: Viewer, wanted: EventFilter) -> dict[str, Any]:
    lookups: dict[str, Any] = {"at__gte": wanted.since, "at__lt": wanted.until}
    if wanted.customer_id is not None:
        lookups["customer__in"] = record_ids_of(find_person(viewer, wanted.customer_id).pk)
    if wanted.member_id is not None:
        lookups["member"] = find_member(viewer, wanted.member_id)
    return {name: value for name, value in lookups.items() if value is not None}


@router.get("/events/catalogue", response=EventCatalogue)
@needs(Permission.SEE_EVENTS)
def catalogue(request: ViewerRequest) -> EventCatalogue:
    """Every kind of event this version knows, with its fields."""
    return EventCatalogue(
        items=[
            EventKind(
                name=name,
                label=known.label.here(),
                description=getdoc(known) or "",
                fields=[FieldOut(name=each.name, type=_type_name(each.type)) for each in fields(known)],
            )
            for name, known in sorted(CATALOGUE.items())
        ]
    )


def event_out(event: Event) -> EventOut:
    """Wants customer (with person) and member loaded. The customer is the person the record belongs to."""
    person = event.customer and (event.customer.person or event.customer)
    return EventOut(
        id=event.pk,
        name=event.name,
        label=label_of(event.name).here(),
        sentence=sentence_of(event).here(),
        at=event.at,
        received_at=event.received_at,
        customer=Person(id=person.pk, name=person.name, avatar=person.avatar or None) if person else None,
        member=Person(id=event.member.pk, name=event.member.label, avatar=event.member.avatar or None)
        if event.member
        else None,
        corp_id=event.corp_id,
        source=event.source,
        props=event.props,
    )


def _type_name(declared: Any) -> str:
    return declared.__name__ if isinstance(declared, type) else str(declared)
