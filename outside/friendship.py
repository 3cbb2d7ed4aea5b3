"""How a stranger with a phone becomes a member's customer, and what the two then do.

These are actions in clients, so they are called back to apps; what apps do through the API is not.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from outside.callbacks import announce
from outside.errors import ControlError
from outside.records import (
    AcquisitionLink,
    ChatMessage,
    ContactWay,
    Corp,
    FriendRequest,
    JoinWay,
    Member,
    Person,
    Relation,
    TempSession,
    Ticket,
    WelcomeCode,
)
from outside.world import World

SCANNED, SEARCHED_PHONE, LINK = 1, 2, 16  # add_way
_EVENT = "change_external_contact"
_CHANNEL_BYTES = 64
_CHAT_KEY_SECONDS = 1800


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


@dataclass(frozen=True)
class Origin:
    """How two came to know each other."""

    add_way: int = SCANNED
    state: str = ""
    config_id: str = ""
    link_id: str = ""
    by_member: bool = False


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
        _announce_link(world, target.link, "friend_request", State=origin.state or None)
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


def day_start(moment: int) -> int:
    """Midnight in Shanghai, which has no summer time."""
    return (moment + 8 * 3600) // 86400 * 86400 - 8 * 3600


def _announce_link(world: World, link: AcquisitionLink, change_type: str, **fields: Any) -> None:
    announce(
        world, link.corpid, "customer_acquisition", change_type, only=link.creator, **{"LinkId": link.link_id, **fields}
    )


# becoming friends


def befriend(
    world: World, corp: Corp, member: Member, person: Person, origin: Origin, *, sequence: str = "add"
) -> Relation:
    """Make (or renew) the friendship and tell the apps, in the order that `sequence` names."""
    external_userid = world.external_userid(corp.corpid, person)
    relation = _renewed(world, member, external_userid, origin)
    _consume_temp_code(world, relation)
    world.live.tell("relation", corpid=corp.corpid, userid=member.userid, person=person.id, customer=external_userid)
    if not member.contact_function:
        return relation
    if sequence == "add":
        _announce_added(world, relation, "add_external_contact")
    else:
        relation.status = "half"
        world.relations.put(relation)
        _announce_added(world, relation, "add_half_external_contact")
        if sequence == "half_then_add":
            _complete_later(world, relation)
    return relation


def _renewed(world: World, member: Member, external_userid: str, origin: Origin) -> Relation:
    """A member keeps remark and tags of a customer who left and came back, not of one the member had deleted."""
    old = world.relations.get(member.corpid, member.userid.lower(), external_userid)
    fresh = old is None or old.status == "deleted_by_member"
    relation = Relation(member.corpid, member.userid, external_userid, 0) if old is None or fresh else old
    relation.createtime = world.clock.seconds()
    relation.status = "mutual"
    relation.add_way, relation.state = origin.add_way, origin.state
    relation.config_id, relation.link_id = origin.config_id, origin.link_id
    relation.oper_userid = member.userid if origin.by_member else external_userid
    relation.chatted = relation.welcomed = False
    relation.received = relation.deleted_at = 0
    relation.unread = True
    greeting = {"event": "added", "content": f"你已添加了{member.name}，现在可以开始聊天了。"}
    say(world, relation, "system", "text", greeting, silent=True)
    return world.relations.put(relation)


def _consume_temp_code(world: World, relation: Relation) -> None:
    way = world.contact_ways.get(relation.config_id)
    if way is None or not way.is_temp:
        return
    way.used = True
    world.contact_ways.put(way)
    expires = world.clock.seconds() + way.chat_expires_in
    world.temp_sessions.put(
        TempSession(relation.corpid, relation.userid, relation.external_userid, way.config_id, expires)
    )


def _announce_added(world: World, relation: Relation, change_type: str) -> None:
    announce(
        world,
        relation.corpid,
        _EVENT,
        change_type,
        UserID=relation.userid,
        ExternalUserID=relation.external_userid,
        State=relation.state or None,
        WelcomeCode=_welcome_code(world, relation),
    )


def _welcome_code(world: World, relation: Relation) -> str | None:
    member = world.members.get(relation.corpid, relation.userid.lower())
    person = world.person_behind(relation.corpid, relation.external_userid)
    if relation.chatted or relation.welcomed or member is None or person is None or person.type == 2:
        return None
    if member.console_welcome:
        say(world, relation, "welcome", "text", {"content": member.console_welcome}, silent=True)
        relation.welcomed = True
        world.relations.put(relation)
        return None
    code = WelcomeCode(
        world.new_id("", 43), relation.corpid, relation.userid, relation.external_userid, world.clock.now()
    )
    return world.welcome_codes.put(code).code


def _complete_later(world: World, relation: Relation) -> None:
    async def complete() -> None:
        await asyncio.sleep(float(world.switch("second_event_seconds")))
        confirm(world, relation)
        world.commit()

    task = asyncio.get_running_loop().create_task(complete())
    world.background.add(task)
    task.add_done_callback(world.background.discard)


def confirm(world: World, relation: Relation) -> None:
    """The member's side of a half-made friendship is complete."""
    if relation.status == "half":
        relation.status = "mutual"
        world.relations.put(relation)
        _announce_added(world, relation, "add_external_contact")
        world.live.tell("relation", corpid=relation.corpid, userid=relation.userid, customer=relation.external_userid)


def accept(world: World, request: FriendRequest) -> Relation:
    corp, member = world.corps.get(request.corpid), world.members.get(request.corpid, request.userid.lower())
    person = world.people.get(request.person_id)
    if corp is None or member is None or person is None:
        raise ControlError("the request is out of date", 409)
    world.friend_requests.remove(request)
    origin = Origin(request.add_way, request.state, request.config_id, request.link_id)
    return befriend(world, corp, member, person, origin)


def refuse(world: World, request: FriendRequest) -> None:
    world.friend_requests.remove(request)
    world.live.tell("request", corpid=request.corpid, userid=request.userid, person=request.person_id)


# parting


def delete_by_customer(world: World, relation: Relation) -> None:
    if relation.status not in ("mutual", "half"):
        raise ControlError("they are not friends", 409)
    relation.status, relation.deleted_at = "deleted_by_customer", world.clock.seconds()
    world.relations.put(relation)
    ids: dict[str, Any] = {"UserID": relation.userid, "ExternalUserID": relation.external_userid}
    announce(world, relation.corpid, _EVENT, "del_follow_user", **ids)
    link = world.links.get(relation.link_id)
    if link is not None:
        _announce_link(world, link, "del_follow_user", **ids, State=relation.state or None)
    world.live.tell("relation", corpid=relation.corpid, userid=relation.userid, customer=relation.external_userid)


def delete_by_member(world: World, relation: Relation, source: str | None = None) -> None:
    if relation.status == "deleted_by_member":
        raise ControlError("the member has already deleted this customer", 409)
    relation.status, relation.deleted_at = "deleted_by_member", world.clock.seconds()
    relation.tags, relation.personal_tags = [], []
    world.relations.put(relation)
    ids: dict[str, Any] = {"UserID": relation.userid, "ExternalUserID": relation.external_userid}
    announce(world, relation.corpid, _EVENT, "del_external_contact", **ids, Source=source)
    world.live.tell("relation", corpid=relation.corpid, userid=relation.userid, customer=relation.external_userid)


# being friends


def edit_by_member(world: World, relation: Relation, changes: dict[str, Any]) -> None:
    """What a member writes about a customer on the phone. Unknown names are refused."""
    allowed = {"remark", "description", "company", "mobiles", "tags", "personal_tags"}
    if unknown := set(changes) - allowed:
        raise ControlError(f"cannot edit {', '.join(sorted(unknown))}")
    for tag_id in changes.get("tags", []):
        tag = world.tags.get(relation.corpid, tag_id)
        if tag is None or tag.deleted:
            raise ControlError(f"no tag {tag_id}", 404)
    for name, value in changes.items():
        setattr(relation, name, value)
    world.relations.put(relation)
    announce(
        world,
        relation.corpid,
        _EVENT,
        "edit_external_contact",
        UserID=relation.userid,
        ExternalUserID=relation.external_userid,
    )
    world.live.tell("relation", corpid=relation.corpid, userid=relation.userid, customer=relation.external_userid)


def say(
    world: World, relation: Relation, sender: str, msgtype: str, content: dict[str, Any], *, silent: bool = False
) -> ChatMessage:
    """One bubble in their chat. Not silent ones count as chatting, which ends the time of welcomes."""
    message = ChatMessage(
        world.new_sequence(),
        relation.corpid,
        relation.userid,
        relation.external_userid,
        sender,
        msgtype,
        content,
        world.clock.now(),
    )
    world.chat_messages.put(message)
    if not silent:
        relation.chatted = True
        if sender == "customer":
            relation.received += 1
            relation.unread = True
            _announce_chatting(world, relation)
        world.relations.put(relation)
    world.live.tell(
        "chat", corpid=relation.corpid, userid=relation.userid, customer=relation.external_userid, sender=sender
    )
    return message


def _announce_chatting(world: World, relation: Relation) -> None:
    link = world.links.get(relation.link_id)
    if link is None:
        return
    if relation.received == 1:
        ids: dict[str, Any] = {"UserID": relation.userid, "ExternalUserID": relation.external_userid}
        _announce_link(world, link, "customer_start_chat", **ids)
    if relation.received in (3, 5, 10):
        _announce_link(world, link, "message_from_customer", ChatKey=_chat_key(world, link, relation))


def _chat_key(world: World, link: AcquisitionLink, relation: Relation) -> str:
    """Good for half an hour of customer_acquisition/get_chat_info."""
    subject = {"userid": relation.userid, "external_userid": relation.external_userid}
    key = world.new_id("", 40)
    expires = world.clock.seconds() + _CHAT_KEY_SECONDS
    world.tickets.put(Ticket(key, "chat_key", link.corpid, link.creator, expires, subject))
    return key


def close_temp_session(world: World, session: TempSession) -> None:
    """The parting words of the contact way are said, then the session is over."""
    relation = world.relations.get(session.corpid, session.userid.lower(), session.external_userid)
    way = world.contact_ways.get(session.config_id)
    if relation is not None and way is not None:
        for kind in ("text", "image", "link", "miniprogram"):
            if way.conclusions.get(kind):
                say(world, relation, "welcome", kind, way.conclusions[kind], silent=True)
                if kind != "text":
                    break
    world.temp_sessions.remove(session)


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
