"""Parameters of an API as data: name, kind, limits, and the code that refuses each breach.

Unknown fields of a request are ignored, as the real server does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from outside.errors import WeComError

INVALID = 40058
EMPTY = 40063


@dataclass(frozen=True)
class Param:
    """need: the code for a missing or empty value, none if it may be left out.
    wrong: the code for a value of another type or beyond a limit."""

    name: str
    read: Callable[[Any], Any]
    need: int | None = None
    wrong: int = INVALID
    default: Any = None
    chars: int | None = None
    bytes: int | None = None
    items: int | None = None
    least: int | None = None
    most: int | None = None
    clamp: int | None = None
    choices: tuple[Any, ...] = ()

    def take(self, given: Mapping[str, Any]) -> Any:
        value = given.get(self.name)
        if value is None:
            if self.need is not None:
                raise WeComError(self.need, f"{self.name} is missing" if self.need == EMPTY else "")
            return self.default
        try:
            value = self.read(value)
        except (TypeError, ValueError) as error:
            raise WeComError(self.wrong, f"{self.name} has a wrong type") from error
        if self.need is not None and value in ("", [], {}):
            raise WeComError(self.need, f"{self.name} is empty" if self.need == EMPTY else "")
        self._check(value)
        return min(value, self.clamp) if self.clamp is not None else value

    def _check(self, value: Any) -> None:
        if self.chars is not None and len(value) > self.chars:
            raise WeComError(self.wrong, f"{self.name} is longer than {self.chars} characters")
        if self.bytes is not None and len(value.encode()) > self.bytes:
            raise WeComError(self.wrong, f"{self.name} is longer than {self.bytes} bytes")
        if self.items is not None and len(value) > self.items:
            raise WeComError(self.wrong, f"{self.name} has more than {self.items} items")
        if self.least is not None and value < self.least:
            raise WeComError(self.wrong, f"{self.name} is below {self.least}")
        if self.most is not None and value > self.most:
            raise WeComError(self.wrong, f"{self.name} is above {self.most}")
        if self.choices and value not in self.choices:
            raise WeComError(self.wrong, f"{self.name} must be one of {', '.join(map(str, self.choices))}")


def _text(value: Any) -> str:
    if isinstance(value, str):
        value.encode()  # lone surrogates cannot be sent back; UnicodeEncodeError is a ValueError
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError(value)


def _number(value: Any) -> int:
    number = _whole(value)
    if abs(number) >= 2**63:
        raise ValueError(value)
    return number


def _whole(value: Any) -> int:
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, str):
        return int(value) if value.strip() else 0
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise TypeError(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    if value in ("true", "false"):
        return bool(value == "true")
    raise TypeError(value)


def _list_of(read: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read_list(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise TypeError(value)
        return [read(item) for item in value]

    return read_list


def _record(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def text(name: str, **limits: Any) -> Param:
    return Param(name, _text, **limits)


def number(name: str, **limits: Any) -> Param:
    return Param(name, _number, **limits)


def flag(name: str, **limits: Any) -> Param:
    return Param(name, _flag, **limits)


def texts(name: str, **limits: Any) -> Param:
    return Param(name, _list_of(_text), **limits)


def numbers(name: str, **limits: Any) -> Param:
    return Param(name, _list_of(_number), **limits)


def record(name: str, **limits: Any) -> Param:
    return Param(name, _record, **limits)


def records(name: str, **limits: Any) -> Param:
    return Param(name, _list_of(_record), **limits)


def read_all(params: tuple[Param, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    return {param.name: param.take(given) for param in params}
