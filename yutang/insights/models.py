"""What people decide about reports: which field an order source belongs to, and how RFM is scored."""

from django.db import models

from yutang.commerce.models import OrderSource
from yutang.insights.question import Field


class SourceField(models.Model):
    """The field an order source sells in, as somebody decided; without a row it is guessed from the source's name."""

    source = models.OneToOneField(OrderSource, on_delete=models.CASCADE, primary_key=True, related_name="+")
    field = models.CharField(max_length=8, choices=[(field.value, field.value) for field in Field])
    set_at = models.DateTimeField()


class RfmBounds(models.Model):
    """The merchant's bounds of RFM; there is at most one row."""

    bounds = models.JSONField()  # rfm.Bounds
    set_at = models.DateTimeField()
