"""Reading requests. What no column can hold (NUL, half characters, numbers beyond 64 bits) is refused here, once."""

from typing import Any, cast

import orjson
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text

UNSTORABLE = Text(
    "内容里有无法保存的字符或过大的数字。",
    "The request holds characters that cannot be kept, or a number that is too big.",
)
_BIGGEST = 2**63 - 1


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        # orjson itself refuses half characters, NaN and invalid UTF-8, and reads numbers beyond 64 bits as floats.
        body = orjson.loads(request.body)
        refuse_unstorable(body)
        return cast(dict[str, Any], body)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        values = super().parse_querydict(data, list_fields, request)
        refuse_unstorable(values)
        return values


def refuse_unstorable(value: object) -> None:
    """Raises BadInput if a text, key or number anywhere within the value cannot be stored."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text) if not is_storable(text):
                raise BadInput(UNSTORABLE)
            case dict(mapping):
                waiting += [*mapping.keys(), *mapping.values()]
            case list(items):
                waiting += items
            case float(number) if abs(number) > _BIGGEST:
                raise BadInput(UNSTORABLE)
            case int(number) if abs(number) > _BIGGEST:
                raise BadInput(UNSTORABLE)
            case _:
                pass


def is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
