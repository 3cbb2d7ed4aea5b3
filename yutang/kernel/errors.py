"""Refusals by name. An expected conflict is a class; one handler in the API turns them all into one JSON shape."""

from typing import ClassVar

from yutang.kernel.language import Text


class DomainError(Exception):
    """Something the product refuses to do, with a code for programs and a sentence (and advice) for people.

    Subclasses set `code`, `status` and `text` (with `{places}`), and `advice` where a next step can be named.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    text: ClassVar[Text] = Text("操作被拒绝。", "Refused.")
    advice: ClassVar[Text | None] = None

    def __init__(self, *, fields: dict[str, str] | None = None, **values: object) -> None:
        self.values = values
        self.fields = fields or {}
        self.said = self.text.fill(**values)
        super().__init__(self.said.en)

    def headers(self) -> dict[str, str]:
        return {}


class NotFound(DomainError):
    code, status = "not_found", 404
    text = Text("没有找到，或者不在您的数据范围内。", "Not found, or outside your data scope.")


class NotAllowed(DomainError):
    code, status = "not_allowed", 403
    text = Text("您的角色没有此权限：{permission}。", "Your role lacks this permission: {permission}.")
    advice = Text("请联系管理员调整角色。", "Ask an administrator to change your role.")


class NotSignedIn(DomainError):
    code, status = "not_signed_in", 401
    text = Text("请先登录。", "Please sign in.")


class BadInput(DomainError):
    """A value that parses but cannot be used. `fields` names each, in the caller's language."""

    code, status = "bad_input", 422
    text = Text("{problem_zh}", "{problem_en}")

    def __init__(self, problem: Text, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(fields=fields, problem_zh=problem.zh, problem_en=problem.en)


class TooMany(DomainError):
    code, status = "too_many_attempts", 429
    text = Text(
        "尝试次数过多，请在 {retry_after_seconds} 秒后再试。",
        "Too many attempts. Try again in {retry_after_seconds} s.",
    )

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(retry_after_seconds=retry_after_seconds)

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}
