"""Which passwords are too weak, and why, in both languages."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yutang.kernel.language import Text
from yutang.organization.errors import WeakPassword
from yutang.organization.models import Account

_REASONS = {
    "password_too_short": Text("至少需要 {min_length} 个字符。", "At least {min_length} characters are needed."),
    "password_too_common": Text("这是一个常见密码。", "This is a commonly used password."),
    "password_too_similar": Text("与用户名或姓名太相似。", "It is too similar to the user name or name."),
    "password_entirely_numeric": Text("不能只有数字。", "It cannot be digits alone."),
}


def refuse_weak(password: str, account: Account, *, field: str) -> None:
    """Raises WeakPassword with every reason under `field`."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise WeakPassword(fields={field: " ".join(_reason(each) for each in error.error_list)}) from None


def _reason(error: ValidationError) -> str:
    text = _REASONS.get(error.code or "")
    return text.fill(**(error.params or {})).here() if text else " ".join(error.messages)
