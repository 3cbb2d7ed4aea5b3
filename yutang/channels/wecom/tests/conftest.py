import gzip
import json
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from yutang.channels.wecom.connection import forget_process_state
from yutang.channels.wecom.crypto import CallbackCrypto
from yutang.channels.wecom.models import WeComApp
from yutang.kernel import clock

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


@pytest.fixture(scope="session")
def protocol_samples(test_data: Path) -> Path:
    """The folder of WeCom samples and vectors collected from public SDKs."""
    return test_data / "wecom_protocol"


@pytest.fixture(scope="session")
def crypto_vectors(protocol_samples: Path) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((protocol_samples / "crypto_vectors.json").read_text())
    return vectors


@pytest.fixture(scope="session")
def callback_samples(protocol_samples: Path) -> list[dict[str, Any]]:
    return _json_lines(protocol_samples / "callbacks.jsonl.gz")


@pytest.fixture(scope="session")
def api_samples(protocol_samples: Path) -> list[dict[str, Any]]:
    return _json_lines(protocol_samples / "api_samples.jsonl.gz")


def _json_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_process_state()


@pytest.fixture
def wecom_app(make_corp: Callable[..., Any]) -> WeComApp:
    """A connected app whose far end is nowhere."""
    corp = make_corp(corpid="ww0123456789abcdef")
    return WeComApp.objects.create(
        corp=corp,
        agent_id=1000002,
        secret="the-secret",
        callback_token=TOKEN,
        callback_aes_key=AES_KEY,
        base_url="http://127.0.0.1:9",
        created_at=clock.now(),
        updated_at=clock.now(),
    )


class CallbackSender:
    """Posts callbacks to an app's address as WeCom does: each time with a new envelope."""

    def __init__(self, app: WeComApp) -> None:
        self.path = f"/callbacks/wecom/{app.public_id}"
        self.corpid = app.corp.wecom_corpid
        self.crypto = CallbackCrypto(token=TOKEN, encoding_aes_key=AES_KEY, receive_id=self.corpid)
        self.client = Client(enforce_csrf_checks=True)

    def event(self, event: str, change: str = "", at: datetime | None = None, **elements: object) -> str:
        """The plain text of an event. `at` is its CreateTime."""
        told = {
            "ToUserName": self.corpid,
            "FromUserName": "sys",
            "CreateTime": int((at or clock.now()).timestamp()),
            "MsgType": "event",
            "Event": event,
            "ChangeType": change,
            **elements,
        }
        inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in told.items() if value != "")
        return f"<xml>{inside}</xml>"

    def contact(self, change: str, external_userid: str = "wmA", userid: str = "zhangsan", **more: Any) -> str:
        return self.event("change_external_contact", change, UserID=userid, ExternalUserID=external_userid, **more)

    def post(self, plain: str, *, timestamp: int | None = None, signature: str | None = None) -> HttpResponse:
        nonce = secrets.token_hex(5)
        sealed = self.crypto.seal(plain, timestamp=timestamp or int(clock.now().timestamp()), nonce=nonce)
        body = (
            f"<xml><ToUserName><![CDATA[{self.corpid}]]></ToUserName><AgentID>1000002</AgentID>"
            f"<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
        )
        query = {"msg_signature": signature or sealed.signature, "timestamp": sealed.timestamp, "nonce": nonce}
        return self.client.post(self.path, body, content_type="text/xml", query_params=query)


@pytest.fixture
def sender(wecom_app: WeComApp) -> CallbackSender:
    return CallbackSender(wecom_app)
