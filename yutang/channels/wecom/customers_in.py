"""Customers as WeCom tells of them, brought into our records: names, ids, relations, remarks and tags.

What an app may not see is left out or empty in WeCom's answers, and that never blanks what we know.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from yutang.channels.wecom.callbacks import CHANNEL
from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.models import WeComApp
from yutang.channels.wecom.shapes import CustomerDetail, CustomerRow, ExternalContact, FollowUser
from yutang.channels.wecom.tags_in import ensure_tags_known
from yutang.customers.identity import Claim
from yutang.customers.models import Customer, Gender, IdentityKind, Ownership, OwnershipState, Tagging
from yutang.customers.services import derive
from yutang.customers.services.ownership import Details, Listed, hold_listed, note_present
from yutang.customers.services.resolve import ClaimSet, describe, resolve, resolve_many
from yutang.customers.services.tags import apply_corp_taggings, put_listed_tags
from yutang.kernel.actors import SYSTEM
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Member
from yutang.organization.services.address_book import ensure_member

GENDERS = {1: Gender.MALE, 2: Gender.FEMALE}
CORP_TAG, STRATEGY_TAG = 1, 3


def bring_in_detail(app: WeComApp, client: WeComClient, detail: CustomerDetail, *, asked_at: datetime) -> Customer:
    """One customer with every follower this app sees."""
    contact, followers = detail["external_contact"], detail["follow_user"]
    ensure_tags_known(app, client, {tag for follower in followers for tag in corp_tag_ids(follower)})
    with transaction.atomic(), derive.together():
        customer = record_of(app, contact, at=asked_at)
        for follower in followers:
            member = ensure_member(app.corp, follower["userid"])
            _bring_in_relation(_News(customer, member, follower, asked_at), at=asked_at)
    return customer


def bring_in_rows(app: WeComApp, rows: Sequence[CustomerRow], *, asked_at: datetime) -> None:
    """Rows of a batch reading, in the caller's transaction. A row that says what we know already costs nothing."""
    with derive.together():
        record_ids = resolve_many(
            [ClaimSet(_claims(app, row["external_contact"]), name=_name(row["external_contact"])) for row in rows],
            source=CHANNEL,
            at=asked_at,
            by=SYSTEM,
        )
        told = [(pk, row) for pk, row in zip(record_ids, rows, strict=True) if pk is not None]
        customers = Customer.objects.in_bulk([pk for pk, _ in told])
        known = known_relations(app, list(customers))
        members = _members_of(app, {row["follow_info"]["userid"] for _, row in told})
        news = []
        for pk, row in told:
            follower = row["follow_info"]
            _describe(customers[pk], row["external_contact"], at=asked_at)
            if not _is_known(known.get((pk, follower["userid"])), follower):
                news.append(_News(customers[pk], members[follower["userid"]], follower, asked_at))
        _bring_in_news(news, at=asked_at)


@dataclass(frozen=True)
class _News:
    customer: Customer
    member: Member
    follower: FollowUser
    asked_at: datetime

    @property
    def pair(self) -> tuple[int, int]:
        return self.customer.pk, self.member.pk

    @property
    def added_at(self) -> datetime:
        return datetime.fromtimestamp(self.follower.get("createtime") or self.asked_at.timestamp(), UTC)


def _members_of(app: WeComApp, userids: Collection[str]) -> dict[str, Member]:
    known = {member.userid: member for member in Member.objects.filter(corp=app.corp, userid__in=userids)}
    return {userid: known.get(userid) or ensure_member(app.corp, userid) for userid in userids}


def _bring_in_news(news: Sequence[_News], *, at: datetime) -> None:
    """Relations nobody knew at once, those that changed one by one."""
    made = hold_listed(
        (Listed(each.customer.pk, each.member, each.added_at, details_of(each.follower)) for each in news),
        source=CHANNEL,
    )
    first = [each for each in news if each.pair in made]
    put_listed_tags(((made[each.pair], corp_tag_ids(each.follower)) for each in first), at=at, by=SYSTEM)
    for each in news:
        if each.pair not in made:
            _bring_in_relation(each, at=at)


def record_behind(app: WeComApp, external_userid: str, *, at: datetime) -> Customer:
    """The record of an external contact, made at once where we did not know it; its name comes with the detail."""
    claim = Claim(IdentityKind.EXTERNAL_USERID, external_userid, app.corp.wecom_corpid)
    return resolve([claim], source=CHANNEL, at=at, by=SYSTEM).customer


def record_of(app: WeComApp, contact: ExternalContact, *, at: datetime) -> Customer:
    found = resolve(
        _claims(app, contact),
        source=CHANNEL,
        at=at,
        by=SYSTEM,
        name=_name(contact),
        avatar=contact.get("avatar") or "",
        gender=GENDERS.get(contact.get("gender") or 0),
    )
    _describe(found.customer, contact, at=at)
    return found.customer


def _claims(app: WeComApp, contact: ExternalContact) -> list[Claim]:
    claims = [Claim(IdentityKind.EXTERNAL_USERID, contact["external_userid"], app.corp.wecom_corpid)]
    if contact.get("unionid"):
        claims.append(Claim(IdentityKind.UNIONID, contact["unionid"]))
    return claims


def _name(contact: ExternalContact) -> str:
    return one_line(contact.get("name") or "", 200)


def _describe(customer: Customer, contact: ExternalContact, *, at: datetime) -> None:
    """Nicknames and pictures change. What is withheld stays."""
    name, avatar = _name(contact), one_line(contact.get("avatar") or "", 500)
    gender = GENDERS.get(contact.get("gender") or 0)
    before = (customer.name, customer.avatar, customer.gender)
    if before != (name or customer.name, avatar or customer.avatar, gender or customer.gender):
        describe(customer, name=name, avatar=avatar, gender=gender, at=at)


@dataclass(frozen=True)
class KnownRelation:
    """A relation as we have it: what WeCom would have to tell for nothing to be news."""

    ownership: Ownership
    tags: frozenset[str]


def known_relations(app: WeComApp, customer_ids: Collection[int]) -> dict[tuple[int, str], KnownRelation]:
    """Standing relations of these customers, by customer and userid, with the corp tags WeCom has on them."""
    tags: dict[tuple[int, int | None], set[str]] = {}
    taggings = Tagging.objects.filter(customer__in=customer_ids, removed_at=None, tag__group__corp=app.corp)
    for customer_id, member_id, tag in taggings.values_list("customer_id", "member_id", "tag__wecom_id"):
        tags.setdefault((customer_id, member_id), set()).add(tag)
    standing = Ownership.objects.filter(
        customer__in=customer_ids, member__corp=app.corp, state=OwnershipState.MUTUAL, add_told=True
    )
    return {
        (row.customer_id, row.member.userid): KnownRelation(
            row, frozenset(tags.get((row.customer_id, row.member_id), ()))
        )
        for row in standing.select_related("member")
    }


def _is_known(known: KnownRelation | None, follower: FollowUser) -> bool:
    if known is None:
        return False
    row, told = known.ownership, details_of(follower)
    pairs = [
        (told.remark, row.remark),
        (told.description, row.description),
        (told.company, row.company),
        (list(told.phones) if told.phones is not None else None, row.phones),
        (told.add_way, row.add_way),
        (told.state_code or None, row.state_code),
    ]
    same_time = (follower.get("createtime") or 0) <= row.added_at.timestamp()
    same_tags = "tag_id" not in follower or known.tags == frozenset(corp_tag_ids(follower))
    return same_time and same_tags and all(said is None or said == ours for said, ours in pairs)


def _bring_in_relation(news: _News, *, at: datetime) -> None:
    follower, details = news.follower, details_of(news.follower)
    note_present(news.customer, news.member, added_at=news.added_at, at=at, by=SYSTEM, details=details, source=CHANNEL)
    if "tags" in follower or "tag_id" in follower:
        apply_corp_taggings(news.customer, news.member, corp_tag_ids(follower), at=at, by=SYSTEM)


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
