"""Who sources of events tell of, by ids of their own."""

from django.db import models
from django.db.models import Q

from yutang.customers.models import Customer


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
    user = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="devices")  # signed in there
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    since = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)  # when `customer` became known
    ended_at = models.DateTimeField(null=True)
    turn = models.BigIntegerField(
        null=True
    )  # of the shared mark, when a customer was found, the edge ended or the like
    is_withheld = models.BooleanField(default=False)  # asked not to be followed: events come in without who it was

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "kind", "value"], condition=Q(ended_at__isnull=True), name="visitor_once"
            )
        ]
        indexes = [models.Index(fields=["turn"], condition=Q(turn__isnull=False), name="visitor_turn")]


class Introduction(models.Model):
    """A source said who a visitor is; waits here, in order, until that is worked into customers."""

    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="introductions")
    source_id = models.BigIntegerField()
    claims = models.JSONField(default=list)  # [kind, issuer, value] beyond the visitor's own id
    name = models.CharField(max_length=200, default="")
    alias_of = models.ForeignKey(Visitor, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
