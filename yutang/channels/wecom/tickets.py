"""Tickets: the right to greet, written with the callback that carries it, and told to the log when all is known."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from yutang.channels.wecom.events import WelcomeMissed, WelcomeSent
from yutang.channels.wecom.models import TicketState, WelcomeTicket
from yutang.channels.wecom.payload import ParsedCallback
from yutang.customers.models import Customer
from yutang.kernel.facts import DomainEvent, Fact, announce_many
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Member

SOURCE = "wecom"

# By hand because the callback's answer waits for it.
_OPEN = """
INSERT INTO wecom_welcometicket
  (app_id, code, userid, external_userid, state_code, happened_at, received_at, state, reason, parts)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '', 0)
ON CONFLICT (app_id, code) DO NOTHING
RETURNING id
"""


def open_ticket(app_id: int, callback: ParsedCallback, happened_at: datetime, received_at: datetime) -> int | None:
    """The new ticket's id; None where the callback brings no right to greet, or one we hold already."""
    code, told = code_of(callback), (callback.user_id, callback.external_user_id)
    if not code or not all(told):
        return None
    userid, external_userid = (one_line(each, 64) for each in told)
    adapt = connection.ops.adapt_datetimefield_value
    row: list[Any] = [app_id, code, userid, external_userid, one_line(callback.state, 128)]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [*row, adapt(happened_at), adapt(received_at), TicketState.WAITING])
        written = cursor.fetchone()
    return written[0] if written else None


def code_of(callback: ParsedCallback) -> str:
    return one_line(callback.welcome_code, 200)


def say_whose(app_id: int, callback: ParsedCallback, customer: Customer, member: Member) -> int | None:
    """Note whom the callback's ticket greets, and tell the log how it went if that is known. Returns its id."""
    code = code_of(callback)
    mine = WelcomeTicket.objects.filter(app=app_id, code=code) if code else WelcomeTicket.objects.none()
    if not mine.update(customer=customer, member=member):
        return None
    # Read after the write: until this commits, nobody else settles it.
    ticket = mine.select_related("app").defer("app__callback_token", "app__callback_aes_key").get()
    announce_many(told_of([ticket]))
    return ticket.pk


def told_of(tickets: Iterable[WelcomeTicket]) -> Iterator[Fact]:
    """What the log is to hold of settled tickets. Whoever comes second, settling or naming, finds both and tells."""
    for ticket in tickets:
        event = _event(ticket)
        if event is None or ticket.customer_id is None or ticket.settled_at is None:
            continue
        yield Fact(
            event=event,
            key=f"wecom:ticket:{ticket.pk}",
            at=ticket.settled_at,
            customer_id=ticket.customer_id,
            member_id=ticket.member_id,
            corp_id=ticket.app.corp_id,
            source=SOURCE,
        )


def _event(ticket: WelcomeTicket) -> DomainEvent | None:
    match ticket.state:
        case TicketState.SENT:
            return WelcomeSent(ticket_id=ticket.pk, after_ms=ticket.sent_after_ms or 0, parts=ticket.parts)
        case TicketState.MISSED | TicketState.UNKNOWN:
            return WelcomeMissed(ticket_id=ticket.pk, reason=ticket.reason, errcode=ticket.errcode or 0)
        case _:
            return None
