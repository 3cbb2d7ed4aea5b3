"""What a customer allows, per purpose and channel. Over the records of one person the strictest newest one counts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices

from yutang.customers.errors import CustomerErased
from yutang.customers.events import ConsentStated
from yutang.customers.models import Consent, Customer
from yutang.customers.queries import record_ids_of
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.facts import Fact, announce


class Purpose(TextChoices):
    MARKETING = "marketing"
    SERVICE = "service"
    PROFILING = "profiling"
    SHARING = "sharing"  # handing data to others


class ConsentChannel(TextChoices):
    ANY = "any"
    WECOM = "wecom"
    SMS = "sms"
    EMAIL = "email"
    PHONE = "phone"
    OFFICIAL_ACCOUNT = "official_account"
    MINI_PROGRAM = "mini_program"


@dataclass(frozen=True)
class Standing:
    """What counts today for one purpose and channel."""

    purpose: str
    channel: str
    granted: bool
    at: datetime
    source: str


def strictest(statements: Iterable[Consent]) -> list[Standing]:
    """Of each record the newest statement; of those the refusals first: what a person's records say together."""
    newest: dict[tuple[int, str, str], Consent] = {}
    for statement in sorted(statements, key=lambda each: (each.at, each.pk)):
        newest[(statement.customer_id, statement.purpose, statement.channel)] = statement
    standing: dict[tuple[str, str], Standing] = {}
    for (_, purpose, channel), said in sorted(newest.items(), key=lambda item: (item[1].at, item[1].pk)):
        before = standing.get((purpose, channel))
        if before is None or not said.granted or before.granted:
            standing[(purpose, channel)] = Standing(purpose, channel, said.granted, said.at, said.source)
    return [standing[key] for key in sorted(standing)]


def standing_of(record_ids: Collection[int]) -> list[Standing]:
    """What the records of one person say together."""
    return strictest(Consent.objects.filter(customer__in=record_ids))


@transaction.atomic
def state_consent(
    customer: Customer,
    *,
    purpose: str,
    channel: str,
    granted: bool,
    at: datetime,
    by: Actor,
    source: str = "",
    text_version: str = "",
) -> None:
    """The customer says what they allow. It is noted on each record of the person, so that an older no of a record
    merged in does not outlive a newer yes, and stays with each record should they come apart."""
    person = Customer.objects.select_for_update(no_key=True).get(pk=customer.person_key)
    if person.erased_at:
        raise CustomerErased
    made = Consent.objects.bulk_create(
        Consent(
            customer_id=record,
            purpose=Purpose(purpose),
            channel=ConsentChannel(channel),
            granted=granted,
            at=at,
            source=source[:64],
            text_version=text_version[:64],
            by_name=by.name[:200],
        )
        for record in record_ids_of(person.pk)
    )
    audit(
        "consent.stated",
        by=by,
        subject_kind="customer",
        subject_id=person.pk,
        purpose=purpose,
        channel=channel,
        granted=granted,
    )
    announce(
        Fact(
            event=ConsentStated(purpose=purpose, channel=channel, granted=granted),
            key=f"consent.stated:{made[0].pk}",
            at=at,
            customer_id=person.pk,
            source=source[:64],
        )
    )
