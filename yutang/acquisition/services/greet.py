"""Greeting a new contact with the welcome that is due, within WeCom's 20 seconds."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from yutang.acquisition.models import ProfileInvitation
from yutang.acquisition.services.arrivals import code_id_of_state
from yutang.acquisition.services.welcomes import choose, is_suppressed
from yutang.channels.wecom.connection import client_for
from yutang.channels.wecom.customers_in import record_behind
from yutang.channels.wecom.errors import WeComFault
from yutang.channels.wecom.models import WelcomeTicket
from yutang.content import parts as content
from yutang.content.parts import Part
from yutang.customers.models import Customer, Identity, IdentityKind, Ownership
from yutang.kernel import clock
from yutang.kernel.briefly import Briefly
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Member
from yutang.organization.services.address_book import ensure_member
from yutang.organization.services.merchant import the_merchant

log = logging.getLogger(__name__)

INVITATION_LIFE = timedelta(days=30)
NAMELESS = "朋友"  # what a customer is called whose name WeCom has not told in time


def words_for(ticket: WelcomeTicket) -> list[Part] | None:
    """The message for a new contact, filled; None where nobody has one, or the nickname is not to be greeted.

    The customer may not be in our books yet: what needs the record or the name looks for it only then.
    """
    corp = ticket.app.corp
    member = ticket.member or _member((corp.pk, ticket.userid)) or ensure_member(corp, ticket.userid)
    chosen = choose(_code_behind(ticket, member), member, clock.now())
    if chosen is None:
        return None
    used = content.placeholders_in(chosen.parts)
    nickname = _nickname(ticket) if chosen.suppressed_nicknames or "nickname" in used else ""
    if is_suppressed(nickname, chosen.suppressed_nicknames):
        return None
    if not used:
        return chosen.parts
    values = places(member, nickname)
    if "profile_link" in used:
        customer = ticket.customer or record_behind(ticket.app, ticket.external_userid, at=ticket.happened_at)
        values["profile_link"] = profile_link(customer, member)
    return content.fill(chosen.parts, values)


def _look_up_member(whose: tuple[int, str]) -> Member | None:
    corp_id, userid = whose
    return Member.objects.select_related("store").filter(corp=corp_id, userid=userid).first()


_member = Briefly(_look_up_member, seconds=3.0)


def _code_behind(ticket: WelcomeTicket, member: Member) -> int | None:
    """The consent to archiving tells no state: there it is the one of the add before it."""
    state_code = ticket.state_code
    if not state_code:
        relations = Ownership.objects.filter(customer__in=_known(ticket).values("customer"), member=member)
        state_code = relations.values_list("state_code", flat=True).first() or ""
    return code_id_of_state(state_code)


def _known(ticket: WelcomeTicket) -> QuerySet[Identity]:
    kind, issuer = IdentityKind.EXTERNAL_USERID, ticket.app.corp.wecom_corpid
    return Identity.objects.filter(kind=kind, issuer=issuer, value=ticket.external_userid, ended_at=None)


def places(member: Member, nickname: str) -> dict[str, str]:
    """What a message's placeholders stand for."""
    store = member.store.name if member.store is not None else the_merchant().name
    return {"nickname": nickname or NAMELESS, "member": member.label, "store": store}


def _nickname(ticket: WelcomeTicket) -> str:
    """The customer's name: as known, else asked of WeCom now."""
    known = _known(ticket).exclude(customer__name="").values_list("customer__name", flat=True)
    return known.first() or ask_nickname(ticket)


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
