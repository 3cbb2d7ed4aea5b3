"""What people do in their clients and in the admin console, as the control API and the phones call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from outside import friendship as f
from outside import scanning
from outside.callbacks import announce
from outside.description import find_member, find_person, find_relation
from outside.errors import ControlError
from outside.records import JSON, FriendRequest, Member, Relation, Tag, TagGroup
from outside.transfers import fail
from outside.world import World

Action = Callable[[World, JSON], Any]
ACTIONS: dict[str, Action] = {}


def action(act: Action) -> Action:
    ACTIONS[act.__name__] = act
    return act


def _pair(relation: Relation) -> JSON:
    return {"corpid": relation.corpid, "userid": relation.userid, "external_userid": relation.external_userid}


@action
def scan(world: World, given: JSON) -> JSON:
    """person, url (or config_id): a phone is pointed at a code."""
    target = given.get("url") or given.get("config_id")
    if not target:
        raise ControlError("url is missing")
    return scanning.scan(world, find_person(world, given["person"]), target)


def _request(world: World, given: JSON) -> FriendRequest:
    person = find_person(world, given["person"])
    found = world.friend_requests.get(given["corpid"], given["userid"].lower(), person.id)
    if found is None:
        raise ControlError("no such friend request", 404)
    return found


@action
def accept(world: World, given: JSON) -> JSON:
    """corpid, userid, person: the member accepts the friend request."""
    return _pair(f.accept(world, _request(world, given)))


@action
def refuse(world: World, given: JSON) -> JSON:
    """corpid, userid, person: the member turns the friend request down."""
    f.refuse(world, _request(world, given))
    return {}


@action
def add_by_member(world: World, given: JSON) -> JSON:
    """corpid, userid, person, add_way (default 2, by phone number): the member adds somebody who then accepts."""
    member = find_member(world, given["corpid"], given["userid"])
    corp = world.corps.get(member.corpid)
    assert corp is not None
    origin = f.Origin(int(given.get("add_way", f.SEARCHED_PHONE)), by_member=True)
    return _pair(f.befriend(world, corp, member, find_person(world, given["person"]), origin))


@action
def confirm(world: World, given: JSON) -> JSON:
    """corpid, userid, person: the member completes a half-made friendship."""
    f.confirm(world, find_relation(world, given))
    return {}


@action
def delete_member(world: World, given: JSON) -> JSON:
    """corpid, userid, person: the customer deletes the member."""
    f.delete_by_customer(world, find_relation(world, given))
    return {}


@action
def delete_customer(world: World, given: JSON) -> JSON:
    """corpid, userid, person: the member deletes the customer."""
    f.delete_by_member(world, find_relation(world, given))
    return {}


def _content(given: JSON) -> tuple[str, JSON]:
    if "text" in given:
        return "text", {"content": given["text"]}
    return given.get("msgtype", "text"), given.get("content", {})


def _check_friends(world: World, relation: Relation) -> None:
    """Whom the other has deleted sees a grey line instead of an answer."""
    if relation.status in ("deleted_by_customer", "deleted_by_member"):
        refused = {"event": "refused", "content": "消息已发出，但被对方拒收了。"}
        f.say(world, relation, "system", "text", refused, silent=True)
        raise ControlError("they are no longer friends", 409)


@action
def customer_says(world: World, given: JSON) -> JSON:
    """corpid, userid, person, text (or msgtype and content)."""
    relation = find_relation(world, given)
    _check_friends(world, relation)
    return asdict(f.say(world, relation, "customer", *_content(given)))


@action
def member_says(world: World, given: JSON) -> JSON:
    """corpid, userid, person, text (or msgtype and content)."""
    relation = find_relation(world, given)
    _check_friends(world, relation)
    f.confirm(world, relation)
    return asdict(f.say(world, relation, "member", *_content(given)))


@action
def read_chat(world: World, given: JSON) -> JSON:
    """corpid, userid, person: the member has opened the chat."""
    relation = find_relation(world, given)
    if relation.unread:
        relation.unread = False
        world.relations.put(relation)
        world.live.tell("relation", corpid=relation.corpid, userid=relation.userid, customer=relation.external_userid)
    return {}


@action
def edit(world: World, given: JSON) -> JSON:
    """corpid, userid, person and any of remark, description, company, mobiles, tags (ids), personal_tags."""
    known = {"corpid", "userid", "person", "external_userid"}
    f.edit_by_member(world, find_relation(world, given), {k: v for k, v in given.items() if k not in known})
    return {}


# members


def _change_contact(world: World, change_type: str, member: Member, **changed: Any) -> None:
    announce(world, member.corpid, "change_contact", change_type, UserID=member.userid, **changed)


@action
def resign(world: World, given: JSON) -> JSON:
    """corpid, userid: the member leaves the corp; the customers wait to be assigned."""
    member = find_member(world, given["corpid"], given["userid"])
    _change_contact(world, "delete_user", member)
    member.status, member.left_at = 5, world.clock.seconds()
    world.members.put(member)
    world.directory_changed()
    world.live.tell("directory", corpid=member.corpid)
    return {}


@action
def return_to_work(world: World, given: JSON) -> JSON:
    """corpid, userid: a member who left is back."""
    member = find_member(world, given["corpid"], given["userid"])
    member.status, member.left_at = 1, 0
    world.members.put(member)
    world.directory_changed()
    _change_contact(
        world,
        "create_user",
        member,
        Name=member.name,
        Department=",".join(map(str, member.departments)),
        MainDepartment=member.main_department or member.departments[0],
        Status=1,
    )
    return {}


@action
def edit_member(world: World, given: JSON) -> JSON:
    """corpid, userid and any field of a member: the admin edits the member in the console."""
    member = find_member(world, given["corpid"], given["userid"])
    changes = {name: value for name, value in given.items() if name not in ("corpid", "userid")}
    for name, value in changes.items():
        if not hasattr(member, name):
            raise ControlError(f"a member has no {name}")
        setattr(member, name, value)
    world.members.put(member)
    world.directory_changed()
    told = {"Name": changes.get("name"), "Position": changes.get("position"), "Mobile": changes.get("mobile")}
    if "departments" in changes:
        told["Department"] = ",".join(map(str, changes["departments"]))
    _change_contact(world, "update_user", member, **told)
    return {}


@action
def refuse_transfer(world: World, given: JSON) -> JSON:
    """corpid, person: the customer turns down being handed over to another member."""
    external_userid = world.external_userid(given["corpid"], find_person(world, given["person"]))
    waiting = [t for t in world.transfers.by("customer", (given["corpid"], external_userid)) if t.status == 2]
    if not waiting:
        raise ControlError("no transfer is waiting", 404)
    fail(world, waiting[0], 3, "customer_refused")
    return {}


# the tag library in the console


def _tell_tag(world: World, change_type: str, row: Tag | TagGroup) -> None:
    kind = "tag" if isinstance(row, Tag) else "tag_group"
    announce(world, row.corpid, "change_external_tag", change_type, Id=row.id, TagType=kind)


def _tag_or_group(world: World, given: JSON) -> Tag | TagGroup:
    found = world.tags.get(given["corpid"], given["id"]) or world.tag_groups.get(given["corpid"], given["id"])
    if found is None or found.deleted:
        raise ControlError(f"no tag or group {given['id']}", 404)
    return found


def _put_tag(world: World, row: Tag | TagGroup) -> None:
    if isinstance(row, Tag):
        world.tags.put(row)
    else:
        world.tag_groups.put(row)


@action
def create_tag(world: World, given: JSON) -> JSON:
    """corpid, group (a name, made when new), name: a tag made in the console."""
    corpid, now = given["corpid"], world.clock.seconds()
    groups = [g for g in world.tag_groups.by("corp", corpid) if g.name == given["group"] and not g.deleted]
    if groups:
        group = groups[0]
    else:
        group = world.tag_groups.put(TagGroup(corpid, world.new_id("et"), given["group"], create_time=now))
        _tell_tag(world, "create", group)
    tag = world.tags.put(Tag(corpid, world.new_id("et"), group.id, given["name"], create_time=now))
    _tell_tag(world, "create", tag)
    return {"id": tag.id, "group_id": group.id}


@action
def edit_tag(world: World, given: JSON) -> JSON:
    """corpid, id (of a tag or a group), name and/or order: edited in the console."""
    row = _tag_or_group(world, given)
    row.name, row.order = given.get("name", row.name), given.get("order", row.order)
    _put_tag(world, row)
    _tell_tag(world, "update", row)
    return {}


@action
def delete_tag(world: World, given: JSON) -> JSON:
    """corpid, id (of a tag or a group): deleted in the console."""
    row = _tag_or_group(world, given)
    row.deleted = True
    _put_tag(world, row)
    if isinstance(row, TagGroup):
        for tag in world.tags.by("group", (row.corpid, row.id)):
            tag.deleted = True
            world.tags.put(tag)
    _tell_tag(world, "delete", row)
    return {}


# members and apps


@action
def write_to_app(world: World, given: JSON) -> JSON:
    """corpid, agentid, userid, text: a member writes to the app."""
    member = find_member(world, given["corpid"], given["userid"])
    announce(
        world,
        member.corpid,
        "message",
        only=int(given["agentid"]),
        FromUserName=member.userid,
        MsgType="text",
        Content=given["text"],
        MsgId=int(world.new_sequence()),
        AgentID=int(given["agentid"]),
    )
    return {}


@action
def open_app(world: World, given: JSON) -> JSON:
    """corpid, agentid, userid: a member opens the app (enter_agent)."""
    member = find_member(world, given["corpid"], given["userid"])
    agentid = int(given["agentid"])
    announce(
        world, member.corpid, "enter_agent", only=agentid, FromUserName=member.userid, EventKey="", AgentID=agentid
    )
    return {}


@action
def click_card(world: World, given: JSON) -> JSON:
    """corpid, userid, msgid, key: a member presses a button of a template card."""
    member = find_member(world, given["corpid"], given["userid"])
    message = world.app_messages.get(given["msgid"])
    if message is None or message.corpid != member.corpid:
        raise ControlError("no such message", 404)
    announce(
        world,
        member.corpid,
        "template_card_event",
        only=message.agentid,
        FromUserName=member.userid,
        EventKey=given["key"],
        TaskId=message.content.get("task_id", ""),
        CardType=message.content.get("card_type", ""),
        ResponseCode=world.new_id("", 43),
        AgentID=message.agentid,
    )
    return {}


@action
def announce_event(world: World, given: JSON) -> JSON:
    """corpid, event, change_type, agentid, fields: any event, also ones this server does not know."""
    announce(
        world,
        given["corpid"],
        given["event"],
        given.get("change_type", ""),
        only=given.get("agentid"),
        **given.get("fields", {}),
    )
    return {}
