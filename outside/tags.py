"""Corp tags: the library, who may change what in it, and the marks on customers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.records import Tag, TagGroup
from outside.world import World

_NAME_CHARS = 30
_MOST_PER_CUSTOMER = 3000
_ORDER: dict[str, Any] = {"least": 0, "most": 2**32 - 1}


def _tag_fields(tag: Tag, *, by_id: bool) -> dict[str, Any]:
    told = {"id": tag.id, "name": tag.name, "create_time": tag.create_time, "order": tag.order}
    return told | ({"deleted": tag.deleted} if by_id else {})


def _group_fields(group: TagGroup, tags: Iterable[Tag], *, by: str = "") -> dict[str, Any]:
    told = {
        "group_id": group.id,
        "group_name": group.name,
        "create_time": group.create_time,
        "order": group.order,
        "tag": [_tag_fields(t, by_id=bool(by)) for t in sorted(tags, key=lambda t: (-t.order, t.create_time))],
    }
    return told | ({"deleted": group.deleted} if by == "tag_id" else {})


@api("POST", "externalcontact/get_corp_tag_list", p.texts("tag_id"), p.texts("group_id"), grant="customer")
def get_corp_tag_list(call: Call) -> Answer:
    """The whole library, or what is asked for by id, deleted items too."""
    world, corpid = call.world, call.corpid
    groups = world.tag_groups.by("corp", corpid)
    if call["group_id"]:
        wanted = [g for g in groups if g.id in call["group_id"]]
        told = [_group_fields(g, world.tags.by("group", (corpid, g.id)), by="group_id") for g in wanted]
    elif call["tag_id"]:
        found = [t for t in world.tags.by("corp", corpid) if t.id in call["tag_id"]]
        holders = {t.group_id for t in found}
        told = [
            _group_fields(g, [t for t in found if t.group_id == g.id], by="tag_id") for g in groups if g.id in holders
        ]
    else:
        told = [_group_fields(g, _living_tags(world, g)) for g in groups if not g.deleted]
    return {"tag_group": sorted(told, key=lambda g: (-g["order"], g["create_time"]))}


def _living_tags(world: World, group: TagGroup) -> list[Tag]:
    return [t for t in world.tags.by("group", (group.corpid, group.id)) if not t.deleted]


def _check_name(name: Any) -> str:
    if not isinstance(name, str) or not 1 <= len(name) <= _NAME_CHARS:
        raise WeComError(40072)
    return name


@api(
    "POST",
    "externalcontact/add_corp_tag",
    p.text("group_id"),
    p.text("group_name"),
    p.number("order", default=0, **_ORDER),
    p.records("tag", need=40058),
    grant="customer",
)
def add_corp_tag(call: Call) -> Answer:
    """Tags in a new or an existing group; a name twice in one call is made once."""
    wanted: dict[str, int] = {}
    for given in call["tag"]:
        wanted.setdefault(_check_name(given.get("name")), p.number("order", default=0, **_ORDER).take(given))
    group = _group_to_fill(call)
    if group is not None and any(t.name in wanted for t in _living_tags(call.world, group)):
        raise WeComError(40071)
    living = sum(not t.deleted for t in call.world.tags.by("corp", call.corpid))
    if living + len(wanted) > call.world.switch("tag_quota"):
        raise WeComError(40126)
    now = call.world.clock.seconds()
    if group is None:
        group = call.world.tag_groups.put(
            TagGroup(
                call.corpid, call.world.new_id("et"), call["group_name"], call["order"], now, creator=call.app.agentid
            )
        )
    made = [
        call.world.tags.put(
            Tag(call.corpid, call.world.new_id("et"), group.id, name, order, now, creator=call.app.agentid)
        )
        for name, order in wanted.items()
    ]
    return {"tag_group": _group_fields(group, made)}


def _group_to_fill(call: Call) -> TagGroup | None:
    """The group named by id or by name; none where a new one is to be made."""
    if call["group_id"]:
        group = call.world.tag_groups.get(call.corpid, call["group_id"])
        if group is None or group.deleted:
            raise WeComError(40068)
        return group
    _check_name(call["group_name"] or "")
    for group in call.world.tag_groups.by("corp", call.corpid):
        if group.name == call["group_name"] and not group.deleted:
            return group
    return None


def _own(call: Call, row: Tag | TagGroup | None) -> Tag | TagGroup:
    if row is None or row.deleted:
        raise WeComError(40068)
    if row.creator != call.app.agentid:
        raise WeComError(81011)
    return row


@api(
    "POST",
    "externalcontact/edit_corp_tag",
    p.text("id", need=40068),
    p.text("name"),
    p.number("order", **_ORDER),
    grant="customer",
)
def edit_corp_tag(call: Call) -> Answer:
    tag = call.world.tags.get(call.corpid, call["id"])
    row = _own(call, tag or call.world.tag_groups.get(call.corpid, call["id"]))
    siblings: list[Tag] | list[TagGroup]
    if isinstance(row, Tag):
        siblings = call.world.tags.by("group", (call.corpid, row.group_id))
    else:
        siblings = call.world.tag_groups.by("corp", call.corpid)
    if call["name"] is not None:
        _check_name(call["name"])
        if any(x.name == call["name"] and x.id != row.id and not x.deleted for x in siblings):
            raise WeComError(40071)
        row.name = call["name"]
    if call["order"] is not None:
        row.order = call["order"]
    if isinstance(row, Tag):
        call.world.tags.put(row)
    else:
        call.world.tag_groups.put(row)
    return {}


@api("POST", "externalcontact/del_corp_tag", p.texts("tag_id"), p.texts("group_id"), grant="customer")
def del_corp_tag(call: Call) -> Answer:
    """Tags or whole groups; a group without tags goes too, and marks on customers vanish."""
    if not call["tag_id"] and not call["group_id"]:
        raise WeComError(40068, "tag_id and group_id are both empty")
    world, corpid = call.world, call.corpid
    tags = [_own(call, world.tags.get(corpid, tag_id)) for tag_id in call["tag_id"] or []]
    groups = [_own(call, world.tag_groups.get(corpid, group_id)) for group_id in call["group_id"] or []]
    doomed = [t for t in tags if isinstance(t, Tag)]
    for group in groups:
        doomed += [t for t in world.tags.by("group", (corpid, group.id)) if not t.deleted]
    delete_tags(world, corpid, doomed)
    return {}


def delete_tags(world: World, corpid: str, doomed: list[Tag]) -> None:
    ids = {t.id for t in doomed}
    for tag in doomed:
        tag.deleted = True
        world.tags.put(tag)
    for group_id in {t.group_id for t in doomed}:
        group = world.tag_groups.get(corpid, group_id)
        if group is not None and not _living_tags(world, group):
            group.deleted = True
            world.tag_groups.put(group)
    for relation in world.relations:
        if relation.corpid == corpid and ids.intersection(relation.tags):
            relation.tags = [t for t in relation.tags if t not in ids]
            world.relations.put(relation)
    world.live.tell("relation", corpid=corpid)


@api(
    "POST",
    "externalcontact/mark_tag",
    p.text("userid", need=40063),
    p.text("external_userid", need=41035),
    p.texts("add_tag"),
    p.texts("remove_tag"),
    grant="customer",
)
def mark_tag(call: Call) -> Answer:
    if not call["add_tag"] and not call["remove_tag"]:
        raise WeComError(40058, "add_tag and remove_tag are both empty")
    relation = call.relation(call["userid"], call["external_userid"])
    for tag_id in (call["add_tag"] or []) + (call["remove_tag"] or []):
        tag = call.world.tags.get(call.corpid, tag_id)
        if tag is None or tag.deleted:
            raise WeComError(40068)
    removed = set(call["remove_tag"] or [])
    kept = [t for t in relation.tags if t not in removed]
    marked = list(dict.fromkeys(kept + (call["add_tag"] or [])))
    if len(marked) > _MOST_PER_CUSTOMER:
        raise WeComError(40058, "more than 3000 tags")
    relation.tags = marked
    call.world.relations.put(relation)
    call.world.live.tell("relation", corpid=call.corpid, userid=relation.userid, customer=relation.external_userid)
    return {}
