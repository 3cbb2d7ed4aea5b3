"""What people decide about reports: the field of an order source, how RFM is scored, and boards of saved reports."""

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
    """Reports somebody wants to see together. What they show is asked anew by everybody who looks, in their scope."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")  # accounts are closed, not deleted
    is_shared = models.BooleanField(default=False)
    cards = models.JSONField(default=list)  # of boards.Card, in their order
    cards_made = models.IntegerField(default=0)  # the last card's id; none is used twice
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
