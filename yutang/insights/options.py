"""What a report may be told beyond its question."""

from dataclasses import dataclass

from yutang.insights.funnel import Funnel
from yutang.insights.rfm import Bounds


@dataclass(frozen=True)
class Options:
    bounds: Bounds | None = None  # of RFM; None: the merchant's
    by_quintiles: bool = False  # RFM by the quintiles of the buyers instead
    funnel: Funnel | None = None
    by_source: bool = False
    first: tuple[str, ...] = ()  # retention: the event people begin with; none: any
    returning: tuple[str, ...] = ()
    start: str = ""  # paths
    depth: int = 4
    backwards: bool = False
    most: int = 100  # rows of a list


@dataclass(frozen=True)
class Pick:
    """Whose number it was: which of a report's people are wanted. What does not apply stays None."""

    cohort: int | None = None
    age: int | None = None
    recency: int | None = None
    frequency: int | None = None
    money: int | None = None
    kind: str | None = None
    field: str | None = None
    source: str | None = None
    sku: str | None = None
    order_source: int | None = None
    store: int | None = None
    step: int | None = None
    lost: bool = False  # of a funnel's step: those who did not go on from it
    bucket: int | None = None
