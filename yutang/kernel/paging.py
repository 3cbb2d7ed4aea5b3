"""Keyset paging and capped counts: a page deep in a million rows costs what the first one costs."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text

Row = TypeVar("Row")
M = TypeVar("M", bound=Model)

COUNT_CAP = 10_000  # beyond this a list says "10,000+"; nobody pages that far and counting on costs seconds


@dataclass(frozen=True)
class Total:
    count: int
    exact: bool


@dataclass(frozen=True)
class Page(Generic[Row]):
    items: list[Row]
    next: str | None
    total: Total


def encode_cursor(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *, length: int) -> list[object]:
    """Raises BadInput for a cursor that is not one of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != length or not all(isinstance(v, (int, str)) for v in values):
        raise BadInput(
            Text("翻页位置无效，请从第一页重新开始。", "This page position is not valid; start from the first page.")
        )
    return values


def count_up_to_cap(rows: QuerySet[M]) -> Total:
    counted = rows.order_by().values("pk")[: COUNT_CAP + 1].count()
    return Total(min(counted, COUNT_CAP), exact=counted <= COUNT_CAP)


def newest_first(rows: QuerySet[M], *, limit: int, cursor: str | None) -> Page[M]:
    """A page by falling primary key, `limit` rows from `cursor` on."""
    total = count_up_to_cap(rows)
    page = rows
    if cursor:
        (last,) = decode_cursor(cursor, length=1)
        if not isinstance(last, int):
            raise BadInput(Text("翻页位置无效。", "This page position is not valid."))
        page = rows.filter(pk__lt=last)
    found = list(page.order_by("-pk")[: limit + 1])
    more = found[limit - 1].pk if len(found) > limit else None
    return Page(found[:limit], encode_cursor([more]) if more is not None else None, total)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def latest_first(rows: QuerySet[M], *, limit: int, cursor: str | None, by: str = "at") -> Page[M]:
    """A page by falling moment (the column `by`), and by falling primary key within one moment."""
    total = count_up_to_cap(rows)
    page = rows
    if cursor:
        micros, last = decode_cursor(cursor, length=2)
        if not isinstance(micros, int) or not isinstance(last, int) or abs(micros) > 2**56:
            raise BadInput(Text("翻页位置无效。", "This page position is not valid."))
        at = _EPOCH + micros * _MICROSECOND
        # The first condition alone follows the index; the second settles ties.
        page = rows.filter(**{f"{by}__lte": at}).filter(Q(**{f"{by}__lt": at}) | Q(pk__lt=last))
    found = list(page.order_by(f"-{by}", "-pk")[: limit + 1])
    if len(found) <= limit:
        return Page(found, None, total)
    last_row: Any = found[limit - 1]
    moment = getattr(last_row, by)
    return Page(found[:limit], encode_cursor([(moment - _EPOCH) // _MICROSECOND, last_row.pk]), total)
