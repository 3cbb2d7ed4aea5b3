"""Sources of events outside the product: who may send, what was refused of theirs, and what their events look like."""

from django.db import models
from django.db.models import Q

from yutang.customers.models import IdentityKind
from yutang.events.models.log import NAME_LENGTH
from yutang.kernel.encrypted import SecretField


class SourceKind(models.TextChoices):
    """Where the write key lives: what is in a browser or an app is known to everybody."""

    BROWSER = "browser"
    APP = "app"
    MINI_PROGRAM = "mini_program"
    SERVER = "server"


class EventSource(models.Model):
    """A web site, app or server of the merchant that sends events under a write key of its own."""

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=SourceKind)
    issuer = models.CharField(max_length=64)  # of its user and anonymous ids; shared by sources that share a sign-in
    user_id_kind = models.CharField(max_length=16, choices=IdentityKind, default=IdentityKind.MEMBER_NO)
    write_key = SecretField()
    key_hash = models.CharField(max_length=64, unique=True)
    old_key_hash = models.CharField(max_length=64, default="", db_index=True)  # still good until:
    old_key_until = models.DateTimeField(null=True)
    allowed_origins = models.JSONField(default=list)  # of browsers; empty: every page may send
    rate_per_second = models.IntegerField()  # events
    trusts_traits = models.BooleanField()  # phone, email and unionid told by `identify` are believed
    consent_category = models.CharField(max_length=64, default="analytics")  # in context.consent.categoryPreferences
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, default="")
    updated_at = models.DateTimeField()

    @property
    def label(self) -> str:
        """What `Event.source` says of events from here."""
        return f"source:{self.pk}"


class FailedState(models.TextChoices):
    WAITING = "waiting"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class FailedEvent(models.Model):
    """What a source sent and could not be accepted, with the reason: kept to be mended and replayed, never lost."""

    source = models.ForeignKey(EventSource, on_delete=models.PROTECT, related_name="failed_events")
    body = models.TextField()  # one message as JSON, or a whole request that could not be read
    is_whole = models.BooleanField(default=True)  # False: too big to keep; only its beginning is here
    digest = models.CharField(max_length=32)
    call = models.CharField(max_length=16, default="")  # track, identify … or batch; what the address said
    reason = models.CharField(max_length=32)
    values = models.JSONField(default=dict)  # of the places in the reason's sentence
    event_name = models.CharField(max_length=NAME_LENGTH, default="")
    message_id = models.CharField(max_length=100, default="")
    times = models.IntegerField(default=1)  # the same again and again is one
    received_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=FailedState, default=FailedState.WAITING)
    is_edited = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="failed_once")]
        indexes = [
            models.Index(fields=["state", "-last_at", "-id"], name="failed_state"),
            models.Index(fields=["source", "state", "-last_at", "-id"], name="failed_source"),
            models.Index(fields=["received_at"], condition=Q(state="waiting"), name="failed_waiting"),
        ]


class Enforcement(models.TextChoices):
    OFF = "off"  # the declaration is shown, no more
    FLAG = "flag"  # events that break it are kept and marked
    REFUSE = "refuse"  # events that break it become failed events


class LearntEvent(models.Model):
    """What one event of one source looks like, learnt from those that came; and what is declared of it, if anything."""

    source = models.ForeignKey(EventSource, on_delete=models.PROTECT, related_name="learnt_events")
    name = models.CharField(max_length=NAME_LENGTH)
    count = models.BigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    properties = models.JSONField(default=dict)  # name → {types: {type: times}, examples: […], seen: times}
    sampled = models.BigIntegerField(default=0)  # events whose properties were looked at
    version = models.IntegerField(default=1)
    versions = models.JSONField(default=list)  # [{version, at, shape: {property: [types]}}]
    declared = models.JSONField(null=True)  # property → {type, required}
    enforcement = models.CharField(max_length=8, choices=Enforcement, default=Enforcement.OFF)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="learnt_once")]


class Mark(models.Model):
    """A number that several processes share: how far something was read, or how often something changed."""

    name = models.CharField(max_length=32, unique=True)
    value = models.BigIntegerField(default=0)
