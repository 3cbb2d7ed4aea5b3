"""Members' relations with customers, through their whole life, from tidings that come late, twice or out of order.

Each tiding speaks of a moment; `state_at` is the moment of the state that counts, and older tidings do not change it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yutang.customers.events import ContactAdded, ContactChanged, ContactConfirmed, ContactLost, RelationChanged
from yutang.customers.identity import Claim, normal
from yutang.customers.models import HELD, Customer, Identity, IdentityKind, Ownership, OwnershipState
from yutang.customers.services import derive
from yutang.customers.services.resolve import end_identity, identify
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.facts import DomainEvent, Fact, announce, announce_many
from yutang.kernel.plain_text import lines, one_line
from yutang.organization.models import Member

State = OwnershipState

# A callback with a right to send the welcome may be on its way: a recount leaves younger adds for it to announce.
CALLBACK_MAY_COME = timedelta(minutes=10)
# What calls an add we already hold newer by more than this tells of another one: what ended the first was never told.
SAME_ADD = timedelta(minutes=1)
HOW_ADDED = frozenset({"add_way", "state_code"})  # told with the add, else apart
_LOST_BY = {
    State.DELETED_BY_CUSTOMER: "customer",
    State.DELETED_BY_MEMBER: "member",
    State.TRANSFERRED: "transfer",
}


@dataclass(frozen=True)
class Details:
    """What a member noted about a customer. None: not told; empty: cleared."""

    remark: str | None = None
    description: str | None = None
    company: str | None = None
    phones: tuple[str, ...] | None = None
    add_way: int | None = None
    state_code: str | None = None


NOTHING_TOLD = Details()


@transaction.atomic
def apply_relation(
    customer: Customer,
    member: Member,
    state: OwnershipState,
    *,
    at: datetime,
    by: Actor,
    details: Details = NOTHING_TOLD,
    ticket_id: int | None = None,
    source: str = "wecom",
) -> Ownership:
    """The relation became `state` at `at`, as an event tells.

    Applied once however often it is told. `ticket_id` is the channel's right to send one welcome.
    """
    relation, is_new = _hold(customer, member, state, at, source)
    was = None if is_new else State(relation.state)
    noted = _note_details(relation, details, at, by, source, announced=False)
    if was is not None and not _is_news(relation, was, state, at):
        told = _tell_unannounced_add(relation, state, at, ticket_id, source)
        if noted & HOW_ADDED and not told:
            _tell_changed(relation, source)
        return relation
    relation.state, relation.state_at = state, at
    if state in HELD:
        _begin(relation, was, at, ticket_id, source)
    else:
        relation.ended_at = at
        if was is None or was in HELD:
            _tell(relation, ContactLost(by=_LOST_BY[state]), "lost", at, source)
        else:
            _tell_changed(relation, source)
    _save(relation)
    derive.refresh([relation.person_id])
    return relation


@transaction.atomic
def note_present(
    customer: Customer,
    member: Member,
    *,
    added_at: datetime,
    at: datetime,
    by: Actor,
    details: Details = NOTHING_TOLD,
    source: str = "wecom",
) -> Ownership:
    """A listing asked for at `at` holds the relation, added at `added_at`.

    WeCom goes on listing customers who deleted the member, and does not tell them apart: such a state stays unless the
    contact was added again since.
    """
    relation, is_new = _hold(customer, member, State.MUTUAL, added_at, source)
    noted = _note_details(relation, details, at, by, source, announced=not is_new)
    revived = added_at > relation.state_at if relation.state not in HELD else _is_another_add(relation, added_at)
    # A listing made after the member deleted them shows that the deletion was taken back without our hearing of it.
    reappeared = relation.state in (State.DELETED_BY_MEMBER, State.TRANSFERRED) and at > relation.state_at
    begins = is_new or revived or reappeared
    if begins:
        relation.state, relation.ended_at, relation.added_at = State.MUTUAL, None, added_at
        relation.state_at = max(relation.state_at, added_at) if not reappeared else at
        relation.add_told = False
    if relation.state in HELD and not relation.add_told and added_at < clock.now() - CALLBACK_MAY_COME:
        _tell_add(relation, None, source)
    elif begins or (noted & HOW_ADDED and not is_new):
        _tell_changed(relation, source)
    _save(relation)
    if begins:
        derive.refresh([relation.person_id])
    return relation


@dataclass(frozen=True)
class Listed:
    """One row of a listing, about a record of ours."""

    record_id: int
    member: Member
    added_at: datetime
    details: Details = NOTHING_TOLD

    @property
    def pair(self) -> tuple[int, int]:
        return self.record_id, self.member.pk


@transaction.atomic
def hold_listed(listed: Iterable[Listed], *, source: str = "wecom") -> dict[tuple[int, int], Ownership]:
    """Do for many rows at once what `note_present` does for relations nobody knew. Those made, by record and member.

    The rest is for `note_present`: relations we have or that are listed twice, adds whose callback may be on its way,
    and rows with phone numbers, which may lead to somebody known.
    """
    settled = clock.now() - CALLBACK_MAY_COME
    rows = list(listed)
    times = Counter(row.pair for row in rows)
    wanted = {
        row.pair: row for row in rows if times[row.pair] == 1 and not row.details.phones and row.added_at < settled
    }
    ids = {record_id for record_id, _ in wanted}
    records = Customer.objects.select_for_update(no_key=True).only("pk", "person_id").filter(pk__in=ids).order_by("pk")
    people = {record.pk: record.person_key for record in records}
    for pair in Ownership.objects.filter(customer__in=ids).values_list("customer_id", "member_id"):
        wanted.pop(pair, None)
    made = [
        Ownership(
            customer_id=row.record_id,
            person_id=people[row.record_id],
            member=row.member,
            state=State.MUTUAL,
            state_at=row.added_at,
            added_at=row.added_at,
            add_told=True,
            updated_at=clock.now(),
            **_tidied(row.details),
        )
        for row in wanted.values()
        if row.record_id in people
    ]
    Ownership.objects.bulk_create(made)
    announce_many(_add_fact(relation, None, source) for relation in made)
    derive.reindex([relation.person_id for relation in made if relation.remark])
    derive.refresh([relation.person_id for relation in made])
    return {(relation.customer_id, relation.member_id): relation for relation in made}


def note_absent(
    customer: Customer, member: Member, *, at: datetime, by: Actor, source: str = "wecom"
) -> Ownership | None:
    """A complete listing of the member's customers asked for at `at` no longer holds this one."""
    relation = Ownership.objects.filter(customer=customer, member=member).first()
    if relation is None or relation.state in (State.DELETED_BY_MEMBER, State.TRANSFERRED) or relation.added_at > at:
        return relation
    return apply_relation(customer, member, State.DELETED_BY_MEMBER, at=at, by=by, source=source)


@transaction.atomic
def transfer(
    customer: Customer, giver: Member, taker: Member, *, at: datetime, by: Actor, source: str = "wecom"
) -> Ownership:
    """The customer went from one member to another."""
    before = Ownership.objects.filter(customer=customer, member=giver).first()
    kept = Details()
    if before is not None:
        kept = Details(before.remark, before.description, before.company, tuple(before.phones), state_code="")
    apply_relation(customer, giver, State.TRANSFERRED, at=at, by=by, source=source)
    return apply_relation(customer, taker, State.MUTUAL, at=at, by=by, details=kept, source=source)


def _hold(
    customer: Customer, member: Member, state: OwnershipState, at: datetime, source: str
) -> tuple[Ownership, bool]:
    """The relation's row, locked, and whether it was made just now. The record is locked first: merges wait."""
    record = Customer.objects.select_for_update(no_key=True).only("pk", "person_id").get(pk=customer.pk)
    relation, is_new = Ownership.objects.select_for_update().get_or_create(
        customer_id=record.pk,
        member=member,
        defaults={
            "person_id": record.person_key,
            "state": state,
            "state_at": at,
            "added_at": at,
            "updated_at": clock.now(),
        },
    )
    return relation, is_new


def _is_news(relation: Ownership, was: OwnershipState, state: OwnershipState, at: datetime) -> bool:
    if at < relation.state_at:
        return False
    if was in HELD and state in HELD:
        return (was == State.HALF and state == State.MUTUAL) or _is_another_add(relation, at)
    if state in HELD:
        return at > relation.state_at  # within one second an add comes before its end, whichever is told first
    return was != state


def _is_another_add(relation: Ownership, added_at: datetime) -> bool:
    return added_at > max(relation.added_at, relation.state_at) + SAME_ADD


def _begin(relation: Ownership, was: OwnershipState | None, at: datetime, ticket_id: int | None, source: str) -> None:
    if was == State.HALF and relation.state == State.MUTUAL:
        confirmed = ContactConfirmed(relation.add_way, relation.state_code, ticket_id)
        _tell(relation, confirmed, "confirmed", at, source)
        return
    relation.added_at, relation.ended_at = at, None
    _tell_add(relation, ticket_id, source)


def _tell_unannounced_add(
    relation: Ownership, state: OwnershipState, at: datetime, ticket_id: int | None, source: str
) -> bool:
    """An add whose recount, or whose end, came before it: its callback announces it, with the welcome it brings."""
    tells = state in HELD and not relation.add_told
    if tells:
        relation.added_at = min(relation.added_at, at)
        _tell_add(relation, ticket_id, source)
    _save(relation)
    return tells


def _tell_changed(relation: Ownership, source: str) -> None:
    _tell(relation, RelationChanged(state=relation.state), "changed_otherwise", clock.now(), source)


def _tell_add(relation: Ownership, ticket_id: int | None, source: str) -> None:
    relation.add_told = True
    announce(_add_fact(relation, ticket_id, source))


def _add_fact(relation: Ownership, ticket_id: int | None, source: str) -> Fact:
    half = relation.state == State.HALF
    added = ContactAdded(relation.add_way, relation.state_code, half, ticket_id)
    return _fact(relation, added, "added", relation.added_at, source)


def _tell(relation: Ownership, event: DomainEvent, what: str, at: datetime, source: str) -> None:
    announce(_fact(relation, event, what, at, source))


def _fact(relation: Ownership, event: DomainEvent, what: str, at: datetime, source: str) -> Fact:
    return Fact(
        event=event,
        key=f"contact.{what}:{relation.pk}:{at.isoformat()}",
        at=at,
        customer_id=relation.customer_id,
        member_id=relation.member_id,
        corp_id=relation.member.corp_id,
        source=source[:64],
    )


def _note_details(
    relation: Ownership, details: Details, at: datetime, by: Actor, source: str, *, announced: bool
) -> set[str]:
    """Take over what the member noted, and give back what changed; the caller saves. Phones join the customer's
    identities, and with them whoever was known by them.
    """
    told = _tidied(details)
    changed = [name for name, value in told.items() if value != getattr(relation, name)]
    if not changed:
        return set()
    before = list(relation.phones)
    for name in changed:
        setattr(relation, name, told[name])
    if "phones" in changed or "remark" in changed:
        _save(relation)  # what follows reads it
    if "phones" in changed:
        _join_phones(relation, before, at, by)
    if "remark" in changed:
        derive.reindex([relation.person_id])
    noted = [name for name in changed if name not in HOW_ADDED]
    if announced and noted:
        _tell(relation, ContactChanged(changed=noted), "changed", at, source)
    return set(changed)


def _tidied(details: Details) -> dict[str, Any]:
    """What was told, by the relation's columns."""
    told = {
        "remark": None if details.remark is None else one_line(details.remark, 200),
        "description": None if details.description is None else lines(details.description, 1000),
        "company": None if details.company is None else one_line(details.company, 200),
        "phones": None if details.phones is None else _tidy_phones(details.phones),
        "add_way": details.add_way,
        "state_code": None if details.state_code is None else one_line(details.state_code, 128) or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _tidy_phones(phones: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (one_line(phone, 32) for phone in phones))))[:20]


def _join_phones(relation: Ownership, before: list[str], at: datetime, by: Actor) -> None:
    source = f"remark:{relation.member_id}"
    now_noted = {number for phone in relation.phones if (number := normal(IdentityKind.PHONE, phone))}
    claims = [Claim(IdentityKind.PHONE, number) for number in sorted(now_noted)]
    if claims:
        identify(relation.customer, claims, source=source, at=at, by=by)
    gone = {number for phone in before if (number := normal(IdentityKind.PHONE, phone))} - now_noted
    if gone:
        _end_noted_phones(relation, gone, source, at)
    relation.refresh_from_db(fields=["person"])  # a number may have led to somebody known already


def _end_noted_phones(relation: Ownership, gone: set[str], source: str, at: datetime) -> None:
    """Numbers the member took off the remark, unless another source or member still says so."""
    others = Ownership.objects.filter(customer=relation.customer_id).exclude(pk=relation.pk)
    noted = [phone for phones in others.values_list("phones", flat=True) for phone in phones]
    still_noted = {number for phone in noted if (number := normal(IdentityKind.PHONE, phone))}
    edges = Identity.objects.filter(
        customer=relation.customer_id, kind=IdentityKind.PHONE, value__in=gone - still_noted, ended_at=None
    )
    for edge in edges.filter(source=source):
        end_identity(edge, reason="taken_off_remark", at=at)


def _save(relation: Ownership) -> None:
    relation.updated_at = clock.now()
    relation.save(
        update_fields=[
            "state",
            "state_at",
            "added_at",
            "ended_at",
            "add_told",
            "remark",
            "description",
            "company",
            "phones",
            "add_way",
            "state_code",
            "updated_at",
        ]
    )
