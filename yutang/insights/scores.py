"""The rates of the five-high scoreboard, from its counts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Scores:
    """Shares from 0 to 1 (acquire may be more); None where there is nothing to be a share of."""

    acquire: float | None
    convert: float | None
    reputation: float | None
    spread: float | None
    repurchase: float | None
    effective: float | None


def scores_of(counts: Mapping[str, int]) -> Scores:
    left = share(counts["left"], counts["contacts_during"])
    return Scores(
        acquire=share(counts["new_contacts"], counts["contacts_before"]),
        convert=share(counts["converted"], counts["contacts_during"]),
        reputation=None if left is None else max(0.0, 1.0 - left),
        spread=share(counts["referred"], counts["new_contacts"]),
        repurchase=share(counts["repurchasing"], counts["buyers"]),
        effective=share(counts["effective"], counts["new_contacts"]),
    )


def share(part: float | None, whole: float | None) -> float | None:
    return None if not whole or part is None else part / whole
