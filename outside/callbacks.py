"""Events on their way to apps: built here, encrypted anew for every try, sent until answered or given up."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import httpx

from outside import faults
from outside.crypto import CryptoError, MessageCrypt
from outside.records import App, Callback
from outside.world import World

_KEPT = 5000  # delivered callbacks that stay in the log
_CUSTOMER_EVENTS = frozenset(
    {"change_external_contact", "change_external_chat", "change_external_tag", "customer_acquisition"}
)


def announce(
    world: World, corpid: str, event: str, change_type: str = "", *, only: int | None = None, **fields: Any
) -> None:
    """Tell every app of the corp that listens and may know; with `only`, one app.

    Fields that are None are left out. A field UserID keeps the event from apps that cannot see the member.
    """
    for app in world.apps.by("corp", corpid):
        if only is not None and app.agentid != only:
            continue
        if _listens(world, app, event, fields.get("UserID")):
            _put(world, app, event, change_type, fields)


def _listens(world: World, app: App, event: str, userid: str | None) -> bool:
    if not app.enabled or not app.callback_url or (app.events and event not in app.events):
        return False
    if event == "change_contact":
        return app.role in ("contacts", "app")
    if event in _CUSTOMER_EVENTS and (app.role == "contacts" or not app.callable):
        return False
    return userid is None or userid.lower() in world.visible_users(app)


def _put(world: World, app: App, event: str, change_type: str, fields: dict[str, Any]) -> None:
    plain: dict[str, Any] = {
        "ToUserName": app.corpid,
        "FromUserName": fields.pop("FromUserName", "sys"),
        "CreateTime": _create_time(world, app, f"{event}/{change_type}"),
        "MsgType": fields.pop("MsgType", "event"),
    }
    if plain["MsgType"] == "event":
        plain["Event"] = event
    if change_type:
        plain["ChangeType"] = change_type
    plain |= {name: value for name, value in fields.items() if value is not None}
    callback_id = f"{time.time_ns()}-{secrets.token_hex(3)}"
    callback = Callback(callback_id, app.corpid, app.agentid, event, change_type, plain, world.clock.now())
    world.callbacks.put(callback)
    world.on_callback(callback)


def _create_time(world: World, app: App, where: str) -> int:
    for fault in faults.strike(world, frozenset({"same_second"}), app.corpid, where):
        second = fault.options.setdefault("second", world.clock.seconds())
        world.faults.put(fault)
        return int(second)
    return world.clock.seconds()


def to_xml(fields: dict[str, Any]) -> str:
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: dict[str, Any]) -> str:
    return "".join(
        f"<{name}>{_element(item)}</{name}>"
        for name, value in fields.items()
        for item in (value if isinstance(value, list) else [value])
    )


def _element(value: Any) -> str:
    if isinstance(value, dict):
        return _elements(value)
    if isinstance(value, int):
        return str(int(value))
    return "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def plain_text(app: App, callback: Callback) -> str:
    if app.callback_format == "json":
        return json.dumps(callback.plain, ensure_ascii=False)
    return to_xml(callback.plain)


def packet(world: World, app: App, plain: str) -> tuple[str, str, str]:
    """Address, body and content type of one try: another nonce and another encryption each time."""
    crypt = MessageCrypt(app.callback_token, app.callback_aes_key, app.corpid)
    encrypted = crypt.encrypt(plain)
    timestamp, nonce = str(world.clock.seconds()), str(secrets.randbelow(10**10))
    query = {"msg_signature": crypt.sign(timestamp, nonce, encrypted), "timestamp": timestamp, "nonce": nonce}
    if app.callback_format == "json":
        envelope = {"tousername": app.corpid, "encrypt": encrypted, "agentid": str(app.agentid)}
        return _with_query(app.callback_url, query), json.dumps(envelope), "application/json"
    body = to_xml({"ToUserName": app.corpid, "Encrypt": encrypted, "AgentID": str(app.agentid)})
    return _with_query(app.callback_url, query), body, "text/xml"


def _with_query(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


class Deliverer:
    """Sends callbacks. Events of one member and one customer go in order, all others side by side."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._client = httpx.AsyncClient(
            timeout=None,
            verify=False,  # noqa: S501  a receiver under test may have a certificate of its own making
            trust_env=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64),
        )
        self._last: dict[tuple[Any, ...], asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[asyncio.Event] = []
        self._lanes: dict[str, asyncio.Semaphore] = {}

    def start(self) -> None:
        """Take up what was pending when the process ended, then whatever comes."""
        self.world.on_callback = self.send
        for callback in sorted(self.world.callbacks.by("status", "pending"), key=lambda c: c.id):
            self.send(callback)

    async def stop(self) -> None:
        self.world.on_callback = lambda callback: None
        self.drop_all()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def drop_all(self) -> None:
        """Give up what is under way, as when the world is reset."""
        for task in list(self._tasks):
            task.cancel()
        self._lanes.clear()

    @property
    def is_idle(self) -> bool:
        return not self._tasks

    def send(self, callback: Callback) -> None:
        where = f"{callback.event}/{callback.change_type}"
        struck = faults.strike(self.world, faults.CALLBACK_FAULTS - {"same_second"}, callback.corpid, where)
        options = {fault.what: fault.options for fault in struck}
        pair = (
            callback.corpid,
            callback.agentid,
            callback.plain.get("UserID") or callback.id,
            callback.plain.get("ExternalUserID"),
        )
        task = asyncio.get_running_loop().create_task(self._deliver(callback, options, self._last.get(pair)))
        self._tasks.add(task)
        if "reorder" not in options:
            self._last[pair] = task
        task.add_done_callback(lambda done: self._forget(pair, done))

    def _forget(self, pair: tuple[Any, ...], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._last.get(pair) is task:
            del self._last[pair]

    async def _deliver(
        self, callback: Callback, options: dict[str, dict[str, Any]], before: asyncio.Task[None] | None
    ) -> None:
        if before is not None and "reorder" not in options:
            await asyncio.wait([before])
        if "callback_drop" in options:
            return self._end(callback, "dropped")
        if "reorder" in options:
            await self._hold(float(options["reorder"].get("seconds", 5)))
        if "delay" in options:
            await asyncio.sleep(float(options["delay"].get("seconds", 1)))
        for _ in range(int(options.get("duplicate", {}).get("times", 2)) if "duplicate" in options else 1):
            await self._try_until_answered(callback)
        for held in self._held:
            held.set()

    async def _hold(self, seconds: float) -> None:
        released = asyncio.Event()
        self._held.append(released)
        with suppress(TimeoutError):
            await asyncio.wait_for(released.wait(), seconds)
        self._held.remove(released)

    async def _try_until_answered(self, callback: Callback) -> None:
        app = self.world.apps.get(callback.corpid, callback.agentid)
        if app is None or not app.callback_url:
            return self._end(callback, "dropped")
        tries = int(self.world.switch("callback_tries"))
        for attempt in range(1, tries + 1):
            status = await self._try(app, callback)
            if status == 200:
                return self._end(callback, "delivered")
            if status and not self.world.switch("callback_retry_on_status"):
                return self._end(callback, "failed")
            if attempt < tries:
                await asyncio.sleep(float(self.world.switch("callback_retry_seconds")))
        return self._end(callback, "failed")

    async def _try(self, app: App, callback: Callback) -> int:
        """The status of the answer, 0 for none within the time."""
        attempt: dict[str, Any] = {"at": self.world.clock.now()}
        started = time.monotonic()
        status = 0
        try:
            async with self._lane(app), asyncio.timeout(float(self.world.switch("callback_timeout_seconds"))):
                url, body, content_type = packet(self.world, app, plain_text(app, callback))
                response = await self._client.post(url, content=body.encode(), headers={"content-type": content_type})
            status = attempt["status"] = response.status_code
            attempt["answer"] = response.text[:200]
        except TimeoutError:
            attempt["error"] = "timeout"
        except (httpx.HTTPError, httpx.InvalidURL, CryptoError) as error:
            attempt["error"] = f"{type(error).__name__}: {error}"
        attempt["seconds"] = round(time.monotonic() - started, 4)
        callback.attempts.append(attempt)
        return status

    def _lane(self, app: App) -> asyncio.Semaphore:
        if app.key not in self._lanes:
            self._lanes[app.key] = asyncio.Semaphore(int(self.world.switch("callback_concurrency")))
        return self._lanes[app.key]

    def _end(self, callback: Callback, status: str) -> None:
        callback.status = status
        if self.world.callbacks.get(callback.id) is None:
            return  # the world was reset meanwhile
        self.world.callbacks.put(callback)
        delivered = self.world.callbacks.count("status", "delivered")
        if delivered > _KEPT * 1.1:
            for old in self.world.callbacks.by("status", "delivered")[: delivered - _KEPT]:
                self.world.callbacks.remove(old)
        self.world.commit()
        self.world.live.tell("callback", id=callback.id)

    async def verify(self, app: App) -> dict[str, Any]:
        """What the admin console does on saving: a GET whose echostr must come back decrypted within a second."""
        try:
            crypt = MessageCrypt(app.callback_token, app.callback_aes_key, app.corpid)
        except CryptoError:
            return _verdict("aes_key", "EncodingAESKey must be exactly 43 letters and digits")
        if not app.callback_token.isalnum() or len(app.callback_token) > 32:
            return _verdict("token", "Token must be at most 32 letters and digits")
        if not app.callback_url.startswith(("http://", "https://")):
            return _verdict("url", "URL must begin with http:// or https://")
        message = str(secrets.randbelow(10**19))
        encrypted = crypt.encrypt(message)
        timestamp, nonce = str(self.world.clock.seconds()), str(secrets.randbelow(10**10))
        query = {"msg_signature": crypt.sign(timestamp, nonce, encrypted), "timestamp": timestamp, "nonce": nonce}
        query["echostr"] = encrypted
        limit = float(self.world.switch("verify_timeout_seconds"))
        try:
            async with asyncio.timeout(limit):
                response = await self._client.get(_with_query(app.callback_url, query))
        except TimeoutError:
            return _verdict("timeout", f"no answer within {limit:g} s")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _verdict("connection", f"cannot connect: {type(error).__name__} {error}".strip())
        return _judge_echo(message, response)


def _verdict(problem: str, reason: str, **more: Any) -> dict[str, Any]:
    return {"ok": not problem, "problem": problem, "reason": reason, **more}


def _judge_echo(message: str, response: httpx.Response) -> dict[str, Any]:
    seen = {"status": response.status_code, "expected": message, "received": response.text[:300]}
    if response.status_code != 200:
        return _verdict("status", f"HTTP status {response.status_code} instead of 200", **seen)
    body = response.content
    if body == message.encode():
        return _verdict("", "verified", **seen)
    if body.startswith(b"\xef\xbb\xbf"):
        return _verdict("bom", "the answer begins with a byte order mark", **seen)
    if body.strip() == message.encode():
        return _verdict("blank", "the answer has blanks or a line break around it", **seen)
    if body.strip().strip(b"\"'") == message.encode():
        return _verdict("quotes", "the answer is in quotes", **seen)
    return _verdict("echo", "the answer is not the decrypted echostr", **seen)
