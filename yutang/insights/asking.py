"""Asking the pond on behalf of a viewer. The engine is loaded when the first question comes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yutang.customers.queries import visible_people
from yutang.insights.fields import fields_of_sources
from yutang.organization.scope import Viewer

if TYPE_CHECKING:
    import ibis

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
def asking_for(viewer: Viewer) -> Iterator[Asker]:
    from yutang.insights.reports.pond import Pond
    from yutang.lake.reading import open_lake

    # Days are counted from UTC by the reports themselves (reports.calendar), the same on every engine.
    with open_lake(zone="UTC") as lake:
        people = _people_in_scope(viewer)
        tables = {
            name: lake.table(name) if people is None else lake.table(name).semi_join(people, "person")
            for name in TABLES
        }
        named = {name: lake.named(f"pond_{name}", table) for name, table in tables.items()}
        yield Asker(Pond(**named, fields=fields_of_sources()), lake)


def _people_in_scope(viewer: Viewer) -> "ibis.Table | None":
    """One column `person`; None for a viewer who sees everybody, and guests too."""
    if viewer.member_ids is None:
        return None
    import ibis
    import pyarrow as pa

    people = pa.array(visible_people(viewer).values_list("pk", flat=True), pa.int64())
    return ibis.memtable(pa.table({"person": people}))
