"""Putting a stored callback to work again: by hand, after a fault is mended or a newer version knows its kind."""

from django.db import transaction

from yutang.channels.wecom.callbacks import enqueue_processing
from yutang.channels.wecom.connection import app_of
from yutang.events.models import InboxMessage, InboxState
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit


@transaction.atomic
def replay(message: InboxMessage, *, by: Actor) -> None:
    """Process a stored callback once more; what was done stays done once. Raises NotConnected."""
    if message.corp is None:
        return
    app = app_of(message.corp)
    InboxMessage.objects.filter(pk=message.pk).update(state=InboxState.WAITING, error="", processed_at=None)
    enqueue_processing(message.pk, app_id=app.pk)
    audit("inbox.replayed", by=by, subject_kind="inbox_message", subject_id=message.pk, kind=message.kind)
