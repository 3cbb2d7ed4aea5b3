"""The log of events, and the raw inbox of channels."""

from django.db import models
from django.db.models import Q

from yutang.customers.models import Customer
from yutang.events.models.visitors import Visitor
from yutang.organization.models import Corp, Member

NAME_LENGTH = 128


class Event(models.Model):
    """One fact. Only ever added; `key` makes it count once, `fingerprint` shows when a same key tells another story."""

    key = models.CharField(max_length=200, unique=True)
    fingerprint = models.CharField(max_length=32)
    # subject.verb_in_the_past, from the catalogue; what others tell of has names of its own (`events.names`)
    name = models.CharField(max_length=NAME_LENGTH)
    at = models.DateTimeField()  # when it happened
    received_at = models.DateTimeField()  # when we learnt of it
    # Each event is written into every index here, so none repeats how another one begins. Nor are these columns checked
    # by the database, at a fourth of the cost of an event: the rows they name are never deleted.
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, related_name="events", db_index=False, db_constraint=False
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    corp = models.ForeignKey(
        Corp, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    visitor = models.ForeignKey(
        Visitor, on_delete=models.PROTECT, null=True, related_name="events", db_index=False, db_constraint=False
    )
    source = models.CharField(max_length=64, default="")
    props = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["visitor"], condition=Q(visitor__isnull=False), name="event_visitor"),
            # Lists show what happened last, whenever we learnt of it.
            models.Index(fields=["-at", "-id"], name="event_latest"),
            models.Index(fields=["customer", "-at"], condition=Q(customer__isnull=False), name="event_timeline"),
            models.Index(fields=["name", "-at", "-id"], name="event_name"),
            models.Index(fields=["member", "-at", "-id"], condition=Q(member__isnull=False), name="event_member"),
        ]


class Quarantine(models.Model):
    """An event that came under a key already used for other content: kept for people to look at, never overwriting."""

    key = models.CharField(max_length=200, db_index=True)
    fingerprint = models.CharField(max_length=32)
    name = models.CharField(max_length=NAME_LENGTH)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=64, default="")
    content = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "fingerprint"], name="quarantine_once")]


class InboxState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"  # of a type this version does not know: kept and shown, never fatal


class InboxMessage(models.Model):
    """What a channel delivered, written before anything else is done with it, word for word."""

    channel = models.CharField(max_length=32)
    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(
        max_length=200, unique=True
    )  # the channel's identity of the delivery, wide enough to part events
    kind = models.CharField(max_length=100)  # as the channel names it: change_external_contact/add_external_contact
    body = models.TextField()  # decrypted
    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    deliveries = models.IntegerField(default=1)  # how often the channel sent it
    state = models.CharField(max_length=8, choices=InboxState, default=InboxState.WAITING)
    processed_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="inbox_state"),
            models.Index(fields=["corp", "-id"], name="inbox_corp"),
        ]
