"""Rows that change after they were written: who changes them says so here, in the same transaction."""

from collections.abc import Iterable

from yutang.lake.models import LakeChange


def changed(table: str, row_ids: Iterable[int]) -> None:
    LakeChange.objects.bulk_create([LakeChange(table=table, row_id=row) for row in row_ids], batch_size=1_000)
