"""Greeting a new contact with the welcome that is due, within WeCom's 20 seconds."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from yutang.acquisition.models import LiveCode, ProfileInvitation
from yutang.acquisition.services.welcomes import Chosen, choose, is_suppressed
from yutang.acquisition.staffing import merchant_zone
from yutang.channels.wecom.connection import client_for
from yutang.channels.wecom.errors import WeComFault
from yutang.channels.wecom.models import WelcomeTicket
from yutang.channels.wecom.welcome import no_welcome_due, send_welcome
from yutang.content import parts as content
from yutang.customers.models import Customer
from yutang.kernel import clock
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Member
from yutang.organization.services.merchant import the_merchant

log = logging.getLogger(__name__)

INVITATION_LIFE = timedelta(days=30)
NAMELESS = "朋友"  # what a customer is called whose name WeCom has not told in time


def greet(ticket_id: int, code: LiveCode | None) -> None:
    """Send the welcome due for a ticket. Raises Later while another try inside the window makes sense."""
    ticket = WelcomeTicket.objects.select_related("app__corp", "member__store", "customer").filter(pk=ticket_id).first()
    if ticket is None:
        return
    chosen = choose(code, ticket.member, clock.now().astimezone(merchant_zone()))
    if chosen is None:
        no_welcome_due(ticket.pk)
        return
    nickname = _nickname(ticket, chosen)
    if is_suppressed(nickname, chosen.suppressed_nicknames):
        no_welcome_due(ticket.pk)
        return
    used = content.placeholders_in(chosen.parts)
    values = places(ticket.member, nickname)
    if "profile_link" in used:
        values["profile_link"] = profile_link(ticket.customer, ticket.member)
    send_welcome(ticket.pk, content.fill(chosen.parts, values))


def places(member: Member, nickname: str) -> dict[str, str]:
    """What a message's placeholders stand for."""
    store = member.store.name if member.store is not None else the_merchant().name
    return {"nickname": nickname or NAMELESS, "member": member.label, "store": store}


def _nickname(ticket: WelcomeTicket, chosen: Chosen) -> str:
    """The customer's name where the welcome depends on it: as known, else asked of WeCom now."""
    needed = chosen.suppressed_nicknames or "nickname" in content.placeholders_in(chosen.parts)
    if ticket.customer.name or not needed:
        return ticket.customer.name
    return ask_nickname(ticket)


def ask_nickname(ticket: WelcomeTicket) -> str:
    """WeCom's name for the customer; empty when it does not tell. A welcome without the name beats none."""
    try:
        detail = client_for(ticket.app).customer(ticket.external_userid)
    except WeComFault as fault:
        log.info("No nickname for a welcome: %s", fault)
        return ""
    return one_line(detail["external_contact"].get("name") or "", 200)


@transaction.atomic
def profile_link(customer: Customer, member: Member | None) -> str:
    """The address where this customer may leave name and phone: the open invitation's, or a new one's."""
    now = clock.now()
    fresh = now + INVITATION_LIFE / 2
    invitation = ProfileInvitation.objects.filter(customer=customer, expires_at__gt=fresh, answered_at=None).first()
    if invitation is None:
        invitation = ProfileInvitation.objects.create(
            customer=customer, member=member, created_at=now, expires_at=now + INVITATION_LIFE
        )
    return f"{settings.PUBLIC_URL}/p/{invitation.token}"
