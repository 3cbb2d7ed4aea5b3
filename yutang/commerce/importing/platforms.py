"""Order exports of other platforms, known by their columns: which platform, and what its columns and words mean.

The knowledge is data with a date, in platforms.toml: who finds a changed export changes it there.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from yutang.commerce.importing.columns import plain
from yutang.kernel.language import Text


@dataclass(frozen=True)
class Layout:
    id: str
    label: Text
    checked: bool  # against public samples of such files
    signature: tuple[str, ...]
    columns: dict[str, tuple[str, ...]] = field(hash=False)
    amount_of_order: bool = False


@dataclass(frozen=True)
class Platform:
    id: str
    label: Text
    sources: tuple[str, ...]
    file_names: tuple[str, ...]
    void: frozenset[str]
    returned: frozenset[str]
    layouts: tuple[Layout, ...]


@dataclass(frozen=True)
class Recognised:
    platform: Platform
    layout: Layout | None  # None where only the file's name speaks of the platform

    def mapping(self, columns: Sequence[str]) -> dict[str, int]:
        """Field → position, each column given once."""
        mapping: dict[str, int] = {}
        for name, wanted in (self.layout.columns if self.layout else {}).items():
            places = [place for each in wanted if (place := _place(each, columns)) is not None]
            free = [place for place in places if place not in mapping.values()]
            if free:
                mapping[name] = free[0]
        return mapping


def recognise(columns: Sequence[str], file_name: str = "") -> Recognised | None:
    for platform in platforms().values():
        for layout in platform.layouts:
            if all(_place(each, columns) is not None for each in layout.signature):
                return Recognised(platform, layout)
    for platform in platforms().values():
        if any(part in file_name.lower() for part in platform.file_names):
            return Recognised(platform, None)
    return None


def _place(wanted: str, columns: Sequence[str]) -> int | None:
    return next((place for place, column in enumerate(columns) if plain(column) == plain(wanted)), None)


@cache
def platforms() -> dict[str, Platform]:
    return {each["id"]: _platform(each) for each in _data()["platform"]}


def checked_on() -> date:
    day: date = _data()["checked_on"]
    return day


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "platforms.toml").read_text(encoding="utf-8"))


def _platform(data: dict[str, Any]) -> Platform:
    return Platform(
        id=data["id"],
        label=Text(data["zh"], data["en"]),
        sources=tuple(data["sources"]),
        file_names=tuple(data.get("file_names", ())),
        void=frozenset(data["void"]),
        returned=frozenset(data["returned"]),
        layouts=tuple(_layout(each) for each in data.get("layout", ())),
    )


def _layout(data: dict[str, Any]) -> Layout:
    return Layout(
        id=data["id"],
        label=Text(data["zh"], data["en"]),
        checked=data["checked"],
        signature=tuple(data["signature"]),
        columns={name: tuple(names) for name, names in data["columns"].items()},
        amount_of_order=data.get("amount_of_order", False),
    )
