"""A person points a phone at a code: what it leads to, who is chosen, and what the phone then shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from outside.callbacks import announce
from outside.clock import day_start
from outside.errors import ControlError
from outside.friendship import Origin, announce_link, befriend
from outside.records import (
    AcquisitionLink,
    ContactWay,
    Corp,
    FriendRequest,
    JoinWay,
    Member,
    Person,
    Relation,
)
from outside.world import World

SCANNED, LINK = 1, 16  # add_way
_CHANNEL_BYTES = 64


@dataclass
class Target:
    """What a scanned code leads to."""

    corp: Corp
    way: ContactWay | None = None
    link: AcquisitionLink | None = None
    channel: str = ""
    member: Member | None = None
    join_way: JoinWay | None = None

    @property
    def key(self) -> str:
        """The same for every address of one code."""
        row = self.way or self.link or self.join_way or self.member
        return f"{row.key if row else ''}?{self.channel}"


def find_target(world: World, text: str) -> Target | None:
    """Of a scanned text: a contact way, an acquisition link, a member's own code or a group's; none for any other."""
    parts = urlsplit(text.strip())
    steps = [unquote(step) for step in parts.path.split("/") if step]
    if not steps:
        return None
    last = steps[-1].removesuffix(".png").removesuffix(".svg")
    corp: Corp | None
    if (way := world.contact_ways.get(last)) and (corp := world.corps.get(way.corpid)):
        return Target(corp, way=way)
    if (link := world.links.get(last)) and not link.deleted and (corp := world.corps.get(link.corpid)):
        channel = parse_qs(parts.query).get("customer_channel", [""])[0]
        return Target(corp, link=link, channel=_cut(channel, _CHANNEL_BYTES))
    if (join_way := world.join_ways.get(last)) and (corp := world.corps.get(join_way.corpid)):
        return Target(corp, join_way=join_way)
    if len(steps) >= 3 and steps[-3] == "u" and (corp := world.corps.get(steps[-2])):
        member = world.members.get(corp.corpid, last.lower())
        return Target(corp, member=member) if member else None
    return None


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")


def scan(world: World, person: Person, text: str) -> dict[str, Any]:
    """A person points a phone at a code. Returns what the phone then shows, under `outcome`:
    friends, already_friends, waiting (for the member to accept), joined (a group), page, or unavailable."""
    target = find_target(world, text)
    if target is None:
        if text.startswith(("http://", "https://")):
            return {"outcome": "page", "url": text}
        raise ControlError("this code leads nowhere", 404)
    if target.join_way is not None:
        return _join(world, person, target.corp, target.join_way)
    if target.way is not None and target.way.is_expired(world.clock.now()):
        return {"outcome": "unavailable", "reason": "the code has expired"}
    if target.way is not None and target.way.unionid not in ("", person.unionid):
        return {"outcome": "unavailable", "reason": "the code is for somebody else"}
    if target.link is not None:
        _count_click(world, target.link)
    members = candidates(world, target)
    known = _existing_friend(world, target.corp, person, members)
    if known is not None:
        return {"outcome": "already_friends", **_pair(known)}
    member = _choose(world, person, target, members)
    if member is None:
        return {"outcome": "unavailable", "reason": "no member can be added at the moment"}
    return _begin(world, target, member, person)


def _begin(world: World, target: Target, member: Member, person: Person) -> dict[str, Any]:
    origin = _origin(target)
    if target.link is not None:
        if not _spend_link_quota(world, target.corp):
            return {"outcome": "unavailable", "reason": "the link has no quota left"}
        announce_link(world, target.link, "friend_request", State=origin.state or None)
    if _verification_needed(target, member):
        request = FriendRequest(
            member.corpid,
            member.userid,
            person.id,
            world.clock.seconds(),
            origin.add_way,
            origin.state,
            origin.config_id,
            origin.link_id,
        )
        world.friend_requests.put(request)
        world.live.tell("request", corpid=member.corpid, userid=member.userid, person=person.id)
        return {"outcome": "waiting", "corpid": member.corpid, "userid": member.userid, "name": member.name}
    relation = befriend(world, target.corp, member, person, origin, sequence=world.switch("add_sequence"))
    return {"outcome": "friends", **_pair(relation)}


def _pair(relation: Relation) -> dict[str, Any]:
    return {"corpid": relation.corpid, "userid": relation.userid, "external_userid": relation.external_userid}


def _origin(target: Target) -> Origin:
    if target.way is not None:
        return Origin(SCANNED, target.way.state, config_id=target.way.config_id)
    if target.link is not None:
        return Origin(LINK, target.channel, link_id=target.link.link_id)
    return Origin(SCANNED)


def _verification_needed(target: Target, member: Member) -> bool:
    if target.way is not None:
        return not target.way.skip_verify
    if target.link is not None:
        return not target.link.skip_verify
    return not member.no_verification


def candidates(world: World, target: Target) -> list[Member]:
    if target.member is not None:
        return [target.member] if target.member.status == 1 else []
    holder = target.way or target.link
    users, parties = (holder.user, holder.party) if isinstance(holder, ContactWay) else (holder.users, holder.parties)  # type: ignore[union-attr]
    found = {u.lower(): world.members.get(target.corp.corpid, u.lower()) for u in users}
    found |= {m.userid.lower(): m for m in world.members_of(target.corp.corpid, parties)}
    return [m for m in found.values() if m is not None and m.can_serve]


def _existing_friend(world: World, corp: Corp, person: Person, members: list[Member]) -> Relation | None:
    external_userid = person.external_ids.get(corp.corpid, "")
    for member in members:
        relation = world.relations.get(corp.corpid, member.userid.lower(), external_userid)
        if relation is not None and relation.status in ("mutual", "half"):
            return relation
    return None


def _choose(world: World, person: Person, target: Target, members: list[Member]) -> Member | None:
    free = [m for m in members if _has_room(world, m)]
    if target.link is not None and target.link.priority_type == 2:
        wanted = {u.lower() for u in target.link.priority_users}
        free = [m for m in free if m.userid.lower() in wanted] or free
    if target.way is not None and target.way.is_exclusive and person.type == 2:
        free = [m for m in free if _serves_company(world, m, person.corp_name)] or free
    return world.random.choice(free) if free else None


def _serves_company(world: World, member: Member, company: str) -> bool:
    relations = world.relations.by("member", (member.corpid, member.userid.lower()))
    people = (world.person_behind(x.corpid, x.external_userid) for x in relations)
    return any(p is not None and p.corp_name == company for p in people)


def _has_room(world: World, member: Member) -> bool:
    return world.relations.count("member", (member.corpid, member.userid.lower())) < member.customer_limit


def _spend_link_quota(world: World, corp: Corp) -> bool:
    balance = int(corp.settings.get("acquisition_balance", 1000))
    if balance <= 0:
        return False
    corp.settings["acquisition_balance"] = balance - 1
    world.corps.put(corp)
    if balance - 1 == 0:
        announce(world, corp.corpid, "customer_acquisition", "balance_exhausted")
    elif balance - 1 == 19:
        announce(world, corp.corpid, "customer_acquisition", "balance_low")
    return True


def _count_click(world: World, link: AcquisitionLink) -> None:
    day = str(day_start(world.clock.seconds()))
    link.clicks[day] = int(link.clicks.get(day, 0)) + 1
    world.links.put(link)


# groups


def _join(world: World, person: Person, corp: Corp, join_way: JoinWay) -> dict[str, Any]:
    external_userid = world.external_userid(corp.corpid, person)
    for chat_id in join_way.chat_id_list:
        chat = world.group_chats.get(corp.corpid, chat_id)
        if chat is None or chat.dismissed:
            continue
        if any(m["userid"] == external_userid for m in chat.members):
            return {"outcome": "joined", "chat_id": chat_id}
        if len(chat.members) >= 200:
            continue
        before, chat.member_version = chat.member_version, world.new_hex()
        chat.members.append(
            {
                "userid": external_userid,
                "type": 2,
                "join_time": world.clock.seconds(),
                "join_scene": 3,
                "state": join_way.state,
            }
        )
        world.group_chats.put(chat)
        announce(
            world,
            corp.corpid,
            "change_external_chat",
            "update",
            ChatId=chat_id,
            UpdateDetail="add_member",
            JoinScene=3,
            QuitScene=0,
            MemChangeCnt=1,
            MemChangeList={"Item": [external_userid]},
            LastMemVer=before,
            CurMemVer=chat.member_version,
        )
        return {"outcome": "joined", "chat_id": chat_id}
    return {"outcome": "unavailable", "reason": "all groups are full"}
