"""What the database knows of the lake: how far each table reaches, what changed behind it, and what was done to it."""

from django.db import models


class LakeHead(models.Model):
    """The current state of one table, as its last commit left it: enough to read it without opening the catalog.

    The catalog's snapshot says the same and is the truth; this row follows it and may lag behind for a moment, during
    which readers take a little more from the database instead.
    """

    table = models.CharField(max_length=64, unique=True)
    snapshot_id = models.BigIntegerField(null=True)
    upto = models.BigIntegerField(default=0)  # rows up to this id are in the files
    changes_upto = models.BigIntegerField(default=0)  # changes up to this one are in the files
    files = models.JSONField(default=list)  # path, rows, bytes, and the ids and moments they span
    rows = models.BigIntegerField(default=0)
    committed_at = models.DateTimeField(null=True)


class LakeChange(models.Model):
    """A row that changed after it may have gone into the lake: until the next flush readers take it from here."""

    table = models.CharField(max_length=64)
    row_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["table", "id"], name="lake_change_table")]


class LakeWork(models.TextChoices):
    FLUSH = "flush"
    COMPACT = "compact"
    ERASE = "erase"
    VERIFY = "verify"
    REBUILD = "rebuild"


class LakeRun(models.Model):
    """One piece of work done to a table, for people to see; erasures are kept as receipts."""

    work = models.CharField(max_length=8, choices=LakeWork)
    table = models.CharField(max_length=64)
    at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    rows = models.BigIntegerField(default=0)
    snapshot_id = models.BigIntegerField(null=True)
    erasure_id = models.BigIntegerField(null=True)  # of customers.Erasure, where this was done for one
    ok = models.BooleanField(default=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["table", "-id"], name="lake_run_table")]
