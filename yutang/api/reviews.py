"""Two records that may be one person: the queue, and deciding."""

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import CustomerRow, Id, rows_of
from yutang.api.paged import PagedOut, Paging, TotalOut
from yutang.customers.models import Review, ReviewState
from yutang.customers.queries import find_review, visible_reviews
from yutang.customers.services.reviews import decide
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.scope import Viewer

router = Router(tags=["reviews"])


class ReviewOut(Schema):
    id: int
    left: CustomerRow
    right: CustomerRow
    reason: str
    evidence: dict[str, Any]
    state: ReviewState
    created_at: datetime
    decided_at: datetime | None
    decided_by: str


class ReviewFilter(Paging):
    state: ReviewState = ReviewState.OPEN


class Decision(Schema):
    same: bool


@router.get("/reviews", response=PagedOut[ReviewOut])
@needs(Permission.MERGE_CUSTOMERS)
def reviews(request: ViewerRequest, wanted: Query[ReviewFilter]) -> PagedOut[ReviewOut]:
    """Pairs to decide on, or those decided, the latest first."""
    rows = visible_reviews(request.auth).filter(state=wanted.state)
    page = newest_first(rows, limit=wanted.limit, cursor=wanted.cursor)
    total = TotalOut(count=page.total.count, exact=page.total.exact)
    return PagedOut(items=_shaped(page.items, request.auth), next=page.next, total=total)


@router.post("/reviews/{int:review_id}/decide", response=ReviewOut)
@needs(Permission.MERGE_CUSTOMERS)
def decide_review(request: ViewerRequest, review_id: Id, given: Decision) -> ReviewOut:
    """One person or two. Two: neither merged nor asked about again."""
    review = decide(find_review(request.auth, review_id), same=given.same, by=request.auth.actor)
    (shaped,) = _shaped([find_review(request.auth, review.pk)], request.auth)
    return shaped


def _shaped(reviews: list[Review], viewer: Viewer) -> list[ReviewOut]:
    people = {record.person_key for review in reviews for record in (review.left, review.right)}
    rows = {row.id: row for row in rows_of(sorted(people), viewer)}
    return [
        ReviewOut(
            id=review.pk,
            left=rows[review.left.person_key],
            right=rows[review.right.person_key],
            reason=review.reason,
            evidence=review.evidence,
            state=ReviewState(review.state),
            created_at=review.created_at,
            decided_at=review.decided_at,
            decided_by=review.decided_by,
        )
        for review in reviews
    ]
