"""What a new contact is greeted with: by code, member, department, and by default."""

from django.db import models
from django.db.models import Q

from yutang.acquisition.models.codes import LiveCode
from yutang.organization.models import Corp, Department, Member


class Welcome(models.Model):
    """The greeting of one code, one member or one department; with none of them it is the corp's default."""

    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, related_name="welcomes")
    code = models.OneToOneField(LiveCode, on_delete=models.CASCADE, null=True, related_name="welcome")
    member = models.OneToOneField(Member, on_delete=models.CASCADE, null=True, related_name="welcome")
    department = models.OneToOneField(Department, on_delete=models.CASCADE, null=True, related_name="welcome")
    suppressed_nicknames = models.JSONField(default=list)  # no greeting for names that hold one of these
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["corp"],
                condition=Q(code__isnull=True, member__isnull=True, department__isnull=True),
                name="welcome_default_once",
            ),
        ]


class WelcomeSlot(models.Model):
    """One message of a welcome. The first whose hours hold is sent; one without hours is for all other times."""

    welcome = models.ForeignKey(Welcome, on_delete=models.CASCADE, related_name="slots")
    hours = models.JSONField(null=True)  # HoursText
    parts = models.JSONField()
    position = models.IntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
