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


class TooManyBoards(DomainError):
    code, status = "too_many_boards", 409
    text = Text("最多可有 {most} 个看板。", "There can be at most {most} boards.")
    advice = Text("请先删除不用的看板。", "Delete a board nobody needs first.")


class BoardFull(DomainError):
    code, status = "board_full", 409
    text = Text("一个看板最多 {most} 张卡片。", "A board has at most {most} cards.")
    advice = Text("请另建一个看板。", "Make another board.")


class BoardChangedMeanwhile(DomainError):
    code, status = "board_changed_meanwhile", 409
    text = Text(
        "该看板已被修改（当前第 {version} 版）。",
        "This board was changed meanwhile: it is at version {version}.",
    )
    advice = Text("请重新打开后再编辑。", "Open it again and repeat the change.")


class BoardOfAnother(DomainError):
    code, status = "board_of_another", 403
    text = Text("只有创建者可以取消共享。", "Only whoever made a board can take it back from sharing.")


class NotARule(DomainError):
    code, status = "not_a_rule", 409
    text = Text("无法存为人群：{why}。", "This cannot be said as a segment: {why}.")
    advice = Text("可导出名单，或换一种筛选。", "Export the list, or narrow the report otherwise.")
