"""EventSources of events: sites, apps and servers of the merchant that send events, and their write keys."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, Sum
from ninja import Field, Query, Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.api.failed_events import FailedEventOut, failed_out
from yutang.customers.models import IdentityKind
from yutang.events.collecting.accept import KEY_PREFIX
from yutang.events.models import Event, EventSource, FailedEvent, FailedState, LearntEvent, SourceKind
from yutang.events.names import own_name
from yutang.events.queries import visible_events
from yutang.events.services.sources import (
    DEFAULT_RATE,
    MAX_ORIGINS,
    MAX_RATE,
    SourceChange,
    SourceDraft,
    change_source,
    create_source,
    reveal_key,
    rotate_key,
)
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission

router = Router(tags=["event sources"])

LOOKED_BACK = 50_000  # events; a source that was silent for longer shows none as just arrived


class EventSourceOut(Schema):
    id: int
    name: str
    kind: SourceKind
    issuer: str = Field(description="Whose user and anonymous ids these are; sources of one issuer share their people.")
    user_id_kind: IdentityKind = Field(description="What `userId` is.")
    allowed_origins: list[str]
    rate_per_second: int
    trusts_traits: bool = Field(description="Phone, e-mail and unionid told by `identify` are believed.")
    consent_category: str
    is_enabled: bool
    created_at: datetime
    created_by: str
    old_key_until: datetime | None = Field(description="Until then the write key before the present one is good, too.")
    events: int = Field(description="How many came, as of some seconds ago.")
    last_event_at: datetime | None
    failed_waiting: int


class NewEventSourceOut(EventSourceOut):
    write_key: str


class EventSources(Schema):
    items: list[EventSourceOut]


class EventSourceIn(Schema):
    name: str = Field(max_length=200)
    kind: SourceKind
    issuer: str = Field(max_length=64, description="For ever: letters, digits, dots, dashes and underscores.")
    user_id_kind: IdentityKind = Field(IdentityKind.MEMBER_NO, description="For ever.")
    allowed_origins: list[str] = Field([], max_length=MAX_ORIGINS)
    rate_per_second: int = Field(DEFAULT_RATE, ge=1, le=MAX_RATE)
    trusts_traits: bool | None = Field(None, description="Default: where the key is secret, on a server.")
    consent_category: str = Field("analytics", max_length=64)


class EventSourceEdit(Schema):
    name: str | None = Field(None, max_length=200)
    allowed_origins: list[str] | None = Field(None, max_length=MAX_ORIGINS)
    rate_per_second: int | None = Field(None, ge=1, le=MAX_RATE)
    trusts_traits: bool | None = None
    consent_category: str | None = Field(None, max_length=64)
    is_enabled: bool | None = None


class WriteKeyOut(Schema):
    write_key: str


class KeyRotation(Schema):
    at_once: bool = Field(False, description="The old key ends now, not in a day: for one that was lost.")


class ArrivedEventOut(Schema):
    id: int
    name: str
    call: str
    at: datetime
    received_at: datetime
    visitor: str | None
    customer_id: int | None
    customer_name: str | None
    props: dict[str, Any]


class EventArrivals(Schema):
    events: list[ArrivedEventOut]
    refused: list[FailedEventOut] = Field(description="Only for those who may replay them.")


class ArrivalsFilter(Schema):
    limit: int = Field(50, ge=1, le=200)


@router.get("/event-sources", response=EventSources)
@needs(Permission.SEE_EVENTS)
def list_sources(request: ViewerRequest) -> EventSources:
    return EventSources(items=_told(list(EventSource.objects.order_by("pk"))))


@router.post("/event-sources", response={201: NewEventSourceOut})
@needs(Permission.EDIT_EVENT_SOURCES)
def create(request: ViewerRequest, given: EventSourceIn) -> Status:
    """The answer holds the write key; later it is told by an address of its own, on record."""
    source = create_source(SourceDraft(**given.dict()), by=request.auth.actor)
    return Status(201, NewEventSourceOut(**_told([source])[0].dict(), write_key=source.write_key))


@router.get("/event-sources/{int:source_id}", response=EventSourceOut)
@needs(Permission.SEE_EVENTS)
def read(request: ViewerRequest, source_id: Id) -> EventSourceOut:
    return _told([_find(source_id)])[0]


@router.patch("/event-sources/{int:source_id}", response=EventSourceOut)
@needs(Permission.EDIT_EVENT_SOURCES)
def change(request: ViewerRequest, source_id: Id, given: EventSourceEdit) -> EventSourceOut:
    return _told([change_source(_find(source_id), SourceChange(**given.dict()), by=request.auth.actor)])[0]


@router.post("/event-sources/{int:source_id}/write-key", response=WriteKeyOut)
@needs(Permission.EDIT_EVENT_SOURCES)
def reveal(request: ViewerRequest, source_id: Id) -> WriteKeyOut:
    """The write key; that it was shown is on record."""
    return WriteKeyOut(write_key=reveal_key(_find(source_id), by=request.auth.actor))


@router.post("/event-sources/{int:source_id}/write-key/rotate", response=WriteKeyOut)
@needs(Permission.EDIT_EVENT_SOURCES)
def rotate(request: ViewerRequest, source_id: Id, given: KeyRotation) -> WriteKeyOut:
    return WriteKeyOut(write_key=rotate_key(_find(source_id), by=request.auth.actor, at_once=given.at_once).write_key)


@router.get("/event-sources/{int:source_id}/arrivals", response=EventArrivals)
@needs(Permission.SEE_EVENTS)
def arrivals(request: ViewerRequest, source_id: Id, wanted: Query[ArrivalsFilter]) -> EventArrivals:
    """What came lately, and what was refused, the newest first."""
    source = _find(source_id)
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    rows = visible_events(request.auth).filter(source=source.label, pk__gt=last - LOOKED_BACK)
    rows = rows.filter(key__startswith=KEY_PREFIX)  # not what we ourselves said of customers met there
    rows = rows.select_related("customer", "customer__person", "visitor").order_by("-pk")[: wanted.limit]
    refused: list[FailedEventOut] = []
    if request.auth.may(Permission.REPLAY_EVENTS) and request.auth.sees_all:
        waiting = FailedEvent.objects.filter(source=source, state=FailedState.WAITING).select_related("source")
        refused = [failed_out(row) for row in waiting.order_by("-last_at", "-pk")[: wanted.limit]]
    return EventArrivals(events=[_arrived(row) for row in rows], refused=refused)


def _arrived(event: Event) -> ArrivedEventOut:
    person = event.customer and (event.customer.person or event.customer)
    name = own_name(event.name)
    return ArrivedEventOut(
        id=event.pk,
        name=name,
        call="track" if name != event.name else event.name,
        at=event.at,
        received_at=event.received_at,
        visitor=event.visitor.value if event.visitor else None,
        customer_id=person.pk if person else None,
        customer_name=person.name if person else None,
        props=event.props,
    )


def _find(source_id: int) -> EventSource:
    source = EventSource.objects.filter(pk=source_id).first()
    if source is None:
        raise NotFound
    return source


def _told(sources: list[EventSource]) -> list[EventSourceOut]:
    learnt = LearntEvent.objects.filter(source__in=sources).order_by().values("source_id")
    summed = learnt.annotate(events=Sum("count"), last=Max("last_at"))
    events = {source: (count, last) for source, count, last in summed.values_list("source_id", "events", "last")}
    waiting = Count("pk", filter=Q(state=FailedState.WAITING))
    failed = FailedEvent.objects.filter(source__in=sources).order_by().values("source_id").annotate(n=waiting)
    failed_of = {row["source_id"]: row["n"] for row in failed}
    return [
        EventSourceOut(
            **{name: getattr(source, name) for name in _SHOWN},
            events=events.get(source.pk, (0, None))[0],
            last_event_at=events.get(source.pk, (0, None))[1],
            failed_waiting=failed_of.get(source.pk, 0),
        )
        for source in sources
    ]


_SHOWN = (
    *("id", "name", "kind", "issuer", "user_id_kind", "allowed_origins", "rate_per_second", "trusts_traits"),
    *("consent_category", "is_enabled", "created_at", "created_by", "old_key_until"),
)
