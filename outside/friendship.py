"""How a stranger with a phone becomes a member's customer, and what the two then do.

These are actions in clients, so they are called back to apps; what apps do through the API is not.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from outside.callbacks import announce
from outside.errors import ControlError
from outside.records import (
    AcquisitionLink,
    ChatMessage,
    Corp,
    FriendRequest,
    Member,
    Person,
    Relation,
    TempSession,
    Ticket,
    WelcomeCode,
)
from outside.world import World

SCANNED, SEARCHED_PHONE = 1, 2  # add_way
_EVENT = "change_external_contact"
_CHAT_KEY_SECONDS = 1800


@dataclass(frozen=True)
class Origin:
    """How two came to know each other."""

    add_way: int = SCANNED
    state: str = ""
    config_id: str = ""
    link_id: str = ""
    by_member: bool = False


def announce_link(world: World, link: AcquisitionLink, change_type: str, **fields: Any) -> None:
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
        announce_link(world, link, "del_follow_user", **ids, State=relation.state or None)
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
    relation.active_at = message.at
    if not silent:
        relation.chatted = True
        relation.unread = sender == "customer"
        if sender == "customer":
            relation.received += 1
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
        announce_link(world, link, "customer_start_chat", **ids)
    if relation.received in (3, 5, 10):
        announce_link(world, link, "message_from_customer", ChatKey=_chat_key(world, link, relation))


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
