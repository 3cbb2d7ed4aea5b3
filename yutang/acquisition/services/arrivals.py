"""Counting adds and losses. The event log is the truth: rows here are made from it, again and again if need be."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Q

from yutang.acquisition import roster
from yutang.acquisition.events import CodeScanned
from yutang.acquisition.models import Arrival, CodeDay, CustomerCode, LiveCode
from yutang.acquisition.roster import Rotation
from yutang.acquisition.services.apply import request_apply
from yutang.acquisition.spells import Happening, Kind, Spell, spells
from yutang.acquisition.staffing import Staffing, day_of
from yutang.channels.wecom.events import CustomerReplied
from yutang.customers.events import ContactAdded, ContactConfirmed, ContactLost
from yutang.events.models import Event
from yutang.kernel import clock
from yutang.organization.services.merchant import merchant_zone

Cell = tuple[int, date, int]  # code, day, member

CONFIRMED, REPLIED, LOST = ContactConfirmed.name, CustomerReplied.name, ContactLost.name
COUNTED = (ContactAdded.name, CONFIRMED, REPLIED, LOST)


def code_of_state(state_code: str) -> LiveCode | None:
    """The live code behind what a scan carried, be it the code's own or that of a card for one customer."""
    if not state_code:
        return None
    own = LiveCode.objects.filter(state_code=state_code).first()
    if own is not None:
        return own
    card = CustomerCode.objects.select_related("code").filter(state_code=state_code).first()
    return card.code if card is not None else None


def code_id_of_state(state_code: str) -> int | None:
    if not state_code:
        return None
    own = LiveCode.objects.filter(state_code=state_code).values_list("pk", flat=True).first()
    return own or CustomerCode.objects.filter(state_code=state_code).values_list("code_id", flat=True).first()


@transaction.atomic
def count_pair(customer_id: int, member_id: int) -> None:
    """Bring the counts about one customer and one member in line with the log, and the rotation forward."""
    codes = _codes_of(_spells_of(customer_id, member_id))
    if not codes:
        return
    locked = {
        code.pk: code for code in LiveCode.objects.select_for_update().filter(pk__in=codes.values()).order_by("pk")
    }
    # Read again under the locks: another worker may have just counted something newer.
    zone = merchant_zone()
    told = _spells_of(customer_id, member_id)
    codes |= _codes_of(each for each in told if each.state_code not in codes)
    wanted = {
        each.at: _arrival(each, codes[each.state_code], customer_id, member_id, zone)
        for each in told
        if each.state_code in codes
    }
    known = {row.at: row for row in Arrival.objects.filter(customer_id=customer_id, member_id=member_id)}
    fresh = [row for at, row in wanted.items() if at not in known]
    moved = [locked[code_id] for code_id in {row.code_id for row in fresh} & set(locked)]
    duties = [Staffing(code, clock.now(), zone) for code in moved if code.rotation in roster.WITH_MEMORY]
    for staffing in duties:
        _ = staffing.duty  # as it was before this arrival counts
    cells = _rewrite(wanted, known)
    for staffing in duties:
        _move_on(staffing, member_id)
    refresh_cells(cells)
    for code_id in locked:
        request_apply(code_id)


def _spells_of(customer_id: int, member_id: int) -> list[Spell]:
    events = Event.objects.filter(customer_id=customer_id, member_id=member_id, name__in=COUNTED)
    return spells(_happening(*row) for row in events.order_by("pk").values_list("name", "at", "props"))


def _happening(name: str, at: datetime, props: dict[str, object]) -> Happening:
    if name == LOST:
        return Happening(at, Kind.LOST, by=str(props["by"]))
    if name == CONFIRMED:
        return Happening(at, Kind.CONFIRMED)
    if name == REPLIED:
        return Happening(at, Kind.REPLIED)
    return Happening(at, Kind.HALF if props["half"] else Kind.ADDED, state_code=str(props["state_code"]))


def _codes_of(told: Iterable[Spell]) -> dict[str, int]:
    states = {each.state_code for each in told if each.state_code}
    if not states:
        return {}
    found = dict(LiveCode.objects.filter(state_code__in=states).values_list("state_code", "pk"))
    if rest := states - found.keys():
        found |= dict(CustomerCode.objects.filter(state_code__in=rest).values_list("state_code", "code_id"))
    return found


def _arrival(spell: Spell, code_id: int, customer_id: int, member_id: int, zone: ZoneInfo) -> Arrival:
    return Arrival(
        code_id=code_id,
        customer_id=customer_id,
        member_id=member_id,
        at=spell.at,
        day=day_of(spell.at, zone),
        completed_at=spell.completed_at,
        replied_at=spell.replied_at,
        replied_day=day_of(spell.replied_at, zone) if spell.replied_at else None,
        lost_at=spell.lost_at,
        lost_day=day_of(spell.lost_at, zone) if spell.lost_at else None,
        lost_by=spell.lost_by,
    )


_TOLD = ["code", "completed_at", "replied_at", "replied_day", "lost_at", "lost_day", "lost_by"]


def _rewrite(wanted: dict[datetime, Arrival], known: dict[datetime, Arrival]) -> set[Cell]:
    """Make the rows what they should be. Returns the cells of the daily counts that this touches."""
    Arrival.objects.filter(pk__in=[row.pk for at, row in known.items() if at not in wanted]).delete()
    Arrival.objects.bulk_create(
        wanted.values(), update_conflicts=True, unique_fields=["customer", "member", "at"], update_fields=_TOLD
    )
    return {cell for row in [*wanted.values(), *known.values()] for cell in _cells(row)}


def _cells(row: Arrival) -> set[Cell]:
    days = {row.day, row.lost_day, row.replied_day} - {None}
    return {(row.code_id, day, row.member_id) for day in days if day is not None}


def _move_on(staffing: Staffing, member_id: int) -> None:
    code, duty = staffing.code, staffing.duty
    owed = roster.charged(duty, Rotation(code.rotation), member_id)
    code.credits = roster.merged_credits(code.credits, owed, list(staffing.members))
    LiveCode.objects.filter(pk=code.pk).update(credits=code.credits)


def refresh_cells(cells: Iterable[Cell]) -> None:
    """Count some cells of the daily table anew. The codes they belong to are locked by the caller."""
    for code_id, day, member_id in sorted(cells):
        counts = Arrival.objects.filter(code_id=code_id, member_id=member_id).aggregate(
            adds=Count("pk", filter=Q(day=day, completed_at__isnull=False)),
            half_adds=Count("pk", filter=Q(day=day, completed_at__isnull=True)),
            replies=Count("pk", filter=Q(replied_day=day)),
            lost_by_customer=Count("pk", filter=Q(lost_day=day, lost_by="customer")),
            lost_by_member=Count("pk", filter=Q(lost_day=day, lost_by="member")),
        )
        CodeDay.objects.update_or_create(code_id=code_id, day=day, member_id=member_id, defaults=counts)


def count_scan(code_id: int, at: datetime, member_id: int | None) -> None:
    """One more open of the landing page, in the transaction that records its event."""
    cell = {"code_id": code_id, "day": day_of(at, merchant_zone()), "member_id": member_id}
    if not CodeDay.objects.filter(**cell).update(scans=F("scans") + 1):
        # Two first opens of a day at once: the second insert meets the constraint, and both add to the one row.
        CodeDay.objects.bulk_create([CodeDay(**cell)], ignore_conflicts=True)
        CodeDay.objects.filter(**cell).update(scans=F("scans") + 1)


@transaction.atomic
def recount_everything() -> None:
    """Make all counts again from the event log alone."""
    list(LiveCode.objects.select_for_update().order_by("pk").values_list("pk"))
    zone = merchant_zone()
    CodeDay.objects.all().delete()
    Arrival.objects.all().delete()
    told: dict[tuple[int, int], list[Happening]] = defaultdict(list)
    events = Event.objects.filter(name__in=COUNTED, customer__isnull=False, member__isnull=False).order_by("pk")
    for customer_id, member_id, *rest in events.values_list(
        "customer_id", "member_id", "name", "at", "props"
    ).iterator():
        told[customer_id, member_id].append(_happening(*rest))
    cells: set[Cell] = set()
    for (customer_id, member_id), happenings in told.items():
        found = spells(happenings)
        codes = _codes_of(found)
        rows = [_arrival(s, codes[s.state_code], customer_id, member_id, zone) for s in found if s.state_code in codes]
        Arrival.objects.bulk_create(rows)
        cells |= {cell for row in rows for cell in _cells(row)}
    refresh_cells(cells)
    scans = Event.objects.filter(name=CodeScanned.name).values_list("props", "at", "member_id")
    for props, at, member_id in scans.iterator():
        count_scan(int(props["code_id"]), at, member_id)
