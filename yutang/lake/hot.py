"""Rows of the database for the lake: read by plain statements, and only where nothing can commit behind our back."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Model, Q, QuerySet

from yutang.lake.tables import Row

SETTLE_SECONDS = 0.2  # from a number being drawn to its transaction being visible as running
PATIENCE_SECONDS = 10.0  # how long transactions in flight are waited for
IN_LIST = 5_000  # values in one IN (…): below SQLite's limit of variables


@dataclass(frozen=True)
class ModelRows:
    """Rows of one model, by expressions in the order of the lake table's columns; the first is the primary key.

    `customer`: the path to the customer record, for reading one person's rows.
    """

    model: type[Model]
    expressions: tuple[object, ...]
    customer: str = "customer"

    def settled_id(self) -> int:
        return settled_id(self.model)

    def after(self, position: int, limit: int, *, upto: int | None = None) -> Sequence[Row]:
        wanted = Q(pk__gt=position) if upto is None else Q(pk__gt=position, pk__lte=upto)
        return self._rows(self.model._default_manager.filter(wanted).order_by("pk")[:limit])

    def ids_after(self, position: int, limit: int) -> Sequence[int]:
        rows = self.model._default_manager.filter(pk__gt=position).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    def among(self, ids: Collection[int]) -> Sequence[Row]:
        return self._rows_in("pk", ids)

    def of_records(self, record_ids: Collection[int]) -> Sequence[Row]:
        return self._rows_in(self.customer, record_ids)

    def _rows_in(self, path: str, values: Collection[int]) -> list[Row]:
        everything, found = sorted(values), list[Row]()
        for start in range(0, len(everything), IN_LIST):
            chunk = everything[start : start + IN_LIST]
            found += self._rows(self.model._default_manager.filter(**{f"{path}__in": chunk}).order_by("pk"))
        return found

    def _rows(self, rows: QuerySet[Model]) -> list[Row]:
        """Past the ORM's conversions, which would take most of the time: Arrow converts whole columns at once."""
        named = {f"c{place}": each for place, each in enumerate(self.expressions) if not isinstance(each, str)}
        names = [each if isinstance(each, str) else f"c{place}" for place, each in enumerate(self.expressions)]
        sql, params = rows.annotate(**named).values_list(*names).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()


def settled_id(model: type[Model]) -> int:
    """The greatest id at or below which no row can appear any more.

    SQLite lets one transaction write at a time and numbers in that order. On PostgreSQL a transaction may hold a lower
    number and commit later: the greatest number seen counts once everybody who was writing at that moment has ended.
    Where that takes too long the answer is 0: nothing is settled yet.
    """
    last: int = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    if connection.vendor != "postgresql" or not last:
        return last
    time.sleep(SETTLE_SECONDS)
    waited_for = _writing()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waited_for & _writing():
        if time.monotonic() > deadline:
            return 0
        time.sleep(0.05)
    return last


_WRITING = """
SELECT xid::text FROM pg_snapshot_xip(pg_current_snapshot()) AS xid
WHERE pg_current_xact_id_if_assigned() IS NULL OR xid <> pg_current_xact_id_if_assigned()
"""


def _writing() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITING)
        return {row[0] for row in cursor.fetchall()}
