"""Reads of segments. A segment is seen by everybody who may see segments; of its people each sees those in scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from pyroaring import BitMap

from yutang.customers.queries import MAX_ID, relations_in_scope, visible_people
from yutang.kernel.errors import NotFound
from yutang.kernel.paging import COUNT_CAP, Page, Total, decode_cursor, encode_cursor
from yutang.organization.scope import Viewer
from yutang.segments.errors import SegmentNotReady
from yutang.segments.leaves.base import people_in
from yutang.segments.leaves.sets import people_of_records
from yutang.segments.models import KeptLeaf, Segment, SegmentChange, SegmentState, SegmentVersion
from yutang.segments.trees import EVERYONE


def find_segment(segment_id: int) -> Segment:
    found = Segment.objects.filter(pk=segment_id).first() if 0 < segment_id <= MAX_ID else None
    if found is None:
        raise NotFound
    return found


def list_segments(*, q: str = "", states: Sequence[str] = ()) -> QuerySet[Segment]:
    rows = Segment.objects.defer("base", "come", "gone", "entering", "leaving")
    rows = rows.filter(state__in=states) if states else rows.exclude(state=SegmentState.ARCHIVED)
    return rows.filter(name__icontains=q.strip()) if q.strip() else rows


def find_version(segment: Segment, number: int) -> SegmentVersion:
    found = SegmentVersion.objects.filter(segment=segment, number=min(number, 2**31 - 1)).first()
    if found is None:
        raise NotFound
    return found


def people_in_scope(viewer: Viewer) -> BitMap | None:
    """Whom this viewer may see; None: everybody."""
    if viewer.member_ids is None:
        return None
    people = people_in(relations_in_scope(viewer.member_ids), "person_id")
    return people & everyone()


def everyone() -> BitMap:
    kept = KeptLeaf.objects.filter(key=EVERYONE.key, is_stale=False).first()
    if kept is not None:
        return kept.people
    from yutang.customers.models import Customer

    return people_in(Customer.objects.filter(person__isnull=True, erased_at__isnull=True), "pk")


def narrowed(people: BitMap, scope: BitMap | None) -> BitMap:
    return people if scope is None else people & scope


def people_of_segment(segment: Segment) -> BitMap:
    """Who is in it. Raises SegmentNotReady before the first computation."""
    if not segment.settled_version:
        raise SegmentNotReady
    if segment.state == SegmentState.FROZEN:
        return people_of_records(segment.people)
    return segment.people


def members_page(viewer: Viewer, people: BitMap, *, limit: int, cursor: str | None) -> Page[int]:
    """A page of people in scope, the newest first."""
    visible = narrowed(people, people_in_scope(viewer))
    end = len(visible)
    if cursor:
        (last,) = decode_cursor(cursor, length=1)
        below = last if isinstance(last, int) and 0 < last <= 2**32 - 1 else 0
        end = visible.rank(below - 1) if below else 0
    begin = max(0, end - limit)
    ids = list(reversed(visible[begin:end]))
    total = Total(min(len(visible), COUNT_CAP), exact=len(visible) <= COUNT_CAP)
    # Erased since the keeper looked last: the door has the last word.
    shown = set(visible_people(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return Page([pk for pk in ids if pk in shown], encode_cursor([ids[-1]]) if begin and ids else None, total)


@dataclass(frozen=True)
class DayOfChanges:
    day: date
    entered: int
    left: int


def changes_by_day(segment: Segment, viewer: Viewer, *, since: datetime, zone: ZoneInfo) -> list[DayOfChanges]:
    rows = visible_changes(segment, viewer).filter(at__gte=since)
    counted = rows.order_by().values_list(TruncDate("at", tzinfo=zone), "entered").annotate(Count("pk"))
    days: dict[date, dict[bool, int]] = {}
    for day, entered, count in counted:
        days.setdefault(day, {})[entered] = count
    return [DayOfChanges(day, found.get(True, 0), found.get(False, 0)) for day, found in sorted(days.items())]


@dataclass(frozen=True)
class Moved:
    entered: int = 0
    left: int = 0


def moved_since(segment_ids: Collection[int], viewer: Viewer, *, since: datetime) -> dict[int, Moved]:
    """How many entered and left each segment; those nobody moved in are left out."""
    rows = _in_scope(SegmentChange.objects.filter(segment__in=segment_ids, at__gte=since), viewer)
    counted = rows.order_by().values_list("segment", "entered").annotate(Count("pk"))
    found: dict[int, dict[bool, int]] = {}
    for segment, entered, count in counted:
        found.setdefault(segment, {})[entered] = count
    return {segment: Moved(each.get(True, 0), each.get(False, 0)) for segment, each in found.items()}


def visible_changes(segment: Segment, viewer: Viewer) -> QuerySet[SegmentChange]:
    return _in_scope(SegmentChange.objects.filter(segment=segment), viewer)


def _in_scope(rows: QuerySet[SegmentChange], viewer: Viewer) -> QuerySet[SegmentChange]:
    if viewer.member_ids is None:
        return rows
    return rows.filter(customer__in=relations_in_scope(viewer.member_ids).values("person"))
