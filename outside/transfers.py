"""Customers handed from one member to another: ordered now, done a day later."""

from __future__ import annotations

from outside import friendship
from outside.callbacks import announce
from outside.records import Member, Relation, Transfer
from outside.world import World


def complete_due_transfers(world: World) -> None:
    now = world.clock.now()
    for transfer in world.transfers.by("status", 2):
        if transfer.takes_over_at <= now:
            _complete(world, transfer)


def _complete(world: World, transfer: Transfer) -> None:
    taker = world.members.get(transfer.corpid, transfer.takeover_userid.lower())
    old = world.relations.get(transfer.corpid, transfer.handover_userid.lower(), transfer.external_userid)
    if taker is None or taker.status != 1:
        fail(world, transfer, 3, "customer_refused")
    elif world.relations.count("member", (taker.corpid, taker.userid.lower())) >= taker.customer_limit:
        fail(world, transfer, 4, "customer_limit_exceed")
    else:
        transfer.status = 1
        world.transfers.put(transfer)
        _hand_over(world, transfer, taker, old)


def fail(world: World, transfer: Transfer, status: int, reason: str) -> None:
    transfer.status = status
    world.transfers.put(transfer)
    announce(
        world,
        transfer.corpid,
        "change_external_contact",
        "transfer_fail",
        FailReason=reason,
        UserID=transfer.takeover_userid,
        ExternalUserID=transfer.external_userid,
    )


def _hand_over(world: World, transfer: Transfer, taker: Member, old: Relation | None) -> None:
    corp = world.corps.get(transfer.corpid)
    person = world.person_behind(transfer.corpid, transfer.external_userid)
    if corp is None or person is None:
        return
    known = world.relations.get(transfer.corpid, taker.userid.lower(), transfer.external_userid)
    if known is None or known.status == "deleted_by_member":
        origin = friendship.Origin(202, old.state if old else "", by_member=True)
        new = friendship.befriend(world, corp, taker, person, origin)
        if old is not None:
            new.remark, new.description, new.company = old.remark, old.description, old.company
            new.mobiles, new.tags = list(old.mobiles), list(old.tags)
            world.relations.put(new)
        if transfer.message:
            friendship.say(world, new, "welcome", "text", {"content": transfer.message}, silent=True)
    if old is None or old.status == "deleted_by_member":
        return
    if transfer.resigned:
        old.status = "deleted_by_member"  # nobody is left whose phone could tell of it
        world.relations.put(old)
    else:
        friendship.delete_by_member(world, old, source="DELETE_BY_TRANSFER")
