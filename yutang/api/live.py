"""The live channel: server-sent events that say what changed, so that open pages refresh themselves."""

import time
from collections.abc import Generator, Iterator

import orjson
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from ninja import Router

from yutang.api.auth import ViewerRequest, needs
from yutang.api.broadcast import BROADCASTER, Change
from yutang.events.models import Event
from yutang.events.sentences import label_of, sentence_of
from yutang.kernel.language import current_language, speak
from yutang.kernel.permissions import Permission
from yutang.organization.models import Account
from yutang.organization.scope import Viewer

router = Router(tags=["live"])

HEARTBEAT_SECONDS = 3.0  # how soon a browser that went away, or a server that is to stop, is noticed
CHECK_SECONDS = 15.0  # how soon a session that was ended elsewhere loses its stream
STREAM_SECONDS = 600.0  # then the browser connects anew, with the scope and the rights of then


@router.get("/live", openapi_extra={"responses": {200: {"content": {"text/event-stream": {}}}}})
@needs(Permission.SEE_OVERVIEW)
def live(request: ViewerRequest) -> HttpResponseBase:
    """Server-sent events named `change`: {topics, count, events}. 503 with Retry-After when all places are taken."""
    stream = LiveStream(request.auth, request.session.session_key or "")
    response = StreamingHttpResponse(stream, content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep events back until it has enough of them
    connection.close()  # a waiting stream holds none
    return response


class LiveStream:
    """The bytes of one stream. Closing it gives its place back, even if nothing was ever read from it."""

    def __init__(self, viewer: Viewer, session_key: str) -> None:
        self._viewer, self._session_key = viewer, session_key
        self._language = current_language()
        self._listener = BROADCASTER.join(viewer.member_ids)
        self._parts = self._write()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._parts)

    def close(self) -> None:
        BROADCASTER.leave(self._listener)
        self._parts.close()

    def _write(self) -> Generator[bytes, None, None]:
        yield b"retry: 3000\n\n"
        now = checked = time.monotonic()
        ends = now + STREAM_SECONDS
        while now < ends:
            change = self._listener.take(HEARTBEAT_SECONDS)
            now = time.monotonic()
            if change is not None or now - checked >= CHECK_SECONDS:
                if not self._still_signed_in():
                    return
                checked = now
            speak(self._language)  # each part may be asked for by another thread
            yield b": still here\n\n" if change is None else b"event: change\ndata: " + told(change) + b"\n\n"

    def _still_signed_in(self) -> bool:
        try:
            account = Account.objects.filter(pk=self._viewer.account.pk, is_active=True)
            session = Session.objects.filter(session_key=self._session_key, expire_date__gt=timezone.now())
            return account.exists() and session.exists()
        finally:
            connection.close()


def told(change: Change) -> bytes:
    events = [event_told(event) for event in change.events]
    return orjson.dumps({"topics": sorted(change.topics), "count": change.count, "events": events})


def event_told(event: Event) -> dict[str, object]:
    person = event.customer and (event.customer.person or event.customer)
    return {
        "id": event.pk,
        "name": event.name,
        "label": label_of(event.name).here(),
        "sentence": sentence_of(event).here(),
        "customer_id": person.pk if person else None,
        "customer_name": person.name if person else None,
        "at": event.at,
    }
