"""The shape of a funnel, of retention and of paths: plain values, checked when made."""

from dataclasses import dataclass

from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text

MOST_STEPS = 8
MOST_WINDOW_DAYS = 366

STEPS = Text("漏斗需要 2 到 8 个步骤。", "A funnel takes two to eight steps.")
WINDOW = Text("转化窗口需在 1 分钟到 366 天之间。", "The window lies between a minute and 366 days.")
EXCLUDED_STEP = Text("排除的事件不能同时是步骤。", "An excluded event cannot be a step too.")


@dataclass(frozen=True)
class Funnel:
    """Steps in this order, all within `window_seconds` of the first, nothing excluded in between."""

    steps: tuple[str, ...]
    window_seconds: int = 7 * 86_400
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 2 <= len(self.steps) <= MOST_STEPS:
            raise BadInput(STEPS, fields={"step": STEPS.here()})
        if not 60 <= self.window_seconds <= MOST_WINDOW_DAYS * 86_400:
            raise BadInput(WINDOW, fields={"window": WINDOW.here()})
        if set(self.exclude) & set(self.steps):
            raise BadInput(EXCLUDED_STEP, fields={"exclude": EXCLUDED_STEP.here()})
