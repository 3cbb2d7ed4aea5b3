"""Where every /cgi-bin/ request comes in: token, trusted address, frequency, grant, parameters, then the handler."""

from __future__ import annotations

import asyncio
import inspect
import logging
import secrets
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from outside import faults
from outside.endpoints import ENDPOINTS, Answer, Call, Endpoint, FileAnswer, Upload
from outside.errors import WeComError
from outside.params import INVALID, read_all
from outside.rates import RateLimiter
from outside.records import App, Fault
from outside.tokens import app_of_token, expire_tokens, get_token
from outside.world import World

_log = logging.getLogger(__name__)
_LARGEST_JSON = 10 * 1024 * 1024  # bytes
_CUSTOMER_ROLES = {"customer": ("app", "customer"), "own_customer": ("app",)}
_NOT_COUNTED = frozenset({"auth/getuserinfo", "user/getuserinfo"})


class JsonAnswer(Response):
    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


class BrokenAnswer(Response):
    """A connection that breaks off: more bytes are announced than ever come."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionResetError("connection dropped by a fault")


@dataclass
class LoggedCall:
    at: float
    corpid: str
    agentid: int
    verb: str
    path: str
    given: dict[str, Any]
    errcode: int
    seconds: float


class Gateway:
    def __init__(self, world: World) -> None:
        self.world = world
        self.rates = RateLimiter(world)
        self.log: deque[LoggedCall] = deque(maxlen=2000)
        self._refusals = 0

    async def answer(self, request: Request) -> Response:
        path = request.path_params["path"].strip("/")
        started = time.monotonic()
        entry = LoggedCall(self.world.clock.now(), "", 0, request.method, path, {}, 0, 0.0)
        self.log.append(entry)
        try:
            return await self._answer(request, path, entry)
        except WeComError as refusal:
            entry.errcode = refusal.code
            return self.refuse(request, refusal)
        except Exception:
            # our own mistake, answered as the real server answers its own
            _log.exception("%s %s", request.method, path)
            entry.errcode = -1
            return self.refuse(request, WeComError(-1))
        finally:
            self.world.commit()
            entry.seconds = time.monotonic() - started

    async def _get_token(self, request: Request, entry: LoggedCall) -> Response:
        """The one call without a token."""
        path, query = "gettoken", request.query_params
        entry.corpid = corpid = query.get("corpid", "")
        before, after = self._struck(corpid, path)
        if (broken := await self._suffer(before, corpid, path)) is not None:
            return broken
        self.rates.check(corpid, _address(request), path)
        answer = get_token(self.world, query)
        self.world.commit()
        broken = await self._suffer(after, corpid, path)
        return broken if broken is not None else _respond(answer)

    def _struck(self, corpid: str, path: str) -> tuple[list[Fault], list[Fault]]:
        """Faults that strike before the call takes effect, and those after."""
        struck = faults.strike(self.world, faults.API_FAULTS, corpid, path)
        after = [f for f in struck if f.options.get("when") == "after"]
        return [f for f in struck if f not in after], after

    async def _answer(self, request: Request, path: str, entry: LoggedCall) -> Response:
        if path == "gettoken":
            return await self._get_token(request, entry)
        endpoint = ENDPOINTS.get(path)
        if endpoint is None:
            raise WeComError(48002, f"this server does not offer /cgi-bin/{path}")
        app = self._caller(request)
        entry.corpid, entry.agentid = app.corpid, app.agentid
        before, after = self._struck(app.corpid, path)
        with self._running(app.corpid, path):
            broken = await self._suffer(before, app.corpid, path, app)
            if broken is not None:
                return broken
            call = await self._admit(request, endpoint, app, entry)
            answer = endpoint.handler(call)
            result = await answer if inspect.isawaitable(answer) else answer
            self.world.commit()
            broken = await self._suffer(after, app.corpid, path, app)
        return broken if broken is not None else _respond(result)

    def _caller(self, request: Request) -> App:
        token = request.query_params.get("access_token")
        if not token:
            raise WeComError(41001)
        app, expires = app_of_token(self.world, token)
        if not app.enabled:
            raise WeComError(50003)
        if self.world.clock.now() >= expires:
            raise WeComError(42001)
        return app

    async def _admit(self, request: Request, endpoint: Endpoint, app: App, entry: LoggedCall) -> Call:
        ip = _address(request)
        if app.trusted_ips and ip not in app.trusted_ips:
            raise WeComError(60020)
        if endpoint.path not in _NOT_COUNTED:
            self.rates.check(app.corpid, ip, endpoint.path)
        _check_grant(endpoint, app)
        corp = self.world.corps.get(app.corpid)
        assert corp is not None
        given, uploads = await self._read(request, endpoint)
        entry.given = given
        call = Call(self.world, corp, app, given, uploads=uploads, ip=ip)
        call.params = read_all(endpoint.params, given)
        return call

    @contextmanager
    def _running(self, corpid: str, path: str) -> Iterator[None]:
        self.rates.enter(corpid, path)
        try:
            yield
        finally:
            self.rates.leave(corpid, path)

    async def _suffer(self, struck: list[Fault], corpid: str, path: str, app: App | None = None) -> Response | None:
        for fault in struck:
            match fault.what:
                case "latency":
                    await asyncio.sleep(float(fault.options.get("seconds", 1)))
                case "errcode":
                    raise WeComError(int(fault.options.get("errcode", -1)), fault.options.get("errmsg", ""))
                case "token_expired" if app is not None:
                    expire_tokens(self.world, app)
                    raise WeComError(int(fault.options.get("errcode", 42001)))
                case "ip_rejected":
                    raise WeComError(60020)
                case "rate_limited":
                    self.rates.penalize(corpid, path, float(fault.options.get("seconds", 60)))
                    raise WeComError(45009)
                case "http_500":
                    return Response("Internal Server Error", status_code=int(fault.options.get("status", 500)))
                case "drop":
                    return BrokenAnswer()
        return None

    async def _read(self, request: Request, endpoint: Endpoint) -> tuple[dict[str, Any], list[Upload]]:
        given: dict[str, Any] = {k: v for k, v in request.query_params.items() if k != "access_token"}
        if endpoint.verb == "GET":
            return given, []
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            return given, await _read_uploads(request)
        if endpoint.verb == "UPLOAD":
            return given, []
        if request.method == "GET":
            # the body of such a request is not read: the first parameter is found missing
            read_all(endpoint.params, {})
            raise WeComError(INVALID, "use POST")
        return await self._read_json(request), []

    async def _read_json(self, request: Request) -> dict[str, Any]:
        body = await request.body()
        if len(body) > _LARGEST_JSON:
            raise WeComError(40206)
        if not body.strip():
            return {}
        if self.world.switch("reject_unicode_escapes") and b"\\u" in body:
            raise WeComError(40033)
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise WeComError(INVALID, "Warning: wrong json format.") from error
        if not isinstance(given, dict):
            raise WeComError(INVALID, "Warning: wrong json format.")
        return given

    def refuse(self, request: Request, refusal: WeComError) -> JsonAnswer:
        self._refusals += 1
        hint = f"[{self.world.clock.seconds()}_{self._refusals % 1000}_{secrets.token_hex(16)}]"
        more = f"https://open.work.weixin.qq.com/devtool/query?e={refusal.code}"
        text = f"{refusal.text}, hint: {hint}, from ip: {_address(request)}, more info at {more}"
        return JsonAnswer({"errcode": refusal.code, "errmsg": text})


def _check_grant(endpoint: Endpoint, app: App) -> None:
    match endpoint.grant:
        case "any":
            allowed = True
        case "read":
            if app.role == "contacts" and not app.reads_details:
                raise WeComError(48009)
            allowed = True
        case "contacts":
            allowed = app.role == "contacts"
        case "app":
            allowed = app.role == "app"
        case grant:
            allowed = app.role in _CUSTOMER_ROLES[grant] and app.callable
    if not allowed:
        raise WeComError(48002)


async def _read_uploads(request: Request) -> list[Upload]:
    form = await request.form(max_files=10, max_part_size=64 * 1024 * 1024)
    uploads = []
    for name, value in form.multi_items():
        if not isinstance(value, str):
            body = await value.read()
            uploads.append(Upload(name, value.filename or "file", value.content_type or "", body))
    return uploads


def _address(request: Request) -> str:
    return request.client.host if request.client else "127.0.0.1"


def _respond(result: Answer | FileAnswer) -> Response:
    if isinstance(result, FileAnswer):
        return FileResponse(result.path, media_type=result.content_type, filename=result.filename)
    return JsonAnswer({"errcode": 0, "errmsg": "ok", **result})
