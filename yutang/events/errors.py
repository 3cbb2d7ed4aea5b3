"""What sources of events can be refused."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class NotReplayable(DomainError):
    """Only the beginning of it was kept."""

    code, status = "not_replayable", 409
    text = Text(
        "这一条太大，只保留了开头，无法重放。",
        "This one was too big: only its beginning was kept, so it cannot be sent again.",
    )


class AlreadySettled(DomainError):
    code, status = "already_settled", 409
    text = Text("这一条已经处理过了。", "This one has been dealt with already.")


class StillRefused(DomainError):
    """Mended or not, it is not accepted."""

    code, status = "still_refused", 422
    text = Text("仍然不能接收：{problem}", "It is still not accepted: {problem}")
