"""Greeting a new contact: once, within 20 seconds, by the code its event carried.

The code is WeCom's own idempotency key, it works once. So an attempt whose answer was lost may be repeated inside the
window, and WeCom's answer to the repeat tells what became of the first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yutang.channels.wecom.callbacks import CHANNEL
from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.connection import client_for, note_fault
from yutang.channels.wecom.errcodes import Reaction
from yutang.channels.wecom.errors import WeComError, WeComRateLimited, WeComUnreachable
from yutang.channels.wecom.events import WelcomeMissed, WelcomeSent
from yutang.channels.wecom.limits import rule
from yutang.channels.wecom.media import Attachments
from yutang.channels.wecom.models import TicketState, WelcomeTicket
from yutang.content.parts import Part
from yutang.kernel import clock
from yutang.kernel.facts import DomainEvent, Fact, announce
from yutang.kernel.jobs import Later
from yutang.organization.models import Corp

PAUSE = timedelta(seconds=1)  # before a repeat inside the window
OPEN = (TicketState.WAITING, TicketState.SENDING)

CODE_INVALID, ALREADY_GREETED, ANOTHER_APP_SENDS, MEDIA_INVALID = 41050, 41051, 41096, 40007


def send_welcome(ticket_id: int, parts: Sequence[Part]) -> TicketState:
    """Greet the ticket's contact, and settle the ticket. A settled one stays as it is.

    Raises Later, for the calling job, while another attempt inside the window makes sense. Must not be called inside a
    transaction: it waits for WeCom.
    """
    ticket = WelcomeTicket.objects.select_related("app__corp").get(pk=ticket_id)
    if ticket.state not in OPEN:
        return TicketState(ticket.state)
    if _seconds_left(ticket) <= 0:
        unanswered = ticket.state == TicketState.SENDING
        return _settle(ticket, TicketState.UNKNOWN if unanswered else TicketState.MISSED, "late")
    WelcomeTicket.objects.filter(pk=ticket.pk, state__in=OPEN).update(state=TicketState.SENDING)
    try:
        _send(ticket, list(parts))
    except WeComRateLimited as error:
        WelcomeTicket.objects.filter(pk=ticket.pk, state=TicketState.SENDING).update(state=ticket.state)
        if error.retry_after < _seconds_left(ticket):
            raise Later(timedelta(seconds=error.retry_after), str(error)) from error
        return _settle(ticket, TicketState.MISSED, "refused", error.errcode)
    except WeComUnreachable as error:
        if not error.sent:
            WelcomeTicket.objects.filter(pk=ticket.pk, state=TicketState.SENDING).update(state=ticket.state)
        raise Later(PAUSE, str(error)) from error
    except WeComError as error:
        return _after_refusal(ticket, error)
    return _settle(ticket, TicketState.SENT, parts=len(parts))


def no_welcome_due(ticket_id: int) -> None:
    """Nobody has a greeting for this contact, so none is missed."""
    WelcomeTicket.objects.filter(pk=ticket_id, state=TicketState.WAITING).update(
        state=TicketState.NONE_DUE, settled_at=clock.now()
    )


def _send(ticket: WelcomeTicket, parts: list[Part]) -> None:
    client = client_for(ticket.app)
    attachments = Attachments(ticket.app, client)
    try:
        _hand_over(client, ticket, attachments, parts)
    except WeComError as error:
        if error.errcode != MEDIA_INVALID:
            raise
        attachments.forget(parts)
        _hand_over(client, ticket, attachments, parts)


def _hand_over(client: WeComClient, ticket: WelcomeTicket, attachments: Attachments, parts: list[Part]) -> None:
    client.send_welcome(ticket.code, text=attachments.text_of(parts), attachments=attachments.of(parts))


def _after_refusal(ticket: WelcomeTicket, error: WeComError) -> TicketState:
    """`ticket.state` is as it was before this attempt: SENDING means that an earlier one went unanswered."""
    unanswered_before = ticket.state == TicketState.SENDING
    if error.errcode == ALREADY_GREETED:
        return _settle(ticket, TicketState.SENT if unanswered_before else TicketState.DELIVERED_ELSEWHERE)
    if error.errcode == CODE_INVALID and unanswered_before:
        return _settle(ticket, TicketState.UNKNOWN, "unanswered", error.errcode)
    if error.reaction is Reaction.RETRY and _seconds_left(ticket) > PAUSE.total_seconds():
        if not unanswered_before:
            WelcomeTicket.objects.filter(pk=ticket.pk).update(state=TicketState.WAITING)
        raise Later(PAUSE, str(error)) from error
    if error.reaction is Reaction.CONFIGURATION:
        note_fault(ticket.app, error)
    late = error.errcode == CODE_INVALID
    return _settle(ticket, TicketState.MISSED, "late" if late else "refused", error.errcode)


def _seconds_left(ticket: WelcomeTicket) -> float:
    """From when the callback came, for a late delivery is for WeCom to refuse and clocks differ."""
    window = timedelta(seconds=rule("welcome_window", on=clock.now().date()).value)
    return (ticket.received_at + window - clock.now()).total_seconds()


@transaction.atomic
def _settle(
    ticket: WelcomeTicket, state: TicketState, reason: str = "", errcode: int = 0, *, parts: int = 0
) -> TicketState:
    now = clock.now()
    after_ms = round((now - ticket.received_at).total_seconds() * 1000)
    settled = WelcomeTicket.objects.filter(pk=ticket.pk, state__in=OPEN).update(
        state=state,
        settled_at=now,
        sent_after_ms=after_ms if state == TicketState.SENT else None,
        errcode=errcode or None,
        reason=reason,
    )
    if settled:
        _tell(ticket, state, reason, errcode, after_ms, parts, now)
    return state


def _tell(
    ticket: WelcomeTicket, state: TicketState, reason: str, errcode: int, after_ms: int, parts: int, at: datetime
) -> None:
    event: DomainEvent
    if state == TicketState.SENT:
        event = WelcomeSent(ticket_id=ticket.pk, after_ms=after_ms, parts=parts)
    elif state in (TicketState.MISSED, TicketState.UNKNOWN):
        event = WelcomeMissed(ticket_id=ticket.pk, reason=reason, errcode=errcode)
    else:
        return
    announce(
        Fact(
            event=event,
            key=f"wecom:ticket:{ticket.pk}",
            at=at,
            customer_id=ticket.customer_id,
            member_id=ticket.member_id,
            corp_id=ticket.app.corp_id,
            source=CHANNEL,
        )
    )


@dataclass(frozen=True)
class WelcomeFigures:
    """How greetings fared. `due` leaves out contacts nobody had a greeting for."""

    due: int
    sent: int
    elsewhere: int
    missed: int
    unknown: int
    half_ms: int | None  # the median time from callback to WeCom's yes
    slowest_ms: int | None  # the 99th of a hundred

    @property
    def missed_share(self) -> float | None:
        return self.missed / self.due if self.due else None


TIMED_SAMPLE = 10_000  # of the newest greetings


def welcome_figures(*, since: datetime, corp: Corp | None = None) -> WelcomeFigures:
    tickets = WelcomeTicket.objects.filter(received_at__gte=since)
    if corp is not None:
        tickets = tickets.filter(app__corp=corp)
    by_state = {state: tickets.filter(state=state).count() for state in TicketState}
    window = timedelta(seconds=rule("welcome_window", on=clock.now().date()).value)
    overdue = tickets.filter(state__in=OPEN, received_at__lt=clock.now() - window).count()
    timed = tickets.filter(state=TicketState.SENT).order_by("-pk").values_list("sent_after_ms", flat=True)
    times = sorted(ms for ms in timed[:TIMED_SAMPLE] if ms is not None)
    missed = by_state[TicketState.MISSED] + overdue
    settled = (TicketState.SENT, TicketState.DELIVERED_ELSEWHERE, TicketState.UNKNOWN)
    return WelcomeFigures(
        due=missed + sum(by_state[state] for state in settled),
        sent=by_state[TicketState.SENT],
        elsewhere=by_state[TicketState.DELIVERED_ELSEWHERE],
        missed=missed,
        unknown=by_state[TicketState.UNKNOWN],
        half_ms=_at_share(times, 0.5),
        slowest_ms=_at_share(times, 0.99),
    )


def _at_share(times: list[int], share: float) -> int | None:
    return times[max(0, math.ceil(len(times) * share) - 1)] if times else None
