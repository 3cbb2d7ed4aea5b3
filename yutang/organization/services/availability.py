"""Whether a member can take new customers, and telling when that changes."""

from collections.abc import Iterable

from yutang.kernel import clock
from yutang.kernel.facts import Fact, announce_many
from yutang.organization.events import MemberAvailabilityChanged
from yutang.organization.models import Member, MemberStatus


def is_available(member: Member) -> bool:
    return member.status == MemberStatus.ACTIVE and member.serves_customers and member.takes_customers


def announce_availability(members: Iterable[Member], *, reason: str) -> None:
    """Say how these members stand now. Called, in the transaction of the change, for those it changed."""
    now = clock.now()
    announce_many(
        Fact(
            event=MemberAvailabilityChanged(is_available=is_available(member), reason=reason),
            key=f"member.availability:{member.pk}:{now.isoformat()}:{reason}",
            at=now,
            member_id=member.pk,
            corp_id=member.corp_id,
            source="organization",
        )
        for member in members
    )
