"""The control API under /control: how tests, demos and the phone pages make the world what they need."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outside import bulk
from outside.actions import ACTIONS
from outside.callbacks import Deliverer
from outside.description import PUTTERS, find_person, put_world
from outside.errors import ControlError, WeComError
from outside.faults import new_fault
from outside.gateway import Gateway, JsonAnswer
from outside.records import JSON, App
from outside.timers import run_due
from outside.tokens import expire_tokens, withdraw_tokens
from outside.world import SWITCHES, World

Handler = Callable[[Request], Awaitable[Any]]


class Control:
    def __init__(self, world: World, gateway: Gateway, deliverer: Deliverer) -> None:
        self.world, self.gateway, self.deliverer = world, gateway, deliverer
        self.jobs = bulk.Jobs(world)

    def routes(self) -> list[Route]:
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/health", self.health),
            ("GET", "/clock", self.get_clock),
            ("POST", "/clock", self.set_clock),
            ("GET", "/switches", self.get_switches),
            ("POST", "/switches", self.set_switches),
            ("POST", "/reset", self.reset),
            ("POST", "/seed", self.seed),
            ("GET", "/faults", self.list_faults),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("DELETE", "/faults/{id}", self.remove_fault),
            ("GET", "/actions", self.list_actions),
            ("POST", "/act/{name}", self.act),
            ("POST", "/apps/{corpid}/{agentid:int}/callback", self.set_callback),
            ("POST", "/apps/{corpid}/{agentid:int}/verify", self.verify_callback),
            ("POST", "/apps/{corpid}/{agentid:int}/new_secret", self.new_secret),
            ("POST", "/apps/{corpid}/{agentid:int}/expire_tokens", self.expire_tokens),
            ("GET", "/callbacks", self.list_callbacks),
            ("POST", "/callbacks/wait", self.wait_for_callbacks),
            ("POST", "/callbacks/{id}/resend", self.resend),
            ("GET", "/calls", self.list_calls),
            ("GET", "/relations", self.list_relations),
            ("GET", "/messages", self.list_messages),
            ("GET", "/app_messages", self.list_app_messages),
            ("GET", "/transfers", self.list_transfers),
            ("POST", "/bulk/relations", self.bulk_relations),
            ("POST", "/bulk/scan", self.bulk_scan),
            ("GET", "/bulk/{id}", self.bulk_job),
            ("GET", "/{kind}", self.list_kind),
            ("POST", "/{kind}", self.put_kind),
        ]
        return [Route(f"/control{path}", self._wrapped(handler), methods=[verb]) for verb, path, handler in table]

    def _wrapped(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return JsonAnswer(await handler(request))
            except ControlError as error:
                return JsonAnswer({"error": error.message}, status_code=error.status)
            except WeComError as error:
                return JsonAnswer({"error": error.text, "errcode": error.code}, status_code=409)
            except KeyError as error:
                return JsonAnswer({"error": f"{error.args[0]} is missing"}, status_code=400)
            except (TypeError, ValueError, AttributeError) as error:
                return JsonAnswer({"error": str(error)}, status_code=400)
            finally:
                self.world.commit()

        return answer

    # the world as a whole

    async def health(self, request: Request) -> JSON:
        names = ("corps", "members", "people", "relations", "contact_ways", "chat_messages")
        counts = {name: len(getattr(self.world, name)) for name in names}
        return {"ok": True, "now": self.world.clock.now(), "offset": self.world.clock.offset, "counts": counts}

    async def get_clock(self, request: Request) -> JSON:
        return {"now": self.world.clock.now(), "offset": self.world.clock.offset}

    async def set_clock(self, request: Request) -> JSON:
        given = await _body(request)
        clock = self.world.clock
        if "advance" in given:
            clock.advance(float(given["advance"]))
        elif "set" in given:
            clock.move_to(float(given["set"]))
        else:
            clock.set_offset(float(given["offset"]))
        self.world.keep_clock()
        run_due(self.world)
        self.world.live.tell("clock")
        return await self.get_clock(request)

    async def get_switches(self, request: Request) -> JSON:
        return self.world.switches

    async def set_switches(self, request: Request) -> JSON:
        given = await _body(request)
        if unknown := set(given) - set(SWITCHES):
            raise ControlError(f"no switch {', '.join(sorted(unknown))}")
        for name, value in given.items():
            self.world.set_switch(name, value)
        return self.world.switches

    async def reset(self, request: Request) -> JSON:
        self.jobs.stop()
        self.deliverer.drop_all()
        for task in list(self.world.background):
            task.cancel()
        self.world.reset()
        self.gateway.log.clear()
        self.gateway.rates.clear()
        self.world.live.tell("reset")
        return {}

    async def seed(self, request: Request) -> JSON:
        counts = put_world(self.world, await _body(request))
        self.world.live.tell("reset")
        return {"described": counts}

    # faults

    async def list_faults(self, request: Request) -> list[JSON]:
        return _all(self.world.faults)

    async def add_fault(self, request: Request) -> JSON:
        return asdict(new_fault(self.world, await _body(request)))

    async def clear_faults(self, request: Request) -> JSON:
        for fault in self.world.faults:
            self.world.faults.remove(fault)
        self.gateway.rates.clear()
        return {}

    async def remove_fault(self, request: Request) -> JSON:
        fault = self.world.faults.get(request.path_params["id"])
        if fault is not None:
            self.world.faults.remove(fault)
        return {}

    # acting

    async def list_actions(self, request: Request) -> JSON:
        return {name: (act.__doc__ or "").strip() for name, act in ACTIONS.items()}

    async def act(self, request: Request) -> Any:
        act = ACTIONS.get(request.path_params["name"])
        if act is None:
            raise ControlError(f"no action {request.path_params['name']}", 404)
        return act(self.world, await _body(request))

    # apps and their callbacks

    def _app(self, request: Request) -> App:
        app = self.world.apps.get(request.path_params["corpid"], request.path_params["agentid"])
        if app is None:
            raise ControlError("no such app", 404)
        return app

    async def set_callback(self, request: Request) -> JSON:
        """url, token, aes_key, format: saved when the address answers the verification, or with `force`."""
        app, given = self._app(request), await _body(request)
        names = ("callback_url", "callback_token", "callback_aes_key", "callback_format")
        before = {name: getattr(app, name) for name in names}
        for short, name in zip(("url", "token", "aes_key", "format"), names, strict=True):
            setattr(app, name, given.get(short) or before[name])
        if given.get("url") == "":
            app.callback_url = ""
            self.world.apps.put(app)
            return {"ok": True, "saved": True, "reason": "callbacks are switched off"}
        verdict: JSON = (
            {"ok": True, "reason": "not verified"} if given.get("force") else await self.deliverer.verify(app)
        )
        if verdict["ok"]:
            self.world.apps.put(app)
        else:
            for name, value in before.items():
                setattr(app, name, value)
        return verdict | {"saved": verdict["ok"]}

    async def verify_callback(self, request: Request) -> JSON:
        return await self.deliverer.verify(self._app(request))

    async def new_secret(self, request: Request) -> JSON:
        app = self._app(request)
        app.secret = self.world.new_id("", 43)
        withdraw_tokens(self.world, app)
        self.world.apps.put(app)
        return {"secret": app.secret}

    async def expire_tokens(self, request: Request) -> JSON:
        """The next call with one of them gets 42001."""
        expire_tokens(self.world, self._app(request))
        return {}

    async def list_callbacks(self, request: Request) -> list[JSON]:
        query = request.query_params
        found = self.world.callbacks.by("status", query["status"]) if "status" in query else self.world.callbacks
        return _last(_matching(found, query, ("corpid", "event", "change_type")), query)

    async def wait_for_callbacks(self, request: Request) -> JSON:
        """Answer when nothing is under way any more, or after `seconds` (10)."""
        limit = time.monotonic() + float((await _body(request)).get("seconds", 10))
        while not (self.deliverer.is_idle and not self.world.background) and time.monotonic() < limit:
            await asyncio.sleep(0.01)
        return {"idle": self.deliverer.is_idle and not self.world.background}

    async def resend(self, request: Request) -> JSON:
        callback = self.world.callbacks.get(request.path_params["id"])
        if callback is None:
            raise ControlError("no such callback", 404)
        callback.status = "pending"
        self.world.callbacks.put(callback)
        self.deliverer.send(callback)
        return {}

    # looking

    async def list_calls(self, request: Request) -> list[JSON]:
        query = request.query_params
        return _last(_matching(self.gateway.log, query, ("corpid", "path")), query)

    async def list_relations(self, request: Request) -> list[JSON]:
        query = request.query_params
        if "person" in query and "corpid" in query:
            external_userid = self.world.external_userid(query["corpid"], find_person(self.world, query["person"]))
            found: Iterable[Any] = self.world.relations.by("customer", (query["corpid"], external_userid))
        elif "userid" in query and "corpid" in query:
            found = self.world.relations.by("member", (query["corpid"], query["userid"].lower()))
        else:
            found = self.world.relations
        return _last(_matching(found, query, ("corpid", "userid", "external_userid", "status", "state")), query)

    async def list_messages(self, request: Request) -> list[JSON]:
        query = request.query_params
        found: Iterable[Any] = self.world.chat_messages
        if "person" in query:
            person = find_person(self.world, query["person"])
            ids = set(person.external_ids.values())
            found = (m for m in found if m.external_userid in ids)
        names = ("corpid", "userid", "external_userid", "sender", "msgtype")
        return _last(_matching(found, query, names), query)

    async def list_app_messages(self, request: Request) -> list[JSON]:
        query = request.query_params
        found: Iterable[Any] = self.world.app_messages
        if "userid" in query:
            found = (m for m in found if query["userid"].lower() in m.to)
        return _last(_matching(found, query, ("corpid", "msgtype")), query)

    async def list_transfers(self, request: Request) -> list[JSON]:
        return _last(_matching(self.world.transfers, request.query_params, ("corpid",)), request.query_params)

    async def list_kind(self, request: Request) -> list[JSON]:
        kind = request.path_params["kind"]
        if kind not in (*PUTTERS, "tags", "links", "join_ways", "friend_requests", "media", "welcome_codes"):
            raise ControlError(f"no list of {kind}", 404)
        names = ("corpid", "userid", "id", "agentid", "person_id", "state")
        return _last(_matching(getattr(self.world, kind), request.query_params, names), request.query_params)

    async def put_kind(self, request: Request) -> JSON:
        """One record, or a list of them under `items`; existing ones are changed."""
        put = PUTTERS.get(request.path_params["kind"])
        if put is None:
            raise ControlError(f"cannot create {request.path_params['kind']}", 404)
        given = await _body(request)
        items = given.get("items")
        rows = [put(self.world, item) for item in ([given] if items is None else items)]
        self.world.live.tell("directory")
        return asdict(rows[0]) if items is None else {"items": [asdict(row) for row in rows]}

    # many at once

    async def bulk_relations(self, request: Request) -> JSON:
        return bulk.make_relations(self.world, await _body(request))

    async def bulk_scan(self, request: Request) -> JSON:
        return self.jobs.start_scans(await _body(request))

    async def bulk_job(self, request: Request) -> JSON:
        return self.jobs.report(request.path_params["id"])


async def _body(request: Request) -> JSON:
    if not await request.body():
        return {}
    given = await request.json()
    if not isinstance(given, dict):
        raise ControlError("the body must be a JSON object")
    return given


def _matching(rows: Iterable[Any], query: Any, names: tuple[str, ...]) -> list[Any]:
    wanted = {name: query[name] for name in names if name in query}
    return [row for row in rows if all(str(getattr(row, name, None)) == value for name, value in wanted.items())]


def _last(rows: list[Any], query: Any) -> list[JSON]:
    """The youngest `limit` (1000) rows, in order of their making."""
    return [asdict(row) for row in rows[-int(query.get("limit", 1000)) :]]


def _all(rows: Iterable[Any]) -> list[JSON]:
    return [asdict(row) for row in rows]
