"""The orders to hand customers over, on the job and after leaving; transfers.py carries them out."""

from __future__ import annotations

from typing import Any

from outside import params as p
from outside.endpoints import Answer, Call, api, page
from outside.errors import WeComError
from outside.records import Member, Transfer

_DAY = 86400
_YEAR = 365 * _DAY
_HANDOVER, _TAKEOVER = p.text("handover_userid", need=40063), p.text("takeover_userid", need=40063)
_CUSTOMERS = p.texts("external_userid", need=41035, items=100)


def _taker(call: Call) -> Member:
    taker = call.serving_member(call["takeover_userid"])
    if taker.status != 1 or not taker.real_name:
        raise WeComError(40098)
    if taker.last_login_at and call.world.clock.now() - taker.last_login_at > _YEAR:
        raise WeComError(40205)
    return taker


def _begin(call: Call, taker: Member, external_userid: str, resigned: bool) -> int:
    """Start one hand-over. Returns the code of this customer, 0 if started."""
    world, corpid, handover = call.world, call.corpid, call["handover_userid"]
    if world.person_behind(corpid, external_userid) is None:
        return 40096
    relation = world.relations.get(corpid, handover.lower(), external_userid)
    if relation is None or not relation.is_usable:
        return 40131
    earlier = world.transfers.by("customer", (corpid, external_userid))
    if any(t.status == 2 for t in earlier):
        return 40129
    now = world.clock.seconds()
    recent = [t for t in earlier if not t.resigned and t.status == 1 and t.started_at > now - 90 * _DAY]
    if not resigned and len(recent) >= 2:
        return 40128
    if world.relations.count("member", (corpid, taker.userid.lower())) >= taker.customer_limit:
        return 40099
    message = call.params.get("transfer_success_msg") or ""
    world.transfers.put(
        Transfer(
            world.new_sequence(),
            corpid,
            relation.userid,
            taker.userid,
            external_userid,
            now,
            now + int(world.switch("transfer_seconds")),
            resigned,
            message=message,
        )
    )
    return 0


def _begin_all(call: Call, resigned: bool) -> Answer:
    if call["handover_userid"].lower() == call["takeover_userid"].lower():
        raise WeComError(40130)
    taker = _taker(call)
    rows = [{"external_userid": x, "errcode": _begin(call, taker, x, resigned)} for x in call["external_userid"]]
    return {"customer": rows}


@api(
    "POST",
    "externalcontact/transfer_customer",
    _HANDOVER,
    _TAKEOVER,
    _CUSTOMERS,
    p.text("transfer_success_msg", chars=200),
    grant="customer",
)
def transfer_customer(call: Call) -> Answer:
    call.member(call["handover_userid"])
    return _begin_all(call, resigned=False)


@api("POST", "externalcontact/resigned/transfer_customer", _HANDOVER, _TAKEOVER, _CUSTOMERS, grant="customer")
def resigned_transfer_customer(call: Call) -> Answer:
    giver = call.world.members.get(call.corpid, call["handover_userid"].lower())
    if giver is None:
        raise WeComError(40003)
    if giver.status != 5:
        raise WeComError(40097)
    if call.world.clock.now() - giver.left_at > _YEAR:
        raise WeComError(40205)
    return _begin_all(call, resigned=True)


def _result(call: Call, resigned: bool) -> Answer:
    pair = (call["handover_userid"].lower(), call["takeover_userid"].lower())
    latest: dict[str, Transfer] = {}
    for transfer in call.world.transfers:
        names = (transfer.handover_userid.lower(), transfer.takeover_userid.lower())
        if transfer.corpid == call.corpid and names == pair and transfer.resigned == resigned:
            latest[transfer.external_userid] = transfer
    found, cursor = page(list(latest.values()), call["cursor"], 1000, f"transfer:{pair}")
    return {"customer": [_row(t) for t in found], "next_cursor": cursor}


def _row(transfer: Transfer) -> dict[str, Any]:
    time = transfer.takes_over_at if transfer.status in (1, 2) else 0
    return {"external_userid": transfer.external_userid, "status": transfer.status, "takeover_time": time}


@api("POST", "externalcontact/transfer_result", _HANDOVER, _TAKEOVER, p.text("cursor"), grant="customer")
def transfer_result(call: Call) -> Answer:
    return _result(call, resigned=False)


@api("POST", "externalcontact/resigned/transfer_result", _HANDOVER, _TAKEOVER, p.text("cursor"), grant="customer")
def resigned_transfer_result(call: Call) -> Answer:
    return _result(call, resigned=True)


@api(
    "POST",
    "externalcontact/get_unassigned_list",
    p.text("cursor"),
    p.number("page_size", default=1000, least=1, clamp=1000),
    p.number("page_id", least=0),
    grant="customer",
)
def get_unassigned_list(call: Call) -> Answer:
    """Customers of members who left, as long as nobody has taken them over."""
    rows = [
        {
            "handover_userid": m.userid,
            "external_userid": x.external_userid,
            "dimission_time": m.left_at,
        }
        for m in sorted(call.world.members.by("corp", call.corpid), key=lambda m: (m.left_at, m.key))
        if m.status == 5
        for x in call.world.relations.by("member", (call.corpid, m.userid.lower()))
        if x.is_usable
    ]
    if call["page_id"] is not None and "cursor" not in call.given:
        start = call["page_id"] * call["page_size"]
        if start > 50_000:
            raise WeComError(40058, "page_id x page_size is above 50000")
        end = start + call["page_size"]
        return {"info": rows[start:end], "is_last": end >= len(rows)}
    found, cursor = page(rows, call["cursor"], call["page_size"], "unassigned")
    return {"info": found, "is_last": not cursor, "next_cursor": cursor}
