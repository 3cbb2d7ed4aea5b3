"""From ids to customers: find or make the record a source speaks of, one at a time or by ten thousands.

Two workers may meet the same stranger at once. SQLite lets one in at a time; on PostgreSQL the unique first edge of an
id makes the later one fail, look again and find the record the earlier one made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.db import IntegrityError, connection, transaction

from yutang.customers.errors import NothingToGoBy
from yutang.customers.events import CustomerCreated, CustomerIdentified
from yutang.customers.identity import Claim, Key, key_of
from yutang.customers.matching import Attach, Known, Link, Placement, Record, Why, place
from yutang.customers.models import (
    Customer,
    Gender,
    Identity,
    IdentityKind,
    Review,
)
from yutang.customers.services import derive
from yutang.customers.services.changed import changed_fact
from yutang.customers.services.known import in_lists, load_known
from yutang.customers.services.merge import decided_apart, join_records
from yutang.customers.services.reviews import open_review
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.facts import Fact, announce, announce_many
from yutang.kernel.plain_text import one_line

TRIES = 6
BATCH = 5_000  # sets decided together
NAME_LIMIT, AVATAR_LIMIT = 200, 500


@dataclass(frozen=True)
class Rejected:
    claim: Claim
    why: Why


@dataclass(frozen=True)
class Resolution:
    """`customer` is the record facts about these ids hang on; its `person_key` is who that is today."""

    customer: Customer
    created: bool
    merged: bool
    review: Review | None
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class ClaimSet:
    """What one line of a file says of one person. `at` is when; None: as of the call."""

    claims: Sequence[Claim]
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Teller:
    """Who says so, and as of when."""

    source: str
    at: datetime
    by: Actor


@dataclass
class _Wish:
    """One set on its way: what was said, and what came of it."""

    keys: list[Key]
    rejected: list[Rejected]
    name: str
    avatar: str
    gender: str
    at: datetime
    placed: Placement | None = None

    @property
    def tells_of_looks(self) -> bool:
        return bool(self.name or self.avatar or self.gender != Gender.UNKNOWN)


@dataclass
class _Outcome:
    wishes: list[_Wish]
    reviews: dict[int, Review]  # by position in `wishes`


def resolve(
    claims: Sequence[Claim],
    *,
    source: str,
    at: datetime,
    by: Actor,
    name: str = "",
    avatar: str = "",
    gender: str | None = None,
) -> Resolution:
    """The record of whoever holds these ids, made if nobody does. Raises NothingToGoBy where no id is usable."""
    wish = _wish(claims, at, name, avatar, gender)
    outcome = _carry_out([wish], Teller(source, at, by))
    if wish.placed is None:
        raise NothingToGoBy(fields={claim.claim.kind: claim.why for claim in wish.rejected})
    return _resolution(wish, outcome)


def resolve_many(sets: Sequence[ClaimSet], *, source: str, at: datetime, by: Actor) -> list[int | None]:
    """The record id of each set, in order; None where a set holds nothing usable. A few statements per thousand."""
    found: list[int | None] = []
    for start in range(0, len(sets), BATCH):
        wishes = [_wish(each.claims, each.at or at, each.name) for each in sets[start : start + BATCH]]
        _carry_out(wishes, Teller(source, at, by))
        found += [wish.placed.record.pk if wish.placed else None for wish in wishes]
    return found


def identify(customer: Customer, claims: Sequence[Claim], *, source: str, at: datetime, by: Actor) -> Resolution:
    """Learn further ids of a known record. May merge it with whoever holds them, or open a review."""
    wish = _wish(claims, at)
    outcome = _carry_out([wish], Teller(source, at, by), anchor=customer.pk)
    return _resolution(wish, outcome)


def give_phone(customer: Customer, phone: str, *, source: str, at: datetime, by: Actor) -> Resolution:
    """A phone number somebody gave for this customer. Raises NothingToGoBy where it is malformed or a stand-in."""
    if key_of(Claim(IdentityKind.PHONE, phone)) is None:
        raise NothingToGoBy(fields={"phone": "malformed_or_stand_in"})
    return identify(customer, [Claim(IdentityKind.PHONE, phone)], source=source, at=at, by=by)


@transaction.atomic
def describe(
    customer: Customer, *, name: str | None = None, avatar: str | None = None, gender: str | None = None, at: datetime
) -> None:
    """Write the profile as the channel tells it. What it withholds stays as it is."""
    record = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if record.erased_at:
        return
    before = (record.name, record.avatar, record.gender)
    record.name = one_line(name, NAME_LIMIT) or record.name
    record.avatar = one_line(avatar, AVATAR_LIMIT) or record.avatar
    record.gender = gender if gender in Gender.values and gender != Gender.UNKNOWN else record.gender
    if (record.name, record.avatar, record.gender) == before:
        return
    record.updated_at = clock.now()
    record.save(update_fields=["name", "avatar", "gender", "updated_at"])
    customer.name, customer.avatar, customer.gender = record.name, record.avatar, record.gender
    told = [
        name for name, old in zip(("name", "avatar", "gender"), before, strict=True) if getattr(record, name) != old
    ]
    announce(changed_fact(record.pk, told))
    derive.reindex([record.person_key])


def end_identity(identity: Identity, *, reason: str, at: datetime) -> None:
    """An id no longer belongs to the record. The next live edge of the id, if any, becomes its first."""
    with transaction.atomic():
        edge = Identity.objects.select_for_update().get(pk=identity.pk)
        if edge.ended_at is not None:
            return
        Identity.objects.filter(pk=edge.pk).update(ended_at=at, ended_reason=reason[:64], is_first=False)
        if edge.is_first:
            _promote_next(edge)
        announce(changed_fact(edge.customer_id, [f"identity:{edge.pk}"]))
        derive.reindex([edge.person_id])


def _promote_next(edge: Identity) -> None:
    others = Identity.objects.filter(kind=edge.kind, issuer=edge.issuer, value=edge.value, ended_at=None)
    following = others.order_by("pk").first()
    if following is not None:
        Identity.objects.filter(pk=following.pk).update(is_first=True)


def _wish(claims: Sequence[Claim], at: datetime, name: str = "", avatar: str = "", gender: str | None = None) -> _Wish:
    keys: list[Key] = []
    rejected: list[Rejected] = []
    for claim in claims:
        key = key_of(claim)
        if key is None:
            rejected.append(Rejected(claim, "malformed_or_stand_in"))
        else:
            keys.append(key)
    known_gender = gender if gender in Gender.values else Gender.UNKNOWN
    return _Wish(keys, rejected, one_line(name, NAME_LIMIT), one_line(avatar, AVATAR_LIMIT), known_gender, at)


def _resolution(wish: _Wish, outcome: _Outcome) -> Resolution:
    placed = wish.placed
    assert placed is not None  # noqa: S101  (an anchor or a usable key was there)
    dropped = [Rejected(Claim(key[0], key[2], key[1]), why) for key, why in placed.dropped]
    return Resolution(
        customer=Customer.objects.get(pk=placed.record.row),
        created=placed.created,
        merged=any(link.merge for link in placed.links),
        review=outcome.reviews.get(0),
        rejected=wish.rejected + dropped,
    )


class _Overtaken(Exception):
    """Somebody else wrote what we were about to write: look again."""


def _carry_out(wishes: list[_Wish], teller: Teller, anchor: int | None = None) -> _Outcome:
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _decide_and_write(wishes, teller, anchor)
        except (IntegrityError, _Overtaken):
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _decide_and_write(wishes: list[_Wish], teller: Teller, anchor: int | None) -> _Outcome:
    known = load_known({key for wish in wishes for key in wish.keys}, anchor)
    for wish in wishes:
        home = known.by_pk[anchor] if anchor is not None else None
        wish.placed = place(wish.keys, known, may_merge=_may_merge, anchor=home)
    _lock_homes(wishes, known)
    created = _create(wishes, teller)
    edges = _write_edges(wishes, teller)
    named = _fill_blanks(wishes)
    announce_many(chain(_facts(created, edges, teller), (changed_fact(pk, ["name"]) for pk in sorted(named))))
    reviews = _write_links(wishes, teller)
    touched = {record.row for wish, record in created if wish.name}
    touched |= named | {edge.customer_id for edge in edges if edge.kind == IdentityKind.PHONE}
    derive.reindex(derive.people_of(touched))
    return _Outcome(wishes, reviews)


def _may_merge(left: Record, right: Record) -> bool:
    """Whether nobody has decided that these are different people. Records being made were never judged."""
    lefts = [record.pk for record in left.person.records if record.pk is not None]
    rights = [record.pk for record in right.person.records if record.pk is not None]
    return not (lefts and rights and decided_apart(lefts, rights))


def _lock_homes(wishes: list[_Wish], known: Known) -> None:
    """Keep merges away from the records we are about to write to; start anew where one was quicker."""
    if not connection.features.has_select_for_update:
        return
    homes = {wish.placed.record.row for wish in wishes if wish.placed and wish.placed.attach and wish.placed.record.pk}
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=homes).order_by("pk")
    for pk, person in rows.values_list("pk", "person_id"):
        if known.by_pk[pk].written_person != (person or pk):
            raise _Overtaken


def _create(wishes: list[_Wish], teller: Teller) -> list[tuple[_Wish, Record]]:
    """Write the strangers. Gives them back with the wishes that made them."""
    fresh = [(wish, wish.placed.record) for wish in wishes if wish.placed and wish.placed.created]
    now = clock.now()
    rows = Customer.objects.bulk_create(
        [
            Customer(
                name=wish.name,
                avatar=wish.avatar,
                gender=wish.gender,
                source=teller.source[:64],
                created_at=wish.at,
                updated_at=now,
            )
            for wish, _ in fresh
        ],
        batch_size=2_000,
    )
    for (_, record), row in zip(fresh, rows, strict=True):
        record.pk = row.pk
    return fresh


def _write_edges(wishes: list[_Wish], teller: Teller) -> list[Identity]:
    wanted: list[tuple[Attach, datetime]] = [
        (attach, wish.at) for wish in wishes if wish.placed for attach in wish.placed.attach
    ]
    # In one order everywhere, so that two batches never wait for each other in a ring.
    wanted.sort(key=lambda pair: (pair[0].key, not pair[0].is_first))
    edges = [
        Identity(
            customer_id=attach.record.row,
            # Merges come after this and rewrite it.
            person_id=attach.record.written_person or attach.record.row,
            kind=attach.key[0],
            issuer=attach.key[1],
            value=attach.key[2],
            source=teller.source[:64],
            is_first=attach.is_first,
            since=at,
        )
        for attach, at in wanted
    ]
    return Identity.objects.bulk_create(edges, batch_size=2_000)


def _fill_blanks(wishes: list[_Wish]) -> set[int]:
    """Names and faces for known records that had none. Gives back the ids of those written."""
    wanted = {
        wish.placed.record.pk: wish
        for wish in wishes
        if wish.placed and not wish.placed.created and wish.placed.record.pk and wish.tells_of_looks
    }
    changed: list[Customer] = []
    for chunk in in_lists([pk for pk in wanted if pk]):
        for row in Customer.objects.filter(pk__in=chunk, erased_at=None):
            wish = wanted[row.pk]
            before = (row.name, row.avatar, row.gender)
            row.name, row.avatar = row.name or wish.name, row.avatar or wish.avatar
            row.gender = wish.gender if row.gender == Gender.UNKNOWN else row.gender
            if (row.name, row.avatar, row.gender) != before:
                row.updated_at = clock.now()
                changed.append(row)
    derive.save_all(changed, ["name", "avatar", "gender", "updated_at"])
    return {row.pk for row in changed}


def _facts(created: list[tuple[_Wish, Record]], edges: list[Identity], teller: Teller) -> Iterator[Fact]:
    fresh = {record.row for _, record in created}
    for wish, record in created:
        yield Fact(
            event=CustomerCreated(source=teller.source),
            key=f"customer.created:{record.row}",
            at=wish.at,
            customer_id=record.row,
            source=teller.source[:64],
        )
    for edge in edges:
        if edge.customer_id not in fresh:
            yield Fact(
                event=CustomerIdentified(kind=edge.kind, issuer=edge.issuer, source=teller.source),
                key=f"customer.identified:{edge.pk}",
                at=edge.since,
                customer_id=edge.customer_id,
                source=teller.source[:64],
            )


def _write_links(wishes: list[_Wish], teller: Teller) -> dict[int, Review]:
    reviews: dict[int, Review] = {}
    for place_no, wish in enumerate(wishes):
        for link in wish.placed.links if wish.placed else ():
            if link.merge:
                _merge(link, teller)
            else:
                review = _review(link, teller)
                if review is not None:
                    reviews[place_no] = review
    return reviews


def _merge(link: Link, teller: Teller) -> None:
    join_records(
        link.left.row,
        link.right.row,
        by=teller.by,
        reason=link.key[0],
        evidence={"kind": link.key[0], "issuer": link.key[1], "source": teller.source},
        at=teller.at,
    )


def _review(link: Link, teller: Teller) -> Review | None:
    evidence: dict[str, object] = {"kind": link.key[0], "issuer": link.key[1], "source": teller.source}
    if link.contradicting:
        evidence["contradicting"] = link.contradicting
    return open_review(link.left.row, link.right.row, reason=link.key[0], evidence=evidence, at=teller.at)
