"""Orders as other systems tell of them. Later the shop's own orders stand in the same tables."""

from django.db import models

from yutang.customers.models import Customer
from yutang.organization.models import Store


class OrderSource(models.Model):
    """Where orders come from: a marketplace, a till system, a file. Order numbers are unique within one."""

    name = models.CharField(max_length=64, unique=True)
    currency = models.CharField(max_length=3, default="CNY")  # ISO 4217; amounts are whole hundredths of it
    created_at = models.DateTimeField()


class OrderKind(models.TextChoices):
    SALE = "sale"
    CANCELLATION = "cancellation"
    ADJUSTMENT = "adjustment"  # bad debt and other bookkeeping; never a purchase


class Order(models.Model):
    """One order. The sums are those of its lines, kept beside them for lists."""

    source = models.ForeignKey(OrderSource, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=OrderKind, default=OrderKind.SALE)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="orders")  # null: guest
    store = models.ForeignKey(Store, on_delete=models.SET_NULL, null=True, related_name="orders")
    placed_at = models.DateTimeField()
    country = models.CharField(max_length=64, default="")
    line_count = models.IntegerField(default=0)
    quantity = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="order_once")]
        indexes = [
            models.Index(fields=["customer", "-placed_at"], name="order_customer"),
            models.Index(fields=["-placed_at", "-id"], name="order_placed"),
        ]


class OrderLine(models.Model):
    """One line. `fingerprint` is of its content and `occurrence` counts equal lines of an order, so that a file that
    overlaps another counts each line once while a line truly repeated within an order counts as often as it stands."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    fingerprint = models.BigIntegerField()
    occurrence = models.IntegerField(default=1)
    sku = models.CharField(max_length=100, default="")
    title = models.CharField(max_length=500, default="")
    quantity = models.BigIntegerField()  # negative on cancellations and write-offs
    unit_price_micros = models.BigIntegerField()  # millionths of the currency: prices below a fen occur and must add up
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "fingerprint", "occurrence"], name="order_line_once")]
