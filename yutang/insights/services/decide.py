"""What people decide about reports."""

from dataclasses import asdict

from django.db import transaction

from yutang.commerce.models import OrderSource
from yutang.insights.models import RfmBounds, SourceField
from yutang.insights.question import Field
from yutang.insights.rfm import Bounds
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit


@transaction.atomic
def put_source_into_field(source: OrderSource, field: Field, *, by: Actor) -> None:
    SourceField.objects.update_or_create(source=source, defaults={"field": field.value, "set_at": clock.now()})
    audit("order_source.field_set", by=by, subject_kind="order_source", subject_id=source.pk, field=field.value)


@transaction.atomic
def set_rfm_bounds(bounds: Bounds, *, by: Actor) -> None:
    RfmBounds.objects.all().delete()
    RfmBounds.objects.create(bounds=asdict(bounds), set_at=clock.now())
    audit("rfm.bounds_set", by=by, subject_kind="insights", **asdict(bounds))


def rfm_bounds() -> Bounds:
    """The merchant's, or what the product begins with."""
    row = RfmBounds.objects.first()
    return Bounds(**{name: tuple(values) for name, values in row.bounds.items()}) if row else Bounds()
