"""Orders as other systems tell of them, and the imports that brought them.

Later the shop's own orders stand in the same tables.
"""

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
    VOID = "void"  # closed before it was paid: no purchase, and no money went back


class Order(models.Model):
    """One order. The sums are those of its lines, kept beside them for lists."""

    # Indexes of source and customer alone would only repeat how those below begin.
    source = models.ForeignKey(OrderSource, on_delete=models.PROTECT, related_name="orders", db_index=False)
    number = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=OrderKind, default=OrderKind.SALE)
    customer = models.ForeignKey(  # null: guest
        Customer, on_delete=models.PROTECT, null=True, related_name="orders", db_index=False
    )
    store = models.ForeignKey(Store, on_delete=models.SET_NULL, null=True, related_name="orders")
    placed_at = models.DateTimeField()
    country = models.CharField(max_length=64, default="")
    line_count = models.IntegerField(default=0)
    quantity_milli = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="order_once")]
        indexes = [
            models.Index(fields=["customer", "-placed_at"], name="order_customer"),
            models.Index(fields=["-placed_at", "-id"], name="order_placed"),
            models.Index(fields=["source", "-placed_at", "-id"], name="order_source"),
            models.Index(fields=["kind", "-placed_at", "-id"], name="order_kind"),
            # Numbers are searched by how they begin; PostgreSQL needs the pattern class for that.
            models.Index(fields=["number"], opclasses=["varchar_pattern_ops"], name="order_number"),
        ]


class OrderLine(models.Model):
    """One line. `fingerprint` is of its content and `occurrence` counts equal lines of an order, so that a file that
    overlaps another counts each line once while a line truly repeated within an order counts as often as it stands."""

    # The unique constraint below begins with the order: a second index of it would only slow imports. Lines are written
    # in the transaction of their order and orders are never deleted; having PostgreSQL look that up again for every
    # single line took a sixth of an import.
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    fingerprint = models.BigIntegerField()
    occurrence = models.IntegerField(default=1)
    sku = models.CharField(max_length=100, default="")
    title = models.CharField(max_length=500, default="")
    quantity_milli = models.BigIntegerField()  # thousandths: fruit is sold by weight; negative on cancellations
    unit_price_micros = models.BigIntegerField()  # millionths of the currency: prices below a fen occur and must add up
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "fingerprint", "occurrence"], name="order_line_once")]


class ImportState(models.TextChoices):
    UPLOADED = "uploaded"  # the file is here, the mapping still lacks something
    MAPPED = "mapped"  # every needed field has a column
    CHECKING = "checking"
    READY = "ready"  # checked, nothing written yet
    RUNNING = "running"
    PAUSED = "paused"  # waits for a person: too many bad rows
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED)


class ImportRun(models.Model):
    """One file on its way to orders. Its own files lie in YUTANG_HOME/imports/<id>/."""

    source_name = models.CharField(max_length=64)
    file_name = models.CharField(max_length=300)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=12, choices=ImportState, default=ImportState.UPLOADED)
    layout = models.JSONField(default=dict)  # how the file is read: kind, encoding, delimiter, columns, samples
    mapping = models.JSONField(default=dict)  # field → column position
    options = models.JSONField(default=dict)  # zone, currency, date order, number prefixes, limit of bad rows
    staged = models.CharField(max_length=32, default="")  # folder of the checked lines; a new check makes a new one
    summary = models.JSONField(default=dict)  # what the check found
    counts = models.JSONField(default=dict)  # what was written so far
    checkpoint = models.JSONField(default=dict)  # the next batch; moves in the transaction that writes a batch
    start_after_check = models.BooleanField(default=False)
    bad_rows_accepted = models.BooleanField(default=False)
    cancel_asked = models.BooleanField(default=False)
    error = models.JSONField(default=dict)  # code and the sentence in both languages
    by_kind = models.CharField(max_length=16)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)


class HeldRow(models.Model):
    """A row of a file that was not written because it contradicts an order known from before."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="held_rows")
    row = models.BigIntegerField()  # running number of the row in the file
    reason = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="held_row_once")]
