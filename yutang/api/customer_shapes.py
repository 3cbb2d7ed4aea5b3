"""How customers look over the API. Phones and e-mail addresses are masked everywhere but where one is revealed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Max, Q
from ninja import Field, Schema

from yutang.acquisition.models import LiveCode
from yutang.api.accounts import Ref
from yutang.api.live_code_shapes import PersonRef
from yutang.customers.cards import Card, cards_of
from yutang.customers.consents import ConsentChannel, Purpose, standing_of
from yutang.customers.identity import masked
from yutang.customers.models import (
    Customer,
    Gender,
    Identity,
    IdentityKind,
    Merge,
    Ownership,
    OwnershipState,
    Stage,
    Tagging,
    TagGroupKind,
)
from yutang.events.models import Event
from yutang.kernel.language import Text
from yutang.organization.models import Member
from yutang.organization.scope import Viewer

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]

_SOURCES = {
    "wecom": Text("企业微信", "WeCom"),
    "import": Text("订单导入：{what}", "Order import: {what}"),
    "live_code": Text("活码：{what}", "Live code: {what}"),
    "remark": Text("员工备注", "Member's remark"),
    "console": Text("控制台", "Console"),
    "": Text("未知", "Unknown"),
}


class TagRef(Schema):
    id: int
    name: str
    group: str


class OwnerRef(PersonRef):
    state: OwnershipState


class CustomerRow(Schema):
    id: int
    name: str
    avatar: str | None
    remark: str = Field(description="What a member in scope calls them; the latest one.")
    gender: Gender
    stage: Stage
    source: str
    source_label: str
    phone_masked: str | None
    tags: list[TagRef]
    owners: list[OwnerRef] = Field(description="Members in scope who hold the contact.")
    order_count: int
    spent_fen: int
    last_order_at: datetime | None
    last_event_at: datetime | None
    added_at: datetime | None = Field(description="When a member in scope first had them as a contact.")
    created_at: datetime


class OwnershipOut(Schema):
    id: int
    member: PersonRef
    state: OwnershipState
    remark: str
    description: str
    company: str
    phones: list[str] = Field(description="As noted by the member; masked.")
    add_way: int
    state_code: str
    added_at: datetime
    ended_at: datetime | None


class TaggingOut(Schema):
    id: int
    tag: Ref
    group: str
    kind: TagGroupKind
    member: PersonRef | None
    at: datetime
    by: str
    by_segment: int | None = Field(description="The segment whose rule gave it and may take it away again.")
    reason: str
    settled: bool = Field(description="False: WeCom has yet to be told.")


class IdentityOut(Schema):
    id: int
    kind: IdentityKind
    issuer: str
    value: str = Field(description="Phones and e-mail addresses are masked.")
    record_id: int
    source: str
    source_label: str
    since: datetime
    ended_at: datetime | None
    ended_reason: str


class PhoneOut(Schema):
    identity_id: int
    masked: str


class ConsentOut(Schema):
    purpose: Purpose
    channel: ConsentChannel
    granted: bool
    at: datetime
    source: str


class MergeOut(Schema):
    id: int
    left: PersonRef = Field(description="The elder record, with what it was called by itself.")
    right: PersonRef
    reason: str
    at: datetime
    by: str


class CustomerProfile(CustomerRow):
    phones: list[PhoneOut]
    ownerships: list[OwnershipOut]
    taggings: list[TaggingOut]
    consents: list[ConsentOut]
    merges: list[MergeOut] = Field(description="What made one person of several records, and can be undone.")
    record_ids: list[int]
    fields: dict[str, Any] = Field(description="Custom fields by key.")
    stage_set: Stage | None = Field(description="The stage set by hand, which overrules the derived one.")


def rows_of(person_ids: Sequence[int], viewer: Viewer) -> list[CustomerRow]:
    cards = cards_of(person_ids, viewer.member_ids)
    labels = source_labels({card.source for card in cards})
    heard = _last_events(cards)
    return [CustomerRow(**_row(card, labels, heard)) for card in cards]


def profile_of(person: Customer, viewer: Viewer) -> CustomerProfile:
    (card,) = cards_of([person.pk], viewer.member_ids)
    records = list(Customer.objects.filter(pk__in=card.record_ids).order_by("pk"))
    phones = Identity.objects.filter(person=person.pk, kind=IdentityKind.PHONE, ended_at=None).order_by("-since", "-pk")
    seen: dict[str, PhoneOut] = {}
    for edge in phones:
        seen.setdefault(edge.value, PhoneOut(identity_id=edge.pk, masked=masked(edge.kind, edge.value)))
    fields: dict[str, Any] = {}
    for record in reversed(records):  # the eldest, which the console edits, has the last word
        fields |= record.fields
    stages = [record for record in records if record.stage_set and record.stage_set_at]
    return CustomerProfile(
        **_row(card, source_labels({card.source}), _last_events([card])),
        phones=list(seen.values()),
        ownerships=_ownerships(person, viewer.member_ids),
        taggings=_taggings(person, viewer.member_ids),
        consents=[ConsentOut.from_orm(each) for each in standing_of(card.record_ids)],
        merges=_merges(card.record_ids),
        record_ids=card.record_ids,
        fields=fields,
        stage_set=Stage(max(stages, key=lambda each: (each.stage_set_at, each.pk)).stage_set) if stages else None,
    )


def identities_of(person: Customer) -> list[IdentityOut]:
    edges = list(Identity.objects.filter(person=person.pk).order_by("ended_at", "pk")[:500])
    labels = source_labels({edge.source for edge in edges})
    return [
        IdentityOut(
            id=edge.pk,
            kind=IdentityKind(edge.kind),
            issuer=edge.issuer,
            value=masked(edge.kind, edge.value),
            record_id=edge.customer_id,
            source=edge.source,
            source_label=labels[edge.source],
            since=edge.since,
            ended_at=edge.ended_at,
            ended_reason=edge.ended_reason,
        )
        for edge in edges
    ]


def source_labels(sources: Collection[str]) -> dict[str, str]:
    """Sources as people read them: live_code:7 by the code's name, import:retail by the file's source."""
    codes = [int(code) for source in sources if (code := source.removeprefix("live_code:")).isdecimal()]
    names = dict(LiveCode.objects.filter(pk__in=codes).values_list("pk", "name")) if codes else {}
    labels = {}
    for source in sources:
        kind, _, what = source.partition(":")
        if kind == "live_code" and what.isdecimal():
            what = names.get(int(what), what)
        label = _SOURCES.get(kind)
        labels[source] = label.fill(what=what).here().rstrip(":： ") if label else source
    return labels


def person_ref(member: Member) -> PersonRef:
    return PersonRef(id=member.pk, name=member.label, avatar=member.avatar or None)


def _row(card: Card, labels: dict[str, str], heard: dict[int, datetime]) -> dict[str, Any]:
    return {
        "id": card.id,
        "name": card.name,
        "avatar": card.avatar or None,
        "remark": card.remark,
        "gender": card.gender,
        "stage": card.stage,
        "source": card.source,
        "source_label": labels[card.source],
        "phone_masked": card.phone_masked,
        "tags": [TagRef(id=tag.id, name=tag.name, group=tag.group) for tag in card.tags],
        "owners": [
            OwnerRef(id=owner.id, name=owner.name, avatar=owner.avatar or None, state=OwnershipState(owner.state))
            for owner in card.owners
        ],
        "order_count": card.order_count,
        "spent_fen": card.spent_fen,
        "last_order_at": card.last_order_at,
        "last_event_at": heard.get(card.id),
        "added_at": card.added_at,
        "created_at": card.created_at,
    }


def _last_events(cards: Sequence[Card]) -> dict[int, datetime]:
    person_of = {record: card.id for card in cards for record in card.record_ids}
    latest: dict[int, datetime] = {}
    rows = Event.objects.filter(customer__in=person_of).order_by().values("customer").annotate(latest=Max("at"))
    for record, at in rows.values_list("customer", "latest"):
        person = person_of[record]
        latest[person] = max(at, latest.get(person, at))
    return latest


def _ownerships(person: Customer, member_ids: Collection[int] | None) -> list[OwnershipOut]:
    relations = Ownership.objects.filter(person=person.pk).select_related("member").order_by("-added_at", "-pk")
    if member_ids is not None:
        relations = relations.filter(member__in=member_ids)
    return [
        OwnershipOut(
            id=each.pk,
            member=person_ref(each.member),
            state=OwnershipState(each.state),
            remark=each.remark,
            description=each.description,
            company=each.company,
            phones=[masked("phone", phone) for phone in each.phones],
            add_way=each.add_way,
            state_code=each.state_code,
            added_at=each.added_at,
            ended_at=each.ended_at,
        )
        for each in relations
    ]


def _taggings(person: Customer, member_ids: Collection[int] | None) -> list[TaggingOut]:
    live = Tagging.objects.filter(person=person.pk, removed_at=None).select_related("tag__group", "member")
    if member_ids is not None:
        live = live.filter(Q(member=None) | Q(member__in=member_ids))
    return [
        TaggingOut(
            id=each.pk,
            tag=Ref(id=each.tag_id, name=each.tag.name),
            group=each.tag.group.name,
            kind=TagGroupKind(each.tag.group.kind),
            member=person_ref(each.member) if each.member else None,
            at=each.at,
            by=each.by_name,
            by_segment=each.by_id if each.by_kind == "segment" else None,
            reason=each.reason,
            settled=each.settled,
        )
        for each in live.order_by("-at", "-pk")
    ]


def _merges(record_ids: Sequence[int]) -> list[MergeOut]:
    live = Merge.objects.filter(left__in=record_ids, undone_at=None).select_related("left", "right")
    return [
        MergeOut(
            id=each.pk,
            left=_record_ref(each.left),
            right=_record_ref(each.right),
            reason=each.reason,
            at=each.at,
            by=each.by_name,
        )
        for each in live.order_by("-at", "-pk")
    ]


def _record_ref(record: Customer) -> PersonRef:
    return PersonRef(id=record.pk, name=record.name, avatar=record.avatar or None)
