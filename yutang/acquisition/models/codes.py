"""Live codes: one printed code, and members behind it that change by the clock and by turn."""

import secrets

from django.db import models
from django.db.models import Q

from yutang.acquisition.roster import Rotation
from yutang.customers.models import Tag
from yutang.organization.models import Corp, Department, Member, Store

# Without 0/o, 1/l/i: people type these from parcel cards.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_state_code() -> str:
    """What a scan carries back, as WeCom's `state` (at most 30 characters) and in the landing page's address."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


class LiveCodeFolder(models.Model):
    name = models.CharField(max_length=100, unique=True)
    order = models.IntegerField(default=0)
    created_at = models.DateTimeField()


class Accept(models.TextChoices):
    """Whether a new contact needs the member's yes."""

    ALWAYS = "always"  # accepted at once
    NEVER = "never"  # the member confirms
    HOURS = "hours"  # accepted at once within hours, confirmed outside them


class SyncState(models.TextChoices):
    """How WeCom's side of a code stands."""

    WAITING = "waiting"
    APPLIED = "applied"
    UNSTAFFED = "unstaffed"  # nobody is on duty; the code leads where it last led
    FAILED = "failed"  # WeCom refused; tried again later by itself
    REMOVED = "removed"  # archived or expired, and taken away at WeCom


class LiveCode(models.Model):
    name = models.CharField(max_length=100)
    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, related_name="live_codes")
    folder = models.ForeignKey(LiveCodeFolder, on_delete=models.SET_NULL, null=True, related_name="codes")
    batch = models.ForeignKey("CodeBatch", on_delete=models.SET_NULL, null=True, related_name="codes")
    state_code = models.CharField(max_length=30, unique=True, default=new_state_code)
    rotation = models.CharField(max_length=16, choices=Rotation, default=Rotation.TURN)
    one_member_only = models.BooleanField(default=False)  # one customer belongs to one member
    accept = models.CharField(max_length=8, choices=Accept, default=Accept.ALWAYS)
    accept_hours = models.JSONField(default=list)  # HoursText, for Accept.HOURS
    touchpoint = models.CharField(max_length=64, default="", blank=True)  # where it hangs, as reports name it
    remark_template = models.CharField(max_length=100, default="", blank=True)  # {nickname} {member} {store} {code}
    description = models.CharField(max_length=150, default="", blank=True)  # put into the contact's description
    tags = models.ManyToManyField(Tag, related_name="+")
    expires_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)  # grows with every edit; an edit of an older one is refused
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # The rotation's memory: what it owes each member (see roster.charged).
    credits = models.JSONField(default=dict)
    # Members WeCom refused to put behind the code, by id: passed over until then (ISO time).
    refused = models.JSONField(default=dict)
    # WeCom's side.
    config_id = models.CharField(max_length=64, default="", db_index=True)
    qr_code_url = models.CharField(max_length=500, default="")
    applied = models.JSONField(default=dict)  # the contact way as we last left it: user, skip_verify, remark
    shown_members = models.JSONField(default=list)  # ids of the members it leads to
    sync_state = models.CharField(max_length=12, choices=SyncState, default=SyncState.WAITING)
    sync_error = models.JSONField(default=dict)  # {zh, en, advice_zh, advice_en, errcode}
    applied_at = models.DateTimeField(null=True)
    applying_until = models.DateTimeField(null=True)  # somebody is calling WeCom about it; ends by itself

    class Meta:
        indexes = [models.Index(fields=["folder", "-id"], name="live_code_folder")]
        constraints = [models.CheckConstraint(condition=Q(version__gte=1), name="live_code_version")]


class Assignee(models.Model):
    """A member, or everybody of a department (with those below it) or a store, to whom a code leads."""

    code = models.ForeignKey(LiveCode, on_delete=models.CASCADE, related_name="assignees")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, null=True, related_name="+")
    is_backup = models.BooleanField(default=False)
    weight = models.IntegerField(default=1)
    daily_cap = models.IntegerField(null=True)  # adds a day through this code, of each member
    position = models.IntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, department__isnull=True, store__isnull=True)
                | Q(member__isnull=True, department__isnull=False, store__isnull=True)
                | Q(member__isnull=True, department__isnull=True, store__isnull=False),
                name="assignee_is_one_thing",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="assignee_weight"),
            models.CheckConstraint(condition=Q(daily_cap__isnull=True) | Q(daily_cap__gte=0), name="assignee_cap"),
        ]


class CodeShift(models.Model):
    """Hours during which some of a code's members (or all of them) are on duty."""

    code = models.ForeignKey(LiveCode, on_delete=models.CASCADE, related_name="shifts")
    hours = models.JSONField()  # HoursText
    members = models.ManyToManyField(Member, related_name="+")  # none: everybody
    position = models.IntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]


class CodeBatch(models.Model):
    """Many codes made alike by one job. `rows` is what to make; a code knows its batch, so a restart goes on."""

    name = models.CharField(max_length=100)
    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, related_name="+")
    shape = models.JSONField()  # what all codes share
    rows = models.JSONField()  # [{name, assignees}]
    done = models.IntegerField(default=0)
    failures = models.JSONField(default=list)  # [{row, name, message}]
    by = models.JSONField(default=dict)  # who asked, for the audit trail
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
