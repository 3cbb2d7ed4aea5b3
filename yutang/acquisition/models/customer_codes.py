"""Codes for one customer each, and the page on which a customer leaves name and phone."""

import secrets

from django.db import models

from yutang.acquisition.models.codes import LiveCode, SyncState, new_state_code
from yutang.customers.models import Customer
from yutang.organization.models import Member


class CustomerCode(models.Model):
    """One customer, one code: printed on a parcel card, it tells who scans.

    It leads where its live code leads, under a `state` of its own. WeCom learns of it when it is first opened: cards
    that nobody scans use up none of the corp's contact ways.
    """

    code = models.ForeignKey(LiveCode, on_delete=models.PROTECT, related_name="customer_codes")
    state_code = models.CharField(max_length=30, unique=True, default=new_state_code)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    order_source = models.CharField(max_length=64, default="", blank=True)
    order_number = models.CharField(max_length=100, default="", blank=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)  # first looked at
    joined_at = models.DateTimeField(null=True)  # somebody was added by it
    joined_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    config_id = models.CharField(max_length=64, default="")
    qr_code_url = models.CharField(max_length=500, default="")
    applied = models.JSONField(default=dict)
    sync_state = models.CharField(max_length=12, choices=SyncState, default=SyncState.WAITING)
    sync_error = models.JSONField(default=dict)
    applying_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "order_source", "order_number"],
                condition=~models.Q(order_number=""),
                name="customer_code_order_once",
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="customer_code_customer")]


def new_token() -> str:
    return secrets.token_urlsafe(18)


class ProfileInvitation(models.Model):
    """The right to fill in one customer's name and phone, for whoever holds the link, until it expires."""

    token = models.CharField(max_length=40, unique=True, default=new_token)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-expires_at"], name="invitation_customer")]
