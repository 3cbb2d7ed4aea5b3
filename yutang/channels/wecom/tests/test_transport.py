import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.errors import WeComError, WeComRateLimited, WeComUnreachable
from yutang.channels.wecom.limiter import Limiter, MemoryBlocks
from yutang.channels.wecom.limits import Rate, Scope
from yutang.channels.wecom.tokens import MemoryTokens
from yutang.channels.wecom.transport import Credentials, Transport, Upload, open_connections

SECRET = "the-secret-of-the-app"


class FarEnd:
    """Answers HTTP as WeCom does, from a script per call, and keeps what it was sent."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.scripts: dict[str, list[Any]] = {}
        self.tokens = 0

    def answers(self, path: str, *answers: Any) -> None:
        self.scripts[path] = list(answers)

    def calls(self, path: str) -> list[httpx.Request]:
        return [request for request in self.asked if request.url.path == f"/cgi-bin/{path}"]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/cgi-bin/")
        if path == "gettoken" and path not in self.scripts:
            self.tokens += 1
            return httpx.Response(200, json={"errcode": 0, "access_token": f"token-{self.tokens}", "expires_in": 7200})
        script = self.scripts.get(path, [{"errcode": 0, "errmsg": "ok"}])
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


class Bench:
    """A client at a far end, with a clock that stands still and naps that are written down."""

    def __init__(self, far_end: FarEnd, rates: Callable[..., list[Rate]] | None = None) -> None:
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.naps: list[float] = []
        self.seconds = 1000.0
        self.blocks = MemoryBlocks()
        options: dict[str, Any] = {"rates": rates} if rates else {}
        limiter = Limiter(self.blocks, now=lambda: self.now, monotonic=lambda: self.seconds, sleep=self.nap, **options)
        self.client = WeComClient(
            Transport(
                Credentials("ww0123456789abcdef", SECRET, 1000002, "http://wecom.example"),
                http=open_connections(httpx.MockTransport(far_end)),
                tokens=MemoryTokens(),
                limiter=limiter,
                now=lambda: self.now,
                sleep=self.nap,
            )
        )

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds


@pytest.fixture
def far_end() -> FarEnd:
    return FarEnd()


@pytest.fixture
def bench(far_end) -> Bench:
    return Bench(far_end)


def test_a_call_carries_a_token_raw_unicode_and_only_what_was_given(far_end, bench):
    answer = {"errcode": 0, "errmsg": "ok", "brand_new_field": {"deep": [1]}}
    far_end.answers("externalcontact/remark", answer)
    assert bench.client.call("externalcontact/remark", userid="u1", remark="鱼塘", description=None) == answer

    (request,) = far_end.calls("externalcontact/remark")
    assert request.url.params["access_token"] == "token-1"
    assert request.content == '{"userid":"u1","remark":"鱼塘"}'.encode()
    assert len(far_end.calls("gettoken")) == 1
    bench.client.call("externalcontact/remark", userid="u1")
    assert len(far_end.calls("gettoken")) == 1


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_that_ended_early_is_fetched_again_once(far_end, bench, code):
    far_end.answers("user/get", {"errcode": code, "errmsg": "expired"}, {"errcode": 0, "userid": "u1"})
    assert bench.client.member("u1")["userid"] == "u1"
    assert [request.url.params["access_token"] for request in far_end.calls("user/get")] == ["token-1", "token-2"]

    far_end.answers("user/get", {"errcode": code, "errmsg": "expired"})
    with pytest.raises(WeComError) as refused:
        bench.client.member("u1")
    assert refused.value.errcode == code
    assert len(far_end.calls("user/get")) == 4


def test_a_token_near_its_end_is_not_used(far_end, bench):
    bench.client.member("u1")
    bench.now += timedelta(seconds=7199)
    bench.client.member("u1")
    assert len(far_end.calls("gettoken")) == 2


def test_many_threads_fetch_one_token(far_end, bench):
    threads = [threading.Thread(target=bench.client.member, args=("u1",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(far_end.calls("gettoken")) == 1
    assert len(far_end.calls("user/get")) == 12


@pytest.mark.parametrize("code", [-1, 6000, 45033])
def test_busy_answers_are_tried_again_three_times_with_growing_pauses(far_end, bench, code):
    far_end.answers("user/get", {"errcode": code, "errmsg": "busy"})
    with pytest.raises(WeComError) as refused:
        bench.client.member("u1")
    assert (refused.value.errcode, refused.value.can_retry) == (code, True)
    assert len(far_end.calls("user/get")) == 4
    assert bench.naps == sorted(bench.naps)


@pytest.mark.parametrize("code", [40001, 40058, 41050, 41063, 41096, 48002, 60020, 84061, 999999])
def test_other_errors_are_not_tried_again(far_end, bench, code):
    far_end.answers("user/get", {"errcode": code, "errmsg": "no"})
    with pytest.raises(WeComError):
        bench.client.member("u1")
    assert (len(far_end.calls("user/get")), bench.naps) == (1, [])


def test_a_lockout_stops_calls_for_a_minute_and_then_for_an_hour(far_end, bench):
    far_end.answers("user/get", {"errcode": 45009, "errmsg": "api freq out of limit"})
    for seconds in (60, 3600):
        with pytest.raises(WeComRateLimited) as refused:
            bench.client.member("u1")
        assert refused.value.retry_after == seconds
        asked = len(far_end.calls("user/get"))
        with pytest.raises(WeComRateLimited):
            bench.client.member("u1")
        assert len(far_end.calls("user/get")) == asked
        assert bench.client.call("department/list")["errcode"] == 0
        bench.now += timedelta(seconds=seconds)


def test_calls_beyond_the_rate_wait_a_little_or_are_sent_away(far_end):
    rates = lambda bucket, on: [Rate("*", Scope.CORP, 3, 6, "test")]  # noqa: E731
    bench = Bench(far_end, rates)
    bench.client.token()
    for _ in range(3):
        bench.client.member("u1")
    with pytest.raises(WeComRateLimited) as held:
        bench.client.member("u1")
    assert 5 < held.value.retry_after <= 6.2
    bench.seconds += 4
    bench.client.member("u1")
    assert sum(bench.naps) <= 2.2
    assert len(far_end.calls("user/get")) == 4


@pytest.mark.parametrize(
    ("fault", "sent", "asked"),
    [
        (httpx.ConnectError("refused"), False, 1),
        (httpx.ReadTimeout("slow"), True, 1),
        (httpx.RemoteProtocolError("closed"), True, 2),
        (httpx.Response(502, text="bad gateway"), True, 1),
        (httpx.Response(200, text="<html>"), True, 1),
        (httpx.Response(200, text="[1]"), True, 1),
    ],
    ids=["refused", "slow", "closed", "gateway", "html", "list"],
)
def test_no_answer_is_told_apart_by_whether_the_call_was_heard(far_end, bench, fault, sent, asked):
    bench.client.token()
    far_end.answers("user/get", fault)
    with pytest.raises(WeComUnreachable) as unreachable:
        bench.client.member("u1")
    assert (unreachable.value.sent, unreachable.value.can_retry) == (sent, True)
    assert len(far_end.calls("user/get")) == asked


def test_a_call_with_consequences_is_never_repeated_blindly(far_end, bench):
    far_end.answers("message/send", httpx.RemoteProtocolError("closed"))
    with pytest.raises(WeComUnreachable):
        bench.client.send_text_to_members(["u1"], "hello")
    assert len(far_end.calls("message/send")) == 1


def test_pages_go_on_from_a_kept_cursor_and_a_short_page_is_not_the_end(far_end, bench):
    def page(request: httpx.Request) -> dict[str, Any]:
        cursor = json.loads(request.content)["cursor"]
        start = int(cursor or 0)
        rows = [start] if start != 2 else []
        return {"errcode": 0, "external_contact_list": rows, "next_cursor": str(start + 1) if start < 4 else ""}

    far_end.scripts["externalcontact/batch/get_by_user"] = []
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, json=page(request)) if request.content else far_end(request)
    )
    bench.client._transport._http = open_connections(transport)
    pages = list(bench.client.customers_of(["u1", "u2"]))
    assert [page.items for page in pages] == [[0], [1], [], [3], [4]]
    assert [p.items for p in bench.client.customers_of(["u1"], cursor=pages[2].next_cursor)] == [[3], [4]]


def test_a_member_without_customers_has_an_empty_list(far_end, bench):
    far_end.answers("externalcontact/list", {"errcode": 84061, "errmsg": "not external contact"})
    assert bench.client.customer_ids_of("u9") == []


def test_a_customer_with_many_followers_is_read_to_the_last_page(far_end, bench):
    contact = {"external_userid": "wmA"}
    far_end.answers(
        "externalcontact/get",
        {"errcode": 0, "external_contact": contact, "follow_user": [{"userid": "u1"}], "next_cursor": "c"},
        {"errcode": 0, "external_contact": contact, "follow_user": [{"userid": "u2"}]},
    )
    assert [f["userid"] for f in bench.client.customer("wmA")["follow_user"]] == ["u1", "u2"]


def test_files_go_up_as_form_data_and_come_down_as_bytes(far_end, bench):
    far_end.answers("media/upload", {"errcode": 0, "media_id": "M1", "created_at": "1700000000"})
    assert bench.client.upload_media("image", Upload("鱼.png", b"\x89PNG....", "image/png")) == "M1"
    (request,) = far_end.calls("media/upload")
    body = request.read()
    assert request.url.params["type"] == "image"
    assert b'name="media"' in body
    assert "鱼.png".encode() in body

    far_end.answers(
        "media/get",
        httpx.Response(200, content=b"bytes", headers={"content-type": "image/png"}),
        {"errcode": 40007, "errmsg": "invalid media_id"},
    )
    assert bench.client.download("media/get", media_id="M1") == (b"bytes", "image/png")
    with pytest.raises(WeComError) as refused:
        bench.client.download("media/get", media_id="M2")
    assert refused.value.errcode == 40007


def test_neither_secret_nor_token_reaches_the_log_or_an_error(far_end, bench, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    far_end.answers("gettoken", {"errcode": 40001, "errmsg": f"corpsecret={SECRET} is wrong"})
    with pytest.raises(WeComError) as refused:
        bench.client.token()
    far_end.scripts.pop("gettoken")
    bench.client.member("u1")
    far_end.answers("user/get", httpx.ReadTimeout("token-1"))
    with pytest.raises(WeComUnreachable) as unreachable:
        bench.client.member("u1")
    everything = f"{caplog.text}{refused.value}{refused.value.said}{unreachable.value}{bench.client.credentials}"
    assert SECRET not in everything
    assert "token-1" not in everything
    assert "user/get" in everything
