"""The callback inbox: what channels delivered, word for word, and putting it to work again."""

from datetime import datetime

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.paged import PagedOut, Paging
from yutang.channels.wecom.replay import replay
from yutang.events.models import InboxMessage, InboxState
from yutang.kernel.errors import NotFound
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.scope import Viewer

router = Router(tags=["inbox"])


class InboxOut(Schema):
    id: int
    channel: str
    corp_id: int | None
    corp_name: str | None
    kind: str = Field(description="As the channel names it, as in change_external_contact/add_external_contact.")
    happened_at: datetime | None
    received_at: datetime
    processed_at: datetime | None
    deliveries: int = Field(description="How often the channel sent it.")
    state: InboxState
    attempts: int
    error: str | None


class InboxWhole(InboxOut):
    body: str = Field(description="What came, decrypted. Welcome codes are left out.")


class InboxFilter(Paging):
    state: InboxState | None = None
    kind: str = Field("", max_length=100, description="The beginning of the kind.")
    corp_id: int | None = None


@router.get("/inbox", response=PagedOut[InboxOut])
@needs(Permission.SEE_INBOX)
def list_inbox(request: ViewerRequest, wanted: Query[InboxFilter]) -> PagedOut[InboxOut]:
    rows = _visible(request.auth)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind__startswith=wanted.kind)
    if wanted.corp_id is not None:
        rows = rows.filter(corp_id=wanted.corp_id)
    return PagedOut[InboxOut].of(newest_first(rows, limit=wanted.limit, cursor=wanted.cursor), _row)


@router.get("/inbox/{message_id}", response=InboxWhole)
@needs(Permission.SEE_INBOX)
def read_inbox_message(request: ViewerRequest, message_id: int) -> InboxWhole:
    message = _find(request.auth, message_id)
    return InboxWhole(**_row(message).dict(), body=message.body)


@router.post("/inbox/{message_id}/replay", response=InboxOut)
@needs(Permission.REPLAY_INBOX)
def replay_inbox_message(request: ViewerRequest, message_id: int) -> InboxOut:
    """Process it once more. What it did before is not done twice."""
    message = _find(request.auth, message_id)
    replay(message, by=request.auth.actor)
    message.refresh_from_db()
    return _row(message)


def _visible(viewer: Viewer) -> QuerySet[InboxMessage]:
    """Raw deliveries name customers of everybody, so only those who see everybody's customers see them."""
    rows = InboxMessage.objects.select_related("corp").defer("body")
    return rows if viewer.sees_all else rows.none()


def _find(viewer: Viewer, message_id: int) -> InboxMessage:
    message = _visible(viewer).filter(pk=message_id).first()
    if message is None:
        raise NotFound
    return message


def _row(message: InboxMessage) -> InboxOut:
    return InboxOut(
        id=message.pk,
        channel=message.channel,
        corp_id=message.corp_id,
        corp_name=message.corp.name if message.corp else None,
        kind=message.kind,
        happened_at=message.happened_at,
        received_at=message.received_at,
        processed_at=message.processed_at,
        deliveries=message.deliveries,
        state=InboxState(message.state),
        attempts=message.attempts,
        error=message.error or None,
    )
