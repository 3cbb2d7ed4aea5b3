"""What people decide about reports: which field an order source belongs to, how RFM is scored, what boards hold."""

from django.db import models

from yutang.commerce.models import OrderSource
from yutang.insights.question import Field
from yutang.organization.models import Account


class SourceField(models.Model):
    """The field an order source sells in, as somebody decided; without a row it is guessed from the source's name."""

    source = models.OneToOneField(OrderSource, on_delete=models.CASCADE, primary_key=True, related_name="+")
    field = models.CharField(max_length=8, choices=[(field.value, field.value) for field in Field])
    set_at = models.DateTimeField()


class RfmBounds(models.Model):
    """The merchant's bounds of RFM; there is at most one row."""

    bounds = models.JSONField()  # rfm.Bounds
    set_at = models.DateTimeField()


class Board(models.Model):
    """Reports somebody pinned together, with what was asked."""

    name = models.CharField(max_length=64)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)  # seen by every account that sees insights, each in its own scope
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "id"], name="board_owner")]


class Pin(models.Model):
    """One report on a board. Its period is counted back from the day it is looked at."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="pins")
    title = models.CharField(max_length=64)
    report = models.CharField(max_length=32)
    asked = models.JSONField(default=dict)  # parameters as the report's page has them in its address
    place = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "pk"]
