"""Access tokens: one for each app while it is valid, given again to whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.records import App, Token
from outside.world import World

_SERVER_IPS = ["127.0.0.1"]


def get_token(world: World, query: Mapping[str, str]) -> Answer:
    """gettoken is the one call without a token, and so stands outside the table."""
    corpid, secret = query.get("corpid", ""), query.get("corpsecret", "")
    if not corpid:
        raise WeComError(41002)
    if not secret:
        raise WeComError(41004)
    if world.corps.get(corpid) is None:
        raise WeComError(40013)
    app = next(iter(world.apps.by("secret", (corpid, secret))), None)
    if app is None:
        raise WeComError(40001)
    if not app.enabled:
        raise WeComError(50003)
    token = _valid_token(world, app) or _issue(world, app)
    return {"access_token": token.token, "expires_in": max(1, token.expires_at - world.clock.seconds())}


def _valid_token(world: World, app: App) -> Token | None:
    now = world.clock.now()
    for token in world.tokens.by("app", (app.corpid, app.agentid)):
        if not token.withdrawn and token.expires_at > now:
            return token
        if token.expires_at < now - 86400:
            world.tokens.remove(token)
    return None


def _issue(world: World, app: App) -> Token:
    expires = world.clock.seconds() + int(world.switch("token_seconds"))
    return world.tokens.put(Token(world.new_id("", 86), app.corpid, app.agentid, expires))


def app_of_token(world: World, text: str) -> tuple[App, float]:
    """The app and the moment its token ends, which is in the past for a withdrawn one. 40014 for an unknown token."""
    token = world.tokens.get(text)
    app = world.apps.get(token.corpid, token.agentid) if token else None
    if token is None or app is None:
        raise WeComError(40014)
    return app, 0.0 if token.withdrawn else float(token.expires_at)


def withdraw_tokens(world: World, app: App) -> None:
    """A new secret kills the tokens made from the old one."""
    for token in world.tokens.by("app", (app.corpid, app.agentid)):
        world.tokens.remove(token)


def expire_tokens(world: World, app: App) -> None:
    """All tokens of the app end now, before their time."""
    for token in world.tokens.by("app", (app.corpid, app.agentid)):
        token.withdrawn = True
        world.tokens.put(token)


@api("GET", "get_api_domain_ip", grant="any")
def get_api_domain_ip(call: Call) -> dict[str, Any]:
    return {"ip_list": list(_SERVER_IPS)}


@api("GET", "getcallbackip", grant="any")
def get_callback_ip(call: Call) -> dict[str, Any]:
    return {"ip_list": call.corp.settings.get("callback_ips", list(_SERVER_IPS))}
