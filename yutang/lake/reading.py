"""Asking the lake: its files and, in one view, what the database holds beyond them, so that answers are always current.

Import this module only where an analysis runs: it loads the engine.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import ibis
import pyarrow as pa
from django.conf import settings

from yutang.lake.arrow import schema_of, table_of
from yutang.lake.engine import DuckDB
from yutang.lake.models import LakeChange, LakeHead
from yutang.lake.people import moved_subjects
from yutang.lake.tables import TABLES, LakeTable
from yutang.organization.services.merchant import the_merchant

TAIL_ROWS = 5_000_000  # rows taken from the database at most; beyond this the lake has not been flushed for long


class Lake:
    """The lake as of the moment it was opened. Every table has a column `person` beside the stored `subject`."""

    def __init__(self, engine: DuckDB, *, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds
        self._opened: dict[str, ibis.Table] = {}

    def table(self, name: str) -> ibis.Table:
        """Raises KeyError for a table nobody declared."""
        if name not in self._opened:
            self._opened[name] = self._with_person(self._rows(TABLES[name]))
        return self._opened[name]

    def run(self, question: ibis.Expr) -> pa.Table:
        """The answer. Raises QueryTooLong, QueryTooLarge or LakeUnreadable."""
        return self._engine.answer(question, seconds=self._seconds)

    def named(self, name: str, table: ibis.Table) -> ibis.Table:
        """A table (or what was made of one) under a name, for questions asked by `run_kept`."""
        return self._engine.named(name, table)

    def run_kept(self, key: Hashable, ask: Callable[[], ibis.Table]) -> pa.Table:
        """As `run`, of a question about named tables alone; what has the same key is the same question."""
        return self._engine.answer_kept(key, ask, seconds=self._seconds)

    def _rows(self, declared: LakeTable) -> ibis.Table:
        head = LakeHead.objects.filter(table=declared.name).first() or LakeHead(table=declared.name)
        changes = LakeChange.objects.filter(table=declared.name, pk__gt=head.changes_upto)
        changed = sorted(set(changes.filter(row_id__lte=head.upto).values_list("row_id", flat=True)))
        fresh = [*declared.hot.among(changed), *declared.hot.after(head.upto, TAIL_ROWS)]
        names = [each.name for each in declared.columns]
        parts = []
        if fresh or not head.files:
            parts.append(ibis.memtable(table_of(declared, fresh), schema=ibis.schema(schema_of(declared))))
        if head.files:
            stored = self._stored(declared, [file["path"] for file in head.files])
            if changed:
                gone = ibis.memtable(pa.table({"id": pa.array(changed, pa.int64())}))
                stored = stored.anti_join(gone, "id")
            parts.append(stored.select(names))
        return ibis.union(*parts) if len(parts) > 1 else parts[0]

    def _stored(self, declared: LakeTable, paths: list[str]) -> ibis.Table:
        stored = self._engine.scan(paths)
        types = ibis.schema(schema_of(declared))
        lacking = {name: ibis.null(types[name]) for name in types.names if name not in stored.columns}
        return stored.mutate(**lacking) if lacking else stored

    def _with_person(self, rows: ibis.Table) -> ibis.Table:
        own = ibis.ifelse(rows.subject > 0, rows.subject, ibis.null("int64"))
        moved = moved_subjects()
        if not moved.num_rows:
            return rows.mutate(person=own)
        people = ibis.memtable(moved).select(moved_subject="subject", belongs_to="belongs_to")
        joined = rows.left_join(people, rows.subject == people.moved_subject)
        own = ibis.ifelse(joined.subject > 0, joined.subject, ibis.null("int64"))
        person = ibis.ifelse(joined.moved_subject.notnull(), joined.belongs_to, own)
        return joined.mutate(person=person).drop("moved_subject", "belongs_to")


@contextmanager
def open_lake(*, zone: str | None = None, seconds: float | None = None) -> Iterator[Lake]:
    """The lake, for questions that take at most `seconds` each (default: YUTANG_LAKE_SECONDS).

    The session keeps the merchant's time zone, so truncating a moment to days, weeks or months is local to it.
    """
    engine = DuckDB(zone or the_merchant().time_zone)
    try:
        yield Lake(engine, seconds=seconds or settings.LAKE_SECONDS)
    finally:
        engine.close()
