"""What happened: the log of events, who tells of them, the raw inbox of channels, and what was refused."""

from yutang.events.models.log import Event, InboxMessage, InboxState, Quarantine
from yutang.events.models.sources import (
    Enforcement,
    EventSource,
    FailedEvent,
    FailedState,
    LearntEvent,
    Mark,
    SourceKind,
)
from yutang.events.models.visitors import Introduction, Visitor, VisitorKind

__all__ = [
    "Enforcement",
    "Event",
    "EventSource",
    "FailedEvent",
    "FailedState",
    "InboxMessage",
    "InboxState",
    "Introduction",
    "LearntEvent",
    "Mark",
    "Quarantine",
    "SourceKind",
    "Visitor",
    "VisitorKind",
]
