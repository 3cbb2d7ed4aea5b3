"""Asking the pond on behalf of a viewer. The engine is loaded when the first question comes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yutang.customers.queries import visible_people
from yutang.insights.fields import fields_of_sources
from yutang.kernel.errors import NotFound
from yutang.organization.scope import Viewer
from yutang.segments.models import SegmentState
from yutang.segments.queries import find_segment, people_of_segment

if TYPE_CHECKING:
    import ibis
    from pyroaring import BitMap

    from yutang.insights.reports.pond import Pond
    from yutang.lake.reading import Lake


@dataclass(frozen=True)
class Asker:
    """The tables within one viewer's scope, and answers from them."""

    pond: "Pond"
    lake: "Lake"

    def ask(self, find: "Callable[..., ibis.Table]", *told: Any, **more: Any) -> list[dict[str, Any]]:
        """The rows of `find(pond, …)`. Raises QueryTooLong, QueryTooLarge or LakeUnreadable."""
        fields = tuple(sorted(self.pond.fields.items()))
        # Tables have the same names and columns each time, so the function and what it is told are the question.
        key = (find.__module__, find.__qualname__, told, tuple(sorted(more.items())), fields)
        rows: list[dict[str, Any]] = self.lake.run_kept(key, lambda: find(self.pond, *told, **more)).to_pylist()
        return rows

    def one(self, find: "Callable[..., ibis.Table]", *told: Any, **more: Any) -> dict[str, Any]:
        (row,) = self.ask(find, *told, **more)
        return row


TABLES = ("orders", "order_lines", "events")


@contextmanager
def asking_for(viewer: Viewer, *, segment: int | None = None) -> Iterator[Asker]:
    """Raises NotFound or SegmentNotReady where the segment has no people to tell of."""
    from yutang.insights.reports.pond import Pond, by_humans
    from yutang.lake.reading import open_lake

    # Days are counted from UTC by the reports themselves (reports.calendar), the same on every engine.
    with open_lake(zone="UTC") as lake:
        tables = {name: lake.table(name) for name in TABLES}
        tables["events"] = by_humans(tables["events"])
        people = _people_asked_about(viewer, segment)
        if people is not None:
            tables = {name: table.semi_join(people, "person") for name, table in tables.items()}
        named = {name: lake.named(f"pond_{name}", table) for name, table in tables.items()}
        yield Asker(Pond(**named, fields=fields_of_sources()), lake)


def _people_asked_about(viewer: Viewer, segment: int | None) -> "ibis.Table | None":
    """One column `person`; None for a viewer who sees everybody and asks about everybody, guests too."""
    if viewer.member_ids is None and segment is None:
        return None
    import ibis
    import pyarrow as pa

    ids: Iterable[int] = visible_people(viewer).values_list("pk", flat=True)
    if segment is not None:
        inside = _segment_people(segment)
        ids = inside if viewer.member_ids is None else [pk for pk in ids if pk in inside]
    return ibis.memtable(pa.table({"person": pa.array(ids, pa.int64())}))


def _segment_people(segment_id: int) -> "BitMap":
    segment = find_segment(segment_id)
    if segment.state == SegmentState.ARCHIVED:
        raise NotFound
    return people_of_segment(segment)
