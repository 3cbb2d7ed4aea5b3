"""From what happened between one customer and one member to the spells during which they were contacts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum


class Kind(IntEnum):
    """What may happen; of things told for the same second, the smaller comes first."""

    HALF = 0  # added, the member has yet to confirm
    ADDED = 1
    CONFIRMED = 2
    REPLIED = 3
    LOST = 4


@dataclass(frozen=True)
class Happening:
    at: datetime
    kind: Kind
    state_code: str = ""  # of adds
    by: str = ""  # of losses


@dataclass(frozen=True)
class Spell:
    state_code: str
    at: datetime
    completed_at: datetime | None = None
    replied_at: datetime | None = None
    lost_at: datetime | None = None
    lost_by: str = ""


def spells(happenings: Iterable[Happening]) -> list[Spell]:
    """The spells of one customer with one member, whatever the order in which we heard of things."""
    found: list[Spell] = []
    for each in sorted(happenings, key=lambda happening: (happening.at, happening.kind)):
        last = found[-1] if found and found[-1].lost_at is None else None
        match each.kind:
            case Kind.HALF if last is None or last.completed_at is not None:
                found.append(Spell(each.state_code, each.at))
            case Kind.ADDED if last is None or last.completed_at is not None:
                found.append(Spell(each.state_code, each.at, completed_at=each.at))
            case Kind.ADDED | Kind.CONFIRMED if last is not None and last.completed_at is None:
                found[-1] = replace(last, completed_at=each.at, state_code=last.state_code or each.state_code)
            case Kind.REPLIED if last is not None and last.replied_at is None:
                found[-1] = replace(last, replied_at=each.at)
            case Kind.LOST if last is not None:
                found[-1] = replace(last, lost_at=each.at, lost_by=each.by)
            case _:
                pass
    return found
