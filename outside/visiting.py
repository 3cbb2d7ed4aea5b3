"""Pages that a browser meets outside the API: signing in with WeCom, and what a scanned code shows to a stranger."""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from outside.oauth import new_code
from outside.pictures import qr_svg
from outside.records import App, Corp
from outside.scanning import find_target
from outside.world import World

_STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
_MOST_ROWS = 200


def visiting_routes(world: World) -> list[Route]:
    visits = Visits(world)
    return [
        Route("/connect/oauth2/authorize", visits.authorize),
        Route("/wwlogin/sso/login", visits.sso_login),
        Route("/wwopen/sso/qrConnect", visits.sso_login),
        Route("/connect/choose", visits.choose, methods=["GET"]),
        Route("/q/{config_id}", visits.code),
        Route("/ca/{link_id}", visits.code),
        Route("/u/{corpid}/{userid}", visits.code),
    ]


class BadVisit(Exception):
    """Something in the address is wrong; the page says what, as the real one does."""


class Visits:
    def __init__(self, world: World) -> None:
        self.world = world

    async def authorize(self, request: Request) -> Response:
        """The web authorisation inside WeCom and WeChat: members and customers may open the page."""
        query = request.query_params
        try:
            if query.get("response_type") != "code":
                raise BadVisit("response_type 应为 code / must be code")
            if query.get("scope", "snsapi_base") not in ("snsapi_base", "snsapi_privateinfo", "snsapi_userinfo"):
                raise BadVisit("scope 无效 / invalid scope")
            if not _STATE.fullmatch(query.get("state", "")):
                raise BadVisit("84025 state 只能是字母和数字，最多 128 字节 / letters and digits only, at most 128")
            corp, app = self._whose(query, agent_required=query.get("scope") == "snsapi_privateinfo")
        except BadVisit as wrong:
            return _error_page(str(wrong))
        return _page("授权登录", self._choices(request, corp, app, with_customers=True))

    async def sso_login(self, request: Request) -> Response:
        """Sign-in from an ordinary browser: members only."""
        try:
            corp, app = self._whose(request.query_params, agent_required=True)
        except BadVisit as wrong:
            return _error_page(str(wrong))
        return _page("企业微信登录", self._choices(request, corp, app, with_customers=False))

    def _whose(self, query: Any, *, agent_required: bool) -> tuple[Corp, App | None]:
        corp = self.world.corps.get(query.get("appid", ""))
        if corp is None:
            raise BadVisit("-31027 appid 不是企业的 corpid / appid is not a corp")
        agentid = query.get("agentid", "")
        app = self.world.apps.get(corp.corpid, agentid) if agentid else None
        if app is None and (agentid or agent_required):
            raise BadVisit("-31028 agentid 不存在 / no such agentid")
        target = urlsplit(query.get("redirect_uri", ""))
        if target.scheme not in ("http", "https") or not target.netloc:
            raise BadVisit("redirect_uri 缺失或无效 / redirect_uri is missing or invalid")
        allowed = app.redirect_domains if app else []
        if allowed and target.netloc not in allowed and target.hostname not in allowed:
            raise BadVisit(f"50001 / -31020 {target.netloc} 不是应用的可信域名 / is not a trusted domain of the app")
        return corp, app

    def _choices(self, request: Request, corp: Corp, app: App | None, *, with_customers: bool) -> str:
        query = dict(request.query_params)
        members = [m for m in self.world.members.by("corp", corp.corpid) if m.status == 1][:_MOST_ROWS]
        rows = [
            _choice(query, {"as_member": m.userid}, m.name, m.position or m.userid, f"/avatar/member/{m.key}.svg")
            for m in members
        ]
        name = escape(app.name if app else corp.name)
        parts = [f"<h1>{escape(corp.name)}</h1><p class=hint>以谁的身份进入「{name}」？ Who are you?</p>"]
        parts.append(f"<h2>员工 Members</h2><ul>{''.join(rows)}</ul>")
        if with_customers:
            people = list(self.world.people)[:_MOST_ROWS]
            rows = [
                _choice(query, {"as_person": p.id}, p.nickname, "微信用户 WeChat", f"/avatar/person/{p.id}.svg")
                for p in people
            ]
            parts.append(f"<h2>微信用户 WeChat users</h2><ul>{''.join(rows)}</ul>")
        else:
            declined = _with_query(query["redirect_uri"], {"state": query.get("state", "")})
            parts.append(f'<p><a class="quiet" href="{escape(declined)}">取消登录 Decline</a></p>')
        return "".join(parts)

    async def choose(self, request: Request) -> Response:
        query = dict(request.query_params)
        try:
            corp, app = self._whose(query, agent_required=False)
        except BadVisit as wrong:
            return _error_page(str(wrong))
        subject = {"userid": query["as_member"]} if "as_member" in query else {"person": query.get("as_person", "")}
        is_login = "login_type" in query
        scope = "snsapi_base" if is_login else query.get("scope", "snsapi_base")
        code = new_code(self.world, corp.corpid, app.agentid if app else 0, scope, subject)
        self.world.commit()
        answer = {"code": code, "state": query.get("state", "")} | ({"appid": corp.corpid} if is_login else {})
        return RedirectResponse(_with_query(query["redirect_uri"], answer), 302)

    async def code(self, request: Request) -> Response:
        """An ordinary browser sees what a camera would: it takes one of the phones to follow the code."""
        target = find_target(self.world, str(request.url))
        if target is None:
            return _error_page("这个码不存在或已删除 / this code does not exist")
        text = f"{self.world.public_url}{request.url.path}"
        if request.url.query:
            text += f"?{request.url.query}"
        body = (
            f"<h1>{escape(target.corp.name)}</h1><p class=hint>用手机「扫一扫」添加 · Scan with one of the phones</p>"
            f'<div class="code" data-wecom-qr="{escape(text)}">{qr_svg(text)}</div>'
            f'<p><a class="button" href="/phone/customer?{escape(urlencode({"scan": text}))}">'
            "在客户的手机上打开 Open on the customer's phone</a></p>"
        )
        return _page("联系我", body)


def _choice(query: dict[str, str], who: dict[str, str], name: str, note: str, avatar: str) -> str:
    link = "/connect/choose?" + urlencode(query | who)
    return (
        f'<li><a href="{escape(link)}"><img src="{escape(avatar)}" alt="" width="44" height="44">'
        f"<span><b>{escape(name)}</b><small>{escape(note)}</small></span></a></li>"
    )


def _with_query(url: str, more: dict[str, str]) -> str:
    address, mark, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(more)}{mark}{fragment}"


_STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:linear-gradient(160deg,#eef4ff,#f7f9fc 60%);color:#1d2129;
display:grid;place-items:start center;
font:16px/1.5 -apple-system,'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif}
main{width:min(440px,100%);margin:min(8vh,64px) 16px 40px;background:#fff;border-radius:18px;padding:32px 28px;
box-shadow:0 18px 50px rgba(30,60,120,.12)}
h1{font-size:22px;margin:0 0 4px}h2{font-size:13px;font-weight:600;color:#86909c;margin:22px 0 6px}
.hint{color:#4e5969;margin:0}ul{list-style:none;margin:0;padding:0}
li a{display:flex;gap:12px;align-items:center;padding:10px;border-radius:12px;color:inherit;text-decoration:none}
li a:hover,li a:focus-visible{background:#f0f5ff;outline:none}li img{border-radius:10px}
b{display:block;font-weight:600}small{color:#86909c}.quiet{color:#86909c}.code svg{width:100%;height:auto;margin:12px 0}
.button{display:block;text-align:center;background:#07c160;color:#fff;border-radius:10px;padding:12px;text-decoration:none}
"""


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<link rel=icon href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'>"
        "<text y='.9em' font-size='90'>🌊</text></svg>\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>{body}</main></html>",
        status_code=status,
    )


def _error_page(reason: str) -> HTMLResponse:
    return _page("无法打开", f"<h1>无法打开 Cannot open</h1><p class=hint>{escape(reason)}</p>", 400)
