"""Reads of the log, within a viewer's scope."""

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from yutang.customers.models import Customer
from yutang.customers.queries import relations_in_scope
from yutang.events.models import Event
from yutang.organization.scope import Viewer


def visible_events(viewer: Viewer, *, name: str = "") -> QuerySet[Event]:
    """Everything, or what members in scope did and what befell customers in scope; of one name, where it is given."""
    if viewer.member_ids is None:
        return Event.objects.filter(name=name) if name else Event.objects.all()
    people = relations_in_scope(viewer.member_ids).values("person")
    merged = Customer.objects.filter(person__in=people).values("pk")
    # Three looks into indexes; as conditions joined by OR the planner reads the whole log.
    done = Event.objects.filter(member__in=viewer.member_ids).order_by().values("pk")
    befell = Event.objects.filter(customer__in=people).order_by().values("pk")
    befell_merged = Event.objects.filter(customer__in=merged).order_by().values("pk")
    events = Event.objects.filter(pk__in=done.union(befell, befell_merged))
    # By the bare column the planner would take the index of names and read everybody's events of this one.
    return events.alias(named=Concat("name", Value(""))).filter(named=name) if name else events
