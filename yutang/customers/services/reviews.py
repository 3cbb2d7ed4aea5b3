"""Two records that may be one person: asking, and deciding."""

from datetime import datetime

from django.db import transaction

from yutang.customers.errors import ReviewAlreadyDecided
from yutang.customers.models import Customer, Review, ReviewState
from yutang.customers.services.merge import join_records
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit


def open_review(left: int, right: int, *, reason: str, evidence: dict[str, object], at: datetime) -> Review | None:
    """Ask whether two records are one person. None where that was asked and decided before."""
    elder, younger = sorted((left, right))
    review, _ = Review.objects.get_or_create(
        left_id=elder, right_id=younger, reason=reason[:64], defaults={"evidence": evidence, "created_at": at}
    )
    return review if review.state == ReviewState.OPEN else None


@transaction.atomic
def decide(review: Review, *, same: bool, by: Actor) -> Review:
    """One person or two. What was decided apart is not merged or asked again. Raises ReviewAlreadyDecided."""
    decided = Review.objects.filter(pk=review.pk, state=ReviewState.OPEN).update(
        state=ReviewState.MERGED if same else ReviewState.KEPT_APART,
        decided_at=clock.now(),
        decided_by=by.name[:200],
    )
    if not decided:
        raise ReviewAlreadyDecided
    if same:
        join_records(
            review.left_id,
            review.right_id,
            by=by,
            reason=review.reason,
            evidence={**review.evidence, "review": review.pk},
            at=clock.now(),
        )
    else:
        person = Customer.objects.get(pk=review.left_id).person_key
        audit("review.kept_apart", by=by, subject_kind="customer", subject_id=person, review=review.pk)
    review.refresh_from_db()
    return review
