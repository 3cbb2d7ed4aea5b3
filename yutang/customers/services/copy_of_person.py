"""A person's own copy of everything kept about them (PIPL article 45), as plain data."""

from typing import Any

from yutang.customers.forgetting import TELLERS
from yutang.customers.models import Consent, Customer, Identity, Ownership, Tagging
from yutang.customers.queries import record_ids_of
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit


def copy_of(person: Customer, *, by: Actor) -> dict[str, Any]:
    """Everything, unmasked; that it was taken goes into the audit log."""
    records = record_ids_of(person.pk)
    audit("customer.copied", by=by, subject_kind="customer", subject_id=person.pk)
    return {
        "customer": person.pk,
        "records": list(
            Customer.objects.filter(pk__in=records)
            .order_by("pk")
            .values("id", "name", "avatar", "gender", "source", "fields", "stage", "created_at")
        ),
        "identities": list(
            Identity.objects.filter(customer__in=records)
            .order_by("pk")
            .values("kind", "issuer", "value", "source", "since", "ended_at")
        ),
        "relations": list(
            Ownership.objects.filter(customer__in=records)
            .order_by("pk")
            .values("member__name", "state", "added_at", "ended_at", "remark", "description", "company", "phones")
        ),
        "tags": list(
            Tagging.objects.filter(customer__in=records)
            .order_by("pk")
            .values("tag__name", "at", "by_name", "reason", "removed_at")
        ),
        "consents": list(
            Consent.objects.filter(customer__in=records)
            .order_by("pk")
            .values("purpose", "channel", "granted", "at", "source", "text_version")
        ),
        **{what: tell(records) for what, tell in sorted(TELLERS.items())},
    }
