"""Holding an event against what is declared of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yutang.kernel.language import Text

TYPES: Mapping[str, Text] = {
    "text": Text("文字", "text"),
    "number": Text("数字", "number"),
    "flag": Text("是否", "yes or no"),
    "list": Text("列表", "list"),
    "object": Text("对象", "object"),
}


@dataclass(frozen=True)
class Declared:
    """What is declared of one event: property → {type, required}."""

    properties: Mapping[str, Mapping[str, Any]]
    refuses: bool  # otherwise what departs from it is marked


def type_of(value: object) -> str:
    """The type a property has in the catalogue."""
    match value:
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case dict():
            return "object"
        case _:
            return "nothing"


def broken_by(properties: Mapping[str, Any], declared: Mapping[str, Mapping[str, Any]]) -> Text | None:
    """The first thing in which an event departs from its declaration, in words."""
    for name, wanted in declared.items():
        value = properties.get(name)
        if value is None:
            if wanted.get("required"):
                return Text("缺少 {name}", "{name} is missing").fill(name=name)
            continue
        kind = wanted.get("type")
        if kind and type_of(value) != kind:
            said = TYPES.get(kind, Text(kind, kind))
            return Text("{name} 应为{kind}", "{name} must be {kind}").fill(name=name, kind=said)
    return None
