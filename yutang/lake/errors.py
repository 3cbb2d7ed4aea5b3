"""What the lake can refuse."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class QueryTooLong(DomainError):
    """A question was stopped because it took longer than it may."""

    code, status = "query_too_long", 503
    text = Text("查询超过 {seconds} 秒，已停止。", "The question took longer than {seconds} s and was stopped.")
    advice = Text("请缩小时间范围或减少条件后重试。", "Narrow the period or use fewer conditions, then try again.")


class QueryTooLarge(DomainError):
    code, status = "query_too_large", 503
    text = Text("查询需要的内存超过上限。", "The question needs more memory than analyses may use.")
    advice = Text(
        "请缩小时间范围，或由管理员调高 YUTANG_LAKE_MEMORY_MB。",
        "Narrow the period, or have an administrator raise YUTANG_LAKE_MEMORY_MB.",
    )


class LakeUnreadable(DomainError):
    """A file of the lake is missing or damaged."""

    code, status = "lake_unreadable", 503
    text = Text("数据湖文件缺失或损坏：{problem}", "A file of the lake is missing or damaged: {problem}")
    advice = Text(
        "请管理员运行 yutang lake verify，必要时运行 yutang lake rebuild。",
        "Have an administrator run `yutang lake verify`, and `yutang lake rebuild` where it says so.",
    )
