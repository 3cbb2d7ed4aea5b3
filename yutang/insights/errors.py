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


class BoardIsFull(DomainError):
    code, status = "board_is_full", 409
    text = Text("一个看板最多 {most} 张图。", "A board holds at most {most} charts.")


class TooManyBoards(DomainError):
    code, status = "too_many_boards", 409
    text = Text("每个账号最多 {most} 个看板。", "An account has at most {most} boards.")
