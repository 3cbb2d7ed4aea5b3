"""Live codes, the welcomes they bring, codes for one customer, and what is counted about them."""

from yutang.acquisition.models.codes import (
    Accept,
    Assignee,
    CodeBatch,
    CodeShift,
    LiveCode,
    LiveCodeFolder,
    SyncState,
)
from yutang.acquisition.models.counts import Arrival, CodeDay, MemberDay
from yutang.acquisition.models.customer_codes import CustomerCode, ProfileInvitation
from yutang.acquisition.models.welcomes import Welcome, WelcomeSlot

__all__ = [
    "Accept",
    "Arrival",
    "Assignee",
    "CodeBatch",
    "CodeDay",
    "CodeShift",
    "CustomerCode",
    "LiveCode",
    "LiveCodeFolder",
    "MemberDay",
    "ProfileInvitation",
    "SyncState",
    "Welcome",
    "WelcomeSlot",
]
