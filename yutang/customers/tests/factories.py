"""Ids and people for tests; valid with no arguments."""

from datetime import UTC, datetime, timedelta
from itertools import count

from yutang.customers.identity import Claim
from yutang.customers.models import Customer, OwnershipState
from yutang.customers.services.ownership import Details, apply_relation
from yutang.customers.services.resolve import Resolution, resolve
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Member

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
_numbers = count(1)


def at(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def a_phone() -> str:
    return f"139{10_000_000 + next(_numbers):08d}"


def phone(number: str) -> Claim:
    return Claim("phone", number)


def wecom(userid: str, corp: str = "corp1") -> Claim:
    return Claim("external_userid", userid, corp)


def buyer(number: str, issuer: str = "retail") -> Claim:
    return Claim("buyer_id", number, issuer)


def tell(*claims: Claim, name: str = "", source: str = "test", when: datetime = AT) -> Resolution:
    return resolve(claims, source=source, at=when, by=SYSTEM, name=name)


def a_customer(name: str = "", *claims: Claim) -> Customer:
    return tell(*(claims or (buyer(f"b{next(_numbers)}"),)), name=name).customer


def a_contact(member: Member, name: str = "林夏", *, remark: str = "", when: datetime = AT, **told: object) -> Customer:
    """A customer whom a member holds in WeCom."""
    customer = a_customer(name, wecom(f"wm{next(_numbers)}", member.corp.wecom_corpid))
    details = Details(remark=remark, **told)  # type: ignore[arg-type]
    apply_relation(customer, member, OwnershipState.MUTUAL, at=when, by=SYSTEM, details=details)
    customer.refresh_from_db()
    return customer
