"""Reads of the log, within a viewer's scope."""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from yutang.customers.models import Customer
from yutang.customers.queries import relations_in_scope
from yutang.events.models import Event
from yutang.organization.scope import Viewer


def visible_events(viewer: Viewer) -> QuerySet[Event]:
    """Everything, or what members in scope did and what befell customers in scope."""
    if viewer.member_ids is None:
        return Event.objects.all()
    people = relations_in_scope(viewer.member_ids).values("person")
    records = Customer.objects.annotate(whom=Coalesce(F("person"), F("pk"))).filter(whom__in=people)
    return Event.objects.filter(Q(member__in=viewer.member_ids) | Q(customer__in=records.values("pk")))
