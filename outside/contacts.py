"""Customers as apps read them, and the remarks that apps write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api, make_cursor, page, read_cursor
from outside.errors import WeComError
from outside.media import require_media
from outside.records import Corp, Person, Relation
from outside.world import World

_FOLLOWERS_PER_PAGE = 500


def contact_fields(world: World, corp: Corp, person: Person, external_userid: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "external_userid": external_userid,
        "name": person.nickname,
        "type": person.type,
        "avatar": f"{world.public_url}/avatar/person/{person.id}.svg",
        "gender": person.gender,
    }
    if person.type == 1:
        if corp.developer_bound:
            told["unionid"] = person.unionid
        return told
    told |= {"position": person.position, "corp_name": person.corp_name, "corp_full_name": person.corp_full_name}
    told["external_profile"] = person.external_profile or {"external_corp_name": person.corp_name, "external_attr": []}
    return told


def _common_follow_fields(relation: Relation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "userid": relation.userid,
        "remark": relation.remark,
        "description": relation.description,
        "createtime": relation.createtime,
        "remark_corp_name": relation.company,
        "remark_mobiles": relation.mobiles,
        "add_way": relation.add_way,
        "oper_userid": relation.oper_userid,
    }
    if relation.state:
        told["state"] = relation.state
    if relation.wechat_channels:
        told["wechat_channels"] = relation.wechat_channels
    return told


def _tags_in_full(world: World, relation: Relation) -> list[dict[str, Any]]:
    told = []
    for tag_id in relation.tags:
        tag = world.tags.get(relation.corpid, tag_id)
        group = world.tag_groups.get(relation.corpid, tag.group_id) if tag else None
        if tag and group and not tag.deleted:
            told.append({"group_name": group.name, "tag_name": tag.name, "tag_id": tag.id, "type": 1})
    told += [{"group_name": "个人标签", "tag_name": name, "type": 2} for name in relation.personal_tags]
    return told


def _readable(world: World, relations: Iterable[Relation]) -> list[Relation]:
    return [x for x in relations if _is_readable(world, x)]


def _is_readable(world: World, relation: Relation) -> bool:
    return relation.is_readable and (relation.status != "half" or bool(world.switch("half_is_readable")))


@api("GET", "externalcontact/get_follow_user_list", grant="customer")
def get_follow_user_list(call: Call) -> Answer:
    members = call.world.members.by("corp", call.corpid)
    found = [m.userid for m in members if m.contact_function and m.status == 1 and call.sees(m.userid)]
    return {"follow_user": found}


@api("GET", "externalcontact/list", p.text("userid", need=41009), grant="customer")
def list_contacts(call: Call) -> Answer:
    member = call.serving_member(call["userid"])
    found = _readable(call.world, call.world.relations.by("member", (call.corpid, member.userid.lower())))
    if not found:
        raise WeComError(84061)
    return {"external_userid": [x.external_userid for x in found]}


@api("GET", "externalcontact/get", p.text("external_userid", need=41035), p.text("cursor"), grant="customer")
def get_contact(call: Call) -> Answer:
    external_userid = call["external_userid"]
    person = call.world.person_behind(call.corpid, external_userid)
    if person is None:
        raise WeComError(40096)
    relations = call.world.relations.by("customer", (call.corpid, external_userid))
    readable = [x for x in _readable(call.world, relations) if _is_followed(call, x)]
    if not readable:
        raise WeComError(84061 if any(_is_followed(call, x) for x in relations) else 40096)
    followers, cursor = page(readable, call["cursor"], _FOLLOWERS_PER_PAGE, f"get:{external_userid}")
    answer: Answer = {
        "external_contact": contact_fields(call.world, call.corp, person, external_userid),
        "follow_user": [_common_follow_fields(x) | {"tags": _tags_in_full(call.world, x)} for x in followers],
    }
    return answer | ({"next_cursor": cursor} if cursor else {})


def _is_followed(call: Call, relation: Relation) -> bool:
    member = call.world.members.get(call.corpid, relation.userid.lower())
    return member is not None and member.status != 5 and member.contact_function and call.sees(relation.userid)


@api(
    "POST",
    "externalcontact/batch/get_by_user",
    p.texts("userid_list", items=100),
    p.text("userid"),
    p.text("cursor"),
    p.number("limit", default=50, least=1, clamp=100),
    grant="customer",
)
def batch_get_by_user(call: Call) -> Answer:
    """Rows member by member, each in the order of adding, so that a change between two pages moves nothing."""
    # the first form of this call took one userid, and SDKs still send it
    wanted = call["userid_list"] or ([call["userid"]] if call["userid"] else [])
    if not wanted:
        raise WeComError(40058, "userid_list is empty")
    users = [call.serving_member(u).userid.lower() for u in dict.fromkeys(u.lower() for u in wanted)]
    place, start = read_cursor(call["cursor"], "batch", 2) if call["cursor"] else [0, 0]
    rows: list[Answer] = []
    while place < len(users) and len(rows) < call["limit"]:
        relations = call.world.relations.by("member", (call.corpid, users[place]))
        for number in range(start, len(relations)):
            if len(rows) == call["limit"]:
                return {"external_contact_list": rows, "next_cursor": make_cursor("batch", place, number)}
            if _is_readable(call.world, relations[number]):
                rows += _batch_row(call, relations[number])
        place, start = place + 1, 0
    cursor = make_cursor("batch", place, 0) if place < len(users) else ""
    return {"external_contact_list": rows, "next_cursor": cursor}


def _batch_row(call: Call, relation: Relation) -> list[Answer]:
    person = call.world.person_behind(call.corpid, relation.external_userid)
    if person is None:
        return []
    contact = contact_fields(call.world, call.corp, person, relation.external_userid)
    return [{"external_contact": contact, "follow_info": _common_follow_fields(relation) | {"tag_id": relation.tags}}]


@api(
    "POST",
    "externalcontact/remark",
    p.text("userid", need=40063),
    p.text("external_userid", need=41035),
    p.text("remark", chars=20),
    p.text("description", chars=150),
    p.text("remark_company", chars=20),
    p.texts("remark_mobiles"),
    p.text("remark_pic_mediaid"),
    grant="customer",
)
def remark(call: Call) -> Answer:
    names = ("remark", "description", "remark_company", "remark_mobiles", "remark_pic_mediaid")
    if all(call[name] is None for name in names):
        raise WeComError(40058, "nothing to change")
    relation = call.relation(call["userid"], call["external_userid"])
    if call["remark_pic_mediaid"]:
        require_media(call, call["remark_pic_mediaid"], "image")
        relation.remark_pic = call["remark_pic_mediaid"]
    if call["remark"] is not None:
        relation.remark = call["remark"]
    if call["description"] is not None:
        relation.description = call["description"]
    person = call.world.person_behind(call.corpid, relation.external_userid)
    if call["remark_company"] is not None and person is not None and person.type == 1:
        relation.company = call["remark_company"]
    if call["remark_mobiles"] is not None:
        relation.mobiles = [m for m in call["remark_mobiles"] if m]
    call.world.relations.put(relation)
    call.world.live.tell("relation", corpid=call.corpid, userid=relation.userid, customer=relation.external_userid)
    return {}


def _by_unionid(call: Call) -> str:
    if not call.corp.developer_bound:
        raise WeComError(41057)
    for person in call.world.people.by("unionid", call["unionid"]):
        external_userid = person.external_ids.get(call.corpid)
        if external_userid:
            relations = call.world.relations.by("customer", (call.corpid, external_userid))
            if any(_is_followed(call, x) for x in _readable(call.world, relations)):
                return str(external_userid)
    return ""


@api("POST", "externalcontact/unionid_to_external_userid", p.text("unionid", need=40058), grant="customer")
def unionid_to_external_userid(call: Call) -> Answer:
    found = _by_unionid(call)
    if not found:
        raise WeComError(84061)
    return {"external_userid": found}


@api(
    "POST",
    "idconvert/unionid_to_external_userid",
    p.text("unionid", need=40058),
    p.text("openid", need=40058),
    p.number("subject_type", default=0, choices=(0, 1)),
    grant="customer",
)
def convert_unionid(call: Call) -> Answer:
    found = _by_unionid(call)
    # a person who is no customer yet gets a pending id, to be mapped after the adding
    return {"external_userid": found} if found else {"pending_id": call.world.new_id("p")}
