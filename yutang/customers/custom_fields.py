"""What a merchant notes about customers beyond what we know of: kinds of fields, and values checked against them."""

import math
from collections.abc import Mapping
from datetime import date

from yutang.customers.models import CustomField, FieldKind
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.plain_text import lines

TEXT_LIMIT = 2_000
BIGGEST = 1e15  # beyond it numbers lose their last digits on the way through JSON

_PROBLEMS = {
    "unknown": Text("没有这个字段。", "There is no such field."),
    FieldKind.TEXT: Text("应为文字。", "Must be text."),
    FieldKind.NUMBER: Text("应为数字。", "Must be a number."),
    FieldKind.DATE: Text("应为日期，例如 2026-03-01。", "Must be a date such as 2026-03-01."),
    FieldKind.CHOICE: Text("应为选项之一。", "Must be one of the options."),
    FieldKind.SWITCH: Text("应为是或否。", "Must be yes or no."),
}
REFUSED = Text("有字段填写不正确。", "Some fields cannot be saved as they are.")


class _Unfit(Exception):
    pass


def checked(values: Mapping[str, object]) -> dict[str, object]:
    """Values as they are stored, by field key; None clears. Raises BadInput naming every field at fault."""
    known = {each.key: each for each in CustomField.objects.filter(key__in=list(values), archived_at=None)}
    kept: dict[str, object] = {}
    problems: dict[str, str] = {}
    for key, value in values.items():
        if key not in known:
            problems[key] = _PROBLEMS["unknown"].here()
            continue
        try:
            kept[key] = None if value in (None, "") else _fit(known[key], value)
        except _Unfit:
            problems[key] = _PROBLEMS[known[key].kind].here()
    if problems:
        raise BadInput(REFUSED, fields=problems)
    return kept


def _fit(custom: CustomField, value: object) -> object:
    match custom.kind, value:
        case FieldKind.TEXT, str(text):
            return lines(text, TEXT_LIMIT)
        case FieldKind.NUMBER, int() | float() if not isinstance(value, bool):
            if math.isfinite(value) and abs(value) <= BIGGEST:
                return value
        case FieldKind.DATE, str(text):
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise _Unfit from None
        case FieldKind.CHOICE, str(text) if text in custom.options:
            return text
        case FieldKind.SWITCH, bool(yes):
            return yes
    raise _Unfit
