"""What happened: the log of events, the raw inbox of channels, and what was refused."""

from django.db import models
from django.db.models import Q

from yutang.customers.models import Customer
from yutang.organization.models import Corp, Member


class VisitorKind(models.TextChoices):
    USER = "user"  # the source's own id of somebody who signed in there
    ANONYMOUS = "anonymous"  # a browser or a device


class Visitor(models.Model):
    """Somebody a source of events tells of by an id of its own: an edge from that id to a customer, once one is known.

    An edge is never moved: where the same device turns out to be somebody else's from now on, this one ends and a new
    one begins, so what happened before stays with whom it belongs.
    """

    issuer = models.CharField(max_length=64)  # whose ids these are: one source, or several that share their sign-in
    kind = models.CharField(max_length=12, choices=VisitorKind)
    value = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="visitors")
    since = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)  # when `customer` became known
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "kind", "value"], condition=Q(ended_at__isnull=True), name="visitor_once"
            )
        ]


class Event(models.Model):
    """One fact. Only ever added; `key` makes it count once, `fingerprint` shows when a same key tells another story."""

    key = models.CharField(max_length=200, unique=True)
    fingerprint = models.CharField(max_length=32)
    name = models.CharField(max_length=64)  # subject.verb_in_the_past, from the catalogue
    at = models.DateTimeField()  # when it happened
    received_at = models.DateTimeField()  # when we learnt of it
    # Each event is written into every index here, so none repeats how another one begins.
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="events", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, null=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, null=True, related_name="events", db_index=False)
    source = models.CharField(max_length=64, default="")
    props = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["visitor"], condition=Q(visitor__isnull=False), name="event_visitor"),
            # Lists show what happened last, whenever we learnt of it.
            models.Index(fields=["-at", "-id"], name="event_latest"),
            models.Index(fields=["customer", "-at"], name="event_timeline"),
            models.Index(fields=["name", "-at", "-id"], name="event_name"),
            models.Index(fields=["member", "-at", "-id"], condition=Q(member__isnull=False), name="event_member"),
        ]


class Quarantine(models.Model):
    """An event that came under a key already used for other content: kept for people to look at, never overwriting."""

    key = models.CharField(max_length=200, db_index=True)
    fingerprint = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
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
