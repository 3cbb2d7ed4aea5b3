"""What is stated of customers: that records are one person, tags, consents; and the end of it all, erasure."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import CustomerProfile, Id, profile_of
from yutang.customers.consents import ConsentChannel, Purpose, state_consent
from yutang.customers.models import Customer, Erasure, Merge, Tag
from yutang.customers.queries import find_person, visible_people
from yutang.customers.services import merge as merging
from yutang.customers.services.copy_of_person import copy_of
from yutang.customers.services.erase import erase
from yutang.customers.services.resolve import give_phone
from yutang.customers.services.tags import add_tags, remove_tags
from yutang.kernel import clock
from yutang.kernel.audit import audit
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission
from yutang.organization.scope import Viewer

router = Router(tags=["customers"])

BULK = 1_000  # customers tagged by one request


class OtherRecord(Schema):
    other_id: Id


class PhoneIn(Schema):
    phone: str = Field(max_length=64)


class TagsIn(Schema):
    tag_ids: list[Id] = Field(min_length=1, max_length=100)
    reason: str = Field("", max_length=200)


class BulkTagsIn(Schema):
    customer_ids: list[Id] = Field(min_length=1, max_length=BULK)
    add: list[Id] = Field([], max_length=100)
    remove: list[Id] = Field([], max_length=100)
    reason: str = Field("", max_length=200)


class Changed(Schema):
    added: int
    removed: int


class ConsentIn(Schema):
    purpose: Purpose
    channel: ConsentChannel
    granted: bool
    source: str = Field("console", max_length=64)
    text_version: str = Field("", max_length=64)


class ReasonIn(Schema):
    reason: str = Field("", max_length=200)


class Receipt(Schema):
    """Proof of an erasure: what went, when, and a seal over it."""

    id: int
    customer_id: int
    at: datetime
    by: str
    reason: str
    counts: dict[str, int]
    proof: str


@router.post("/customers/{int:customer_id}/merge", response=CustomerProfile)
@needs(Permission.MERGE_CUSTOMERS)
def merge(request: ViewerRequest, customer_id: Id, given: OtherRecord) -> CustomerProfile:
    """Say that this customer and another are one person. It can be undone."""
    left, right = find_person(request.auth, customer_id), find_person(request.auth, given.other_id)
    merging.merge(left, right, by=request.auth.actor)
    return _profile(request.auth, left.pk)


@router.post("/customers/merges/{int:merge_id}/undo", response=CustomerProfile)
@needs(Permission.MERGE_CUSTOMERS)
def undo_merge(request: ViewerRequest, merge_id: Id) -> CustomerProfile:
    """Take a merge back. What it joined comes apart, and is not joined again by the same ids."""
    made = Merge.objects.filter(pk=merge_id).first()
    if made is None:
        raise NotFound
    find_person(request.auth, made.left_id)
    merging.unmerge(made, by=request.auth.actor)
    left = visible_people(request.auth).filter(pk=Customer.objects.get(pk=made.left_id).person_key).first()
    return _profile(request.auth, left.pk if left else made.right_id)


@router.post("/customers/{int:customer_id}/phones", response=CustomerProfile)
@needs(Permission.EDIT_CUSTOMERS)
def add_phone(request: ViewerRequest, customer_id: Id, given: PhoneIn) -> CustomerProfile:
    """A phone number the customer gave. Whoever is known by it (from orders, say) becomes one with them."""
    person = find_person(request.auth, customer_id)
    with transaction.atomic():
        give_phone(person, given.phone, source="console", at=clock.now(), by=request.auth.actor)
        audit("customer.phone_added", by=request.auth.actor, subject_kind="customer", subject_id=person.pk)
    return _profile(request.auth, customer_id)


@router.post("/customers/{int:customer_id}/tags", response=CustomerProfile)
@needs(Permission.EDIT_CUSTOMERS)
def tag(request: ViewerRequest, customer_id: Id, given: TagsIn) -> CustomerProfile:
    person, viewer = find_person(request.auth, customer_id), request.auth
    _known_tags(given.tag_ids)
    add_tags([person.pk], given.tag_ids, by=viewer.actor, reason=given.reason, within=viewer.member_ids)
    return _profile(viewer, person.pk)


@router.delete("/customers/{int:customer_id}/tags/{int:tag_id}", response=CustomerProfile)
@needs(Permission.EDIT_CUSTOMERS)
def untag(request: ViewerRequest, customer_id: Id, tag_id: Id) -> CustomerProfile:
    person, viewer = find_person(request.auth, customer_id), request.auth
    remove_tags([person.pk], [tag_id], by=viewer.actor, within=viewer.member_ids)
    return _profile(viewer, person.pk)


@router.post("/customers/tags", response=Changed)
@needs(Permission.EDIT_CUSTOMERS)
def tag_many(request: ViewerRequest, given: BulkTagsIn) -> Changed:
    """Put tags on and take tags off many customers at once. Refused whole if any of them is not in scope."""
    viewer = request.auth
    people = _people(viewer, given.customer_ids)
    _known_tags([*given.add, *given.remove])
    said: dict[str, Any] = {"by": viewer.actor, "reason": given.reason, "within": viewer.member_ids}
    with transaction.atomic():
        removed = remove_tags(people, given.remove, **said) if given.remove else 0
        added = add_tags(people, given.add, **said) if given.add else 0
    return Changed(added=added, removed=removed)


@router.post("/customers/{int:customer_id}/consents", response=CustomerProfile)
@needs(Permission.EDIT_CUSTOMERS)
def consent(request: ViewerRequest, customer_id: Id, given: ConsentIn) -> CustomerProfile:
    """Note what the customer allows, or no longer allows."""
    state_consent(
        find_person(request.auth, customer_id),
        purpose=given.purpose,
        channel=given.channel,
        granted=given.granted,
        at=clock.now(),
        by=request.auth.actor,
        source=given.source,
        text_version=given.text_version,
    )
    return _profile(request.auth, customer_id)


@router.get("/customers/{int:customer_id}/copy", response=dict[str, Any])
@needs(Permission.ERASE_CUSTOMERS)
def copy(request: ViewerRequest, customer_id: Id) -> HttpResponse:
    """The person's own copy of everything kept about them, unmasked, as a file."""
    person = find_person(request.auth, customer_id)
    response = JsonResponse(copy_of(person, by=request.auth.actor), json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="customer-{person.pk}.json"'
    return response


@router.post("/customers/{int:customer_id}/erase", response=Receipt)
@needs(Permission.ERASE_CUSTOMERS)
def erase_customer(request: ViewerRequest, customer_id: Id, given: ReasonIn) -> Receipt:
    """Erase all personal data of this person, for good. The receipt proves it without naming them."""
    person = find_person(request.auth, customer_id)
    return _receipt(erase(person, by=request.auth.actor, reason=given.reason))


@router.get("/erasures/{int:erasure_id}", response=Receipt)
@needs(Permission.ERASE_CUSTOMERS)
def erasure(request: ViewerRequest, erasure_id: Id) -> Receipt:
    receipt = Erasure.objects.filter(pk=erasure_id).first()
    if receipt is None:
        raise NotFound
    return _receipt(receipt)


def _profile(viewer: Viewer, customer_id: int) -> CustomerProfile:
    return profile_of(find_person(viewer, customer_id), viewer)


def _people(viewer: Viewer, customer_ids: list[int]) -> set[int]:
    """The people behind these ids. Raises NotFound if any is missing or out of scope."""
    asked = set(customer_ids)
    records = dict(Customer.objects.filter(pk__in=asked).values_list("pk", "person_id"))
    people = {person or pk for pk, person in records.items()}
    if len(records) < len(asked) or visible_people(viewer).filter(pk__in=people).count() < len(people):
        raise NotFound
    return people


def _known_tags(tag_ids: list[int]) -> None:
    if Tag.objects.filter(pk__in=tag_ids, deleted_at=None).count() < len(set(tag_ids)):
        raise NotFound


def _receipt(receipt: Erasure) -> Receipt:
    return Receipt(
        id=receipt.pk,
        customer_id=receipt.customer_id,
        at=receipt.at,
        by=receipt.by_name,
        reason=receipt.reason,
        counts=receipt.counts,
        proof=receipt.proof,
    )
