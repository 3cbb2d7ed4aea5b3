"""One call to WeCom: the token put on, the rate kept, the answer judged, and tried again only where that is right."""

import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpx

from yutang.channels.wecom.errcodes import Reaction
from yutang.channels.wecom.errors import WeComError, WeComRateLimited, WeComUnreachable
from yutang.channels.wecom.limiter import Limiter
from yutang.channels.wecom.protocol import Endpoint, Verb, endpoint
from yutang.channels.wecom.tokens import Token, TokenStore, usable_token

log = logging.getLogger(__name__)

OFFICIAL_BASE_URL = "https://qyapi.weixin.qq.com"
TIMEOUT = httpx.Timeout(10.0, connect=3.0)  # seconds
UPLOAD_TIMEOUT = httpx.Timeout(60.0, connect=3.0)  # seconds
CONNECTIONS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0)
ATTEMPTS = 4  # the first and three repeats
BACK_OFF = (0.3, 1.0, 2.5)  # seconds before each repeat

Answer = dict[str, Any]

SECRET_PARAMETERS = re.compile(r"((?:access_token|corpsecret|code|user_ticket)=)[^&\s\"']+")


class HideSecrets(logging.Filter):
    """httpx logs whole addresses, and ours carry tokens and secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = SECRET_PARAMETERS.sub(r"\1…", record.getMessage())
        record.args = None
        return True


for _name in ("httpx", "httpcore.connection", "httpcore.http11"):
    logging.getLogger(_name).addFilter(HideSecrets())


@dataclass(frozen=True)
class Credentials:
    """Who calls: one app of one corp. Each app has its own tokens."""

    corp_id: str
    secret: str = field(repr=False)
    agent_id: int | None = None
    base_url: str = OFFICIAL_BASE_URL

    @property
    def key(self) -> str:
        return f"{self.base_url}/{self.corp_id}/{self.agent_id or 'sync'}"


class Upload(NamedTuple):
    filename: str
    content: bytes
    content_type: str = "application/octet-stream"


class Page(NamedTuple):
    """One page of a list. `next_cursor` is where to go on, empty at the end; keep it to resume later."""

    items: list[Any]
    next_cursor: str
    answer: Answer


def open_connections(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A pool of connections, to be shared by everything in a process that calls WeCom."""
    return httpx.Client(timeout=TIMEOUT, limits=CONNECTIONS, transport=transport, follow_redirects=False)


class Transport:
    """Calls of one app. Safe to share between threads."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        http: httpx.Client,
        tokens: TokenStore,
        limiter: Limiter,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.credentials = credentials
        self._http = http
        self._tokens = tokens
        self._limiter = limiter
        self._now = now
        self._sleep = sleep

    def call(self, path: str, /, *, upload: Upload | None = None, **parameters: Any) -> Answer:
        """WeCom's answer, every field of it. Parameters that are None are left out.

        Raises WeComError for an errcode, WeComRateLimited when it is too early to ask, WeComUnreachable when there was
        no sensible answer.
        """
        response = self._attempt(endpoint(path), parameters, upload)
        return response.answer

    def download(self, path: str, /, **parameters: Any) -> tuple[bytes, str]:
        """A file's bytes and its content type."""
        response = self._attempt(endpoint(path), parameters, None)
        return response.content, response.content_type

    def pages(self, path: str, /, *, cursor: str = "", size: int | None = None, **parameters: Any) -> Iterator[Page]:
        """Page after page from `cursor` on; a cursor that was kept resumes where it was."""
        spec = endpoint(path)
        if spec.paging is None:
            raise ValueError(f"{path} has no pages")
        sizes: dict[str, Any] = {spec.paging.size_parameter: min(size or spec.paging.size, spec.paging.size)}
        while True:
            answer = self.call(path, cursor=cursor, **sizes, **parameters)
            following = str(answer.get("next_cursor") or "")
            yield Page(answer.get(spec.paging.items) or [], following, answer)
            if not following or following == cursor:
                return
            cursor = following

    def token(self, *, refused: str = "") -> str:
        key = self.credentials.key
        return usable_token(self._tokens, key, self._fetch_token, now=self._now, refused=refused).value

    def _fetch_token(self) -> Token:
        parameters = {"corpid": self.credentials.corp_id, "corpsecret": self.credentials.secret}
        answer = self._attempt(endpoint("gettoken"), parameters, None).answer
        expires_in = timedelta(seconds=int(answer.get("expires_in") or 7200))
        return Token(str(answer["access_token"]), self._now() + expires_in)

    def _attempt(self, spec: Endpoint, parameters: Mapping[str, Any], upload: Upload | None) -> "_Response":
        token = "" if spec.path == "gettoken" else self.token()
        refreshed = False
        repeats = 0
        while True:
            try:
                return self._send(spec, parameters, upload, token)
            except WeComError as error:
                if error.reaction is Reaction.REFRESH and token and not refreshed:
                    refreshed, token = True, self.token(refused=token)
                elif error.errcode in REPEATED_CODES and repeats < len(BACK_OFF):
                    self._sleep(BACK_OFF[repeats])
                    repeats += 1
                else:
                    raise
            except WeComUnreachable as error:
                # A kept connection that the far end had already closed: the call was not heard.
                if not (error.sent and spec.repeatable and error.reason == "RemoteProtocolError" and repeats == 0):
                    raise
                repeats += 1

    def _send(self, spec: Endpoint, parameters: Mapping[str, Any], upload: Upload | None, token: str) -> "_Response":
        corp, app = self.credentials.corp_id, str(self.credentials.agent_id)
        wait = self._limiter.take(spec, corp=corp, app=app)
        if wait > 0:
            raise WeComRateLimited("held back: the rate limit is reached", endpoint=spec.path, retry_after=wait)
        started = time.perf_counter()
        with self._limiter.parallel(spec, corp=corp):
            response = self._exchange(self._request(spec, parameters, upload, token), spec)
        milliseconds = (time.perf_counter() - started) * 1000
        if response.error_code == 0:
            log.debug("wecom %s ok in %.0f ms", spec.path, milliseconds)
            return response
        errmsg = SECRET_PARAMETERS.sub(r"\1…", str(response.answer.get("errmsg", "")))[:500]
        log.info("wecom %s %s in %.0f ms: %s", spec.path, response.error_code, milliseconds, errmsg)
        if response.error_code == RATE_LIMITED:
            raise WeComRateLimited(errmsg, endpoint=spec.path, retry_after=self._limiter.penalize(spec, corp=corp))
        raise WeComError(response.error_code, errmsg, endpoint=spec.path)

    def _request(
        self, spec: Endpoint, parameters: Mapping[str, Any], upload: Upload | None, token: str
    ) -> httpx.Request:
        url = f"{self.credentials.base_url.rstrip('/')}/cgi-bin/{spec.path}"
        query = {"access_token": token} if token else {}
        given = {name: value for name, value in parameters.items() if value is not None}
        if spec.verb is Verb.POST:
            body = json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            headers = {"Content-Type": "application/json; charset=utf-8"}
            return self._http.build_request("POST", url, params=query, content=body, headers=headers)
        if spec.verb is Verb.UPLOAD:
            if upload is None:
                raise ValueError(f"{spec.path} needs a file")
            files = {"media": (upload.filename, upload.content, upload.content_type)}
            return self._http.build_request("POST", url, params=query | given, files=files, timeout=UPLOAD_TIMEOUT)
        return self._http.build_request("GET", url, params=query | given)

    def _exchange(self, request: httpx.Request, spec: Endpoint) -> "_Response":
        try:
            response = self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise WeComUnreachable(spec.path, type(error).__name__, sent=False) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WeComUnreachable(spec.path, type(error).__name__, sent=True) from None
        return _judge(response, spec)


RATE_LIMITED = 45009
REPEATED_CODES = {-1, 6000, 45033}  # others with reaction R mean "later", which is for the caller to plan


@dataclass(frozen=True)
class _Response:
    answer: Answer
    error_code: int
    content: bytes = b""
    content_type: str = ""


def _judge(response: httpx.Response, spec: Endpoint) -> _Response:
    content_type = response.headers.get("content-type", "")
    is_file = spec.verb is Verb.DOWNLOAD and "json" not in content_type and response.status_code in (200, 206)
    if is_file:
        return _Response({}, 0, response.content, content_type)
    if response.status_code != 200:
        raise WeComUnreachable(spec.path, f"HTTP {response.status_code}", sent=True)
    try:
        answer = json.loads(response.content)
        return _Response(answer, int(answer.get("errcode") or 0))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise WeComUnreachable(spec.path, "the answer is not a JSON object", sent=True) from None
