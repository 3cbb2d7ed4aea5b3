"""What is derived of people: stage, purchases and search terms. Recomputed from the facts, never counted along."""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from django.db import connection, transaction

from yutang.customers.events import StageChanged
from yutang.customers.models import (
    Customer,
    CustomField,
    FieldKind,
    Identity,
    IdentityKind,
    Ownership,
    SearchTerm,
    Stage,
)
from yutang.customers.purchases import Purchases, purchases_of
from yutang.customers.queries import records_of_people
from yutang.customers.search_terms import terms_of
from yutang.customers.stages import stage_of
from yutang.kernel import clock
from yutang.kernel.facts import Fact, announce_many

BATCH = 2_000  # people at a time
DERIVED = ("stage", "order_count", "spent_fen", "last_order_at")
AT_REST = (Stage.STRANGER, 0, 0, None)  # what merged records show in these columns


def people_of(record_ids: Collection[int]) -> set[int]:
    """The people some records belong to."""
    found: set[int] = set()
    for chunk in in_batches(record_ids):
        rows = Customer.objects.filter(pk__in=chunk).values_list("pk", "person_id")
        found |= {person or pk for pk, person in rows}
    return found


def purchases_changed(record_ids: Collection[int]) -> None:
    """Orders of these records were added, changed or taken away."""
    refresh(people_of(record_ids))


class _Gathered(threading.local):
    """People whose derived columns wait for the end of `together`, in this thread."""

    stale: set[int] | None = None
    unindexed: set[int] | None = None


_gathered = _Gathered()


@contextmanager
def together() -> Iterator[None]:
    """Within the block, people are only noted; what is derived of them is recomputed once at its end, set by set.

    For who brings in many facts in one transaction. An error leaves nothing to recompute: the transaction is undone.
    """
    if _gathered.stale is not None:
        yield
        return
    stale: set[int] = set()
    unindexed: set[int] = set()
    _gathered.stale, _gathered.unindexed = stale, unindexed
    try:
        yield
    finally:
        _gathered.stale = _gathered.unindexed = None
    reindex(unindexed)
    refresh(stale)


def refresh(person_ids: Collection[int]) -> None:
    """Recompute stage and purchases of people, and announce stages that changed."""
    if _gathered.stale is not None:
        _gathered.stale.update(person_ids)
        return
    for chunk in in_batches(person_ids):
        with transaction.atomic():
            _refresh(chunk)


def _refresh(person_ids: Sequence[int]) -> None:
    people: dict[int, list[Customer]] = defaultdict(list)
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=records_of_people(person_ids))
    for record in rows.order_by("pk"):
        people[record.person_key].append(record)
    bought = purchases_of([record.pk for record in chain.from_iterable(people.values())])
    relations: dict[int, list[str]] = defaultdict(list)
    for person, state in Ownership.objects.filter(person__in=people).values_list("person_id", "state"):
        relations[person].append(state)

    changed: list[Customer] = []
    facts: list[Fact] = []
    for person, records in people.items():
        total = Purchases()
        for record in records:
            total = total.and_also(bought.get(record.pk, Purchases()))
        stage = _set_by_hand(records) or stage_of(relations[person], total.orders)
        for record in records:
            before = record.stage
            wanted = (stage, total.orders, total.spent_fen, total.last_at) if record.pk == person else AT_REST
            if tuple(getattr(record, name) for name in DERIVED) == wanted:
                continue
            for name, value in zip(DERIVED, wanted, strict=True):
                setattr(record, name, value)
            changed.append(record)
            if record.pk == person and before != stage:
                facts.append(_stage_fact(record.pk, before, stage))
    save_all(changed, DERIVED)
    announce_many(facts)


def _set_by_hand(records: Iterable[Customer]) -> str:
    """The latest stage somebody set, over all records of a person."""
    set_ones = [record for record in records if record.stage_set and record.stage_set_at]
    latest = max(set_ones, key=lambda record: (record.stage_set_at, record.pk), default=None)
    return latest.stage_set if latest else ""


def _stage_fact(person: int, before: str, after: str) -> Fact:
    now = clock.now()
    return Fact(
        event=StageChanged(before=str(before), after=str(after)),
        key=f"customer.stage_changed:{person}:{before}>{after}:{now.isoformat()}",
        at=now,
        customer_id=person,
    )


def save_all(rows: Sequence[Customer], fields: Sequence[str]) -> None:
    """Write some columns of many records in few statements (bulk_update's CASE is forty times slower)."""
    if len(rows) == 1:
        Customer.objects.filter(pk=rows[0].pk).update(**{name: getattr(rows[0], name) for name in fields})
    elif rows:
        Customer.objects.bulk_create(
            sorted(rows, key=lambda row: row.pk),
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=list(fields),
            batch_size=1_000,
        )


def reindex(person_ids: Collection[int]) -> None:
    """Recompute what people are found by. Merged records are found as their person."""
    if _gathered.unindexed is not None:
        _gathered.unindexed.update(person_ids)
        return
    for chunk in in_batches(person_ids):
        with transaction.atomic():
            _reindex(chunk)


def _reindex(person_ids: Sequence[int]) -> None:
    wanted = _terms(person_ids)
    present: dict[int, set[str]] = defaultdict(set)
    for person, term in SearchTerm.objects.filter(person__in=person_ids).values_list("person_id", "term"):
        present[person].add(term)
    _write_terms([(term, person) for person in person_ids for term in wanted.get(person, set()) - present[person]])
    for person in person_ids:
        if gone := present[person] - wanted.get(person, set()):
            SearchTerm.objects.filter(person=person, term__in=gone).delete()


def _write_terms(pairs: list[tuple[str, int]]) -> None:
    """Some ten rows a customer: on both databases by far the most an import writes, so past the ORM."""
    pairs.sort()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "INSERT INTO customers_searchterm (term, person_id) SELECT * FROM unnest(%s::text[], %s::bigint[])"
                " ON CONFLICT DO NOTHING",
                [[term for term, _ in pairs], [person for _, person in pairs]],
            )
        else:
            cursor.executemany("INSERT OR IGNORE INTO customers_searchterm (term, person_id) VALUES (%s, %s)", pairs)


def _terms(person_ids: Sequence[int]) -> dict[int, set[str]]:
    """Terms by person. A record that was merged away or erased has none of its own."""
    texts: dict[int, list[str]] = defaultdict(list)
    phones: dict[int, list[str]] = defaultdict(list)
    asked = set(person_ids)
    text_fields = set(CustomField.objects.filter(kind=FieldKind.TEXT).values_list("key", flat=True))
    records = Customer.objects.filter(pk__in=records_of_people(person_ids), erased_at=None)
    for pk, person, name, fields in records.values_list("pk", "person_id", "name", "fields"):
        if (person or pk) not in asked:  # merged away: found as its person
            continue
        texts[person or pk] += [name, *(str(value) for key, value in fields.items() if key in text_fields)]
    relations = Ownership.objects.filter(person__in=person_ids).exclude(remark="")
    for person, remark in relations.values_list("person_id", "remark"):
        texts[person].append(remark)
    numbers = Identity.objects.filter(person__in=person_ids, kind=IdentityKind.PHONE, ended_at=None)
    for person, phone in numbers.values_list("person_id", "value"):
        phones[person].append(phone)
    return {person: terms_of(texts[person], phones[person]) for person in set(texts) | set(phones)}


def in_batches(ids: Collection[int], size: int = BATCH) -> Iterator[list[int]]:
    everything = sorted(ids)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]
