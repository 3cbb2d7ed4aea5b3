"""What the two phones show. Reading only: whatever a person does goes through the actions of the control API."""

from __future__ import annotations

import heapq
import inspect
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from outside import scanning
from outside.description import find_member, find_person
from outside.errors import ControlError
from outside.gateway import JsonAnswer
from outside.records import JSON, ChatMessage, ContactWay, Member, Person, Relation
from outside.world import World

_WEB = Path(__file__).parent / "web"
_MOST_ROWS = 300  # of people, customers and codes on one screen
_MOST_BUBBLES = 200
_MOST_FOUND = 10  # codes in one page
_PAGE_SECONDS = 5.0


class Phones:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route | Mount]:
        pages = ("/", "/phone/customer", "/phone/member")
        data = {
            "/phones/directory": self.directory,
            "/phones/customer/{person}": self.customer,
            "/phones/member/{corpid}/{userid}": self.member,
            "/phones/chat": self.chat,
            "/phones/codes": self.codes,
            "/phones/resolve": self.resolve,
            "/phones/codes_in": self.codes_in,
            "/phones/app_messages/{corpid}/{userid}": self.app_messages,
            "/phones/tags/{corpid}": self.tags,
        }
        return [
            *(Route(path, _page("phones.html")) for path in pages),
            Route("/console", _page("console.html")),
            Route("/phones/live", self.live),
            *(Route(path, _answering(read)) for path, read in data.items()),
            Mount("/static", StaticFiles(directory=_WEB)),
        ]

    async def live(self, request: Request) -> Response:
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(self.world.live.listen(), media_type="text/event-stream", headers=headers)

    # who there is

    def directory(self, request: Request) -> JSON:
        people = list(self.world.people)
        shown = [self._person(p) for p in people[:_MOST_ROWS]]
        corps = [
            {
                "corpid": c.corpid,
                "name": c.name,
                "members": [
                    self._member(m) for m in self.world.members.by("corp", c.corpid)[:_MOST_ROWS] if m.status != 5
                ],
            }
            for c in self.world.corps
        ]
        return {"people": shown, "people_count": len(people), "corps": corps, "offset": self.world.clock.offset}

    def _person(self, person: Person) -> JSON:
        return {
            "id": person.id,
            "name": person.nickname,
            "gender": person.gender,
            "phone": person.phone,
            "avatar": f"/avatar/person/{person.id}.svg",
            "company": person.corp_name,
        }

    def _member(self, member: Member) -> JSON:
        corp = self.world.corps.get(member.corpid)
        department = self.world.departments.get(member.corpid, member.main_department or member.departments[0])
        return {
            "corpid": member.corpid,
            "userid": member.userid,
            "name": member.name,
            "position": member.external_position or member.position,
            "department": department.name if department else "",
            "corp": corp.name if corp else "",
            "avatar": f"/avatar/member/{member.corpid}/{member.userid}.svg",
            "serves": member.can_serve,
            "left": member.status == 5,
        }

    # a customer's WeChat

    def customer(self, request: Request) -> JSON:
        person = find_person(self.world, request.path_params["person"])
        relations = [
            relation
            for corpid, external_userid in person.external_ids.items()
            for relation in self.world.relations.by("customer", (corpid, external_userid))
            if relation.status != "deleted_by_customer"
        ]
        chats = [self._chat_row(x) for x in heapq.nlargest(_MOST_ROWS, relations, key=_moment)]
        waiting = [
            {"member": self._member_of(x.corpid, x.userid), "at": x.at}
            for x in self.world.friend_requests.by("person", person.id)
        ]
        return {"me": self._person(person), "chats": chats, "waiting": waiting}

    def _member_of(self, corpid: str, userid: str) -> JSON:
        return self._member(find_member(self.world, corpid, userid))

    def _chat_row(self, relation: Relation) -> JSON:
        messages = self._messages(relation)
        last = messages[-1] if messages else None
        return {
            "member": self._member_of(relation.corpid, relation.userid),
            "external_userid": relation.external_userid,
            "status": relation.status,
            "last": self._bubble(last) if last else None,
            "at": _moment(relation),
        }

    def _messages(self, relation: Relation) -> list[ChatMessage]:
        found = self.world.chat_messages.by(
            "pair", (relation.corpid, relation.userid.lower(), relation.external_userid)
        )
        return sorted(found, key=lambda m: m.id)

    def _bubble(self, message: ChatMessage) -> JSON:
        return {
            "id": message.id,
            "sender": message.sender,
            "msgtype": message.msgtype,
            "content": message.content,
            "at": message.at,
        }

    # a member's WeCom

    def member(self, request: Request) -> JSON:
        member = find_member(self.world, request.path_params["corpid"], request.path_params["userid"])
        key = (member.corpid, member.userid.lower())
        relations = [x for x in self.world.relations.by("member", key) if x.is_readable]
        newest = heapq.nlargest(_MOST_ROWS, relations, key=_moment)
        requests = [
            {"person": self._person(person), "at": x.at, "state": x.state}
            for x in self.world.friend_requests.by("member", key)
            if (person := self.world.people.get(x.person_id))
        ]
        inbox = [m for m in self.world.app_messages.by("corp", member.corpid) if key[1] in m.to and not m.recalled]
        return {
            "me": self._member(member) | {"qr": f"{self.world.public_url}/u/{member.corpid}/{member.userid}"},
            "customers": [self._customer_row(x) for x in newest],
            "customers_count": len(relations),
            "unread_count": sum(x.unread for x in relations),
            "requests": requests,
            "notices": {"count": len(inbox), "last": self._notice(inbox[-1]) if inbox else None},
        }

    def _customer_row(self, relation: Relation) -> JSON:
        person = self.world.person_behind(relation.corpid, relation.external_userid)
        messages = self._messages(relation)
        last = messages[-1] if messages else None
        return {
            "person": self._person(person) if person else None,
            "relation": self._relation(relation),
            "last": self._bubble(last) if last else None,
            "at": _moment(relation),
        }

    def _relation(self, relation: Relation) -> JSON:
        tags = [self.world.tags.get(relation.corpid, tag_id) for tag_id in relation.tags]
        return {
            "external_userid": relation.external_userid,
            "status": relation.status,
            "remark": relation.remark,
            "description": relation.description,
            "company": relation.company,
            "mobiles": relation.mobiles,
            "tags": [{"id": t.id, "name": t.name} for t in tags if t is not None and not t.deleted],
            "personal_tags": relation.personal_tags,
            "add_way": relation.add_way,
            "state": relation.state,
            "createtime": relation.createtime,
            "unread": relation.unread,
        }

    def _notice(self, message: Any) -> JSON:
        app = self.world.apps.get(message.corpid, message.agentid)
        return {
            "id": message.msgid,
            "agentid": message.agentid,
            "app": app.name if app else str(message.agentid),
            "avatar": f"/avatar/app/{message.corpid}/{message.agentid}.svg",
            "msgtype": message.msgtype,
            "content": message.content,
            "at": message.at,
        }

    def app_messages(self, request: Request) -> list[JSON]:
        corpid, userid = request.path_params["corpid"], request.path_params["userid"].lower()
        found = [m for m in self.world.app_messages.by("corp", corpid) if userid in m.to and not m.recalled]
        return [self._notice(m) for m in sorted(found, key=lambda m: m.at)[-_MOST_BUBBLES:]]

    def tags(self, request: Request) -> list[JSON]:
        corpid = request.path_params["corpid"]
        return [
            {
                "id": g.id,
                "name": g.name,
                "tags": [
                    {"id": t.id, "name": t.name} for t in self.world.tags.by("group", (corpid, g.id)) if not t.deleted
                ],
            }
            for g in sorted(self.world.tag_groups.by("corp", corpid), key=lambda g: -g.order)
            if not g.deleted
        ]

    # between them

    def chat(self, request: Request) -> JSON:
        query = request.query_params
        person = find_person(self.world, query["person"])
        member = find_member(self.world, query["corpid"], query["userid"])
        external_userid = person.external_ids.get(member.corpid, "")
        relation = self.world.relations.get(member.corpid, member.userid.lower(), external_userid)
        if relation is None:
            raise ControlError("they do not know each other", 404)
        return {
            "member": self._member(member),
            "person": self._person(person),
            "relation": self._relation(relation),
            "messages": [self._bubble(m) for m in self._messages(relation)[-_MOST_BUBBLES:]],
        }

    # codes that lie around

    def codes(self, request: Request) -> list[JSON]:
        """Contact ways, acquisition links, members' own codes and pages, each group with a title."""
        ways = [w for w in self.world.contact_ways if w.scene == 2]
        groups: dict[str, list[JSON]] = {}
        for way in ways[-_MOST_ROWS:]:
            groups.setdefault(way.remark or way.state or "联系我", []).append(self._way(way))
        single = [codes[0] for codes in reversed(groups.values()) if len(codes) == 1]
        told = [
            {"title": title, "kind": "way", "codes": codes}
            for title, codes in reversed(groups.items())
            if len(codes) > 1
        ]
        if single:
            told.insert(0, {"title": "联系我的码", "kind": "way", "codes": single})
        links = [
            self._printed(x.link_name, f"{self.world.public_url}/ca/{x.link_id}")
            for x in self.world.links
            if not x.deleted
        ]
        pages = [self._printed(x.title, x.url) for x in self.world.pages]
        for kind, title, codes in (("link", "获客链接", links), ("page", "印着的网址", pages)):
            if codes:
                told.insert(0, {"title": title, "kind": kind, "codes": codes})
        return told

    def _way(self, way: ContactWay) -> JSON:
        names = [m.name for u in way.user if (m := self.world.members.get(way.corpid, u.lower()))]
        names += [d.name for p in way.party if (d := self.world.departments.get(way.corpid, p))]
        return {
            "title": way.remark or way.state or "联系我",
            "note": "、".join(names[:3]) + (f" +{len(names) - 3}" if len(names) > 3 else ""),
            "url": self.world.qr_url(way.config_id),
            "picture": f"/qr/{way.config_id}.svg",
            "expired": way.is_expired(self.world.clock.now()),
        }

    def _printed(self, title: str, url: str) -> JSON:
        """A web address, lying around as a code."""
        return {"title": title, "url": url, "picture": f"/qr-of?{urlencode({'text': url})}", "note": urlsplit(url).path}

    def resolve(self, request: Request) -> JSON:
        """What a phone shows after a scan and before the button is pressed."""
        url = request.query_params["url"].strip()
        target = scanning.find_target(self.world, url)
        if target is None:
            return {"kind": "page" if url.startswith(("http://", "https://")) else "text", "url": url}
        members = scanning.candidates(self.world, target) if target.join_way is None else []
        return {
            "kind": "group" if target.join_way else "member",
            "url": url,
            "key": target.key,
            "corp": target.corp.name,
            "members": [self._member(m) for m in members[:5]],
            "count": len(members),
        }

    async def codes_in(self, request: Request) -> JSON:
        """Addresses of codes of this world that stand in the text of a page; none of a page that cannot be read."""
        url = request.query_params["url"]
        if not url.startswith(("http://", "https://")):
            return {"codes": []}
        try:
            async with _browser() as client:
                # the person's own visit is the iframe: this one shall count as nobody's
                text = (await client.get(url, headers={"sec-purpose": "prefetch"})).text
        except httpx.HTTPError:
            return {"codes": []}
        found = re.findall(re.escape(self.world.public_url) + r"/(?:qr|q|ca|u)/[^\s\"'<>\\\\]+", text)
        return {"codes": list(dict.fromkeys(found))[:_MOST_FOUND]}


def _browser() -> httpx.AsyncClient:
    # a page under test may have a certificate of its own making
    return httpx.AsyncClient(verify=False, trust_env=False, timeout=_PAGE_SECONDS, follow_redirects=True)  # noqa: S501


def _moment(relation: Relation) -> float:
    return max(relation.active_at, float(relation.createtime))


def _page(name: str) -> Any:
    async def answer(request: Request) -> Response:
        return FileResponse(_WEB / name, headers={"cache-control": "no-cache"})

    return answer


def _answering(read: Any) -> Any:
    async def answer(request: Request) -> Response:
        try:
            found = read(request)
            return JsonAnswer(await found if inspect.isawaitable(found) else found)
        except ControlError as error:
            return JsonAnswer({"error": error.message}, status_code=error.status)
        except KeyError as error:
            return JsonAnswer({"error": f"{error.args[0]} is missing"}, status_code=400)

    return answer
