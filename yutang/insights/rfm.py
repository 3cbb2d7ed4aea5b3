"""The bounds and names of the RFM grid. Plain values; `reports.rfm` asks the pond."""

from collections.abc import Sequence
from dataclasses import dataclass

from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text

SCORES = (1, 2, 3, 4, 5)
_MOST = 10**15

UNEVEN = Text(
    "每组界限需要 4 个从小到大的非负整数。", "Each set of bounds takes four rising whole numbers, none below 0."
)


@dataclass(frozen=True)
class Bounds:
    """Four bounds part five scores. Recency in days (fewer is better), purchases, and fen: a value on a bound gets the
    better score.
    """

    recency_days: tuple[int, ...] = (14, 30, 60, 90)  # up to 14 days: 5
    purchases: tuple[int, ...] = (2, 3, 5, 8)  # from 8 on: 5
    spent_fen: tuple[int, ...] = (10_000, 30_000, 80_000, 200_000)

    def __post_init__(self) -> None:
        for name in ("recency_days", "purchases", "spent_fen"):
            given: Sequence[int] = getattr(self, name)
            rising = len(given) == len(SCORES) - 1 and list(given) == sorted(set(given))
            if not rising or given[0] < 0 or given[-1] > _MOST:
                raise BadInput(UNEVEN, fields={name: UNEVEN.here()})


@dataclass(frozen=True)
class Kind:
    """One of the eight kinds of customer: whether recency, frequency and money are high."""

    key: str
    name: Text
    advice: Text
    recent: bool
    frequent: bool
    rich: bool


HIGH_FROM = 4  # a score from which a customer counts as high

KINDS = (
    Kind(
        "champions",
        Text("重要价值", "Champions"),
        Text("专属服务，优先尝新", "Serve personally, first to try"),
        True,
        True,
        True,
    ),
    Kind(
        "promising",
        Text("重要发展", "Big spenders"),
        Text("提高购买频次", "Bring them in more often"),
        True,
        False,
        True,
    ),
    Kind(
        "keep",
        Text("重要保持", "Slipping loyals"),
        Text("主动关怀，防止流失", "Care before they leave"),
        False,
        True,
        True,
    ),
    Kind("rescue", Text("重要挽留", "Lost big spenders"), Text("重点召回", "Win back first"), False, False, True),
    Kind("regular", Text("一般价值", "Regulars"), Text("提升客单价", "Raise the basket"), True, True, False),
    Kind(
        "new", Text("一般发展", "Newcomers"), Text("引导第二次购买", "Lead to the second purchase"), True, False, False
    ),
    Kind("hold", Text("一般保持", "Slipping regulars"), Text("唤醒提醒", "Remind"), False, True, False),
    Kind("dormant", Text("一般挽留", "Dormant"), Text("低成本触达", "Touch at low cost"), False, False, False),
)


def kind_of(recency: int, frequency: int, money: int) -> Kind:
    high = (recency >= HIGH_FROM, frequency >= HIGH_FROM, money >= HIGH_FROM)
    return next(kind for kind in KINDS if (kind.recent, kind.frequent, kind.rich) == high)
