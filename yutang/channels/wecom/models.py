"""How corps are connected to WeCom, and what the connection remembers."""

import secrets
from datetime import timedelta

from django.db import models
from django.db.models import Q

from yutang.channels.wecom.transport import OFFICIAL_BASE_URL, Credentials
from yutang.customers.models import Customer
from yutang.kernel.encrypted import SecretField
from yutang.organization.models import Corp, Member


def new_public_id() -> str:
    return secrets.token_urlsafe(12)


class AppFamily(models.TextChoices):
    """Whose secret it is; each opens other calls."""

    APP = "app"  # the corp's own app, on the customer-contact callable list
    SYNC = "sync"  # the contacts-sync assistant: the whole address book, ids only


class WeComApp(models.Model):
    """One app of one corp: its secret, where it calls, and what its callbacks are encrypted with."""

    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, related_name="wecom_apps")
    family = models.CharField(max_length=8, choices=AppFamily, default=AppFamily.APP)
    name = models.CharField(max_length=200, default="", blank=True)
    agent_id = models.BigIntegerField(null=True)
    secret = SecretField()
    callback_token = SecretField(default="", blank=True)
    callback_aes_key = SecretField(default="", blank=True)
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)  # the app's callback address
    base_url = models.CharField(max_length=300, default=OFFICIAL_BASE_URL)
    is_active = models.BooleanField(default=True)
    callback_verified_at = models.DateTimeField(null=True)
    callback_seen_at = models.DateTimeField(null=True)
    fault_errcode = models.IntegerField(null=True)  # the last refusal that somebody has to mend; none: all is well
    fault_text = models.CharField(max_length=500, default="")
    fault_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["corp", "family"], condition=Q(is_active=True), name="wecom_app_once")
        ]

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.corp.wecom_corpid, self.secret, self.agent_id, self.base_url)


class TokenRow(models.Model):
    """A token or ticket all processes share, and who may fetch the next one."""

    key = models.CharField(max_length=400, unique=True)
    value = SecretField(default="")
    expires_at = models.DateTimeField(null=True)
    fetching_until = models.DateTimeField(null=True)  # somebody fetches; ends by itself if that process dies
    fetching_by = models.CharField(max_length=40, default="")


class ApiBlock(models.Model):
    """An API WeCom has locked a corp out of (45009), until when."""

    key = models.CharField(max_length=200, unique=True)
    until = models.DateTimeField()


class RefusedCallback(models.Model):
    """Callbacks that were not believed, counted by app, reason and hour. Their content is not kept."""

    app = models.ForeignKey(WeComApp, on_delete=models.CASCADE, related_name="refused")
    reason = models.CharField(max_length=40)
    hour = models.DateTimeField()
    count = models.IntegerField(default=0)
    last_at = models.DateTimeField()
    last_ip = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "reason", "hour"], name="wecom_refused_once")]


class TicketState(models.TextChoices):
    WAITING = "waiting"
    SENDING = "sending"  # handed to WeCom; the answer is not known yet
    SENT = "sent"
    DELIVERED_ELSEWHERE = "delivered_elsewhere"  # the chat had begun, or another app was first (41051)
    MISSED = "missed"  # the 20 s were over, or WeCom refused
    UNKNOWN = "unknown"  # handed over, no answer: never sent again blindly
    NONE_DUE = "none_due"  # nobody had a welcome for this contact


class WelcomeTicket(models.Model):
    """The right to greet one new contact once, within 20 seconds of the event.

    It is written with the callback, in WeCom's ids. Who these are in our books is found out after the greeting.
    """

    app = models.ForeignKey(WeComApp, on_delete=models.PROTECT, related_name="tickets")
    code = models.CharField(max_length=200)
    userid = models.CharField(max_length=64, default="")
    external_userid = models.CharField(max_length=64)
    state_code = models.CharField(max_length=128, default="")  # the `state` a live code put on the add
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=24, choices=TicketState, default=TicketState.WAITING)
    settled_at = models.DateTimeField(null=True)
    sent_after_ms = models.IntegerField(null=True)  # from the callback's arrival to WeCom's yes
    parts = models.IntegerField(default=0)  # of the message that was sent
    errcode = models.IntegerField(null=True)
    reason = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "code"], name="wecom_ticket_once")]
        indexes = [models.Index(fields=["state", "received_at"], name="wecom_ticket_state")]


class Media(models.Model):
    """A picture or file as WeCom knows it, renewed before its three days are over."""

    app = models.ForeignKey(WeComApp, on_delete=models.CASCADE, related_name="media")
    digest = models.CharField(max_length=64)  # of the content, and the kind of use
    media_id = models.CharField(max_length=300)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "digest"], name="wecom_media_once")]


MEDIA_LIFETIME = timedelta(days=3)
MEDIA_MARGIN = timedelta(hours=6)  # renewed this long before it ends


class SyncKind(models.TextChoices):
    ADDRESS_BOOK = "address_book"  # departments, members, who serves customers
    TAGS = "tags"
    CUSTOMERS = "customers"
    RECOUNT = "recount"  # compare relations with ours, and heal


class SyncState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SyncRun(models.Model):
    """One reading of WeCom's side, resumable at `position`. Rows are marked, never deleted, by what it finds."""

    app = models.ForeignKey(WeComApp, on_delete=models.CASCADE, related_name="syncs")
    kind = models.CharField(max_length=16, choices=SyncKind)
    state = models.CharField(max_length=12, choices=SyncState, default=SyncState.WAITING)
    position = models.JSONField(default=dict)  # where to go on: what is done, and the cursor inside the rest
    done = models.IntegerField(default=0)
    total = models.IntegerField(null=True)  # where it can be known beforehand
    counts = models.JSONField(default=dict)
    error = models.TextField(default="")
    by_name = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["app", "kind"], condition=Q(state__in=["waiting", "running"]), name="wecom_sync_one_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["app", "-id"], name="wecom_sync_newest")]


class GapKind(models.TextChoices):
    MISSING_HERE = "missing_here"  # WeCom has the relation, we did not: an add was lost
    GONE_THERE = "gone_there"  # we held it as standing, WeCom does not know it: a deletion was lost


class Gap(models.Model):
    """A difference a recount found between WeCom's relations and ours, and what was done about it."""

    app = models.ForeignKey(WeComApp, on_delete=models.CASCADE, related_name="gaps")
    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="gaps")
    kind = models.CharField(max_length=16, choices=GapKind)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    external_userid = models.CharField(max_length=64)
    found_at = models.DateTimeField()
    healed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "member", "external_userid"], name="wecom_gap_once")
        ]
