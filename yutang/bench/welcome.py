"""From scan to welcome at 50 new contacts a second, beside the least any program must do: decrypt, and call WeCom."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx

from yutang.bench.far_end import AES_KEY, AGENTID, CORPID, MEMBERS, SECRET, TOKEN, FarEnd, far_end
from yutang.bench.figures import Figure, percentile
from yutang.bench.product import Product, product
from yutang.channels.wecom.crypto import CallbackCrypto
from yutang.channels.wecom.payload import read_callback

RATE, SECONDS = 50, 12
TEXT = "您好，欢迎来到鲜禾果蔬"

_FURNISH = f"""
import django; django.setup()
from yutang.acquisition.services.codes import create_code
from yutang.acquisition.services.welcomes import Holder, set_welcome
from yutang.acquisition.shapes import AssigneeShape, CodeShape, SlotShape, WelcomeShape
from yutang.content.parts import TextPart
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Corp, Member
corp = Corp.objects.get()
set_welcome(Holder(corp), WelcomeShape(slots=[SlotShape(parts=[TextPart(content="{TEXT}")])]), version=None, by=SYSTEM)
assignees = [AssigneeShape(member_id=member.pk) for member in Member.objects.all()]
code = create_code(CodeShape(name="bench", corp_id=corp.pk, rotation="all", assignees=assignees), by=SYSTEM)
import time
while not code.qr_code_url:
    time.sleep(0.1); code.refresh_from_db()
print(code.qr_code_url)
"""


def run() -> list[Figure]:
    with far_end() as outside:
        outside.describe_corp()
        with bare_receiver(outside) as address:
            outside.call_back(address)
            bare = outside.scan_steadily(_bare_code(outside), count=RATE * 4, per_second=RATE, prefix="bare")
        outside.forget_people()
        outside.describe_corp()
        with product("serve") as made:
            code = furnish(made, outside)
            waits = outside.scan_steadily(code, count=RATE * SECONDS, per_second=RATE, prefix="new")
    p99, reference = _p99(waits), _p99(bare)
    missed = sum(1 for wait in waits if wait is None)
    against = f"p99 of a bare receiver that greets at once and keeps nothing; {missed} of {len(waits)} not greeted"
    met = p99 < 1000 and missed == 0
    return [Figure("welcome p99", p99, "ms", reference, against, f"< 1 s at {RATE} adds/s", met)]


def _p99(waits: list[float | None]) -> float:
    return percentile([20.0 if wait is None else wait for wait in waits], 0.99) * 1000


def furnish(made: Product, outside: FarEnd) -> str:
    """Connect the corp, read its members, make a welcome and a code. Returns the address of the code's picture."""
    connect = ["-m", "yutang", "corp", "connect", CORPID, "--name", "bench", "--agent-id", str(AGENTID)]
    connect += ["--secret", SECRET, "--base-url", outside.url, "--json"]
    entered = json.loads(made.run(*connect, "--callback-token", TOKEN, "--callback-aes-key", AES_KEY))
    outside.call_back(entered["url"])
    made.run("-m", "yutang", "corp", "sync", CORPID, "--only", "address_book", "--json")
    return made.run("-c", _FURNISH).strip()


def _bare_code(outside: FarEnd) -> str:
    way = {"corpid": CORPID, "agentid": AGENTID, "remark": "bare", "state": "bare", "user": MEMBERS, "type": 2}
    return str(outside.post("/contact_ways", way)["config_id"])


@contextmanager
def bare_receiver(outside: FarEnd) -> Iterator[str]:
    """A receiver without a database, queue or page: the reference."""
    crypto = CallbackCrypto(token=TOKEN, encoding_aes_key=AES_KEY, receive_id=CORPID)
    http = httpx.Client(base_url=f"{outside.url}/cgi-bin", limits=httpx.Limits(max_connections=32))
    answer = http.get("/gettoken", params={"corpid": CORPID, "corpsecret": SECRET}).json()
    token = {"access_token": answer["access_token"]}

    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body = self.rfile.read(int(self.headers["Content-Length"]))
            plain = crypto.open(
                signature=query["msg_signature"], timestamp=query["timestamp"], nonce=query["nonce"], body=body
            )
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            code = read_callback(plain).fields.get("WelcomeCode")
            if code:
                welcome = {"welcome_code": code, "text": {"content": TEXT}}
                http.post("/externalcontact/send_welcome_msg", params=token, json=welcome)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        http.close()
