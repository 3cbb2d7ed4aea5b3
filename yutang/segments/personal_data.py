"""What segments keep of a person: in which they came and went."""

from collections.abc import Sequence
from typing import Any

from yutang.customers.forgetting import forgets, tells
from yutang.segments.models import SegmentChange


@forgets("segments")
def forget(record_ids: Sequence[int]) -> int:
    """The history goes; out of the segments themselves the keeper takes who was erased, as out of everything."""
    return SegmentChange.objects.filter(customer__in=record_ids).delete()[0]


@tells("segments")
def tell(record_ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = SegmentChange.objects.filter(customer__in=record_ids).order_by("at", "pk")
    return [dict(row) for row in rows.values("segment__name", "entered", "at", "because")]
