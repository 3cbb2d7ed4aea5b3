"""Segments: named rules with every version they had, who is in them, and what keeping them current needs."""

from django.db import models
from django.db.models import Q

from yutang.customers.models import Customer, Tag
from yutang.segments.kept import KeptPeople


class SegmentState(models.TextChoices):
    DRAFT = "draft"  # saved, not computed
    LIVE = "live"  # computed and kept current
    FROZEN = "frozen"  # a list as of one moment
    ARCHIVED = "archived"


class Segment(KeptPeople):
    """Who is in it: of a live one people, of a frozen one the records that were people then."""

    name = models.CharField(max_length=100)
    description = models.CharField(max_length=1000, default="")
    state = models.CharField(max_length=8, choices=SegmentState, default=SegmentState.LIVE)
    version = models.IntegerField(default=1)  # the number of the rule that counts
    settled_version = models.IntegerField(default=0)  # the rule that `people` comes from; 0: never computed
    needs_settling = models.BooleanField(default=False)  # a segment it refers to was edited
    settled_at = models.DateTimeField(null=True)  # when `people` was last changed or confirmed as a whole
    # What is still to be told of `settled_version` entering and leaving, and why.
    entering = models.BinaryField(default=bytes)
    leaving = models.BinaryField(default=bytes)
    telling_because = models.CharField(max_length=8, default="")
    telling_at = models.DateTimeField(null=True)
    error = models.JSONField(default=dict)  # why the last computation ended without a result, in both languages
    frozen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=~Q(state="archived"), name="segment_name_once")
        ]


class SegmentVersion(models.Model):
    """One rule a segment had. Never changed."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    rule = models.JSONField()
    by_name = models.CharField(max_length=200, default="")
    at = models.DateTimeField()
    note = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once")]


class HandedTag(models.Model):
    """A tag that a segment gives to who is in it. One that ended stays, with its say about those who have it."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="handed_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+")
    keeps = models.BooleanField(default=False)  # who leaves keeps it
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "tag"], name="handed_tag_once"),
            models.UniqueConstraint(fields=["tag"], condition=Q(ended_at__isnull=True), name="tag_handed_by_one"),
            models.UniqueConstraint(fields=["segment"], condition=Q(ended_at__isnull=True), name="segment_hands_one"),
        ]


class Because(models.TextChoices):
    EVENT = "event"
    TIME = "time"
    EDIT = "edit"  # of the rule, or of a segment it refers to
    CHECK = "check"  # a whole reading found it otherwise


class SegmentChange(models.Model):
    """A person entered or left, after the first computation."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="changes")
    version = models.IntegerField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    entered = models.BooleanField()
    at = models.DateTimeField()
    because = models.CharField(max_length=8, choices=Because)
    event_id = models.BigIntegerField(null=True)  # of the log, where one was the cause

    class Meta:
        indexes = [
            models.Index(fields=["segment", "-at", "-id"], name="segment_change_latest"),
            models.Index(fields=["customer", "-at"], name="segment_change_person"),
        ]


class KeptLeaf(KeptPeople):
    """Who a leaf holds for, kept current by events and by time for as long as somebody needs it."""

    key = models.CharField(max_length=32, unique=True)
    leaf = models.JSONField()
    read_at = models.DateTimeField()  # of the last whole reading
    read_ms = models.IntegerField(default=0)
    flips = models.BinaryField(default=bytes)  # of the last whole reading, by moment
    flips_passed = models.DateTimeField()  # those up to here are done with
    more_flips = models.BinaryField(default=bytes)  # of people asked again since
    next_flip = models.DateTimeField(null=True)
    is_stale = models.BooleanField(default=False)  # something changed for many at once: to be read anew
    wanted_until = models.DateTimeField(null=True)  # by a preview; null: segments want it
    edition = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["next_flip"], name="kept_leaf_due")]


class Keeping(models.Model):
    """How far the log has been followed: one row. Every write of what is kept moves `edition`, so that two keepers, or
    a keeper and a whole reading, cannot write over each other."""

    read_to = models.BigIntegerField(default=0)  # ids of events up to here are done with, but for the gaps
    gaps = models.JSONField(default=list)  # [first, last, until when they are waited for]
    edition = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, default="")  # in which leaves were read


class LeafCheck(models.Model):
    """A whole reading of a leaf compared with what was kept. Wrong ones are mended and stay here to be seen."""

    at = models.DateTimeField()
    leaf = models.JSONField()
    people = models.BigIntegerField()
    missing = models.JSONField(default=list)  # up to 100 people who should have been there
    surplus = models.JSONField(default=list)
    wrong = models.BigIntegerField(default=0)
    read_ms = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="leaf_check_latest")]
