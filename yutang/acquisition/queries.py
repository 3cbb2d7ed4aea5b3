"""Reads of live codes, each within a viewer's scope. A stranger's id and a missing id are refused alike."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db.models import Avg, Q, QuerySet, Sum

from yutang.acquisition.errors import FolderBeyondScope
from yutang.acquisition.models import CodeBatch, CodeDay, CustomerCode, LiveCode, LiveCodeFolder, MemberDay, SyncState
from yutang.acquisition.staffing import codes_leading_to, members_behind
from yutang.kernel import clock
from yutang.kernel.errors import NotFound
from yutang.organization.models import Member
from yutang.organization.scope import Viewer


def visible_codes(viewer: Viewer) -> QuerySet[LiveCode]:
    """Codes that lead to a member in the viewer's scope."""
    if viewer.member_ids is None:
        return LiveCode.objects.all()
    return LiveCode.objects.filter(pk__in=codes_leading_to(sorted(viewer.member_ids)).values("pk"))


def find_code(viewer: Viewer, code_id: int) -> LiveCode:
    code = visible_codes(viewer).select_related("corp", "folder").filter(pk=code_id).first()
    if code is None:
        raise NotFound
    return code


def find_editable(viewer: Viewer, code_id: int) -> LiveCode:
    """A code the viewer may change: everybody behind it is in scope. One it may merely see is refused as missing."""
    code = find_code(viewer, code_id)
    if not may_edit(viewer, code):
        raise NotFound
    return code


def may_edit(viewer: Viewer, code: LiveCode) -> bool:
    if viewer.member_ids is None:
        return True
    return set(members_behind(code.assignees.select_related("department"), code.corp_id)) <= viewer.member_ids


def find_own_folder(viewer: Viewer, folder_id: int) -> LiveCodeFolder:
    """A folder the viewer may rename or delete. Raises FolderBeyondScope where it holds codes they do not see."""
    folder = LiveCodeFolder.objects.filter(pk=folder_id).first()
    if folder is None:
        raise NotFound
    refuse_folders_beyond(viewer, [folder_id])
    return folder


def refuse_folders_beyond(viewer: Viewer, folder_ids: Collection[int]) -> None:
    """Folders are everybody's: who changes them has to see every code in them. Raises FolderBeyondScope."""
    held = LiveCode.objects.filter(folder__in=folder_ids)
    if viewer.member_ids is not None and held.exclude(pk__in=visible_codes(viewer).values("pk")).exists():
        raise FolderBeyondScope


def in_state(codes: QuerySet[LiveCode], state: str) -> QuerySet[LiveCode]:
    """live: open and led somewhere; expired and archived: closed; else what `sync_state` says of open ones."""
    now = clock.now()
    closed = Q(expires_at__lte=now)
    match state:
        case "archived":
            return codes.filter(archived_at__isnull=False)
        case "expired":
            return codes.filter(closed, archived_at=None)
        case "live":
            return codes.filter(archived_at=None).exclude(closed)
        case _:
            return codes.filter(archived_at=None, sync_state=state).exclude(closed)


STATES = ("live", "expired", "archived", *(s.value for s in (SyncState.WAITING, SyncState.FAILED, SyncState.UNSTAFFED)))


def visible_customer_codes(viewer: Viewer) -> QuerySet[CustomerCode]:
    cards = CustomerCode.objects.select_related("code", "customer", "joined_customer")
    return cards if viewer.member_ids is None else cards.filter(code__in=visible_codes(viewer))


def find_batch(viewer: Viewer, batch_id: int) -> CodeBatch:
    batches = CodeBatch.objects.all()
    if viewer.member_ids is not None:
        batches = batches.filter(by__id=viewer.account.pk)
    batch = batches.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch


# statistics


@dataclass(frozen=True)
class Chats:
    """A member's chats with all customers over some days, as WeCom told."""

    chats: int
    messages: int
    reply_percentage: float | None
    reply_minutes: float | None


def chats_of(member_ids: Collection[int], first: date, last: date) -> dict[int, Chats]:
    days = MemberDay.objects.filter(member__in=member_ids, day__range=(first, last)).order_by()
    sums = (Sum("chats"), Sum("messages"), Avg("reply_percentage"), Avg("reply_minutes"))
    return {member: Chats(*figures) for member, *figures in days.values_list("member").annotate(*sums)}


@dataclass(frozen=True)
class Counts:
    scans: int = 0
    adds: int = 0
    half_adds: int = 0
    replies: int = 0
    lost_by_customer: int = 0
    lost_by_member: int = 0

    @property
    def losses(self) -> int:
        return self.lost_by_customer + self.lost_by_member


_SUMS = {name: Sum(name, default=0) for name in asdict(Counts())}


@dataclass(frozen=True)
class Statistics:
    """`by_day` has every day of the span; `by_member` names None where opens led to several members."""

    totals: Counts
    by_day: list[tuple[date, Counts]]
    by_member: list[tuple[Member | None, Counts]]


def _days_of(viewer: Viewer, codes: Iterable[LiveCode]) -> QuerySet[CodeDay]:
    """The cells a viewer may add up: a bound one those of members in scope alone."""
    days = CodeDay.objects.filter(code__in=[code.pk for code in codes])
    return days if viewer.member_ids is None else days.filter(member__in=viewer.member_ids)


def statistics(viewer: Viewer, code: LiveCode, first: date, last: date) -> Statistics:
    days = _days_of(viewer, [code]).filter(day__range=(first, last)).order_by()
    found = {day: Counts(*counts) for day, *counts in days.values_list("day").annotate(**_SUMS)}
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    by_member = {member: Counts(*counts) for member, *counts in days.values_list("member").annotate(**_SUMS)}
    members = Member.objects.in_bulk([each for each in by_member if each is not None])
    return Statistics(
        totals=Counts(**days.aggregate(**_SUMS)),
        by_day=[(day, found.get(day, Counts())) for day in span],
        by_member=sorted(
            ((members.get(each), counts) for each, counts in by_member.items()),
            key=lambda row: (-row[1].adds, row[0].pk if row[0] else 0),
        ),
    )


def totals_of(viewer: Viewer, codes: Collection[LiveCode]) -> dict[int, Counts]:
    """What a list of codes shows of each, all days together."""
    rows = _days_of(viewer, codes).order_by().values_list("code").annotate(**_SUMS)
    return {code_id: Counts(*counts) for code_id, *counts in rows}


def adds_on(viewer: Viewer, codes: Collection[LiveCode], day: date) -> dict[int, int]:
    rows = _days_of(viewer, codes).filter(day=day).order_by().values_list("code")
    return dict(rows.annotate(Sum("adds", default=0)))
