"""Tags on customers: who put them there, when and why; and WeCom's own tags, which go both ways.

A corp tag sits on one member's relation, as in WeCom; our own tags sit on the customer. What we change about a corp tag
is not `settled` until WeCom was told: a listing that comes in between does not undo it.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from yutang.customers.errors import NoContactToTag
from yutang.customers.events import TagAdded, TagRemoved
from yutang.customers.models import Customer, Ownership, OwnershipState, Tag, Tagging, TagGroupKind
from yutang.customers.services import derive
from yutang.customers.services.tag_library import (
    LibraryGroup,
    LibraryTag,
    apply_library,
    create_group,
    create_tag,
    delete_group,
    delete_tag,
    link_group,
    link_tag,
    rename_group,
    rename_tag,
)
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.facts import DomainEvent, Fact, announce_many
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Member

__all__ = [
    "LibraryGroup",
    "LibraryTag",
    "add_tags",
    "apply_corp_taggings",
    "apply_library",
    "create_group",
    "create_tag",
    "delete_group",
    "delete_tag",
    "link_group",
    "link_tag",
    "put_listed_tags",
    "remove_tags",
    "rename_group",
    "rename_tag",
    "settle_taggings",
    "taggable_people",
]

CONSOLE, WECOM = "console", "wecom"
# WeCom lets a member go on tagging a customer who deleted them.
_TAGGABLE = (OwnershipState.MUTUAL, OwnershipState.DELETED_BY_CUSTOMER)


def add_tags(
    customers: Iterable[int],
    tag_ids: Collection[int],
    *,
    by: Actor,
    at: datetime | None = None,
    reason: str = "",
    member: Member | None = None,
    within: Collection[int] | None = None,
    source: str = CONSOLE,
) -> int:
    """Put tags on customers (ids of records or people); those they have already are passed over. How many were put.

    Corp tags go on the relation with `member`, or with every member of the tag's corp (of those `within`, where given);
    a customer without one is skipped. Raises NoContactToTag where nothing could be tagged for that reason alone.
    """
    tags = list(Tag.objects.filter(pk__in=tag_ids, deleted_at=None).select_related("group"))
    put, unreachable = 0, 0
    for chunk in derive.in_batches(set(customers)):
        with transaction.atomic():
            records = list(
                Customer.objects.select_for_update(no_key=True).filter(pk__in=chunk, erased_at=None).order_by("pk")
            )
            wanted, missing = _wanted(records, tags, member, within)
            fresh = _without_present(wanted, {record.person_key for record in records})
            made = _put_on(fresh, by, at, reason, source)
            _note("customers.tagged", {row.person_id for row in made}, tag_ids, by)
        put, unreachable = put + len(made), unreachable + missing
    if not put and unreachable and not any(tag.group.kind != TagGroupKind.CORP for tag in tags):
        raise NoContactToTag
    return put


def remove_tags(
    customers: Iterable[int],
    tag_ids: Collection[int],
    *,
    by: Actor,
    at: datetime | None = None,
    reason: str = "",
    member: Member | None = None,
    within: Collection[int] | None = None,
    given_by: Actor | None = None,
    source: str = CONSOLE,
) -> int:
    """Take tags off customers, from whichever of their records they sit on: those `given_by` somebody alone, if given.

    Corp tags go from the relation with `member`, or from every one (of the members `within`, where given).
    """
    taken = 0
    for chunk in derive.in_batches(derive.people_of(set(customers))):
        with transaction.atomic():
            live = Tagging.objects.select_for_update(of=("self",)).filter(
                person__in=chunk, tag__in=tag_ids, removed_at=None
            )
            if member is not None:
                live = live.filter(Q(member=member) | Q(member=None))
            if within is not None:
                live = live.filter(Q(member__in=within) | Q(member=None))
            if given_by is not None:
                live = live.filter(by_kind=given_by.kind, by_id=given_by.id)
            taggings = list(live.select_related("tag__group").order_by("pk"))
            taken += _take_off(taggings, by, at, reason, source)
            _note("customers.untagged", {tagging.person_id for tagging in taggings}, tag_ids, by)
    return taken


def taggable_people(tag: Tag) -> QuerySet[Ownership] | None:
    """The relations on which a corp tag may be put; None where the tag can be put on everybody."""
    if tag.group.kind != TagGroupKind.CORP:
        return None
    return Ownership.objects.filter(member__corp=tag.group.corp_id, state__in=_TAGGABLE)


def _note(action: str, people: Collection[int], tag_ids: Collection[int], by: Actor) -> None:
    """One entry for what somebody did at the console; what channels tell of is in the log of events."""
    if people and by.kind == "account":
        single = next(iter(people)) if len(people) == 1 else ""
        audit(action, by=by, subject_kind="customer", subject_id=single, customers=len(people), tags=sorted(tag_ids))


@transaction.atomic
def apply_corp_taggings(
    customer: Customer, member: Member, wecom_tag_ids: Collection[str], *, at: datetime, by: Actor
) -> None:
    """The corp tags this member's relation carries in WeCom, all of them, as asked for at `at`."""
    if not wecom_tag_ids and not Tagging.objects.filter(customer=customer, member=member, removed_at=None).exists():
        return
    record = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    corp_tags = Tag.objects.filter(group__kind=TagGroupKind.CORP, group__corp=member.corp_id).exclude(wecom_id="")
    told = {tag.pk: tag for tag in corp_tags.filter(wecom_id__in=wecom_tag_ids, deleted_at=None)}
    mine = Tagging.objects.filter(customer=record, member=member, tag__group__kind=TagGroupKind.CORP)
    live = {tagging.tag_id: tagging for tagging in mine.filter(removed_at=None).select_related("tag__group")}
    being_removed = set(mine.filter(removed_at__isnull=False, settled=False).values_list("tag_id", flat=True))
    confirmed = [live[tag].pk for tag in told if tag in live and not live[tag].settled]
    Tagging.objects.filter(pk__in=confirmed).update(settled=True)
    missing = [tag for tag in told if tag not in live and tag not in being_removed]
    if missing:
        add_tags([record.pk], missing, by=by, at=at, member=member, source=WECOM)
    surplus = [row for tag, row in live.items() if tag not in told and row.settled and row.at <= at]
    if surplus:
        _take_off(surplus, by, at, "", WECOM)


@transaction.atomic
def put_listed_tags(told: Iterable[tuple[Ownership, Collection[str]]], *, at: datetime, by: Actor) -> None:
    """The corp tags (by WeCom's ids) that relations made just now carry in WeCom, as asked for at `at`."""
    rows = [(relation, ids) for relation, ids in told if ids]
    tags = _tags_by_wecom_id({wecom_id for _, ids in rows for wecom_id in ids})
    wanted: list[Wanted] = [
        (relation.customer_id, relation.person_id, tag, relation.member_id)
        for relation, ids in rows
        for wecom_id in ids
        if (tag := tags.get((relation.member.corp_id, wecom_id))) is not None
    ]
    _put_on(_without_present(wanted, {person for _, person, _, _ in wanted}), by, at, "", WECOM)


def _tags_by_wecom_id(wecom_ids: Collection[str]) -> dict[tuple[int | None, str], Tag]:
    tags = Tag.objects.filter(group__kind=TagGroupKind.CORP, wecom_id__in=wecom_ids, deleted_at=None)
    return {(tag.group.corp_id, tag.wecom_id): tag for tag in tags.exclude(wecom_id="").select_related("group")}


def settle_taggings(tagging_ids: Collection[int]) -> None:
    """WeCom was told of these additions or removals, or there is nothing to tell any more."""
    Tagging.objects.filter(pk__in=tagging_ids).update(settled=True)


Wanted = tuple[int, int, Tag, int | None]  # record, person, tag, member


def _wanted(
    records: list[Customer], tags: list[Tag], member: Member | None, within: Collection[int] | None
) -> tuple[list[Wanted], int]:
    """Where each tag would sit, and for how many customers there is no place for a corp tag."""
    wanted: list[Wanted] = [
        (record.pk, record.person_key, tag, None)
        for record in records
        for tag in tags
        if tag.group.kind != TagGroupKind.CORP
    ]
    missing = 0
    corp_tags = [tag for tag in tags if tag.group.kind == TagGroupKind.CORP]
    if corp_tags:
        relations = _taggable_relations({record.person_key for record in records}, member, within)
        for record in records:
            places = relations.get(record.person_key, [])
            for tag in corp_tags:
                here = [place for place in places if place.member.corp_id == tag.group.corp_id]
                wanted += [(place.customer_id, place.person_id, tag, place.member_id) for place in here]
                missing += not here
    return wanted, missing


def _taggable_relations(
    persons: set[int], member: Member | None, within: Collection[int] | None
) -> dict[int, list[Ownership]]:
    held = Ownership.objects.filter(person__in=persons).select_related("member")
    if member is None:
        held = held.filter(state__in=_TAGGABLE)
    else:
        # Right after an add the relation may be half: what a live code puts on it waits for the confirmation.
        held = held.filter(member=member, state__in=[*_TAGGABLE, OwnershipState.HALF])
    if within is not None:
        held = held.filter(member__in=within)
    found: dict[int, list[Ownership]] = {}
    for relation in held.order_by("pk"):
        found.setdefault(relation.person_id, []).append(relation)
    return found


def _without_present(wanted: list[Wanted], persons: Collection[int]) -> list[Wanted]:
    tags = {tag.pk for _, _, tag, _ in wanted}
    live = Tagging.objects.filter(person__in=persons, tag__in=tags, removed_at=None)
    present = set(live.values_list("person_id", "tag_id", "member_id"))
    fresh: dict[tuple[int, int, int | None], Wanted] = {}
    for place in wanted:
        _, person, tag, member_id = place
        if (person, tag.pk, member_id) not in present:
            fresh.setdefault((person, tag.pk, member_id), place)
    return list(fresh.values())


def _put_on(fresh: Iterable[Wanted], by: Actor, at: datetime | None, reason: str, source: str) -> list[Tagging]:
    rows = [
        Tagging(
            customer_id=customer,
            person_id=person,
            tag=tag,
            member_id=member_id,
            at=at or clock.now(),
            by_kind=by.kind,
            by_id=by.id,
            by_name=by.name[:200],
            reason=one_line(reason, 200),
            settled=source == WECOM or tag.group.kind != TagGroupKind.CORP,
        )
        for customer, person, tag, member_id in fresh
    ]
    made = Tagging.objects.bulk_create(rows, batch_size=1_000)
    announce_many(_facts(made, TagAdded, source))
    return made


def _take_off(live: list[Tagging], by: Actor, at: datetime | None, reason: str, source: str) -> int:
    """The channel is told of corp tags that WeCom knows; others are done with at once."""
    when = at or clock.now()
    to_tell = [
        row.pk for row in live if source != WECOM and row.tag.group.kind == TagGroupKind.CORP and row.tag.wecom_id
    ]
    rows = Tagging.objects.filter(pk__in=[row.pk for row in live], removed_at=None)
    taken = rows.update(removed_at=when, removed_by=by.name[:200], settled=True)
    Tagging.objects.filter(pk__in=to_tell).update(settled=False)
    announce_many(_facts(live, TagRemoved, source, reason=one_line(reason, 200), at=when))
    return taken


def _facts(
    rows: Iterable[Tagging],
    event: type[TagAdded] | type[TagRemoved],
    source: str,
    *,
    reason: str | None = None,
    at: datetime | None = None,
) -> Iterator[Fact]:
    for row in rows:
        said: DomainEvent = event(
            tag_id=row.tag_id,
            tag=row.tag.name,
            reason=row.reason if reason is None else reason,
            tagging_id=row.pk,
        )
        yield Fact(
            event=said,
            key=f"{event.name}:{row.pk}",
            at=at or row.at,
            customer_id=row.customer_id,
            member_id=row.member_id,
            corp_id=row.tag.group.corp_id,
            source=source[:64],
        )
