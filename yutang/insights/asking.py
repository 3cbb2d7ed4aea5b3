"""Asking the pond on behalf of a viewer. The engine is loaded when the first question comes."""

from collections.abc import Iterator
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

    def ask(self, question: "ibis.Table") -> list[dict[str, Any]]:
        """Raises QueryTooLong, QueryTooLarge or LakeUnreadable."""
        rows: list[dict[str, Any]] = self.lake.run(question).to_pylist()
        return rows

    def one(self, question: "ibis.Table") -> dict[str, Any]:
        (row,) = self.ask(question)
        return row


@contextmanager
def asking_for(viewer: Viewer) -> Iterator[Asker]:
    from yutang.insights.reports.pond import Pond
    from yutang.lake.reading import open_lake

    # Days are counted from UTC by the reports themselves (reports.calendar), the same on every engine.
    with open_lake(zone="UTC") as lake:
        pond = Pond(lake.table("orders"), lake.table("order_lines"), lake.table("events"), fields_of_sources())
        yield Asker(pond.within(_people_in_scope(viewer)), lake)


def _people_in_scope(viewer: Viewer) -> "ibis.Table | None":
    if viewer.member_ids is None:
        return None
    import ibis
    import pyarrow as pa

    people = pa.array(visible_people(viewer).values_list("pk", flat=True), pa.int64())
    return ibis.memtable(pa.table({"person": people}))
