"""Reads of the log, within a viewer's scope."""

from typing import Any

from django.db.models import QuerySet

from yutang.customers.models import Customer
from yutang.customers.queries import relations_in_scope
from yutang.events.models import Event
from yutang.organization.scope import Viewer


def visible_events(viewer: Viewer, **narrowed: Any) -> QuerySet[Event]:
    """Everything, or what members in scope did and what befell customers in scope; `narrowed` by lookups of Event."""
    events = Event.objects.filter(**narrowed)
    if viewer.member_ids is None:
        return events
    people = relations_in_scope(viewer.member_ids).values("person")
    merged = Customer.objects.filter(person__in=people).values("pk")
    # Three looks into indexes, each narrowed: as conditions of one query the planner reads the whole log.
    done = events.filter(member__in=viewer.member_ids).order_by().values("pk")
    befell = events.filter(customer__in=people).order_by().values("pk")
    befell_merged = events.filter(customer__in=merged).order_by().values("pk")
    return Event.objects.filter(pk__in=done.union(befell, befell_merged))
