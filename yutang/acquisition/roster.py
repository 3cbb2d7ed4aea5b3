"""Who is on duty for a live code, and whose turn it is. Plain values in, plain values out: no rows and no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.db.models import TextChoices

from yutang.acquisition.hours import Hours

MOST_MEMBERS = 100  # that a contact way of WeCom may lead to (doc 92228)


class Rotation(TextChoices):
    TURN = "turn"
    RATIO = "ratio"
    LEAST_LOADED = "least_loaded"
    ALL = "all"  # WeCom picks one of everybody on duty at random


@dataclass(frozen=True)
class Candidate:
    """A member some live code may lead to, as of one moment."""

    member_id: int
    is_backup: bool = False
    takes_customers: bool = True  # active, allowed to serve customers, and not off line
    weight: int = 1  # share under `ratio`
    daily_cap: int | None = None
    added_today: int = 0  # through this code
    load: int = 0  # customers held now
    credit: int = 0  # what the rotation still owes this member; see `charged`

    @property
    def is_free(self) -> bool:
        return self.takes_customers and (self.daily_cap is None or self.added_today < self.daily_cap)


@dataclass(frozen=True)
class Shift:
    hours: Hours
    member_ids: frozenset[int] = frozenset()  # empty: everybody

    def holds(self, member_id: int, local: datetime) -> bool:
        return (not self.member_ids or member_id in self.member_ids) and self.hours.cover(local)


def on_duty(candidates: Sequence[Candidate], shifts: Sequence[Shift], local: datetime) -> list[Candidate]:
    """Everybody who may be added now, in the order given; the backups when nobody else is left.

    Without shifts everybody works at all hours. Backups work at all hours too: they are there for when nobody is.
    """
    regular = [
        each
        for each in candidates
        if not each.is_backup
        and each.is_free
        and (not shifts or any(shift.holds(each.member_id, local) for shift in shifts))
    ]
    return regular or [each for each in candidates if each.is_backup and each.is_free]


def next_member(duty: Sequence[Candidate], rotation: Rotation) -> int | None:
    """Whose turn it is; the first named wins a tie. None where nobody is on duty."""
    if not duty:
        return None
    match rotation:
        case Rotation.TURN | Rotation.RATIO:
            return max(duty, key=lambda each: each.credit + _share(each, rotation)).member_id
        case Rotation.LEAST_LOADED:
            return min(duty, key=lambda each: (each.load, each.added_today)).member_id
        case Rotation.ALL:
            return duty[0].member_id
        case _:
            assert_never(rotation)


def shown(duty: Sequence[Candidate], rotation: Rotation, *, owner_id: int | None = None) -> tuple[int, ...]:
    """The members the code has to lead to now: one, or all on duty; a customer's own member where there is one."""
    if owner_id is not None:
        return (owner_id,)
    if rotation == Rotation.ALL:
        return tuple(each.member_id for each in duty[:MOST_MEMBERS])
    chosen = next_member(duty, rotation)
    return () if chosen is None else (chosen,)


WITH_MEMORY = (Rotation.TURN, Rotation.RATIO)  # each new customer moves these on


def charged(duty: Sequence[Candidate], rotation: Rotation, member_id: int) -> dict[int, int]:
    """Everybody's credit after `member_id` got a customer.

    Smooth weighted round robin: each turn pays every member on duty its share and takes the whole pot from the one who
    got the customer. The one who really got it is charged, not the one whose turn it was; so when two strangers scan
    at once and both reach the same member, that member is passed over next time and the shares still come out.
    A member who was not on duty (an old print of WeCom's own code) changes nothing for the others.
    """
    owed = {each.member_id: each.credit for each in duty}
    if rotation not in WITH_MEMORY or member_id not in owed:
        return owed
    pot = sum(_share(each, rotation) for each in duty)
    for each in duty:
        owed[each.member_id] += _share(each, rotation)
    owed[member_id] -= pot
    return owed


def _share(candidate: Candidate, rotation: Rotation) -> int:
    return candidate.weight if rotation == Rotation.RATIO else 1


def merged_credits(before: Mapping[str, int], after: Mapping[int, int], known: Sequence[int]) -> dict[str, int]:
    """Credits to keep: of members the code still has, those not on duty keeping theirs. Keys are JSON's strings."""
    kept = {str(member_id): before.get(str(member_id), 0) for member_id in known}
    return {key: value for key, value in (kept | {str(m): c for m, c in after.items()}).items() if value}
