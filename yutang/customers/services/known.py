"""Loading what a decision about ids needs: who holds them, and everything else those people are known by."""

from collections.abc import Collection, Iterator
from itertools import groupby

from django.db.models import Q

from yutang.customers.errors import CustomerErased
from yutang.customers.identity import Key
from yutang.customers.matching import Known, Person, Record
from yutang.customers.models import BlockedIdentity, Customer, Identity

IN_LIST = 5_000  # values in one IN (…): below SQLite's limit of variables
FEW = 20  # ids; above it the whole block list is read once instead of asking for each


def load_known(keys: Collection[Key], anchor: int | None) -> Known:
    """Who holds these ids (and who `anchor` is), with all live ids of those people. Raises CustomerErased."""
    known = Known(blocked=_blocked(keys))
    people: dict[int, Person] = {}

    def record_of(pk: int, person: int) -> Record:
        if pk not in known.by_pk:
            owner = people.setdefault(person, Person())
            known.by_pk[pk] = Record(pk, owner, written_person=person)
            owner.records.append(known.by_pk[pk])
        return known.by_pk[pk]

    persons = _holders(keys)
    if anchor is not None:
        persons.add(_person_of_anchor(anchor))
    for chunk in in_lists(persons):
        for person_id in chunk:
            record_of(person_id, person_id)
        for pk, owner_id in Customer.objects.filter(person__in=chunk).values_list("pk", "person_id"):
            record_of(pk, owner_id or pk)
        live = Identity.objects.filter(person__in=chunk, ended_at=None).order_by("-is_first", "pk")
        for edge in live.values_list("customer_id", "person_id", "kind", "issuer", "value"):
            key: Key = (edge[2], edge[3], edge[4])
            holder = record_of(edge[0], edge[1])
            holder.keys.add(key)
            known.holders.setdefault(key, []).append(holder)
    return known


def in_lists(items: Collection[int]) -> Iterator[list[int]]:
    everything = sorted(items)
    for start in range(0, len(everything), IN_LIST):
        yield everything[start : start + IN_LIST]


def _person_of_anchor(anchor: int) -> int:
    record = Customer.objects.only("pk", "person_id", "erased_at").get(pk=anchor)
    if record.erased_at:
        raise CustomerErased
    return record.person_key


def _holders(keys: Collection[Key]) -> set[int]:
    persons: set[int] = set()
    for (kind, issuer), group in groupby(sorted(keys), key=lambda key: key[:2]):
        values = [value for _, _, value in group]
        for start in range(0, len(values), IN_LIST):
            live = Identity.objects.filter(kind=kind, issuer=issuer, ended_at=None)
            persons |= set(live.filter(value__in=values[start : start + IN_LIST]).values_list("person_id", flat=True))
    return persons


def _blocked(keys: Collection[Key]) -> frozenset[tuple[str, str]]:
    pairs = {(kind, value) for kind, _, value in keys}
    if len(pairs) > FEW:
        return frozenset(BlockedIdentity.objects.values_list("kind", "value")) & pairs
    asked = Q(pk__in=[])
    for kind, value in pairs:
        asked |= Q(kind=kind, value=value)
    return frozenset(BlockedIdentity.objects.filter(asked).values_list("kind", "value"))
