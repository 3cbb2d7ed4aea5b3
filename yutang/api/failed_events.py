"""Refused events: why, mending them, sending them again."""

from datetime import datetime

from django.db.models import Count, QuerySet
from ninja import Field, Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.api.paged import PagedOut, Paging
from yutang.events.collecting.refusals import sentence
from yutang.events.models import FailedEvent, FailedState
from yutang.events.services.failed import MANY, discard_many, edit_body, replay, replay_many
from yutang.kernel.errors import NotFound
from yutang.kernel.paging import latest_first
from yutang.kernel.permissions import Permission
from yutang.organization.scope import Viewer

router = Router(tags=["failed events"])


class FailedEventOut(Schema):
    id: int
    source_id: int
    source_name: str
    call: str = Field(description="track, identify … or batch, as the address said.")
    event_name: str
    message_id: str
    reason: str
    message: str = Field(description="Why it was refused.")
    body: str = Field(description="What was sent.")
    is_whole: bool = Field(description="False: too big; only its beginning was kept, and it cannot be sent again.")
    is_edited: bool
    times: int = Field(description="How often exactly this was sent.")
    received_at: datetime
    last_at: datetime
    state: FailedState
    settled_at: datetime | None
    settled_by: str


class FailedFilter(Paging):
    source_id: Id | None = None
    reason: str = Field("", max_length=32)
    state: FailedState = FailedState.WAITING


class FailedReasonOut(Schema):
    reason: str
    count: int


class FailedReasons(Schema):
    items: list[FailedReasonOut]


class FailedEdit(Schema):
    body: str = Field(max_length=600_000)


class WhichFailed(Schema):
    """The named ones; without names, all that wait and match."""

    ids: list[Id] | None = Field(None, max_length=MANY)
    source_id: Id | None = None
    reason: str = Field("", max_length=32)


class ReplayOutcome(Schema):
    sent: int
    refused: int
    left: int = Field(description="Still waiting and matching.")


class DiscardOutcome(Schema):
    discarded: int


@router.get("/failed-events", response=PagedOut[FailedEventOut])
@needs(Permission.REPLAY_EVENTS)
def list_failed(request: ViewerRequest, wanted: Query[FailedFilter]) -> PagedOut[FailedEventOut]:
    """What was refused, the latest first."""
    rows = _matching(request.auth, wanted.source_id, wanted.reason).filter(state=wanted.state)
    page = latest_first(rows.select_related("source"), limit=wanted.limit, cursor=wanted.cursor, by="last_at")
    return PagedOut[FailedEventOut].of(page, failed_out)


@router.get("/failed-events/reasons", response=FailedReasons)
@needs(Permission.REPLAY_EVENTS)
def reasons(request: ViewerRequest) -> FailedReasons:
    """How many wait for which reason."""
    waiting = _visible(request.auth).filter(state=FailedState.WAITING).order_by()
    told = waiting.values("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return FailedReasons(items=[FailedReasonOut(reason=row["reason"], count=row["n"]) for row in told])


@router.patch("/failed-events/{int:failed_id}", response=FailedEventOut)
@needs(Permission.REPLAY_EVENTS)
def edit(request: ViewerRequest, failed_id: Id, given: FailedEdit) -> FailedEventOut:
    """Mend what was sent; it is sent by replaying it."""
    return failed_out(edit_body(_find(request.auth, failed_id), given.body, by=request.auth.actor))


@router.post("/failed-events/{int:failed_id}/replay", response=FailedEventOut)
@needs(Permission.REPLAY_EVENTS)
def replay_one(request: ViewerRequest, failed_id: Id) -> FailedEventOut:
    return failed_out(replay(_find(request.auth, failed_id), by=request.auth.actor))


@router.post("/failed-events/replay", response=ReplayOutcome)
@needs(Permission.REPLAY_EVENTS)
def replay_all(request: ViewerRequest, given: WhichFailed) -> ReplayOutcome:
    """Send many again, at most 2,000 at a time, the oldest first."""
    rows = _chosen(request.auth, given)
    sent, refused = replay_many(rows, by=request.auth.actor)
    return ReplayOutcome(sent=sent, refused=refused, left=rows.filter(state=FailedState.WAITING).count())


@router.post("/failed-events/discard", response=DiscardOutcome)
@needs(Permission.REPLAY_EVENTS)
def discard(request: ViewerRequest, given: WhichFailed) -> DiscardOutcome:
    """Put aside what nobody will mend."""
    return DiscardOutcome(discarded=discard_many(_chosen(request.auth, given), by=request.auth.actor))


def _visible(viewer: Viewer) -> QuerySet[FailedEvent]:
    """Whom they are about is not known, so only those who see everybody's customers see them."""
    return FailedEvent.objects.all() if viewer.sees_all else FailedEvent.objects.none()


def _matching(viewer: Viewer, source_id: int | None, reason: str) -> QuerySet[FailedEvent]:
    rows = _visible(viewer)
    rows = rows.filter(source=source_id) if source_id is not None else rows
    return rows.filter(reason=reason) if reason else rows


def _chosen(viewer: Viewer, given: WhichFailed) -> QuerySet[FailedEvent]:
    rows = _matching(viewer, given.source_id, given.reason)
    return rows if given.ids is None else rows.filter(pk__in=given.ids)


def _find(viewer: Viewer, failed_id: int) -> FailedEvent:
    failed = _visible(viewer).select_related("source").filter(pk=failed_id).first()
    if failed is None:
        raise NotFound
    return failed


def failed_out(failed: FailedEvent) -> FailedEventOut:
    """Wants `failed.source` loaded."""
    return FailedEventOut(
        id=failed.pk,
        source_id=failed.source_id,
        source_name=failed.source.name,
        call=failed.call,
        event_name=failed.event_name,
        message_id=failed.message_id,
        reason=failed.reason,
        message=sentence(failed.reason, failed.values).here(),
        body=failed.body,
        is_whole=failed.is_whole,
        is_edited=failed.is_edited,
        times=failed.times,
        received_at=failed.received_at,
        last_at=failed.last_at,
        state=FailedState(failed.state),
        settled_at=failed.settled_at,
        settled_by=failed.settled_by,
    )
