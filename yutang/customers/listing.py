"""Lists of people under filters, newest first, quick at a million.

Each filter that lives in another table is a leaf: rows with a `person`, found by an index. The leaf that holds fewest
people leads and the others are probed row by row; planners guess this wrong for a page with LIMIT. Counting rows up to
the cap tells how few; between leaves that are all beyond it, a guess of their share of all people decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import merge as merged
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from yutang.customers.models import Customer, Ownership, OwnershipState, SearchTerm, Tag, Tagging
from yutang.customers.queries import MAX_ID, relations_in_scope
from yutang.customers.search_terms import folded, terms_asked
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.paging import COUNT_CAP, Page, Total, decode_cursor, encode_cursor
from yutang.organization.scope import Viewer

MAX_TAGS_FOUND = 20  # tags whose name holds the words searched for
NEAR = 2_000  # ids of the newest people looked at before a leaf without an order is gone through as a whole

# Guessed shares of all people, for leaves too large to be counted.
A_FEW, SOME, MOST = 0.02, 0.3, 0.9


@dataclass(frozen=True)
class Wanted:
    """What a list of people is narrowed to. Everything given must hold; moments are of a member's add."""

    q: str = ""
    tags: Sequence[int] = ()  # all of them
    member: int | None = None
    store: int | None = None
    state: str | None = None
    added_from: datetime | None = None
    added_to: datetime | None = None  # before this
    stage: str | None = None
    source: str | None = None
    has_orders: bool | None = None


@dataclass(frozen=True)
class Leaf:
    """Rows that name people. `ordered`: one index yields them by falling person, so a page needs no sorting."""

    rows: QuerySet[Any]
    ordered: bool
    share: float  # of all people, guessed

    def count(self) -> int:
        """Rows, up to one beyond the cap: hardly more than people, and counted without sorting them."""
        return self.rows.order_by().values("person_id")[: COUNT_CAP + 1].count()

    def holds_more_than_cap(self) -> bool:
        """People, not rows; read from the leaf alone."""
        return self.rows.order_by().values("person_id").distinct()[: COUNT_CAP + 1].count() > COUNT_CAP

    def holds(self, person: OuterRef) -> Exists:
        return Exists(self.rows.filter(person=person))


@dataclass(frozen=True)
class Plan:
    """One way to be in the list: in all leaves, and with the columns asked for."""

    leaves: list[Leaf]
    columns: dict[str, Any] = field(default_factory=dict)


def list_people(viewer: Viewer, wanted: Wanted, *, limit: int, cursor: str | None = None) -> Page[int]:
    """A page of ids of people in scope, newest first. A search that says nothing finds nobody."""
    below = _position(cursor)
    plans = _plans(viewer, wanted)
    found, total = _run(plans, limit + 1, below)
    following = encode_cursor([found[limit - 1]]) if len(found) > limit else None
    return Page(found[:limit], following, total)


def every_person(viewer: Viewer, wanted: Wanted, *, batch: int = 1_000) -> Any:
    """All ids under the filters, batch by batch, for exports."""
    below: int | None = None
    plans = _plans(viewer, wanted)
    while True:
        found = _ids(plans, batch, below)
        if not found:
            return
        yield found
        below = found[-1]


def _position(cursor: str | None) -> int | None:
    if not cursor:
        return None
    (last,) = decode_cursor(cursor, length=1)
    if not isinstance(last, int) or not 0 <= last <= MAX_ID:
        raise BadInput(Text("翻页位置无效。", "This page position is not valid."))
    return last


def _plans(viewer: Viewer, wanted: Wanted) -> list[Plan]:
    common = [*_relation_leaf(viewer, wanted), *(_tag_leaf([tag]) for tag in dict.fromkeys(wanted.tags))]
    columns: dict[str, Any] = {"erased_at__isnull": True}
    if wanted.stage:
        columns["stage"] = wanted.stage
    if wanted.source:
        columns["source"] = wanted.source
    if wanted.has_orders is not None:
        columns["order_count__gt" if wanted.has_orders else "order_count"] = 0
    if not wanted.q.strip():
        return [Plan(common, columns)]
    terms = terms_asked(wanted.q)
    named = [Plan([*common, *(_term_leaf(term) for term in terms)], columns)] if terms else []
    if tags := _tags_named(wanted.q):
        named.append(Plan([*common, _tag_leaf(tags)], columns))
    return named


def _relation_leaf(viewer: Viewer, wanted: Wanted) -> list[Leaf]:
    """The viewer's scope and every filter on a relation, over one row: relations out of scope are not to be probed."""
    asked = Q()
    if wanted.member is not None:
        asked &= Q(member=wanted.member)
    if wanted.store is not None:
        asked &= Q(member__store=wanted.store)
    if wanted.state:
        asked &= Q(state=wanted.state)
    if wanted.added_from is not None:
        asked &= Q(added_at__gte=wanted.added_from)
    if wanted.added_to is not None:
        asked &= Q(added_at__lt=wanted.added_to)
    if viewer.member_ids is not None:
        rows = relations_in_scope(viewer.member_ids).filter(asked)
    elif asked:
        rows = Ownership.objects.filter(asked)
        if wanted.state is None:
            rows = rows.exclude(state=OwnershipState.TRANSFERRED)
    else:
        return []
    # One index holds a member's relations by person, another those of a state.
    if wanted.member is not None or (viewer.member_ids is not None and len(viewer.member_ids) == 1):
        return [Leaf(rows, ordered=True, share=A_FEW)]
    by_state = wanted.state is not None and viewer.member_ids is None
    return [Leaf(rows, ordered=by_state, share=MOST if wanted.state == OwnershipState.MUTUAL else SOME)]


def _tag_leaf(tags: Sequence[int]) -> Leaf:
    if len(tags) == 1:
        return Leaf(Tagging.objects.filter(tag=tags[0], removed_at=None), ordered=True, share=A_FEW)
    return Leaf(Tagging.objects.filter(tag__in=tags, removed_at=None), ordered=False, share=SOME)


def _term_leaf(term: str) -> Leaf:
    return Leaf(SearchTerm.objects.filter(term=term), ordered=True, share=A_FEW)


def _tags_named(query: str) -> list[int]:
    wanted = folded(query).strip()
    if not wanted:
        return []
    names = Tag.objects.filter(deleted_at=None).values_list("pk", "name")
    return [pk for pk, name in names if wanted in folded(name)][:MAX_TAGS_FOUND]


def _run(plans: list[Plan], limit: int, below: int | None) -> tuple[list[int], Total]:
    if len(plans) == 1:
        return _page_and_total(plans[0], limit, below)
    parts = [_page_and_total(plan, limit, below) for plan in plans]
    found = list(dict.fromkeys(merged(*(page for page, _ in parts), reverse=True)))[:limit]
    totals = [total for _, total in parts]
    count = sum(total.count for total in totals)
    # Who is found in both ways is counted twice: exact only where there is nothing to count twice.
    exact = all(total.exact for total in totals) and sum(1 for total in totals if total.count) < 2
    return found, Total(min(count, COUNT_CAP), exact)


def _ids(plans: list[Plan], limit: int, below: int | None) -> list[int]:
    pages = [_page(plan, _leader(plan), limit, below) for plan in plans]
    return list(dict.fromkeys(merged(*pages, reverse=True)))[:limit]


@dataclass(frozen=True)
class Leader:
    """How a plan is gone through: by a leaf, row by row; else by the people themselves, newest first.

    `wide`: of the people, only those of this leaf, which holds many and has no order. `newest`: its newest, once known.
    """

    leaf: Leaf | None
    wide: Leaf | None
    count: int  # rows of the leaf, up to one beyond the cap
    newest: int | None = None


def _leader(plan: Plan) -> Leader:
    counted = sorted(
        (min(leaf.count(), COUNT_CAP + 1), leaf.share, not leaf.ordered, place)
        for place, leaf in enumerate(plan.leaves)
    )
    if not counted:
        return Leader(None, None, COUNT_CAP + 1)
    count, _, unordered, place = counted[0]
    rarest = plan.leaves[place]
    if count > COUNT_CAP and rarest.share >= MOST and len(plan.columns) > 1:
        return Leader(None, None, count)  # nearly everybody is in it: the columns narrow better
    if count > COUNT_CAP and unordered:
        return Leader(None, rarest, count)
    return Leader(rarest, None, count)


def _page_and_total(plan: Plan, limit: int, below: int | None) -> tuple[list[int], Total]:
    leader = _leader(plan)
    sole = plan.leaves[0] if len(plan.leaves) == 1 and len(plan.columns) == 1 else None
    if sole is not None and leader.count > COUNT_CAP and sole.holds_more_than_cap():
        return _page(plan, leader, limit, below), Total(COUNT_CAP, exact=False)
    if below is None and leader.wide is None:
        # Counting goes through the same rows as the page: once for both.
        everybody = _page(plan, leader, max(limit, COUNT_CAP + 1), None)
        return everybody[:limit], _capped(len(everybody))
    rows, person = _people(plan, leader)
    counted = rows.order_by().values(person)
    return _page(plan, leader, limit, below), _capped(counted[: COUNT_CAP + 1].count())


def _capped(count: int) -> Total:
    return Total(min(count, COUNT_CAP), exact=count <= COUNT_CAP)


def _people(plan: Plan, leader: Leader) -> tuple[QuerySet[Any], str]:
    """The rows to walk, each person once, narrowed by everything else; and the column that names the person."""
    if leader.leaf is None:
        people = Customer.objects.filter(person__isnull=True, **plan.columns)
        if leader.wide is not None:
            those = leader.wide.rows.order_by()
            if leader.newest is not None:
                those = those.filter(person__lte=leader.newest)
            people = people.filter(pk__in=those.values("person_id"))
        others = [leaf for leaf in plan.leaves if leaf is not leader.wide]
        return people.filter(*(leaf.holds(OuterRef("pk")) for leaf in others)), "pk"
    others = [leaf for leaf in plan.leaves if leaf is not leader.leaf]
    rows = leader.leaf.rows.filter(**{f"person__{name}": value for name, value in plan.columns.items()})
    return rows.filter(*(leaf.holds(OuterRef("person_id")) for leaf in others)).distinct(), "person_id"


def _page(plan: Plan, leader: Leader, limit: int, below: int | None) -> list[int]:
    if leader.wide is not None:
        found = _newest_near(plan, limit, below)
        if len(found) == limit:
            return found
        newest = _newest_of(leader.wide, below)
        leader, below = replace(leader, newest=newest), newest + 1
    rows, person = _people(plan, leader)
    if below is not None:
        rows = rows.filter(**{f"{person}__lt": below})
    return list(rows.order_by(f"-{person}").values_list(person, flat=True)[:limit])


def _newest_of(wide: Leaf, below: int | None) -> int:
    """The newest person of a leaf, for no plan is to go through everybody who came later."""
    rows = wide.rows.filter(person__lt=below) if below is not None else wide.rows
    # Of a bare column PostgreSQL would look for the maximum by walking people from the newest: the very thing to avoid.
    return rows.order_by().aggregate(newest=Max(F("person_id") + 0))["newest"] or 0


def _newest_near(plan: Plan, limit: int, below: int | None) -> list[int]:
    """Those among the next few people, each probed: a page of a leaf that most are in is found in no time."""
    top = below or (Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    rows, _ = _people(plan, Leader(None, None, COUNT_CAP + 1))
    near = rows.filter(pk__lt=top, pk__gte=top - NEAR)
    return list(near.order_by("-pk").values_list("pk", flat=True)[:limit])
