"""Entry points of background work: what follows an add or a loss, and bringing codes in line with WeCom."""

from datetime import date
from typing import cast

from yutang.acquisition.models import CustomerCode
from yutang.acquisition.services import activity, after_add, apply, arrivals, batches
from yutang.acquisition.staffing import codes_leading_to
from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.events import CustomerReplied
from yutang.customers.events import ContactAdded, ContactConfirmed, ContactLost
from yutang.kernel.facts import Fact, consumes
from yutang.kernel.jobs import GiveUp, handles
from yutang.organization.events import MemberAvailabilityChanged


@consumes(MemberAvailabilityChanged)
def restaff_codes(fact: Fact) -> None:
    """The codes a member stands behind lead elsewhere now, or to the member again."""
    if fact.member_id is not None:
        apply.reapply(codes_leading_to([fact.member_id]).filter(archived_at=None))


@consumes(ContactAdded)
def follow_up_add(fact: Fact) -> None:
    _follow_up(fact, cast(ContactAdded, fact.event).state_code)


@consumes(ContactConfirmed)
def follow_up_confirmation(fact: Fact) -> None:
    _follow_up(fact, cast(ContactConfirmed, fact.event).state_code)


@consumes(CustomerReplied)
def count_reply(fact: Fact) -> None:
    count_loss(fact)


@consumes(ContactLost)
def count_loss(fact: Fact) -> None:
    if fact.customer_id is not None and fact.member_id is not None:
        arrivals.count_pair(fact.customer_id, fact.member_id)


def _follow_up(fact: Fact, state_code: str) -> None:
    code = arrivals.code_of_state(state_code)
    if code is None or fact.customer_id is None or fact.member_id is None:
        return
    if fact.corp_id is not None:
        activity.plan_reading(fact.corp_id)
    # The rotation first: the next stranger may be scanning already.
    arrivals.count_pair(fact.customer_id, fact.member_id)
    after_add.treat(fact, code)
    card = CustomerCode.objects.filter(state_code=state_code).first()
    if card is not None:
        after_add.join(fact, card)


@handles(apply.APPLY_CODE)
def apply_code(payload: dict[str, object]) -> None:
    apply.apply_code(cast(int, payload["code_id"]))


@handles(apply.APPLY_CUSTOMER_CODE)
def apply_customer_code(payload: dict[str, object]) -> None:
    apply.apply_customer_code(cast(int, payload["customer_code_id"]))


@handles(after_add.WRITE_REMARK)
def write_remark(payload: dict[str, object]) -> None:
    try:
        after_add.write_remark(*(cast(int, payload[name]) for name in ("customer_id", "member_id", "code_id")))
    except WeComError as refusal:
        raise GiveUp(str(refusal)) from refusal


@handles(after_add.TELL_MEMBER)
def tell_member(payload: dict[str, object]) -> None:
    try:
        after_add.tell_member(cast(int, payload["member_id"]), str(payload["text"]))
    except WeComError as refusal:
        raise GiveUp(str(refusal)) from refusal


@handles(batches.CREATE_BATCH, lane="bulk")
def create_batch(payload: dict[str, object]) -> None:
    batches.carry_on(cast(int, payload["batch_id"]))


@handles(activity.READ_ACTIVITY, lane="bulk")
def read_activity(payload: dict[str, object]) -> None:
    activity.read_activity(cast(int, payload["corp_id"]), date.fromisoformat(str(payload["day"])))
