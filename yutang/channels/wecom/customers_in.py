"""Customers as WeCom tells of them, brought into our records: names, ids, relations, remarks and tags.

What an app may not see is left out or empty in WeCom's answers, and that never blanks what we know.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from yutang.channels.wecom.callbacks import CHANNEL
from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.models import WeComApp
from yutang.channels.wecom.shapes import CustomerDetail, CustomerRow, ExternalContact, FollowUser
from yutang.channels.wecom.tags_in import ensure_tags_known
from yutang.customers.identity import Claim
from yutang.customers.models import Customer, Gender, IdentityKind
from yutang.customers.services.ownership import Details, note_present
from yutang.customers.services.resolve import describe, resolve
from yutang.customers.services.tags import apply_corp_taggings
from yutang.kernel.actors import SYSTEM
from yutang.kernel.plain_text import one_line
from yutang.organization.services.address_book import ensure_member

GENDERS = {1: Gender.MALE, 2: Gender.FEMALE}
CORP_TAG, STRATEGY_TAG = 1, 3


def bring_in_detail(app: WeComApp, client: WeComClient, detail: CustomerDetail, *, asked_at: datetime) -> Customer:
    """One customer with every follower this app sees."""
    contact, followers = detail["external_contact"], detail["follow_user"]
    ensure_tags_known(app, client, {tag for follower in followers for tag in corp_tag_ids(follower)})
    with transaction.atomic():
        customer = record_of(app, contact, at=asked_at)
        for follower in followers:
            _bring_in_relation(app, customer, follower, at=asked_at)
    return customer


def bring_in_rows(app: WeComApp, rows: Sequence[CustomerRow], *, asked_at: datetime) -> None:
    """Rows of a batch reading, in the caller's transaction."""
    for row in rows:
        customer = record_of(app, row["external_contact"], at=asked_at)
        _bring_in_relation(app, customer, row["follow_info"], at=asked_at)


def record_of(app: WeComApp, contact: ExternalContact, *, at: datetime) -> Customer:
    claims = [Claim(IdentityKind.EXTERNAL_USERID, contact["external_userid"], app.corp.wecom_corpid)]
    if contact.get("unionid"):
        claims.append(Claim(IdentityKind.UNIONID, contact["unionid"]))
    told: dict[str, Any] = {
        "name": one_line(contact.get("name") or "", 200),
        "avatar": one_line(contact.get("avatar") or "", 500),
        "gender": GENDERS.get(contact.get("gender") or 0),
    }
    found = resolve(claims, source=CHANNEL, at=at, by=SYSTEM, **told)
    if not found.created:
        describe(found.customer, at=at, **told)
    return found.customer


def _bring_in_relation(app: WeComApp, customer: Customer, follower: FollowUser, *, at: datetime) -> None:
    member = ensure_member(app.corp, follower["userid"])
    added_at = datetime.fromtimestamp(follower.get("createtime") or at.timestamp(), UTC)
    note_present(customer, member, added_at=added_at, at=at, by=SYSTEM, details=details_of(follower), source=CHANNEL)
    if "tags" in follower or "tag_id" in follower:
        apply_corp_taggings(customer, member, corp_tag_ids(follower), at=at, by=SYSTEM)


def details_of(follower: FollowUser) -> Details:
    """A field that is absent was withheld; one that is empty was emptied."""
    phones = follower.get("remark_mobiles")
    return Details(
        remark=_told(follower.get("remark"), 200),
        description=_told(follower.get("description"), 1000),
        company=_told(follower.get("remark_corp_name"), 200),
        phones=tuple(one_line(phone, 40) for phone in phones if phone) if phones is not None else None,
        add_way=follower.get("add_way"),
        state_code=_told(follower.get("state"), 128),
    )


def _told(text: str | None, limit: int) -> str | None:
    return None if text is None else one_line(text, limit)


def corp_tag_ids(follower: FollowUser) -> list[str]:
    """Ids of corp and strategy tags; a member's own tags have none and stay in WeCom."""
    told: Iterable[str] = follower.get("tag_id") or ()
    detailed = (
        tag["tag_id"]
        for tag in follower.get("tags") or ()
        if tag.get("tag_id") and tag.get("type", CORP_TAG) in (CORP_TAG, STRATEGY_TAG)
    )
    return list(dict.fromkeys([*told, *detailed]))
