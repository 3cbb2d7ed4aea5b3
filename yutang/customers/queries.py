"""Reads of people. `visible_people` and `find_person` are the one door: no endpoint filters by hand."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from yutang.customers.models import Customer, Ownership, OwnershipState, Review
from yutang.kernel.errors import NotFound
from yutang.organization.scope import Viewer

MAX_ID = 2**63 - 1


def visible_people(viewer: Viewer) -> QuerySet[Customer]:
    """People this viewer may see: everybody, or those whom members in scope hold or have lost (not handed on)."""
    people = Customer.objects.filter(person__isnull=True, erased_at__isnull=True)
    if viewer.member_ids is None:
        return people
    return people.filter(Exists(relations_in_scope(viewer.member_ids).filter(person=OuterRef("pk"))))


def relations_in_scope(member_ids: frozenset[int]) -> QuerySet[Ownership]:
    return Ownership.objects.filter(member__in=member_ids).exclude(state=OwnershipState.TRANSFERRED)


def find_person(viewer: Viewer, customer_id: int) -> Customer:
    """The person a record's id leads to. A stranger's id and a missing one are refused alike."""
    if not 0 < customer_id <= MAX_ID:
        raise NotFound
    person = Customer.objects.filter(pk=customer_id).values_list("person_id", flat=True).first()
    found = visible_people(viewer).filter(pk=person or customer_id).first()
    if found is None:
        raise NotFound
    return found


def record_ids_of(person_id: int) -> list[int]:
    """The person's own record and all that were merged into it: where orders, events and consents hang."""
    return [person_id, *Customer.objects.filter(person=person_id).order_by("pk").values_list("pk", flat=True)]


def records_of_people(person_ids: Collection[int]) -> list[int]:
    """The ids of all records of these people, in order.

    Asked for by `pk OR person` in one statement, SQLite reads the whole table: nearly all of that index is NULL.
    """
    return sorted({*person_ids, *Customer.objects.filter(person__in=person_ids).values_list("pk", flat=True)})


def visible_reviews(viewer: Viewer) -> QuerySet[Review]:
    """Pairs of which the viewer may see both people; none of them erased."""
    reviews = Review.objects.select_related("left", "right").filter(left__erased_at=None, right__erased_at=None)
    if viewer.member_ids is None:
        return reviews
    held = relations_in_scope(viewer.member_ids)
    for side in ("left", "right"):
        person = Coalesce(OuterRef(f"{side}__person_id"), OuterRef(f"{side}_id"))
        reviews = reviews.filter(Exists(held.filter(person=person)))
    return reviews


def find_review(viewer: Viewer, review_id: int) -> Review:
    review = visible_reviews(viewer).filter(pk=review_id).first()
    if review is None:
        raise NotFound
    return review
