"""Visitors become customers: what sources said of who somebody is, worked in, in the order in which it was said."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from yutang.customers.consents import Purpose, strictest
from yutang.customers.identity import Claim
from yutang.customers.models import Consent, Customer, IdentityKind
from yutang.customers.services.merge import decided_apart, join_records
from yutang.customers.services.resolve import ClaimSet, resolve_many
from yutang.customers.services.reviews import open_review
from yutang.events.collecting.visiting import next_turn
from yutang.events.events import VisitorJoined
from yutang.events.models import EventSource, Introduction, Mark, Visitor, VisitorKind
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.errors import DomainError
from yutang.kernel.facts import Fact, announce_many

log = logging.getLogger(__name__)

IN_TURN = "introductions"
AT_ONCE = 500  # introductions in one transaction
FILL = "events.fill_past"
FILL_AT_ONCE = 5_000  # events in one transaction
FILL_VISITORS = 500  # in one job
# Events written while a customer was being found come in without one: a later look finds them.
LOOK_AGAIN = (timedelta(), timedelta(seconds=20))
# Kinds whose values mean the same everywhere; those of other kinds belong to an issuer.
GLOBAL_KINDS = frozenset({IdentityKind.PHONE, IdentityKind.EMAIL, IdentityKind.UNIONID})


def work_in() -> int:
    """The oldest waiting introductions. Returns how many there were."""
    with transaction.atomic():
        _take_turn()
        waiting = Introduction.objects.select_related("visitor", "alias_of").order_by("pk")
        introductions = list(waiting[:AT_ONCE])
        if introductions:
            _work_in(introductions)
            Introduction.objects.filter(pk__in=[each.pk for each in introductions]).delete()
    return len(introductions)


def _take_turn() -> None:
    """One at a time, so that what was said first is done first."""
    Mark.objects.bulk_create([Mark(name=IN_TURN)], ignore_conflicts=True)
    Mark.objects.select_for_update().get(name=IN_TURN)


def _work_in(introductions: Sequence[Introduction]) -> None:
    sources = EventSource.objects.in_bulk({each.source_id for each in introductions})
    found: dict[int, int] = {}
    for source_id, group in _runs(introductions):
        source = sources[source_id]
        for each, customer_id in zip(group, _customers(group, source), strict=True):
            if customer_id is not None:
                found[each.pk] = customer_id
        for each in group:
            if each.alias_of is not None and each.pk in found:
                _join_former(each, source, found[each.pk])
    _join(introductions, found)


def _runs(introductions: Sequence[Introduction]) -> Iterable[tuple[int, list[Introduction]]]:
    """Neighbours of one source together; what was said first stays first."""
    group: list[Introduction] = []
    for each in introductions:
        if group and group[-1].source_id != each.source_id:
            yield group[0].source_id, group
            group = []
        group.append(each)
    if group:
        yield group[0].source_id, group


def _customers(group: Sequence[Introduction], source: EventSource) -> list[int | None]:
    sets = [ClaimSet(claims_of(each, source), each.name, each.at) for each in group]
    try:
        with transaction.atomic():
            return resolve_many(sets, source=source.label, at=clock.now(), by=SYSTEM)
    except DomainError:
        return [_customer_of_one(each, source) for each in sets]


def _customer_of_one(claims: ClaimSet, source: EventSource) -> int | None:
    try:
        with transaction.atomic():
            return resolve_many([claims], source=source.label, at=clock.now(), by=SYSTEM)[0]
    except DomainError as refused:
        log.warning("Who a visitor of source %s is could not be worked in: %s", source.pk, refused)
        return None


def claims_of(introduction: Introduction, source: EventSource) -> list[Claim]:
    """The visitor's own id, where it signed in, and what else was said of it."""
    claims = [Claim(kind, value, issuer) for kind, issuer, value in introduction.claims]
    if introduction.visitor.kind == VisitorKind.USER:
        claims.insert(0, own_claim(introduction.visitor, source))
    return claims


def own_claim(visitor: Visitor, source: EventSource) -> Claim:
    kind = IdentityKind(source.user_id_kind)
    return Claim(kind, visitor.value, "" if kind in GLOBAL_KINDS else visitor.issuer)


def _join_former(introduction: Introduction, source: EventSource, customer_id: int) -> None:
    """An alias says that two signed-in ids are one person: a server is believed, a page may only ask."""
    former = introduction.alias_of
    assert former is not None  # noqa: S101
    if former.customer_id is None:
        claims = ClaimSet([own_claim(former, source)], at=introduction.at)
        former.customer_id = _customer_of_one(claims, source)
        if former.customer_id is None:
            return
        former.joined_at = clock.now()
        Visitor.objects.filter(pk=former.pk).update(
            customer_id=former.customer_id, joined_at=former.joined_at, turn=next_turn()
        )
        _follow_up([former])
    if former.customer_id == customer_id:
        return
    if not source.trusts_traits:
        _ask(former.customer_id, customer_id, introduction)
    elif not decided_apart([former.customer_id], [customer_id]):
        join_records(
            former.customer_id,
            customer_id,
            by=SYSTEM,
            reason="alias",
            evidence={"source": source.label},
            at=introduction.at,
        )


def _ask(left: int, right: int, introduction: Introduction) -> None:
    if not decided_apart([left], [right]):
        evidence: dict[str, object] = {"source": f"source:{introduction.source_id}"}
        open_review(left, right, reason="alias", evidence=evidence, at=introduction.at)


def _join(introductions: Sequence[Introduction], found: dict[int, int]) -> None:
    """Write the customers found on the visitors, and on the devices they are signed in at."""
    customer_of: dict[int, int] = {}
    joined: list[Visitor] = []
    for each in introductions:
        if each.pk not in found:
            continue
        visitor = each.visitor
        known = customer_of.get(visitor.pk) or visitor.customer_id
        if known is None:
            visitor.customer_id = customer_of[visitor.pk] = found[each.pk]
            joined.append(visitor)
        elif visitor.kind == VisitorKind.ANONYMOUS and not _one_person(known, found[each.pk]):
            joined.append(_begin_anew(visitor, found[each.pk], each.at))
    people = {each.visitor_id: each.visitor.customer_id or customer_of.get(each.visitor_id) for each in introductions}
    for device in Visitor.objects.filter(user__in=[pk for pk, customer in people.items() if customer], customer=None):
        device.customer_id = people[device.user_id or 0]
        joined.append(device)
    if joined:
        now, turn = clock.now(), next_turn()
        for visitor in joined:
            visitor.joined_at, visitor.turn = now, turn
        Visitor.objects.bulk_update(joined, ["customer", "joined_at", "turn"], batch_size=300)
        _follow_up(joined)


def _one_person(left: int, right: int) -> bool:
    if left == right:
        return True
    persons = Customer.objects.filter(pk__in=[left, right]).values_list("pk", "person_id")
    return len({person or pk for pk, person in persons}) == 1


def _begin_anew(device: Visitor, customer_id: int, at: datetime) -> Visitor:
    """The device turned out to be somebody else's from now on."""
    Visitor.objects.filter(pk=device.pk, ended_at=None).update(ended_at=max(at, device.since), turn=next_turn())
    return Visitor.objects.create(
        issuer=device.issuer,
        kind=device.kind,
        value=device.value,
        customer_id=customer_id,
        follows=device,
        since=max(at, device.since),
    )


def _follow_up(joined: Sequence[Visitor]) -> None:
    _withhold([visitor.customer_id for visitor in joined if visitor.customer_id])
    announce_many(
        Fact(
            event=VisitorJoined(visitor_id=visitor.pk, kind=visitor.kind, issuer=visitor.issuer),
            key=f"visitor.joined:{visitor.pk}",
            at=visitor.joined_at or clock.now(),
            customer_id=visitor.customer_id,
        )
        for visitor in joined
    )
    plan_filling([visitor.pk for visitor in joined])


def plan_filling(visitor_ids: Sequence[int]) -> None:
    for start in range(0, len(visitor_ids), FILL_VISITORS):
        payload = {"visitor_ids": list(visitor_ids[start : start + FILL_VISITORS])}
        for pause in LOOK_AGAIN:
            jobs.enqueue(FILL, payload, run_at=clock.now() + pause)


_FILL = """
UPDATE events_event SET customer_id = (
  SELECT customer_id FROM events_visitor WHERE events_visitor.id = events_event.visitor_id)
WHERE id IN (
  SELECT events_event.id FROM events_event JOIN events_visitor ON events_visitor.id = events_event.visitor_id
  WHERE events_event.visitor_id IN ({places}) AND events_event.customer_id IS NULL
    AND events_visitor.customer_id IS NOT NULL
  LIMIT %s)
"""


def fill_past(visitor_ids: Sequence[int]) -> int:
    """Write the customers of visitors on what they did before, some thousands at a time. Returns how many there were.

    Each lot is a transaction of its own: a killed worker's successor goes on where it stood.
    """
    filled = 0
    if not visitor_ids:
        return 0
    sql = _FILL.format(places=", ".join(["%s"] * len(visitor_ids)))
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [*visitor_ids, FILL_AT_ONCE])
            filled += cursor.rowcount
            if cursor.rowcount < FILL_AT_ONCE:
                return filled


def _withhold(record_ids: Collection[int]) -> None:
    """Mark the visitors of those who have withdrawn what analysis needs."""
    if withdrawn := [pk for pk, allowed in analysis_allowed(record_ids).items() if not allowed]:
        Visitor.objects.filter(customer__in=withdrawn).update(is_withheld=True, turn=next_turn())


def refresh_withheld(customer_id: int) -> None:
    """After a customer said anew what they allow: their visitors are followed, or no longer."""
    person = Customer.objects.filter(pk=customer_id).values_list("pk", "person_id").first()
    if person is None:
        return
    key = person[1] or person[0]
    records = [key, *Customer.objects.filter(person=key).values_list("pk", flat=True)]
    withheld = not analysis_allowed([key])[key]
    with transaction.atomic():
        changing = Visitor.objects.filter(customer__in=records).exclude(is_withheld=withheld)
        if changing.exists():
            changing.update(is_withheld=withheld, turn=next_turn())


def analysis_allowed(record_ids: Collection[int]) -> dict[int, bool]:
    """Of each record, whether its person lets us analyse what they do: yes, until one of their records says no."""
    wanted = set(record_ids)
    person_of = {
        pk: person or pk for pk, person in Customer.objects.filter(pk__in=wanted).values_list("pk", "person_id")
    }
    people = set(person_of.values())
    record_person = {pk: pk for pk in people}
    record_person |= dict(Customer.objects.filter(person__in=people).values_list("pk", "person_id"))
    said: dict[int, list[Consent]] = defaultdict(list)
    for statement in Consent.objects.filter(customer__in=record_person, purpose=Purpose.PROFILING):
        said[record_person[statement.customer_id]].append(statement)
    refused = {person for person, statements in said.items() if any(not each.granted for each in strictest(statements))}
    return {pk: person_of.get(pk, pk) not in refused for pk in wanted}
