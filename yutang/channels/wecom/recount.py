"""The gap detector: WeCom's relations counted against ours, member by member, and every difference mended.

Callbacks are not guaranteed to arrive. What was lost shows here, is written down as a gap, and is healed at once.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from yutang.channels.wecom.callbacks import CHANNEL
from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.customers_in import bring_in_detail
from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.models import Gap, GapKind, SyncKind, SyncRun
from yutang.channels.wecom.shapes import CustomerDetail
from yutang.channels.wecom.sync import count, step_of
from yutang.customers.models import Identity, IdentityKind, Ownership, OwnershipState
from yutang.customers.services.ownership import note_absent
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Member
from yutang.organization.services.address_book import ensure_member

SETTLING = timedelta(minutes=2)  # a younger relation's callback may still be on its way
STANDING = (OwnershipState.MUTUAL, OwnershipState.HALF, OwnershipState.DELETED_BY_CUSTOMER)  # what WeCom still lists
UNREADABLE = {40096, 84061, 84084}


@step_of(SyncKind.RECOUNT)
def recount_member(run: SyncRun, client: WeComClient) -> dict[str, Any] | None:
    """One member a step."""
    if "waiting" not in run.position:
        members = run.position.get("members") or client.follow_users()
        run.total = len(members)
        return {"waiting": members}
    if not run.position["waiting"]:
        return None
    userid, *rest = run.position["waiting"]
    asked_at = clock.now()
    theirs = set(client.customer_ids_of(userid))
    member = ensure_member(run.app.corp, userid)
    ours = standing_relations(member)
    count(run, relations=len(theirs))
    for external_userid in sorted(theirs - set(ours)):
        _heal_missing(run, client, member, external_userid, asked_at)
    for external_userid in sorted(set(ours) - theirs):
        _heal_gone(run, member, ours[external_userid], external_userid, asked_at)
    run.done += 1
    return {"waiting": rest}


def standing_relations(member: Member) -> dict[str, Ownership]:
    """Relations we take for standing, by the customer's id in WeCom."""
    ownerships = {
        ownership.customer_id: ownership
        for ownership in Ownership.objects.filter(member=member, state__in=STANDING).select_related("customer")
    }
    identities = Identity.objects.filter(
        customer__ownerships__member=member,
        kind=IdentityKind.EXTERNAL_USERID,
        issuer=member.corp.wecom_corpid,
        ended_at__isnull=True,
    ).values_list("value", "customer_id")
    return {value: ownerships[customer_id] for value, customer_id in identities if customer_id in ownerships}


def _heal_missing(run: SyncRun, client: WeComClient, member: Member, external_userid: str, asked_at: datetime) -> None:
    try:
        detail = client.customer(external_userid)
    except WeComError as error:
        if error.errcode not in UNREADABLE:
            raise
        return  # gone between the two questions
    if _added_at(detail, member.userid) < asked_at - SETTLING:
        _note(run, GapKind.MISSING_HERE, member, external_userid)
    bring_in_detail(run.app, client, detail, asked_at=clock.now())


def _added_at(detail: CustomerDetail, userid: str) -> datetime:
    for follower in detail["follow_user"]:
        if follower["userid"].lower() == userid.lower():
            return datetime.fromtimestamp(follower.get("createtime") or 0, UTC)
    return datetime.fromtimestamp(0, UTC)


def _heal_gone(run: SyncRun, member: Member, ownership: Ownership, external_userid: str, asked_at: datetime) -> None:
    if ownership.added_at > asked_at - SETTLING:
        return
    _note(run, GapKind.GONE_THERE, member, external_userid)
    note_absent(ownership.customer, member, at=asked_at, by=SYSTEM, source=CHANNEL)


def _note(run: SyncRun, kind: GapKind, member: Member, external_userid: str) -> None:
    now = clock.now()
    _, found = Gap.objects.get_or_create(
        run=run,
        kind=kind,
        member=member,
        external_userid=external_userid,
        defaults={"app": run.app, "found_at": now, "healed_at": now},
    )
    count(run, **{f"gaps_{kind}": int(found)})
