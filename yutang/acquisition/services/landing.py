"""Opening a code's landing page: what the visitor sees, and counting the scan."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from django.db import transaction

from yutang.acquisition.events import CodeScanned
from yutang.acquisition.models import CustomerCode, LiveCode, SyncState
from yutang.acquisition.services.apply import is_open, is_spent, request_apply_customer_code
from yutang.acquisition.services.arrivals import count_scan
from yutang.acquisition.staffing import Staffing
from yutang.kernel import clock
from yutang.kernel.errors import TooMany
from yutang.kernel.facts import Fact, announce
from yutang.kernel.throttle import take_attempt
from yutang.organization.models import Member
from yutang.organization.services.merchant import merchant_zone

# A store's whole queue may share one address; a script that inflates the figures does not get far.
MOST_SCANS, SCAN_WINDOW = 60, timedelta(minutes=1)
_ROBOTS = re.compile(r"bot\b|crawl|spider|slurp|externalhit|preview", re.IGNORECASE)


@dataclass(frozen=True)
class Landing:
    """`preparing`: WeCom's code is on its way. `resting`: nobody is on duty until `back_at`, where that is known."""

    state: Literal["ready", "preparing", "resting", "closed", "unknown"]
    qr_code_url: str = ""
    member: str = ""  # whom the visitor is going to add, where that is one person
    back_at: datetime | None = None  # in the merchant's zone


def open_landing(state_code: str, *, ip: str, agent: str, counts: bool = True) -> Landing:
    """What to show for an address. `counts` is false for reloads the page makes by itself."""
    found = _find(state_code)
    if found is None:
        return Landing("unknown")
    code = found if isinstance(found, LiveCode) else found.code
    if not is_open(code, clock.now()):
        return Landing("closed")
    if counts and not _ROBOTS.search(agent) and _is_within_limit(code, ip):
        _count(code, found if isinstance(found, CustomerCode) else None)
    return _shown(code, found)


def _find(state_code: str) -> LiveCode | CustomerCode | None:
    code = LiveCode.objects.filter(state_code=state_code).first()
    if code is not None:
        return code
    card = CustomerCode.objects.select_related("code", "customer").filter(state_code=state_code).first()
    return card.code if card is not None and is_spent(card, clock.now()) else card


def _is_within_limit(code: LiveCode, ip: str) -> bool:
    try:
        take_attempt(f"scan:{code.pk}:{ip}", limit=MOST_SCANS, per=SCAN_WINDOW)
    except TooMany:
        return False
    return True


@transaction.atomic
def _count(code: LiveCode, card: CustomerCode | None) -> None:
    now = clock.now()
    member_id = code.shown_members[0] if card is None and len(code.shown_members) == 1 else None
    announce(
        Fact(
            event=CodeScanned(code_id=code.pk),
            key=f"code.scanned:{code.pk}:{uuid4().hex}",
            at=now,
            customer_id=card.customer_id if card is not None else None,
            member_id=member_id,
            corp_id=code.corp_id,
            source=f"live_code:{code.pk}",
        )
    )
    count_scan(code.pk, now, member_id)
    if card is not None:
        CustomerCode.objects.filter(pk=card.pk, opened_at=None).update(opened_at=now)
        request_apply_customer_code(card.pk)


def _shown(code: LiveCode, found: LiveCode | CustomerCode) -> Landing:
    if found.sync_state == SyncState.UNSTAFFED or code.sync_state == SyncState.UNSTAFFED:
        zone = merchant_zone()
        back = Staffing(code, clock.now(), zone).next_staffed()
        return Landing("resting", back_at=back.astimezone(zone) if back else None)
    if not found.qr_code_url:
        return Landing("preparing")
    one = code.shown_members[0] if len(code.shown_members) == 1 and found is code else None
    member = Member.objects.filter(pk=one).first() if one is not None else None
    return Landing("ready", qr_code_url=found.qr_code_url, member=member.label if member else "")
