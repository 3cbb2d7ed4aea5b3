"""Rows every floor relies on: jobs to be done, the audit trail, counters of attempts."""

from django.db import models


class Job(models.Model):
    """Work that must follow a change: written in the change's own transaction, leased by a worker, deleted when done.

    A job may run more than once (a worker can die after its work and before it says so): handlers are idempotent.
    """

    lane = models.CharField(max_length=32)
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True)  # at most one waiting job of a key
    run_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=64, default="")
    failed_at = models.DateTimeField(null=True)  # set: given up, kept for people to see and to try again
    error = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "run_at", "id"], condition=models.Q(failed_at__isnull=True), name="job_waiting"
            ),
            models.Index(fields=["failed_at"], condition=models.Q(failed_at__isnull=False), name="job_failed"),
        ]


class AuditEntry(models.Model):
    """Who changed or looked at what, when and from where. Only ever added to."""

    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, default="")
    ip = models.CharField(max_length=64, default="")
    action = models.CharField(max_length=64)  # subject.verb, as in customer.phone_revealed
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["actor_kind", "actor_id", "at"], name="audit_actor"),
        ]


class Attempts(models.Model):
    """How often something was tried within a window: the counter behind throttling."""

    key = models.CharField(max_length=200, unique=True)
    count = models.IntegerField(default=0)
    window_ends_at = models.DateTimeField()
