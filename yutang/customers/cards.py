"""People as lists show them: what hangs on the records of a page of people, in a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from yutang.customers.identity import masked_phone
from yutang.customers.models import (
    HELD,
    Customer,
    Identity,
    IdentityKind,
    Ownership,
    OwnershipState,
    Tagging,
)
from yutang.customers.queries import records_of_people


@dataclass(frozen=True)
class Owner:
    id: int
    name: str
    avatar: str
    state: str


@dataclass(frozen=True)
class TagOn:
    id: int
    name: str
    group: str


@dataclass
class Card:
    """One person in a list. `name` and `avatar` are the best any of their records has."""

    id: int
    name: str
    avatar: str
    gender: str
    stage: str
    source: str
    order_count: int
    spent_fen: int
    last_order_at: datetime | None
    created_at: datetime
    record_ids: list[int]
    remark: str = ""
    phone_masked: str | None = None
    added_at: datetime | None = None
    owners: list[Owner] = field(default_factory=list)
    tags: list[TagOn] = field(default_factory=list)


def cards_of(person_ids: Sequence[int], member_ids: Collection[int] | None = None) -> list[Card]:
    """Cards in the order of the ids. `member_ids`: whose relations the viewer may see; None: everybody's."""
    cards = {person: _card(records) for person, records in _records(person_ids).items()}
    _add_relations(cards, member_ids)
    _add_tags(cards, member_ids)
    _add_phones(cards)
    return [cards[person] for person in person_ids if person in cards]


def shown_name(records: Sequence[Customer]) -> tuple[str, str]:
    """Name and avatar of a person. A record with a face came from the contact itself and names them best."""
    by_worth = sorted(records, key=lambda record: (not record.avatar, not record.name, record.pk))
    name = next((record.name for record in by_worth if record.name), "")
    return name, by_worth[0].avatar


def records_of(person_id: int) -> list[Customer]:
    return _records([person_id])[person_id]


def _records(person_ids: Sequence[int]) -> dict[int, list[Customer]]:
    found: dict[int, list[Customer]] = defaultdict(list)
    for record in Customer.objects.filter(pk__in=records_of_people(person_ids)).order_by("pk"):
        found[record.person_key].append(record)
    return found


def _card(records: list[Customer]) -> Card:
    person = records[0]  # the eldest record is the person
    name, avatar = shown_name(records)
    genders = [record.gender for record in records if record.gender != "unknown"]
    return Card(
        id=person.pk,
        name=name,
        avatar=avatar,
        gender=genders[0] if genders else "unknown",
        stage=person.stage,
        source=person.source,
        order_count=person.order_count,
        spent_fen=person.spent_fen,
        last_order_at=person.last_order_at,
        created_at=person.created_at,
        record_ids=[record.pk for record in records],
    )


def _add_relations(cards: dict[int, Card], member_ids: Collection[int] | None) -> None:
    relations = Ownership.objects.filter(person__in=cards).exclude(state=OwnershipState.TRANSFERRED)
    if member_ids is not None:
        relations = relations.filter(member__in=member_ids)
    for relation in relations.select_related("member").order_by("added_at", "pk"):
        card, member = cards[relation.person_id], relation.member
        card.added_at = card.added_at or relation.added_at
        card.remark = relation.remark or card.remark
        if relation.state in HELD:
            owner = Owner(member.pk, member.label, member.avatar, relation.state)
            if owner not in card.owners:
                card.owners.append(owner)


def _add_tags(cards: dict[int, Card], member_ids: Collection[int] | None) -> None:
    live = Tagging.objects.filter(person__in=cards, removed_at=None)
    if member_ids is not None:
        live = live.filter(Q(member=None) | Q(member__in=member_ids))
    rows = live.order_by("at", "pk").values_list("person_id", "tag_id", "tag__name", "tag__group__name")
    for person, tag, name, group in rows:
        put = TagOn(tag, name, group)
        if put not in cards[person].tags:
            cards[person].tags.append(put)


def _add_phones(cards: dict[int, Card]) -> None:
    phones = Identity.objects.filter(person__in=cards, kind=IdentityKind.PHONE, ended_at=None)
    for person, value in phones.order_by("-since", "-pk").values_list("person_id", "value"):
        if cards[person].phone_masked is None:
            cards[person].phone_masked = masked_phone(value)
