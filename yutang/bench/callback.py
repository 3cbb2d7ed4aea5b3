"""Callbacks at 200 a second: verify, decrypt, store, answer; beside an address of the same server that does nothing."""

import json
import time

from yutang.bench.figures import Figure, percentile
from yutang.bench.load import Answer, Shot, evenly
from yutang.bench.product import Product, product
from yutang.channels.wecom.crypto import CallbackCrypto

RATE, SECONDS = 200, 10
CORPID, TOKEN, AES_KEY = "ww00000000000bench", "benchToken", "kWxTq7mRzPn4vYc2hLd9sJf6gBt3aEu8oXiQw5yVrNM"

_CONNECT = f"""
import django; django.setup()
from yutang.channels.wecom.models import WeComApp
from yutang.kernel import clock
from yutang.organization.models import Corp
corp = Corp.objects.create(name="bench", wecom_corpid="{CORPID}", created_at=clock.now())
app = WeComApp.objects.create(corp=corp, agent_id=1, secret="none", callback_token="{TOKEN}",
    callback_aes_key="{AES_KEY}", base_url="http://127.0.0.1:9", created_at=clock.now(), updated_at=clock.now())
print(app.public_id)
"""
_STORED = (
    "import django; django.setup(); from yutang.events.models import InboxMessage; print(InboxMessage.objects.count())"
)


def run() -> list[Figure]:
    # `web` alone: what is measured is taking callbacks in; working through them is a worker's affair.
    with product("web") as made:
        public_id = made.run("-c", _CONNECT).strip()
        fire(made, evenly(RATE, per_second=RATE, make=lambda n, at: Shot(at, "GET", f"{made.url}/api/health")))
        idle = fire(
            made, evenly(RATE * 3, per_second=RATE, make=lambda n, at: Shot(at, "GET", f"{made.url}/api/health"))
        )
        answers = fire(made, callbacks(f"{made.url}/callbacks/wecom/{public_id}"))
        stored = int(made.run("-c", _STORED))
    refused = [answer for answer in answers if answer.status != 200]
    if refused or stored != len(answers):
        raise RuntimeError(f"{len(refused)} of {len(answers)} callbacks refused, {stored} stored; first: {refused[:1]}")
    p99 = percentile([answer.seconds for answer in answers], 0.99) * 1000
    reference = percentile([answer.seconds for answer in idle], 0.99) * 1000
    against = "p99 of GET /api/health at the same rate"
    return [Figure("callback p99", p99, "ms", reference, against, f"< 50 ms at {RATE}/s", p99 < 50)]


def callbacks(url: str) -> list[Shot]:
    """Sealed as WeCom seals them: two hundred people a second editing their contacts."""
    crypto = CallbackCrypto(token=TOKEN, encoding_aes_key=AES_KEY, receive_id=CORPID)
    now = int(time.time())

    def make(number: int, at: float) -> Shot:
        plain = (
            f"<xml><ToUserName><![CDATA[{CORPID}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>"
            f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
            "<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[edit_external_contact]]></ChangeType>"
            f"<UserID><![CDATA[member{number % 20}]]></UserID>"
            f"<ExternalUserID><![CDATA[wm{number:030d}]]></ExternalUserID></xml>"
        )
        sealed = crypto.seal(plain, timestamp=now, nonce=f"n{number}")
        query = f"msg_signature={sealed.signature}&timestamp={now}&nonce=n{number}"
        body = (
            f"<xml><ToUserName><![CDATA[{CORPID}]]></ToUserName><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
        )
        return Shot(at, "POST", f"{url}?{query}", body)

    return evenly(RATE * SECONDS, per_second=RATE, make=make)


def fire(made: Product, shots: list[Shot]) -> list[Answer]:
    """From a process of its own, so that the measured one keeps its core."""
    said = made.run("-m", "yutang.bench.load", stdin=json.dumps([vars(shot) for shot in shots]))
    return [Answer(**answer) for answer in json.loads(said)]
