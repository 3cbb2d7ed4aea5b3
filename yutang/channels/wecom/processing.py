"""What each callback means for us. Handlers write only: whatever has to be asked of WeCom is a job they leave behind.

Every handler may run twice, late, and in any order with others: times decide, not arrival.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yutang.channels.wecom import work
from yutang.channels.wecom.callback_errors import CallbackRefused
from yutang.channels.wecom.callbacks import CHANNEL, callback_of, kind_of
from yutang.channels.wecom.customers_in import record_behind
from yutang.channels.wecom.events import ArchiveConsented, CustomerReplied, GroupChanged, TransferFailed
from yutang.channels.wecom.models import WeComApp
from yutang.channels.wecom.payload import ParsedCallback, as_int
from yutang.channels.wecom.tickets import say_whose
from yutang.customers.models import Customer, OwnershipState
from yutang.customers.services.ownership import Details, apply_relation
from yutang.events.models import InboxMessage, InboxState
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.kernel.facts import DomainEvent, Fact, announce
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Member, MemberStatus
from yutang.organization.services.address_book import (
    DepartmentRow,
    MemberRow,
    ensure_member,
    mark_departments_gone,
    mark_members_left,
    rename_member,
    upsert_departments,
    upsert_members,
)

log = logging.getLogger(__name__)


class Incomplete(Exception):
    """An event lacks what its kind cannot be understood without."""


@dataclass(frozen=True)
class Delivery:
    """One stored callback on its way through a handler."""

    app: WeComApp
    message: InboxMessage
    callback: ParsedCallback

    @property
    def at(self) -> datetime:
        return self.message.happened_at or self.message.received_at

    def require(self, *names: str) -> str:
        value = self.callback.text(*names)
        if not value:
            raise Incomplete(f"{names[0]} is missing")
        return one_line(value, 64)

    def member(self) -> Member:
        return ensure_member(self.app.corp, self.require("UserID", "UserId"))

    def customer(self) -> Customer:
        return record_behind(self.app, self.external_userid, at=self.at)

    @property
    def external_userid(self) -> str:
        return self.require("ExternalUserID", "ExternalUserId")

    def announce(self, event: DomainEvent, *, customer: Customer | None = None, member: Member | None = None) -> None:
        announce(
            Fact(
                event=event,
                key=f"{self.message.key}:{event.name}"[:200],
                at=self.at,
                customer_id=customer.pk if customer else None,
                member_id=member.pk if member else None,
                corp_id=self.app.corp_id,
                source=CHANNEL,
            )
        )


Handler = Callable[[Delivery], None]
HANDLERS: dict[str, Handler] = {}


def handles(*kinds: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(kinds, handler))
        return handler

    return register


def process(message_id: int, app_id: int) -> None:
    """Bring a stored callback to its outcome, once. What cannot be understood is kept and shown, and stops nothing."""
    try:
        with transaction.atomic():
            message = InboxMessage.objects.select_for_update().get(pk=message_id)
            if message.state in (InboxState.DONE, InboxState.UNKNOWN):
                return
            app = WeComApp.objects.select_related("corp").get(pk=app_id)
            _settle(message, *_carry_out(app, message))
    except Exception as error:
        InboxMessage.objects.filter(pk=message_id).update(
            state=InboxState.FAILED, error=f"{type(error).__name__}: {error}"[:2000], processed_at=clock.now()
        )
        raise


def _carry_out(app: WeComApp, message: InboxMessage) -> tuple[InboxState, str]:
    try:
        callback = callback_of(message)
        handler = HANDLERS.get(kind_of(callback)) or HANDLERS.get(callback.event)
        if handler is None:
            return InboxState.UNKNOWN, "This version does nothing with callbacks of this kind."
        handler(Delivery(app, message, callback))
    except (CallbackRefused, Incomplete) as problem:
        return InboxState.UNKNOWN, str(problem)
    return InboxState.DONE, ""


def _settle(message: InboxMessage, state: InboxState, note: str) -> None:
    message.state, message.error, message.processed_at = state, note, clock.now()
    message.attempts += 1
    message.save(update_fields=["state", "error", "processed_at", "attempts"])


# customers


@handles("change_external_contact/add_external_contact", "change_external_contact/add_half_external_contact")
def contact_added(delivery: Delivery) -> None:
    """The greeting is under way by its ticket, and waits for none of this."""
    customer, member = delivery.customer(), delivery.member()
    half = "half" in delivery.callback.change_type
    apply_relation(
        customer,
        member,
        OwnershipState.HALF if half else OwnershipState.MUTUAL,
        at=delivery.at,
        by=SYSTEM,
        details=Details(state_code=one_line(delivery.callback.state, 128) or None),
        ticket_id=say_whose(delivery.app.pk, delivery.callback, customer, member),
        source=CHANNEL,
    )
    work.fetch_customer(delivery.app, delivery.external_userid, soon=True)
    if not member.name:
        work.fetch_member(delivery.app, member.userid)


@handles("change_external_contact/edit_external_contact")
def contact_edited(delivery: Delivery) -> None:
    """The event does not say what changed, so the detail is read; a further edit meanwhile needs no second reading."""
    delivery.require("UserID", "UserId")
    work.fetch_customer(delivery.app, delivery.external_userid)


@handles("change_external_contact/del_external_contact")
def deleted_by_member(delivery: Delivery) -> None:
    handed_over = delivery.callback.text("Source") == "DELETE_BY_TRANSFER"
    state = OwnershipState.TRANSFERRED if handed_over else OwnershipState.DELETED_BY_MEMBER
    _end(delivery, state)


@handles("change_external_contact/del_follow_user")
def deleted_by_customer(delivery: Delivery) -> None:
    _end(delivery, OwnershipState.DELETED_BY_CUSTOMER)


def _end(delivery: Delivery, state: OwnershipState) -> None:
    apply_relation(delivery.customer(), delivery.member(), state, at=delivery.at, by=SYSTEM, source=CHANNEL)


@handles("change_external_contact/transfer_fail")
def transfer_failed(delivery: Delivery) -> None:
    reason = one_line(delivery.callback.text("FailReason"), 64)
    delivery.announce(TransferFailed(reason), customer=delivery.customer(), member=delivery.member())


@handles("change_external_contact/msg_audit_approved")
def archive_consented(delivery: Delivery) -> None:
    """With chat archiving on, this event may carry the welcome code that works, so it is a chance to greet, too."""
    customer, member = delivery.customer(), delivery.member()
    ticket_id = say_whose(delivery.app.pk, delivery.callback, customer, member)
    delivery.announce(ArchiveConsented(ticket_id), customer=customer, member=member)
    work.fetch_customer(delivery.app, delivery.external_userid)


@handles("customer_acquisition/customer_start_chat")
def customer_replied(delivery: Delivery) -> None:
    delivery.announce(CustomerReplied(), customer=delivery.customer(), member=delivery.member())


# the tag library


@handles("change_external_tag")
def tag_library_changed(delivery: Delivery) -> None:
    """Created, changed, deleted or reordered: the library is small, so it is read anew."""
    work.fetch_tag_library(delivery.app)


# the address book

STATUSES = {
    1: MemberStatus.ACTIVE,
    2: MemberStatus.DISABLED,
    4: MemberStatus.NOT_ACTIVATED,
    5: MemberStatus.LEFT,
}


@handles("change_contact/create_user", "change_contact/update_user")
def member_changed(delivery: Delivery) -> None:
    """Only what changed is told, and personal fields only to some apps; the rest is read from WeCom."""
    corp, callback, userid = delivery.app.corp, delivery.callback, delivery.require("UserID", "UserId")
    renamed = one_line(callback.text("NewUserID"), 64)
    if renamed:
        rename_member(corp, userid, renamed)
        userid = renamed
    departments = callback.text("Department")
    row = MemberRow(
        userid=userid,
        name=callback.text("Name"),
        alias=callback.text("Alias"),
        position=callback.text("Position"),
        avatar=callback.text("Avatar"),
        status=STATUSES.get(callback.number("Status") or 0),
        department_ids=[int(each) for each in departments.split(",") if each.strip().isdigit()] or None,
    )
    upsert_members(corp, [row])
    work.fetch_member(delivery.app, userid)


@handles("change_contact/delete_user")
def member_left(delivery: Delivery) -> None:
    mark_members_left(delivery.app.corp, [delivery.require("UserID", "UserId")])


@handles("change_contact/create_party", "change_contact/update_party")
def department_changed(delivery: Delivery) -> None:
    row = DepartmentRow(
        wecom_id=_number(delivery, "Id"),
        parent_wecom_id=delivery.callback.number("ParentId"),
        name=delivery.callback.text("Name"),
        order=delivery.callback.number("Order"),
    )
    upsert_departments(delivery.app.corp, [row])


@handles("change_contact/delete_party")
def department_gone(delivery: Delivery) -> None:
    mark_departments_gone(delivery.app.corp, [_number(delivery, "Id")])


def _number(delivery: Delivery, name: str) -> int:
    number = as_int(delivery.callback.fields.get(name))
    if number is None:
        raise Incomplete(f"{name} is missing")
    return number


# groups: kept as facts for the apps that look after groups


@handles("change_external_chat")
def group_changed(delivery: Delivery) -> None:
    callback = delivery.callback
    delivery.announce(
        GroupChanged(
            chat_id=delivery.require("ChatId"),
            change=callback.change_type,
            detail=callback.text("UpdateDetail"),
            members=callback.texts("MemChangeList", "Item"),
        )
    )
