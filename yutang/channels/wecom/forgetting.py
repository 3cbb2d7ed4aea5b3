"""What WeCom's raw deliveries keep of a person, and how it is let go of when the person is erased."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from yutang.channels.wecom.models import Gap, WelcomeTicket
from yutang.customers.forgetting import forgets, tells
from yutang.customers.models import Identity, IdentityKind
from yutang.events.models import InboxMessage


@forgets("inbox")
def forget_deliveries(record_ids: Sequence[int]) -> int:
    """Blank the bodies of callbacks that name these records. That they came, and when, stays."""
    blanked = 0
    external_userids = _external_userids(record_ids)
    for external_userid in external_userids:
        blanked += InboxMessage.objects.filter(body__contains=external_userid).update(body="")
        for gap in Gap.objects.filter(external_userid=external_userid):
            Gap.objects.filter(pk=gap.pk).update(external_userid=f"erased-{gap.pk}")
    whose = Q(customer__in=record_ids) | Q(external_userid__in=external_userids)
    tickets = WelcomeTicket.objects.filter(whose).exclude(external_userid="")
    return blanked + tickets.update(external_userid="")


@tells("welcomes")
def tell_welcomes(record_ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = WelcomeTicket.objects.filter(customer__in=record_ids).select_related("member").order_by("pk")
    return [{"at": row.received_at.isoformat(), "member": _who(row), "outcome": row.state} for row in rows]


def _who(ticket: WelcomeTicket) -> str:
    return ticket.member.label if ticket.member else ticket.userid


def _external_userids(record_ids: Sequence[int]) -> list[str]:
    rows = Identity.objects.filter(customer__in=record_ids, kind=IdentityKind.EXTERNAL_USERID)
    return [value for value in rows.values_list("value", flat=True) if value]
