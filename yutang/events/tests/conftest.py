"""A sender of events that speaks to the door of /v1/ in this process, as the web server does."""

import base64
import gzip
import io
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from yutang.api.collect import collect
from yutang.customers.models import IdentityKind
from yutang.events.collecting import visiting
from yutang.events.collecting.sources import forget_senders
from yutang.events.models import EventSource, SourceKind
from yutang.events.services.sources import SourceDraft, create_source
from yutang.kernel.actors import SYSTEM


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> Any:
        return orjson.loads(self.body)


class Sender:
    """Sends to /v1/ under one write key."""

    def __init__(self, source: EventSource) -> None:
        self.source = source

    def post(self, call: str, message: Any, *, zipped: bool = False, key: str | None = None, **headers: str) -> Answer:
        body = message if isinstance(message, bytes) else orjson.dumps(message)
        if zipped:
            body, headers = gzip.compress(body), headers | {"CONTENT_ENCODING": "gzip"}
        token = self.source.write_key if key is None else key
        if token:
            headers |= {"AUTHORIZATION": "Basic " + base64.b64encode(f"{token}:".encode()).decode()}
        return self.request("POST", f"/v1/{call}", body, **headers)

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        answered: dict[str, Any] = {}

        def start(status: str, told: list[tuple[str, str]]) -> None:
            answered.update(status=int(status.split()[0]), headers=dict(told))

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **{f"HTTP_{name}": value for name, value in headers.items()},
        }
        content = b"".join(collect(environ, start))
        return Answer(answered["status"], answered["headers"], content)

    def track(self, event: str, **fields: Any) -> Answer:
        return self.post("track", {"event": event, **fields})

    def identify(self, **fields: Any) -> Answer:
        return self.post("identify", fields)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_senders()
    visiting.CACHE = visiting.Cache()


@pytest.fixture
def make_source(db: None) -> Callable[..., EventSource]:
    def make(name: str = "商城", **fields: Any) -> EventSource:
        draft = {"kind": SourceKind.SERVER, "issuer": "shop", "user_id_kind": IdentityKind.MEMBER_NO} | fields
        return create_source(SourceDraft(name=name, **draft), by=SYSTEM)

    return make


@pytest.fixture
def sender(make_source: Callable[..., EventSource]) -> Sender:
    return Sender(make_source())
