"""Greeting a new contact: once, within 20 seconds, by the code its event carried.

The code is WeCom's own idempotency key, it works once. So an attempt whose answer was lost may be repeated inside the
window, and WeCom's answer to the repeat tells what became of the first.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.connection import client_for, note_fault
from yutang.channels.wecom.errcodes import Reaction
from yutang.channels.wecom.errors import WeComError, WeComRateLimited, WeComUnreachable
from yutang.channels.wecom.limits import rule
from yutang.channels.wecom.media import Attachments
from yutang.channels.wecom.models import TicketState, WeComApp, WelcomeTicket
from yutang.channels.wecom.tickets import told_of
from yutang.content.parts import Part
from yutang.kernel import clock
from yutang.kernel.briefly import Briefly
from yutang.kernel.facts import announce_many
from yutang.kernel.jobs import Later
from yutang.kernel.together import Together
from yutang.organization.models import Corp

PAUSE = timedelta(seconds=1)  # before a repeat inside the window
OPEN = (TicketState.WAITING, TicketState.SENDING)

CODE_INVALID, ALREADY_GREETED, ANOTHER_APP_SENDS, MEDIA_INVALID = 41050, 41051, 41096, 40007


Greeter = Callable[[WelcomeTicket], Sequence[Part] | None]
_greeter: Greeter | None = None


def greet_with(greeter: Greeter) -> None:
    """Who has the words for new contacts plugs itself in here. None: this one is not to be greeted."""
    global _greeter
    _greeter = greeter


def greet(ticket_id: int) -> None:
    """Greet the ticket's contact if there are words for it. Raises Later as `send_welcome` does."""
    ticket = _ticket(ticket_id)
    if ticket is None or ticket.state not in OPEN:
        return
    parts = _greeter(ticket) if _greeter is not None else None
    if parts is None:
        no_welcome_due(ticket.pk)
    else:
        _hand_in(ticket, parts)


def send_welcome(ticket_id: int, parts: Sequence[Part]) -> TicketState:
    """Greet the ticket's contact, and settle the ticket. A settled one stays as it is.

    Raises Later, for the calling job, while another attempt inside the window makes sense. Must not be called inside a
    transaction: it waits for WeCom.
    """
    ticket = _ticket(ticket_id)
    if ticket is None:
        raise WelcomeTicket.DoesNotExist
    return _hand_in(ticket, parts)


def _ticket(ticket_id: int) -> WelcomeTicket | None:
    ticket = WelcomeTicket.objects.filter(pk=ticket_id).first()
    app = _app(ticket.app_id) if ticket is not None else None
    if ticket is None or app is None:
        return None
    ticket.app = app
    return ticket


_app: Briefly[int, WeComApp] = Briefly(
    lambda app_id: WeComApp.objects.select_related("corp").filter(pk=app_id).first(), seconds=1.0
)


def _hand_in(ticket: WelcomeTicket, parts: Sequence[Part]) -> TicketState:
    if ticket.state not in OPEN:
        return TicketState(ticket.state)
    if _seconds_left(ticket) <= 0:
        unanswered = ticket.state == TicketState.SENDING
        return _settle(ticket, TicketState.UNKNOWN if unanswered else TicketState.MISSED, "late")
    _note(ticket, TicketState.SENDING)
    try:
        _send(ticket, list(parts))
    except WeComRateLimited as error:
        _note(ticket, ticket.state)
        if error.retry_after < _seconds_left(ticket):
            raise Later(timedelta(seconds=error.retry_after), str(error)) from error
        return _settle(ticket, TicketState.MISSED, "refused", error.errcode)
    except WeComUnreachable as error:
        if not error.sent:
            _note(ticket, ticket.state)
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
            _note(ticket, TicketState.WAITING)
        raise Later(PAUSE, str(error)) from error
    if error.reaction is Reaction.CONFIGURATION:
        note_fault(ticket.app, error)
    late = error.errcode == CODE_INVALID
    return _settle(ticket, TicketState.MISSED, "late" if late else "refused", error.errcode)


def _seconds_left(ticket: WelcomeTicket) -> float:
    """From when the callback came, for a late delivery is for WeCom to refuse and clocks differ."""
    window = timedelta(seconds=rule("welcome_window", on=clock.now().date()).value)
    return (ticket.received_at + window - clock.now()).total_seconds()


def _write_states(changes: Sequence[tuple[int, str]]) -> Sequence[None]:
    for state in sorted({state for _, state in changes}):
        ids = [ticket_id for ticket_id, wanted in changes if wanted == state]
        WelcomeTicket.objects.filter(pk__in=ids, state__in=OPEN).update(state=state)
    return [None] * len(changes)


_states = Together(_write_states)


def _note(ticket: WelcomeTicket, state: str) -> None:
    """Write down how far an open ticket is. `ticket` itself stays as it was before this attempt."""
    _states.submit((ticket.pk, state))


def _settle(
    ticket: WelcomeTicket, state: TicketState, reason: str = "", errcode: int = 0, *, parts: int = 0
) -> TicketState:
    ticket.state, ticket.reason, ticket.errcode, ticket.parts = state, reason, errcode or None, parts
    ticket.settled_at = clock.now()
    waited = ticket.settled_at - ticket.received_at
    ticket.sent_after_ms = round(waited.total_seconds() * 1000) if state == TicketState.SENT else None
    _outcomes.submit(ticket)
    return state


_SETTLE = """
UPDATE wecom_welcometicket SET state = %s, settled_at = %s, sent_after_ms = %s, errcode = %s, reason = %s, parts = %s
WHERE id = %s AND state IN ('waiting', 'sending')
RETURNING customer_id, member_id
"""


def _write_outcomes(tickets: Sequence[WelcomeTicket]) -> Sequence[None]:
    settled = []
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        for ticket in tickets:
            row = [ticket.state, adapt(ticket.settled_at), ticket.sent_after_ms, ticket.errcode, ticket.reason]
            cursor.execute(_SETTLE, [*row, ticket.parts, ticket.pk])
            if whose := cursor.fetchone():
                ticket.customer_id, ticket.member_id = whose
                settled.append(ticket)
    announce_many(told_of(settled))
    return [None] * len(tickets)


_outcomes = Together(_write_outcomes)


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
