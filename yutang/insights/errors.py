"""What insights can refuse."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class PeriodTooLong(DomainError):
    code, status = "period_too_long", 422
    text = Text("时间范围最多 {days} 天。", "A period has at most {days} days.")


class TooManySteps(DomainError):
    code, status = "too_many_steps", 422
    text = Text(
        "这个时间范围按所选粒度会有 {steps} 格，请换更粗的粒度。",
        "This period has {steps} steps of that grain; choose a coarser one.",
    )
