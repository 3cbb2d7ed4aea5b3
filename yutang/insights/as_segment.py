"""A number as the rule of a segment: the same people, said in the words of segments, to be kept and served.

Only what can be said exactly is said; everything else is refused with its reason. Days of the period are written out as
moments, so that the rule means tomorrow whom the number counts today.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yutang.insights.errors import NotARule
from yutang.insights.funnel import Funnel
from yutang.insights.options import Options, Pick
from yutang.insights.question import Question, first_day
from yutang.insights.rfm import HIGH_FROM, KINDS, SCORES, Bounds
from yutang.kernel.language import Text
from yutang.segments.rule import Rule

Leaf = dict[str, Any]

NO_WORDS = Text("这个数字没有对应的人群规则", "segments have no condition for this figure")
FREE_ORDERS = Text("人群不把零元订单计为购买", "segments do not count free orders as purchases")
OTHER_CURRENCY = Text("人群的金额不分币种", "segments add up amounts of any currency")
BY_SOURCE = Text("人群不区分事件来源", "segments do not part people by the source of a figure")
PERIOD_OVER = Text(
    "时间范围须截止到今天，漏斗后续步骤才有相同的期限", "the period must end today, so that steps after it count alike"
)
TOO_MANY_STEPS = Text("人群的先后条件最多 5 步", "a sequence in a segment has at most five steps")
ODD_WINDOW = Text("转化窗口须为整分钟", "the window must be whole minutes")

MOST_STEPS = 5
_MOST_TIMES = 10


@dataclass(frozen=True)
class Said:
    """What a rule is written from."""

    question: Question
    options: Options
    pick: Pick
    bounds: Bounds
    today: date
    one_currency: bool

    @property
    def since(self) -> str:
        return self.begin(self.question.period.since)

    @property
    def after(self) -> str:
        """The first moment after the period."""
        return self.begin(self.question.period.until + timedelta(days=1))

    def begin(self, day: date) -> str:
        zone = ZoneInfo(self.question.zone)
        return datetime.combine(day, time(), zone).astimezone(UTC).isoformat()

    def during(self) -> Leaf:
        return between(self.since, self.after)

    def until(self) -> Leaf:
        return between(None, self.after)

    def step(self, bucket: int) -> tuple[str, str]:
        """A step of the period's grain as two moments."""
        grain = self.question.grain
        return self.begin(first_day(bucket, grain)), self.begin(first_day(bucket + 1, grain))

    def orders(self, window: Leaf, measure: str, op: str, value: int | str, **more: Any) -> Leaf:
        """A condition on purchases, as the report counts them."""
        if self.question.free_orders:
            raise NotARule(why=FREE_ORDERS)
        if not self.one_currency:
            raise NotARule(why=OTHER_CURRENCY)
        if measure == "count" and self.question.one_a_day:
            measure = "days"
        narrowed = {"sources": list(self.question.order_sources), "stores": list(self.question.stores)} | more
        said = {"measure": measure, "op": op, "value": value}
        return {"kind": "orders", "window": window, "is": said} | {k: v for k, v in narrowed.items() if v}


def between(since: str | None, until: str | None) -> Leaf:
    ends = {"since": since, "until": until}
    return {"kind": "between"} | {name: at for name, at in ends.items() if at is not None}


EVER: Leaf = {"kind": "ever"}


def _buyers(said: Said) -> list[Leaf]:
    pick = said.pick
    if pick.field is not None:
        raise NotARule(why=NO_WORDS)
    more = {
        "sources": [pick.order_source] if pick.order_source else None,
        "stores": [pick.store] if pick.store else None,
    }
    window = said.during()
    if pick.bucket is not None:
        since, after = said.step(pick.bucket)
        window = between(max(since, said.since), min(after, said.after))
    return [said.orders(window, "count", "gte", 1, **more)]


def _new_buyers(said: Said) -> list[Leaf]:
    return [said.orders(EVER, "first", "gte", said.since), said.orders(EVER, "first", "lt", said.after)]


def _repurchasing(said: Said) -> list[Leaf]:
    """A purchase in the period that was not the first of their life."""
    return [said.orders(said.during(), "count", "gte", 1), said.orders(said.until(), "count", "gte", 2)]


def _times(said: Said) -> list[Leaf]:
    times = said.pick.step or 1
    return [said.orders(said.during(), "count", "eq" if times < _MOST_TIMES else "gte", times)]


def _new_customers(said: Said) -> list[Leaf]:
    if said.pick.source is not None:
        raise NotARule(why=BY_SOURCE)
    window = said.during()
    if said.pick.bucket is not None:
        since, after = said.step(said.pick.bucket)
        window = between(max(since, said.since), min(after, said.after))
    return [{"kind": "created", "window": window}]


def _happened(*names: str) -> Callable[[Said], list[Leaf]]:
    def of(said: Said) -> list[Leaf]:
        return [_did(list(names), said.during())]

    return of


def _did(names: list[str], window: Leaf) -> Leaf:
    once = {"measure": "count", "op": "gte", "value": 1}
    return {"kind": "events", "which": {"events": names}, "window": window, "is": once}


def _cohort(said: Said) -> list[Leaf]:
    if said.pick.cohort is None:
        raise NotARule(why=NO_WORDS)
    since, after = said.step(said.pick.cohort)
    leaves = [said.orders(EVER, "first", "gte", since), said.orders(EVER, "first", "lt", after)]
    if said.pick.age:
        leaves.append(said.orders(between(*said.step(said.pick.cohort + said.pick.age)), "count", "gte", 1))
    return leaves


def _product(said: Said) -> list[Leaf]:
    if not said.pick.sku:
        raise NotARule(why=NO_WORDS)
    return [said.orders(said.during(), "count", "gte", 1, skus=[said.pick.sku])]


def _rfm(said: Said) -> list[Leaf]:
    pick, bounds = said.pick, said.bounds
    kind = next((kind for kind in KINDS if kind.key == pick.kind), None)
    leaves = [said.orders(said.until(), "count", "gte", 1)]
    for score, high, of in (
        (pick.recency, kind and kind.recent, _recency),
        (pick.frequency, kind and kind.frequent, _frequency),
        (pick.money, kind and kind.rich, _money),
    ):
        lowest, highest = SCORES[0], SCORES[-1]
        if high is not None:
            lowest, highest = (HIGH_FROM, highest) if high else (lowest, HIGH_FROM - 1)
        if score is not None:
            lowest, highest = max(lowest, score), min(highest, score)
        leaves += of(said, bounds, lowest, highest)
    return leaves


def _recency(said: Said, bounds: Bounds, lowest: int, highest: int) -> list[Leaf]:
    """A score of s or better: the last purchase at most `recency_days[5 - s]` days before the period's last day."""

    def day(score: int) -> str:
        return said.begin(said.question.period.until - timedelta(days=bounds.recency_days[SCORES[-1] - score]))

    return _bounded(lambda op, score: said.orders(said.until(), "last", op, day(score)), lowest, highest)


def _frequency(said: Said, bounds: Bounds, lowest: int, highest: int) -> list[Leaf]:
    return _bounded(
        lambda op, score: said.orders(said.until(), "count", op, bounds.purchases[score - 2]), lowest, highest
    )


def _money(said: Said, bounds: Bounds, lowest: int, highest: int) -> list[Leaf]:
    return _bounded(
        lambda op, score: said.orders(said.until(), "sum", op, bounds.spent_fen[score - 2], gross=True), lowest, highest
    )


def _bounded(leaf: Callable[[str, int], Leaf], lowest: int, highest: int) -> list[Leaf]:
    """Scores from `lowest` to `highest`: at least the bound of the lowest, and below that of the next above."""
    found = [leaf("gte", lowest)] if lowest > SCORES[0] else []
    return found + ([leaf("lt", highest + 1)] if highest < SCORES[-1] else [])


def _funnel(said: Said) -> list[Leaf]:
    if said.options.funnel is None or said.pick.source is not None:
        raise NotARule(why=NO_WORDS if said.options.funnel is None else BY_SOURCE)
    if said.question.period.until < said.today:
        raise NotARule(why=PERIOD_OVER)
    shape, step = said.options.funnel, said.pick.step or 1
    leaves = [_chain(said, shape, step)]
    if said.pick.lost and step < len(shape.steps):
        leaves.append({"kind": "not", "of": _chain(said, shape, step + 1)})
    return leaves


def _chain(said: Said, shape: Funnel, steps: int) -> Leaf:
    window = between(said.since, None)
    if steps == 1:
        return _did([shape.steps[0]], window)
    if steps > MOST_STEPS:
        raise NotARule(why=TOO_MANY_STEPS)
    chain: Leaf = {"kind": "sequence", "steps": [{"events": [name]} for name in shape.steps[:steps]]}
    chain |= {"within": _duration(shape.window_seconds), "window": window}
    return chain | ({"excluding": {"events": list(shape.exclude)}} if shape.exclude else {})


def _duration(seconds: int) -> Leaf:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds % size == 0:
            return {"amount": seconds // size, "unit": unit}
    raise NotARule(why=ODD_WINDOW)


_WRITERS: Mapping[str, Callable[[Said], list[Leaf]]] = {
    "buyers": _buyers,
    "new_buyers": _new_buyers,
    "repurchasing": _repurchasing,
    "times": _times,
    "new_customers": _new_customers,
    "added": _happened("contact.added"),
    "lost": _happened("contact.lost"),
    "cohort": _cohort,
    "rfm": _rfm,
    "product": _product,
    "funnel": _funnel,
}


def rule_of(of: str, said: Said) -> Rule:
    """Raises NotARule, naming why."""
    if of not in _WRITERS:
        raise NotARule(why=NO_WORDS)
    leaves = _WRITERS[of](said)
    if said.question.segment is not None:
        leaves.append({"kind": "segment", "segment": said.question.segment})
    return Rule.model_validate({"schema": 1, "when": {"kind": "all", "of": leaves}})
