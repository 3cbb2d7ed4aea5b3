"""Making one person of two records, and two again. Only `Merge` rows are facts; all else is derived from them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yutang.customers.errors import AlreadyOnePerson, CustomerErased, MergeAlreadyUndone
from yutang.customers.events import CustomerMerged, CustomerUnmerged
from yutang.customers.models import (
    Customer,
    Identity,
    Merge,
    Ownership,
    Review,
    ReviewState,
    SearchTerm,
    Tagging,
)
from yutang.customers.queries import records_of_people
from yutang.customers.services import derive
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.facts import Fact, announce

BY_HAND = "by_hand"


def merge(
    left: Customer, right: Customer, *, by: Actor, reason: str = BY_HAND, evidence: dict[str, object] | None = None
) -> Merge:
    """Somebody says these are one person. Overrules contradictions. Raises AlreadyOnePerson."""
    made = join_records(left.pk, right.pk, by=by, reason=reason, evidence=evidence or {}, at=clock.now())
    if made is None:
        raise AlreadyOnePerson
    return made


@transaction.atomic
def join_records(
    left: int, right: int, *, by: Actor, reason: str, evidence: dict[str, object], at: datetime
) -> Merge | None:
    """State that two records are one person and derive what follows. None where they are one already."""
    records = lock_components({left, right})
    ends = {record.pk: record for record in records if record.pk in (left, right)}
    if ends[left].person_key == ends[right].person_key:
        return None
    if any(record.erased_at for record in records):
        raise CustomerErased
    elder, younger = sorted((left, right))
    made = Merge.objects.create(
        left_id=elder,
        right_id=younger,
        reason=reason[:64],
        evidence=evidence,
        at=at,
        by_kind=by.kind,
        by_id=by.id,
        by_name=by.name[:200],
    )
    person = _rederive(records)[elder]
    _close_reviews({record.pk for record in records}, by)
    audit("customer.merged", by=by, subject_kind="customer", subject_id=person, merge=made.pk, reason=reason)
    announce(
        Fact(
            event=CustomerMerged(merge_id=made.pk, other_id=younger, reason=reason),
            key=f"customer.merged:{made.pk}",
            at=at,
            customer_id=elder,
        )
    )
    return made


@transaction.atomic
def unmerge(merge: Merge, *, by: Actor) -> None:
    """Take a merge back: exactly what it joined comes apart, unless other merges hold it together."""
    records = lock_components({merge.left_id, merge.right_id})
    if any(record.erased_at for record in records):
        raise CustomerErased
    now = clock.now()
    undone = Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now, undone_by_name=by.name[:200])
    if not undone:
        raise MergeAlreadyUndone
    person = _rederive(records)[merge.left_id]
    audit("customer.unmerged", by=by, subject_kind="customer", subject_id=person, merge=merge.pk)
    announce(
        Fact(
            event=CustomerUnmerged(merge_id=merge.pk, other_id=merge.right_id),
            key=f"customer.unmerged:{merge.pk}",
            at=now,
            customer_id=merge.left_id,
        )
    )


def decided_apart(lefts: Collection[int], rights: Collection[int]) -> bool:
    """Whether somebody has said, by un-merging or in a review, that one of these is not one of those."""
    either = Q(left__in=lefts, right__in=rights) | Q(left__in=rights, right__in=lefts)
    return (
        Merge.objects.filter(either, undone_at__isnull=False).exists()
        or Review.objects.filter(either, state=ReviewState.KEPT_APART).exists()
    )


class _Moved(Exception):
    """While we waited for the locks, a merge changed whose records these are."""


def lock_components(record_ids: set[int]) -> list[Customer]:
    """All records of the people these belong to, locked in order of id. Looks again if a merge was quicker."""
    while True:
        try:
            with transaction.atomic():  # a savepoint: locks taken in vain are given back
                return _lock_once(record_ids)
        except _Moved:
            continue


def _lock_once(record_ids: set[int]) -> list[Customer]:
    persons = derive.people_of(record_ids)
    wanted = records_of_people(persons)
    records = list(Customer.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    held = {record.pk: record.person_key for record in records}
    # A record that joined while we waited is in none of the rows we hold.
    if records_of_people(persons) != wanted or {held.get(pk) for pk in record_ids} != persons:
        raise _Moved
    return records


def _rederive(records: Sequence[Customer]) -> dict[int, int]:
    """Write the person of each record, the eldest of those that live merges join, on it and on its facts."""
    person_of = _components([record.pk for record in records])
    moved: dict[int, list[int]] = defaultdict(list)
    for record in records:
        person = person_of[record.pk]
        if record.person_key != person:
            moved[person].append(record.pk)
    for person, pks in moved.items():
        Customer.objects.filter(pk__in=[pk for pk in pks if pk != person]).update(person=person)
        Customer.objects.filter(pk__in=[pk for pk in pks if pk == person]).update(person=None)
        for facts in (Identity, Ownership, Tagging):
            facts.objects.filter(customer__in=pks).exclude(person=person).update(person=person)
    people = set(person_of.values())
    SearchTerm.objects.filter(person__in=set(person_of) - people).delete()
    derive.refresh(people)
    derive.reindex(people)
    return person_of


def _components(record_ids: Sequence[int]) -> dict[int, int]:
    """Each record's eldest companion, over the live merges among these records."""
    root = {pk: pk for pk in record_ids}

    def find(pk: int) -> int:
        while root[pk] != pk:
            root[pk] = root[root[pk]]
            pk = root[pk]
        return pk

    live = Merge.objects.filter(left__in=record_ids, right__in=record_ids, undone_at=None)
    for left, right in live.values_list("left_id", "right_id"):
        elder, younger = sorted((find(left), find(right)))
        root[younger] = elder
    return {pk: find(pk) for pk in record_ids}


def _close_reviews(record_ids: Collection[int], by: Actor) -> None:
    """Questions that this merge has answered."""
    Review.objects.filter(left__in=record_ids, right__in=record_ids, state=ReviewState.OPEN).update(
        state=ReviewState.MERGED, decided_at=clock.now(), decided_by=by.name[:200]
    )
