"""What content can refuse, each refusal by name."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class UploadRefused(DomainError):
    code, status = "upload_refused", 422
    text = Text("无法使用这个文件：{problem_zh}", "This file cannot be used: {problem_en}")

    def __init__(self, problem: Text) -> None:
        super().__init__(problem_zh=problem.zh, problem_en=problem.en)


class UploadTooBig(DomainError):
    code, status = "upload_too_big", 413
    text = Text("文件太大：最大 {limit_mb} MB。", "The file is too big: at most {limit_mb} MB.")
