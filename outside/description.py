"""A world described in JSON, made real: the same description twice gives the same world, with the same ids."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from outside import records as r
from outside.crypto import new_aes_key
from outside.errors import ControlError
from outside.world import Table, World, unionid_of

JSON = dict[str, Any]


def _stable(kind: str, *parts: object) -> str:
    return hashlib.sha256(":".join(map(str, (kind, *parts))).encode()).hexdigest()


def _upsert(
    table: Table[Any], row_type: type, key: tuple[object, ...], given: JSON, defaults: Callable[[], JSON]
) -> Any:
    """The record with this key, with every given field set; created from the defaults when it is new."""
    names = {f.name for f in fields(row_type)}
    if unknown := set(given) - names:
        raise ControlError(f"{row_type.__name__} has no {', '.join(sorted(unknown))}")
    row = table.get(*key)
    if row is None:
        try:
            return table.put(row_type(**(defaults() | given)))
        except TypeError as error:
            raise ControlError(f"{row_type.__name__}: {error}") from error
    for name, value in given.items():
        setattr(row, name, value)
    return table.put(row)


def _need(given: JSON, *names: str) -> None:
    for name in names:
        if given.get(name) in (None, ""):
            raise ControlError(f"{name} is missing")


def put_corp(world: World, given: JSON) -> r.Corp:
    _need(given, "name")
    given = dict(given)
    given.setdefault("corpid", "ww" + _stable("corp", given["name"])[:16])
    corp: r.Corp = _upsert(world.corps, r.Corp, (given["corpid"],), given, lambda: {"full_name": given["name"]})
    if world.departments.get(corp.corpid, 1) is None:
        world.departments.put(r.Department(corp.corpid, 1, corp.name))
    return corp


def _corp_of(world: World, given: JSON) -> r.Corp:
    _need(given, "corpid")
    corp = world.corps.get(given["corpid"])
    if corp is None:
        raise ControlError(f"no corp {given['corpid']}", 404)
    return corp


def put_department(world: World, given: JSON) -> r.Department:
    corp = _corp_of(world, given)
    _need(given, "id", "name")
    row: r.Department = _upsert(
        world.departments,
        r.Department,
        (corp.corpid, given["id"]),
        given,
        lambda: {"parentid": 0 if given["id"] == 1 else 1},
    )
    world.directory_changed()
    return row


def put_member(world: World, given: JSON) -> r.Member:
    corp = _corp_of(world, given)
    _need(given, "userid")
    row: r.Member = _upsert(
        world.members,
        r.Member,
        (corp.corpid, str(given["userid"]).lower()),
        given,
        lambda: {"name": given["userid"]},
    )
    world.directory_changed()
    return row


_CALLBACK_NAMES = {
    "url": "callback_url",
    "token": "callback_token",
    "aes_key": "callback_aes_key",
    "format": "callback_format",
}


def put_app(world: World, given: JSON) -> r.App:
    corp = _corp_of(world, given)
    given = dict(given)
    for name, value in given.pop("callback", {}).items():
        given[_CALLBACK_NAMES.get(name, name)] = value
    role = given.get("role", "app")
    given.setdefault("agentid", {"contacts": 2000002, "customer": 2000003}.get(role, 1000002))
    defaults = {
        "name": {"contacts": "通讯录同步", "customer": "客户联系"}.get(role, "自建应用"),
        "secret": base64.urlsafe_b64encode(bytes.fromhex(_stable("secret", corp.corpid, given["agentid"]))).decode()[
            :43
        ],
        "callback_token": _stable("token", corp.corpid, given["agentid"])[:16],
        "callback_aes_key": new_aes_key(),
    }
    row: r.App = _upsert(world.apps, r.App, (corp.corpid, given["agentid"]), given, lambda: defaults)
    world.directory_changed()
    return row


def put_member_tag(world: World, given: JSON) -> r.MemberTag:
    corp = _corp_of(world, given)
    _need(given, "id", "name")
    row: r.MemberTag = _upsert(world.member_tags, r.MemberTag, (corp.corpid, given["id"]), given, dict)
    return row


def put_person(world: World, given: JSON) -> r.Person:
    _need(given, "nickname")
    given = dict(given)
    person_id = given.setdefault("id", _stable("person", given["nickname"])[:12])
    external_ids = given.pop("external_ids", {})
    unionid = unionid_of(person_id)
    row: r.Person = _upsert(world.people, r.Person, (person_id,), given, lambda: {"unionid": unionid})
    for corpid, external_userid in external_ids.items():
        world.remember_external_userid(corpid, row, external_userid)
    return row


def put_tag_group(world: World, given: JSON) -> r.TagGroup:
    """A group with its tags, as made in the console, or by the app named as `creator`."""
    corp = _corp_of(world, given)
    _need(given, "name")
    group_id = given.get("id") or "et" + _stable("group", corp.corpid, given["name"])[:30]
    now = world.clock.seconds()
    group: r.TagGroup = _upsert(
        world.tag_groups,
        r.TagGroup,
        (corp.corpid, group_id),
        {"corpid": corp.corpid, "id": group_id, "name": given["name"], "order": given.get("order", 0)},
        lambda: {"create_time": now},
    )
    for tag in given.get("tags", []):
        tag = {"name": tag} if isinstance(tag, str) else dict(tag)
        tag_id = tag.get("id") or "et" + _stable("tag", corp.corpid, given["name"], tag["name"])[:30]
        _upsert(
            world.tags,
            r.Tag,
            (corp.corpid, tag_id),
            {**tag, "corpid": corp.corpid, "id": tag_id, "group_id": group_id},
            lambda: {"create_time": now, "creator": given.get("creator", 0)},
        )
    return group


def put_contact_way(world: World, given: JSON) -> r.ContactWay:
    corp = _corp_of(world, given)
    given = dict(given)
    creator = given.pop("agentid", 0)
    given.setdefault("config_id", _stable("way", corp.corpid, given.get("state"), given.get("remark"))[:32])
    now = world.clock.seconds()
    row: r.ContactWay = _upsert(
        world.contact_ways,
        r.ContactWay,
        (given["config_id"],),
        given,
        lambda: {"creator": creator, "created_at": now, "type": 1 if len(given.get("user", [])) == 1 else 2},
    )
    return row


def put_relation(world: World, given: JSON) -> r.Relation:
    """A friendship of long standing: no event is told. An existing one is left as life has made it."""
    corp = _corp_of(world, given)
    _need(given, "userid", "person")
    person, member = find_person(world, given["person"]), find_member(world, corp.corpid, given["userid"])
    external_userid = world.external_userid(corp.corpid, person)
    known = world.relations.get(corp.corpid, member.userid.lower(), external_userid)
    if known is not None and not given.get("overwrite"):
        return known
    rest = {name: value for name, value in given.items() if name not in ("person", "overwrite")}
    rest |= {"userid": member.userid, "external_userid": external_userid}
    rest["tags"] = [_tag_id(world, corp.corpid, tag) for tag in given.get("tags", [])]
    rest.setdefault("createtime", world.clock.seconds())
    rest.setdefault("oper_userid", external_userid)
    rest.setdefault("unread", False)
    key = (corp.corpid, member.userid.lower(), external_userid)
    row: r.Relation = _upsert(world.relations, r.Relation, key, rest, dict)
    return row


def _tag_id(world: World, corpid: str, named: str) -> str:
    if world.tags.get(corpid, named) is not None:
        return named
    for tag in world.tags.by("corp", corpid):
        if tag.name == named and not tag.deleted:
            return tag.id
    raise ControlError(f"no tag {named}", 404)


def put_group_chat(world: World, given: JSON) -> r.GroupChat:
    corp = _corp_of(world, given)
    _need(given, "name", "owner")
    given = dict(given)
    chat_id = given.setdefault("chat_id", "wr" + _stable("chat", corp.corpid, given["name"])[:30])
    now = world.clock.seconds()
    owner = {"userid": given["owner"], "type": 1, "join_time": now, "join_scene": 1}
    row: r.GroupChat = _upsert(
        world.group_chats,
        r.GroupChat,
        (corp.corpid, chat_id),
        given,
        lambda: {"create_time": now, "members": [owner], "member_version": world.new_hex()},
    )
    return row


def put_page(world: World, given: JSON) -> r.LyingPage:
    _need(given, "url")
    row: r.LyingPage = _upsert(world.pages, r.LyingPage, (given["url"],), given, lambda: {"title": given["url"]})
    return row


PUTTERS: dict[str, Callable[[World, JSON], Any]] = {
    "corps": put_corp,
    "departments": put_department,
    "members": put_member,
    "apps": put_app,
    "member_tags": put_member_tag,
    "people": put_person,
    "tag_groups": put_tag_group,
    "contact_ways": put_contact_way,
    "relations": put_relation,
    "group_chats": put_group_chat,
    "pages": put_page,
}
_INSIDE_CORP = (
    "departments",
    "members",
    "apps",
    "member_tags",
    "tag_groups",
    "contact_ways",
    "group_chats",
    "relations",
)


def put_world(world: World, given: JSON) -> JSON:
    """`people`, `pages`, `switches`, and `corps` with what is inside them. Returns how many of each were described."""
    counts: dict[str, int] = {}

    def put(kind: str, described: JSON) -> None:
        PUTTERS[kind](world, described)
        counts[kind] = counts.get(kind, 0) + 1

    for name, value in given.get("switches", {}).items():
        world.set_switch(name, value)
    for kind in ("people", "pages"):
        for described in given.get(kind, []):
            put(kind, described)
    for corp in given.get("corps", []):
        own = {name: value for name, value in corp.items() if name not in _INSIDE_CORP}
        corpid = put_corp(world, own).corpid
        counts["corps"] = counts.get("corps", 0) + 1
        for kind in _INSIDE_CORP:
            for described in corp.get(kind, []):
                put(kind, {**described, "corpid": corpid})
    return counts


def find_person(world: World, named: str) -> r.Person:
    """By own id, by unionid or by the id any corp knows the person under."""
    found = world.people.get(named)
    if found is not None:
        return found
    for person in world.people:
        if named == person.unionid or named in person.external_ids.values():
            return person
    raise ControlError(f"no person {named}", 404)


def find_member(world: World, corpid: str, userid: str) -> r.Member:
    found = world.members.get(corpid, userid.lower())
    if found is None:
        raise ControlError(f"no member {userid} in {corpid}", 404)
    return found


def find_relation(world: World, given: JSON) -> r.Relation:
    """By corpid, userid and `person` (any of a person's ids, or external_userid)."""
    corp = _corp_of(world, given)
    _need(given, "userid")
    named = given.get("external_userid") or given.get("person")
    if not named:
        raise ControlError("person is missing")
    person = world.person_behind(corp.corpid, named) or find_person(world, named)
    external_userid = person.external_ids.get(corp.corpid, "")
    found = world.relations.get(corp.corpid, given["userid"].lower(), external_userid)
    if found is None:
        raise ControlError("they do not know each other", 404)
    return found
