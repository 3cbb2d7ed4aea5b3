"""Bringing WeCom's side of a code in line: a contact way that leads to whoever is on duty now.

WeCom picks at random among the members of a way. So for a rotation the way holds the one member whose turn it is, and
is moved on after each add and at every hour at which somebody comes or goes.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import Q

from yutang.acquisition.events import CodeStateChanged
from yutang.acquisition.models import CustomerCode, LiveCode, SyncState
from yutang.acquisition.staffing import Staffing
from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.connection import app_of, client_for, note_fault
from yutang.channels.wecom.errcodes import Reaction
from yutang.channels.wecom.errors import WeComError, WeComFault, WeComRateLimited
from yutang.customers.models import HELD, Ownership
from yutang.kernel import clock, jobs
from yutang.kernel.errors import DomainError
from yutang.kernel.facts import Fact, announce
from yutang.kernel.jobs import Later
from yutang.organization.models import Member
from yutang.organization.services.merchant import merchant_zone

APPLY_CODE, APPLY_CUSTOMER_CODE = "acquisition.apply_code", "acquisition.apply_customer_code"

CALLING = timedelta(seconds=60)  # longer than any call; ends by itself when a worker dies
WHILE_ANOTHER_CALLS = timedelta(seconds=0.5)
PAUSE_UNREACHABLE = timedelta(seconds=30)
PAUSE_REFUSED = timedelta(minutes=10)
MEMBER_REFUSED = timedelta(minutes=30)  # a member WeCom does not take is passed over this long

CARD_REST = timedelta(days=7)  # that a card's own way stays after its customer came by it

WAY_GONE = 41044  # somebody deleted the way at WeCom
# The member is not verified, has no right to serve customers, or the app may not see him.
MEMBER_FAULTS = frozenset({41054, 84074, 84061, 60111, 60011})

QR_CODE, SEVERAL = 2, 2  # WeCom's `scene` and `type`


@dataclass(frozen=True)
class Way:
    """What a contact way has to be, in WeCom's words."""

    user: list[str]
    skip_verify: bool
    remark: str


Applied = TypeVar("Applied", LiveCode, CustomerCode)


def request_apply(code_id: int) -> None:
    """Ask for a code to be brought in line. However often this is asked, it is done once."""
    jobs.enqueue(APPLY_CODE, {"code_id": code_id}, key=f"{APPLY_CODE}:{code_id}")


def request_apply_customer_code(customer_code_id: int) -> None:
    payload: dict[str, object] = {"customer_code_id": customer_code_id}
    jobs.enqueue(APPLY_CUSTOMER_CODE, payload, key=f"{APPLY_CUSTOMER_CODE}:{customer_code_id}")


def retire_card(customer_code_id: int) -> None:
    """Give the card's way back once it has served."""
    payload: dict[str, object] = {"customer_code_id": customer_code_id}
    key = f"{APPLY_CUSTOMER_CODE}:{customer_code_id}:spent"
    jobs.enqueue(APPLY_CUSTOMER_CODE, payload, run_at=clock.now() + CARD_REST + timedelta(minutes=1), key=key)


def apply_code(code_id: int) -> None:
    """Read who is on duty and make it so at WeCom. Raises Later while another worker does this for the same code."""
    code = _take(LiveCode, code_id)
    if code is None:
        return
    try:
        _apply_code(code)
    finally:
        LiveCode.objects.filter(pk=code_id).update(applying_until=None)


def _apply_code(code: LiveCode) -> None:
    staffing = Staffing(code, clock.now(), merchant_zone())
    if not is_open(code, staffing.at):
        _take_away(code)
        for card_id in code.customer_codes.exclude(config_id="").values_list("pk", flat=True):
            request_apply_customer_code(card_id)
        return
    shown = staffing.shown()
    way = Way([member.userid for member in shown], staffing.accepts_at_once(), code.name[:30])
    if _bring_in_line(code, way, code.name):
        LiveCode.objects.filter(pk=code.pk).update(shown_members=[member.pk for member in shown])
    elif code.sync_state == SyncState.FAILED:
        _pass_over(code, shown)
    _look_again_at(code.pk, staffing.next_change())


def apply_customer_code(customer_code_id: int) -> None:
    card = _take(CustomerCode, customer_code_id)
    if card is None:
        return
    try:
        _apply_customer_code(card)
    finally:
        CustomerCode.objects.filter(pk=customer_code_id).update(applying_until=None)


def _apply_customer_code(card: CustomerCode) -> None:
    code = card.code
    staffing = Staffing(code, clock.now(), merchant_zone())
    if not is_open(code, staffing.at) or is_spent(card, staffing.at):
        _take_away(card)
        return
    members = staffing.shown(owner_id=owner_of(card, staffing))
    _bring_in_line(card, Way([m.userid for m in members], staffing.accepts_at_once(), code.name[:30]), code.name)


def owner_of(card: CustomerCode, staffing: Staffing) -> int | None:
    """The member a known customer has already, where the code gives a customer to one member only."""
    if card.customer is None or not staffing.code.one_member_only:
        return None
    held = Ownership.objects.filter(person_id=card.customer.person_key, member__in=staffing.members, state__in=HELD)
    return held.order_by("added_at", "pk").values_list("member_id", flat=True).first()


def is_spent(card: CustomerCode, at: datetime) -> bool:
    """Its one customer came long ago. Its way goes back to the corp's allowance; the card leads on to its live code."""
    return card.joined_at is not None and card.joined_at + CARD_REST <= at


def is_open(code: LiveCode, at: datetime) -> bool:
    return code.archived_at is None and (code.expires_at is None or code.expires_at > at)


def _take(model: type[Applied], pk: int) -> Applied | None:
    """Lease the row against other workers, and read it after that. None where it is gone."""
    now = clock.now()
    free = Q(applying_until__isnull=True) | Q(applying_until__lt=now)
    if not model._default_manager.filter(free, pk=pk).update(applying_until=now + CALLING):
        if model._default_manager.filter(pk=pk).exists():
            raise Later(WHILE_ANOTHER_CALLS, "another worker is applying this code")
        return None
    return model._default_manager.get(pk=pk)


def _bring_in_line(row: Applied, way: Way, name: str) -> bool:
    """True when WeCom's side is as it should be. What went wrong otherwise stands on the row, and is tried again."""
    if not way.user:
        _note(row, SyncState.UNSTAFFED)
        return False
    if row.config_id and row.applied == asdict(way):
        if row.sync_state != SyncState.APPLIED:
            _note(row, SyncState.APPLIED)
        return True
    try:
        client = client_for(app_of(_corp_id(row)))
        made = _add_or_update(client, row, way)
    except DomainError as fault:
        _note_failure(row, fault)
        return False
    _note(row, SyncState.APPLIED, applied=asdict(way), **made)
    return True


def _add_or_update(client: WeComClient, row: Applied, way: Way) -> dict[str, str]:
    """What is new about the way: nothing after an update, its id and picture after an add."""
    if row.config_id:
        try:
            client.update_contact_way(
                row.config_id, {"user": way.user, "skip_verify": way.skip_verify, "remark": way.remark}
            )
        except WeComError as error:
            if error.errcode != WAY_GONE:
                raise
        else:
            return {}
    made = client.add_contact_way(
        {
            "type": SEVERAL,
            "scene": QR_CODE,
            "state": row.state_code,
            "user": way.user,
            "skip_verify": way.skip_verify,
            "remark": way.remark,
        }
    )
    return {"config_id": made["config_id"], "qr_code_url": made["qr_code"]}


def _take_away(row: Applied) -> None:
    """The code is closed: its way goes, so that old prints of WeCom's own picture lead nowhere either."""
    if row.config_id:
        try:
            client_for(app_of(_corp_id(row))).delete_contact_way(row.config_id)
        except WeComError as error:
            if error.errcode != WAY_GONE:
                _note_failure(row, error)
                return
        except DomainError as fault:
            _note_failure(row, fault)
            return
    _note(row, SyncState.REMOVED, config_id="", qr_code_url="", applied={})


def _corp_id(row: LiveCode | CustomerCode) -> int:
    return row.corp_id if isinstance(row, LiveCode) else row.code.corp_id


@transaction.atomic
def _note(row: Applied, state: SyncState, **changes: object) -> None:
    _tell(row, state)
    row.sync_state, row.sync_error = state, {}
    for field, value in changes.items():
        setattr(row, field, value)
    fields = ["sync_state", "sync_error", *changes]
    if isinstance(row, LiveCode) and state == SyncState.APPLIED:
        row.applied_at = clock.now()
        fields.append("applied_at")
    row.save(update_fields=fields)


@transaction.atomic
def _note_failure(row: Applied, fault: DomainError) -> None:
    """Show it on the code with advice, and try again by ourselves after a while."""
    said, advice = fault.said, fault.advice
    _tell(row, SyncState.FAILED)
    row.sync_state = SyncState.FAILED
    row.sync_error = {
        "zh": said.zh,
        "en": said.en,
        "advice_zh": advice.fill(**fault.values).zh if advice else "",
        "advice_en": advice.fill(**fault.values).en if advice else "",
        "errcode": fault.errcode if isinstance(fault, WeComError) else None,
    }
    row.save(update_fields=["sync_state", "sync_error"])
    if isinstance(fault, WeComError) and fault.reaction is Reaction.CONFIGURATION:
        note_fault(app_of(_corp_id(row)), fault)
    kind = APPLY_CODE if isinstance(row, LiveCode) else APPLY_CUSTOMER_CODE
    name = "code_id" if isinstance(row, LiveCode) else "customer_code_id"
    jobs.enqueue(kind, {name: row.pk}, run_at=clock.now() + _pause(fault), key=f"{kind}:{row.pk}:retry")


def _tell(row: LiveCode | CustomerCode, state: SyncState) -> None:
    """Say that a live code stands otherwise, so that whoever looks at it sees it at once."""
    if isinstance(row, CustomerCode) or row.sync_state == state:
        return
    now = clock.now()
    announce(
        Fact(
            event=CodeStateChanged(code_id=row.pk, before=str(row.sync_state), after=state.value),
            key=f"code.state_changed:{row.pk}:{now.isoformat()}",
            at=now,
            corp_id=row.corp_id,
            source=f"live_code:{row.pk}",
        )
    )


def _pause(fault: DomainError) -> timedelta:
    if isinstance(fault, WeComRateLimited):
        return timedelta(seconds=fault.retry_after)
    if isinstance(fault, WeComFault) and fault.can_retry:
        return PAUSE_UNREACHABLE
    return PAUSE_REFUSED


def _pass_over(code: LiveCode, shown: list[Member]) -> None:
    """One member whom WeCom does not take must not stop a rotation: the next in turn is tried at once."""
    if code.sync_error.get("errcode") not in MEMBER_FAULTS or len(shown) != 1:
        return
    until = (clock.now() + MEMBER_REFUSED).isoformat()
    kept = {member: at for member, at in code.refused.items() if datetime.fromisoformat(at) > clock.now()}
    LiveCode.objects.filter(pk=code.pk).update(refused=kept | {str(shown[0].pk): until})
    request_apply(code.pk)


def _look_again_at(code_id: int, moment: datetime | None) -> None:
    if moment is not None:
        jobs.enqueue(APPLY_CODE, {"code_id": code_id}, run_at=moment, key=f"{APPLY_CODE}:{code_id}:hour")


def reapply(codes: models.QuerySet[LiveCode]) -> None:
    for code_id in codes.values_list("pk", flat=True):
        request_apply(code_id)
