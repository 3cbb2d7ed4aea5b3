"""What is counted about live codes. Everything here can be made again from the event log."""

from django.db import models
from django.db.models import Q

from yutang.acquisition.models.codes import LiveCode
from yutang.customers.models import Customer
from yutang.organization.models import Member


class Arrival(models.Model):
    """One time a customer and a member became contacts through a code, until they parted."""

    code = models.ForeignKey(LiveCode, on_delete=models.PROTECT, related_name="arrivals")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()  # of `at`, in the merchant's zone
    completed_at = models.DateTimeField(null=True)  # none: the member has not confirmed yet
    replied_at = models.DateTimeField(null=True)  # the customer's first message, where a channel told us
    replied_day = models.DateField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_day = models.DateField(null=True)
    lost_by = models.CharField(max_length=16, default="")  # customer, member, transfer

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "member", "at"], name="arrival_once")]
        indexes = [
            models.Index(fields=["code", "day", "member"], name="arrival_day"),
            models.Index(fields=["code", "lost_day"], condition=Q(lost_day__isnull=False), name="arrival_lost"),
        ]


class CodeDay(models.Model):
    """A code's day, member by member. Opens of the landing page that led to several members have none."""

    code = models.ForeignKey(LiveCode, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    scans = models.IntegerField(default=0)
    adds = models.IntegerField(default=0)  # complete on both sides
    half_adds = models.IntegerField(default=0)  # not confirmed by the member (yet)
    replies = models.IntegerField(default=0)
    lost_by_customer = models.IntegerField(default=0)
    lost_by_member = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "day", "member"], condition=Q(member__isnull=False), name="code_day_member_once"
            ),
            models.UniqueConstraint(fields=["code", "day"], condition=Q(member__isnull=True), name="code_day_once"),
        ]


class MemberDay(models.Model):
    """What WeCom told of a member's chats on one day, with all customers, whatever code they came by."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    chats = models.IntegerField(default=0)  # customers the member wrote to
    messages = models.IntegerField(default=0)  # that the member wrote
    reply_percentage = models.FloatField(null=True)  # of chats a customer began; none where there was none
    reply_minutes = models.FloatField(null=True)  # until the first answer, on average

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="member_day_once")]
