"""A customer leaves name and phone on the page an invitation leads to; the phone joins them with their history."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from yutang.acquisition.events import ProfileCompleted
from yutang.acquisition.models import ProfileInvitation
from yutang.customers.consents import ConsentChannel, Purpose, state_consent
from yutang.customers.errors import FieldKeyTaken
from yutang.customers.identity import normal
from yutang.customers.models import Customer, CustomField, FieldKind, IdentityKind
from yutang.customers.services.edit import Edit, edit_person
from yutang.customers.services.fields import define_field
from yutang.customers.services.resolve import give_phone
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM, Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.facts import Fact, announce
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line
from yutang.kernel.throttle import take_attempt

SOURCE = "profile_page"
# What the page's sentence asks for: to recognise the customer, and to serve them. Advertising is another question.
AGREED, TEXT_VERSION = (Purpose.PROFILING, Purpose.SERVICE), "profile-page-1"
REAL_NAME = "real_name"
TRIES, TRY_WINDOW = 10, timedelta(hours=1)

NO_PHONE = Text("请填写有效的手机号。", "Please give a valid phone number.")
NO_CONSENT = Text("请先勾选同意。", "Please tick the box to agree first.")


def find_invitation(token: str) -> ProfileInvitation | None:
    """The open invitation of a token; none when it is unknown or over."""
    found = ProfileInvitation.objects.select_related("customer").filter(token=token, expires_at__gt=clock.now())
    invitation = found.first()
    return invitation if invitation is not None and invitation.customer.erased_at is None else None


def complete_profile(invitation: ProfileInvitation, *, name: str, phone: str, consented: bool, ip: str) -> None:
    """Take what the customer wrote. Raises BadInput for what cannot be used, TooMany for guessing."""
    take_attempt(f"profile:{invitation.pk}", limit=TRIES, per=TRY_WINDOW)
    take_attempt(f"profile-ip:{ip}", limit=TRIES * 6, per=TRY_WINDOW)
    if not consented:
        raise BadInput(NO_CONSENT)
    if normal(IdentityKind.PHONE, phone) is None:
        raise BadInput(NO_PHONE)
    _write(invitation, one_line(name, 50), phone, Actor(kind="customer", id=invitation.customer_id, ip=ip))


@transaction.atomic
def _write(invitation: ProfileInvitation, name: str, phone: str, by: Actor) -> None:
    now = clock.now()
    # One answer an invitation: a second press of the button finds it given.
    if not ProfileInvitation.objects.filter(pk=invitation.pk, answered_at=None).update(answered_at=now):
        return
    customer = Customer.objects.select_for_update().get(pk=invitation.customer_id)
    for purpose in AGREED:
        state_consent(
            customer,
            purpose=purpose,
            channel=ConsentChannel.ANY,
            granted=True,
            at=now,
            by=by,
            source=SOURCE,
            text_version=TEXT_VERSION,
        )
    give_phone(customer, phone, source=SOURCE, at=now, by=by)
    if name:
        _keep_name(Customer.objects.get(pk=customer.pk), name, by)
    told = ["phone", *(["name"] if name else [])]
    audit("profile.completed", by=by, subject_kind="customer", subject_id=customer.pk, fields=told)
    announce(
        Fact(
            event=ProfileCompleted(fields=told),
            key=f"profile.completed:{invitation.pk}",
            at=now,
            customer_id=customer.pk,
            member_id=invitation.member_id,
            source=SOURCE,
        )
    )


def _keep_name(customer: Customer, name: str, by: Actor) -> None:
    """WeChat's nickname stays the name; what the customer wants to be called is a field of the person beside it."""
    if not CustomField.objects.filter(key=REAL_NAME, archived_at=None).exists():
        try:
            with transaction.atomic():
                define_field(REAL_NAME, "姓名", FieldKind.TEXT, by=SYSTEM)
        except (FieldKeyTaken, IntegrityError):
            if not CustomField.objects.filter(key=REAL_NAME, kind=FieldKind.TEXT, archived_at=None).exists():
                return  # the merchant has a field of this key for something else
    edit_person(Customer.objects.get(pk=customer.person_key), Edit(fields={REAL_NAME: name}), by=by)
