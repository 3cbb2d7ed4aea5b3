"""The members behind a live code as the roster's candidates: assignees expanded, counted and looked up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from yutang.acquisition import roster
from yutang.acquisition.hours import HoursText, hours_from, next_edge, next_midnight
from yutang.acquisition.models import Accept, Arrival, Assignee, LiveCode
from yutang.acquisition.roster import Candidate, Rotation, Shift
from yutang.customers.models import HELD, Ownership
from yutang.organization.models import Member
from yutang.organization.services.availability import is_available

LOOK_AT_GROUPS = timedelta(hours=1)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def members_behind(assignees: Iterable[Assignee], corp_id: int) -> dict[int, tuple[Member, Assignee]]:
    """Each member of the corp once, by the first assignee that leads to it, in order."""
    assignees = list(assignees)
    of_corp = Member.objects.filter(corp_id=corp_id).order_by("pk")
    alone = of_corp.in_bulk([each.member_id for each in assignees if each.member_id is not None])
    in_stores: dict[int | None, list[Member]] = defaultdict(list)
    for member in of_corp.filter(store_id__in=[each.store_id for each in assignees if each.store_id is not None]):
        in_stores[member.store_id].append(member)
    found: dict[int, tuple[Member, Assignee]] = {}
    for assignee in assignees:
        if assignee.member_id is not None:
            led_to = [alone[assignee.member_id]] if assignee.member_id in alone else []
        elif assignee.store_id is not None:
            led_to = in_stores[assignee.store_id]
        else:
            assert assignee.department is not None  # noqa: S101 (the table's constraint says so)
            led_to = list(of_corp.filter(departments__path__startswith=assignee.department.path).distinct())
        for member in led_to:
            found.setdefault(member.pk, (member, assignee))
    return found


@dataclass(frozen=True)
class Staffing:
    """A code's people as of one moment."""

    code: LiveCode
    at: datetime
    zone: ZoneInfo

    @cached_property
    def local(self) -> datetime:
        return self.at.astimezone(self.zone)

    @cached_property
    def _behind(self) -> dict[int, tuple[Member, Assignee]]:
        assignees = self.code.assignees.select_related("department")
        return members_behind(assignees, self.code.corp_id)

    @cached_property
    def members(self) -> dict[int, Member]:
        return {member_id: member for member_id, (member, _) in self._behind.items()}

    @cached_property
    def has_caps(self) -> bool:
        return any(assignee.daily_cap is not None for _, assignee in self._behind.values())

    @cached_property
    def candidates(self) -> list[Candidate]:
        added = self._added_today() if self.has_caps or self.code.rotation == Rotation.LEAST_LOADED else {}
        loads = self._loads() if self.code.rotation == Rotation.LEAST_LOADED else {}
        return [
            Candidate(
                member_id,
                is_backup=assignee.is_backup,
                takes_customers=is_available(member) and not self._is_refused(member_id),
                weight=assignee.weight,
                daily_cap=assignee.daily_cap,
                added_today=added.get(member_id, 0),
                load=loads.get(member_id, 0),
                credit=self.code.credits.get(str(member_id), 0),
            )
            for member_id, (member, assignee) in self._behind.items()
        ]

    @cached_property
    def shifts(self) -> list[Shift]:
        return [
            Shift(HoursText.model_validate(shift.hours).value(), frozenset(m.pk for m in shift.members.all()))
            for shift in self.code.shifts.prefetch_related("members")
        ]

    @cached_property
    def duty(self) -> list[Candidate]:
        return roster.on_duty(self.candidates, self.shifts, self.local)

    def shown(self, *, owner_id: int | None = None) -> list[Member]:
        """Those the code has to lead to now; `owner_id` is the member a known customer belongs to already."""
        owner = owner_id if owner_id is not None and self._can_serve(owner_id) else None
        return [self.members[m] for m in roster.shown(self.duty, Rotation(self.code.rotation), owner_id=owner)]

    def _can_serve(self, member_id: int) -> bool:
        return member_id in self.members and is_available(self.members[member_id])

    def accepts_at_once(self) -> bool:
        """Whether a new contact is accepted now without the member's yes (WeCom's skip_verify)."""
        if self.code.accept == Accept.HOURS:
            return any(hours.cover(self.local) for hours in hours_from(self.code.accept_hours))
        return self.code.accept == Accept.ALWAYS

    def next_change(self) -> datetime | None:
        """The next moment at which the clock alone may change who is shown, in UTC."""
        hours = [shift.hours for shift in self.shifts]
        if self.code.accept == Accept.HOURS:
            hours += hours_from(self.code.accept_hours)
        moments = [next_edge(hours, self.local)]
        moments.append(next_midnight(self.local) if self.has_caps else None)
        moments.append(self.code.expires_at)
        if any(assignee.member_id is None for _, assignee in self._behind.values()):
            # People change stores and departments without a word to us.
            moments.append(self.at + LOOK_AT_GROUPS)
        moments += [datetime.fromisoformat(until) for until in self.code.refused.values()]
        return min((each for each in moments if each is not None and each > self.at), default=None)

    def next_staffed(self) -> datetime | None:
        """When somebody will next be on duty by the clock, in UTC; for telling visitors who came too early."""
        if self.has_caps and not self.shifts:
            return next_midnight(self.local)
        return next_edge([shift.hours for shift in self.shifts], self.local)

    def _added_today(self) -> dict[int, int]:
        today = Arrival.objects.filter(code=self.code, day=self.local.date())
        return dict(today.values_list("member").annotate(Count("pk")).order_by())

    def _loads(self) -> dict[int, int]:
        held = Ownership.objects.filter(member_id__in=self._behind, state__in=HELD)
        return dict(held.values_list("member").annotate(Count("pk")).order_by())

    def _is_refused(self, member_id: int) -> bool:
        until = self.code.refused.get(str(member_id))
        return until is not None and datetime.fromisoformat(until) > self.at


def codes_leading_to(member_ids: Sequence[int]) -> QuerySet[LiveCode]:
    """Codes with any of these members behind them, directly, by store or by department."""
    return LiveCode.objects.filter(leads_to(member_ids)).distinct()


def leads_to(member_ids: Sequence[int]) -> Q:
    """A condition on LiveCode: one of its assignees stands for one of these members."""
    stores = Member.objects.filter(pk__in=member_ids, store__isnull=False).values("store")
    paths = Member.departments.through.objects.filter(member_id__in=member_ids).values_list(
        "department__path", flat=True
    )
    # A path names the departments above it, and an assignee may be any of them.
    above = {int(step) for path in paths for step in path.split("/") if step}
    return Q(assignees__member__in=member_ids) | Q(assignees__store__in=stores) | Q(assignees__department__in=above)
