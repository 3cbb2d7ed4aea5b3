"""The web application: the WeCom server, the control API, pictures and pages, put together."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from outside import (  # noqa: F401  the modules of the table of APIs register themselves
    acquisition,
    app_messages,
    contact_ways,
    contacts,
    directory,
    group_chats,
    handover,
    media,
    member_tags,
    oauth,
    staffing,
    statistics,
    tags,
    welcome,
)
from outside.callbacks import Deliverer
from outside.clock import Clock
from outside.control import Control
from outside.gateway import Gateway
from outside.phones import Phones
from outside.pictures import avatar_svg, qr_png, qr_svg
from outside.timers import keep_running, run_due
from outside.visiting import visiting_routes
from outside.world import World

_FOREVER = {"cache-control": "public, max-age=86400"}


class Pictures:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        return [
            Route("/qr/{config_id}.{form}", self.contact_way),
            Route("/qr-of", self.any_code),
            Route("/avatar/person/{id}.svg", self.person),
            Route("/avatar/member/{corpid}/{userid}.svg", self.member),
            Route("/avatar/app/{corpid}/{agentid:int}.svg", self.app),
            Route("/picture/{media_id}", self.file),
            Route("/media/{media_id}", self.file),
        ]

    async def contact_way(self, request: Request) -> Response:
        config_id, form = request.path_params["config_id"], request.path_params["form"]
        known = self.world.contact_ways.get(config_id) or self.world.join_ways.get(config_id)
        if known is None or form not in ("png", "svg"):
            return PlainTextResponse("no such code", 404)
        text = self.world.qr_url(config_id)
        if form == "svg":
            return Response(qr_svg(text), media_type="image/svg+xml", headers=_FOREVER)
        return Response(qr_png(text), media_type="image/png", headers=_FOREVER)

    async def any_code(self, request: Request) -> Response:
        text = request.query_params.get("text", "")
        return Response(qr_svg(text[:1000]), media_type="image/svg+xml", headers=_FOREVER)

    async def person(self, request: Request) -> Response:
        row = self.world.people.get(request.path_params["id"])
        return _svg(avatar_svg(row.id, row.nickname, row.avatar)) if row else PlainTextResponse("no such person", 404)

    async def member(self, request: Request) -> Response:
        row = self.world.members.get(request.path_params["corpid"], request.path_params["userid"].lower())
        return _svg(avatar_svg(row.key, row.name, row.avatar)) if row else PlainTextResponse("no such member", 404)

    async def app(self, request: Request) -> Response:
        row = self.world.apps.get(request.path_params["corpid"], request.path_params["agentid"])
        return _svg(avatar_svg(row.key, row.name, {})) if row else PlainTextResponse("no such app", 404)

    async def file(self, request: Request) -> Response:
        row = self.world.media.get(request.path_params["media_id"])
        if row is None:
            return PlainTextResponse("no such file", 404)
        return Response(media.media_file(self.world, row.media_id).read_bytes(), media_type=row.content_type)


def _svg(text: str) -> Response:
    return Response(text, media_type="image/svg+xml", headers={"cache-control": "max-age=60"})


def build(world: World, deliverer: Deliverer) -> Starlette:
    gateway = Gateway(world)
    return Starlette(
        routes=[
            Route("/cgi-bin/{path:path}", gateway.answer, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
            *Control(world, gateway, deliverer).routes(),
            *Pictures(world).routes(),
            *visiting_routes(world),
            *Phones(world).routes(),
        ]
    )


async def run(host: str, port: int, home: Path, public_url: str) -> None:
    """Serve until cancelled. Everything runs in this one process and loop."""
    gc.set_threshold(50_000, 20, 50)  # a large world is nearly all old records, not worth looking through so often
    world = World(home, Clock.from_environment(), public_url)
    deliverer = Deliverer(world)
    server = Server(build(world, deliverer), address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False)
    deliverer.start()
    run_due(world)
    timers = asyncio.create_task(keep_running(world))
    try:
        await server.serve()
    finally:
        timers.cancel()
        await deliverer.stop()
        world.store.close()
