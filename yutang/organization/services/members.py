"""What the merchant decides about its members; the rest comes from WeCom."""

from collections.abc import Sequence

from django.db import transaction

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.facts import announce
from yutang.organization.models import Member, Store
from yutang.organization.services.address_book.changes import address_book_fact
from yutang.organization.services.availability import announce_availability


@transaction.atomic
def assign_store(members: Sequence[Member], store: Store | None, *, by: Actor) -> int:
    """Place members in a store, or in none. Returns how many moved."""
    moving = [member for member in members if member.store_id != (store.pk if store else None)]
    for member in moving:
        audit(
            "member.store_assigned",
            by=by,
            subject_kind="member",
            subject_id=member.pk,
            before=member.store_id,
            after=store.pk if store else None,
        )
    chosen = Member.objects.filter(pk__in=[member.pk for member in moving])
    if moving:
        announce(address_book_fact("member.store_assigned", len(moving)))
    return chosen.update(store=store, updated_at=clock.now())


@transaction.atomic
def switch_line(member: Member, *, takes_customers: bool, by: Actor) -> Member:
    """Put a member on or off line for new customers. Live codes follow."""
    unswitched = Member.objects.filter(pk=member.pk).exclude(takes_customers=takes_customers)
    switched = unswitched.update(takes_customers=takes_customers, updated_at=clock.now())
    member.takes_customers = takes_customers
    if switched:
        action = "member.went_on_line" if takes_customers else "member.went_off_line"
        audit(action, by=by, subject_kind="member", subject_id=member.pk)
        announce_availability([member], reason="switch")
    return member
