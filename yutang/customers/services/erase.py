"""Erasing a person: what names them goes, here and in every app that registered; a receipt stays.

Ids are replaced by keyed hashes, so that "is this number erased?" can be answered without keeping the number. Rows stay
for the sums of others (orders, relations); taggings and search terms, which say something about the person, go.
"""

import hashlib
import hmac

import orjson
from django.conf import settings
from django.db import transaction

from yutang.customers.errors import CustomerErased
from yutang.customers.events import CustomerForgotten
from yutang.customers.forgetting import FORGETTERS
from yutang.customers.identity import Claim, key_of
from yutang.customers.models import (
    Customer,
    Erasure,
    Gender,
    Identity,
    Merge,
    Ownership,
    Review,
    ReviewState,
    SearchTerm,
    Tagging,
)
from yutang.customers.services.merge import lock_components
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.facts import Fact, announce
from yutang.kernel.plain_text import one_line

TOMBSTONE = "erased:"


def tombstone(kind: str, issuer: str, value: str) -> str:
    """What stands in for an erased id: the same for the same id, and of no use without the installation's key."""
    return TOMBSTONE + _keyed(f"{kind}\n{issuer}\n{value}")


def was_erased(claim: Claim) -> bool:
    """Whether this id was among those erased: the proof to whoever asks with the id in hand."""
    key = key_of(claim)
    return key is not None and Identity.objects.filter(kind=key[0], issuer=key[1], value=tombstone(*key)).exists()


@transaction.atomic
def erase(person: Customer, *, by: Actor, reason: str) -> Erasure:
    """Forget a person with all their records. Raises CustomerErased when that was done before."""
    records = lock_components({person.pk})
    if any(record.erased_at for record in records):
        raise CustomerErased
    pks = [record.pk for record in records]
    now = clock.now()
    # First, while ids can still be looked up, everybody above.
    counts = {what: forget(pks) for what, forget in sorted(FORGETTERS.items())}
    counts["identities"] = _bury_identities(pks)
    counts["relations"] = Ownership.objects.filter(customer__in=pks).update(
        remark="", description="", company="", phones=[]
    )
    counts["taggings"] = Tagging.objects.filter(customer__in=pks).delete()[0]
    counts["search_terms"] = SearchTerm.objects.filter(person__in=pks).delete()[0]
    counts["records"] = Customer.objects.filter(pk__in=pks).update(
        name="", avatar="", gender=Gender.UNKNOWN, fields={}, erased_at=now, updated_at=now
    )
    Merge.objects.filter(left__in=pks).update(evidence={})
    _close_reviews(pks, by)
    receipt = Erasure.objects.create(
        customer_id=records[0].person_key, at=now, by_name=by.name[:200], reason=one_line(reason, 200), counts=counts
    )
    receipt.proof = _proof(receipt, pks)
    receipt.save(update_fields=["proof"])
    audit("customer.erased", by=by, subject_kind="customer", subject_id=receipt.customer_id, erasure=receipt.pk)
    announce(
        Fact(
            event=CustomerForgotten(erasure_id=receipt.pk),
            key=f"customer.forgotten:{receipt.pk}",
            at=now,
            customer_id=receipt.customer_id,
        )
    )
    return receipt


def _bury_identities(record_ids: list[int]) -> int:
    now = clock.now()
    edges = list(Identity.objects.filter(customer__in=record_ids))
    for edge in edges:
        edge.value = tombstone(edge.kind, edge.issuer, edge.value)
        edge.ended_at, edge.ended_reason, edge.is_first = edge.ended_at or now, "erased", False
    Identity.objects.bulk_update(edges, ["value", "ended_at", "ended_reason", "is_first"], batch_size=500)
    return len(edges)


def _close_reviews(record_ids: list[int], by: Actor) -> None:
    for side in ("left__in", "right__in"):
        touching = Review.objects.filter(**{side: record_ids})
        touching.update(evidence={})
        touching.filter(state=ReviewState.OPEN).update(
            state=ReviewState.KEPT_APART, decided_at=clock.now(), decided_by=by.name[:200]
        )


def _proof(receipt: Erasure, record_ids: list[int]) -> str:
    """Over the receipt and the tombstones: neither can be altered later without it showing."""
    stones = sorted(Identity.objects.filter(customer__in=record_ids).values_list("value", flat=True))
    said = {"id": receipt.pk, "at": receipt.at.isoformat(), "counts": receipt.counts, "identities": stones}
    return _keyed(orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode())


def _keyed(text: str) -> str:
    return hmac.new(b"yutang-erasure" + settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
