"""Tags of the address book, by which members are addressed; customers have tags of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from outside import params as p
from outside.endpoints import Answer, Call, api
from outside.errors import WeComError
from outside.records import MemberTag

T = TypeVar("T")
_NAME_CHARS = 32
_TAG_ID = p.number("tagid", need=40068, wrong=40068)
_PEOPLE = (p.texts("userlist", items=1000, default=[]), p.numbers("partylist", items=100, default=[]))


@api("GET", "tag/list", grant="any")
def tag_list(call: Call) -> Answer:
    found = call.world.member_tags.by("corp", call.corpid)
    return {"taglist": [{"tagid": t.id, "tagname": t.name} for t in found]}


@api("GET", "tag/get", _TAG_ID, grant="read")
def tag_get(call: Call) -> Answer:
    tag = member_tag(call, call["tagid"])
    users = [m for u in tag.users if (m := call.world.members.get(call.corpid, u.lower())) and call.sees(u)]
    return {
        "tagname": tag.name,
        "userlist": [{"userid": m.userid, "name": m.name} for m in users],
        "partylist": tag.parties,
    }


def member_tag(call: Call, tag_id: int) -> MemberTag:
    found = call.world.member_tags.get(call.corpid, tag_id)
    if found is None:
        raise WeComError(40068)
    return found


def _check_name(call: Call, own_id: int | None) -> None:
    for other in call.world.member_tags.by("corp", call.corpid):
        if other.name == call["tagname"] and other.id != own_id:
            raise WeComError(40071)


@api(
    "POST",
    "tag/create",
    p.text("tagname", need=40072, chars=_NAME_CHARS, wrong=40072),
    p.number("tagid", least=1),
    grant="contacts",
)
def tag_create(call: Call) -> Answer:
    taken = {t.id for t in call.world.member_tags.by("corp", call.corpid)}
    new_id = call["tagid"] or max(taken, default=0) + 1
    if new_id in taken:
        raise WeComError(40068, "tagid existed")
    _check_name(call, None)
    call.world.member_tags.put(MemberTag(call.corpid, new_id, call["tagname"]))
    return {"errmsg": "created", "tagid": new_id}


@api(
    "POST",
    "tag/update",
    _TAG_ID,
    p.text("tagname", need=40072, chars=_NAME_CHARS, wrong=40072),
    grant="contacts",
)
def tag_update(call: Call) -> Answer:
    tag = member_tag(call, call["tagid"])
    _check_name(call, tag.id)
    tag.name = call["tagname"]
    call.world.member_tags.put(tag)
    return {"errmsg": "updated"}


@api("GET", "tag/delete", _TAG_ID, grant="contacts")
def tag_delete(call: Call) -> Answer:
    call.world.member_tags.remove(member_tag(call, call["tagid"]))
    return {"errmsg": "deleted"}


def _known(call: Call) -> tuple[list[str], list[int], Answer]:
    """The members and departments of the request that exist, and what to say of the others."""
    users, bad_users = _split(call["userlist"], lambda u: call.world.members.get(call.corpid, u.lower()) is not None)
    parties, bad_parties = _split(call["partylist"], lambda d: call.world.departments.get(call.corpid, d) is not None)
    if not users and not parties:
        raise WeComError(40070)
    answer: Answer = {}
    if bad_users:
        answer["invalidlist"] = "|".join(bad_users)
    if bad_parties:
        answer["invalidparty"] = bad_parties
    return users, parties, answer


@api("POST", "tag/addtagusers", _TAG_ID, *_PEOPLE, grant="contacts")
def tag_addtagusers(call: Call) -> Answer:
    tag = member_tag(call, call["tagid"])
    users, parties, answer = _known(call)
    tag.users = list(dict.fromkeys(tag.users + users))
    tag.parties = list(dict.fromkeys(tag.parties + parties))
    call.world.member_tags.put(tag)
    return answer


@api("POST", "tag/deltagusers", _TAG_ID, *_PEOPLE, grant="contacts")
def tag_deltagusers(call: Call) -> Answer:
    tag = member_tag(call, call["tagid"])
    users, parties, answer = _known(call)
    gone = {u.lower() for u in users}
    tag.users = [u for u in tag.users if u.lower() not in gone]
    tag.parties = [d for d in tag.parties if d not in parties]
    call.world.member_tags.put(tag)
    return answer


def _split(items: Iterable[T], is_known: Callable[[T], bool]) -> tuple[list[T], list[T]]:
    known: list[T] = []
    unknown: list[T] = []
    for item in items:
        (known if is_known(item) else unknown).append(item)
    return known, unknown
