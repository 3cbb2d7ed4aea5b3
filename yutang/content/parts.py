"""Message parts: what welcomes and messages are made of, as values, with the limits channels set on them.

The limits are WeCom's (docs 92137, 92366), counted in bytes of UTF-8. They are checked when somebody saves a message,
not when it is read back, so that a stored message stays readable when a limit changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text

TEXT_BYTES = 4000
LINK_TITLE_BYTES = 128
LINK_DESCRIPTION_BYTES = 512
URL_BYTES = 2048
MINIPROGRAM_TITLE_BYTES = 64
MOST_ATTACHMENTS = 9

# What a text may hold in braces, filled when the message is sent.
PLACEHOLDERS: Mapping[str, Text] = {
    "nickname": Text("客户昵称", "the customer's nickname"),
    "member": Text("员工姓名", "the member's name"),
    "store": Text("员工所在门店", "the member's store"),
    "profile_link": Text("完善资料的链接", "a link to the page where the customer leaves name and phone"),
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextPart(_Part):
    """Words; may hold placeholders such as {nickname}."""

    kind: Literal["text"] = "text"
    content: str = Field(max_length=20_000)


class ImagePart(_Part):
    kind: Literal["image"] = "image"
    upload_id: int


class LinkPart(_Part):
    """A card that opens a page. `title` and `description` may hold placeholders."""

    kind: Literal["link"] = "link"
    title: str = Field(max_length=1000)
    url: str = Field(max_length=4096)
    description: str = Field("", max_length=2000)
    picture_upload_id: int | None = None


class MiniProgramPart(_Part):
    kind: Literal["miniprogram"] = "miniprogram"
    title: str = Field(max_length=1000)
    app_id: str = Field(max_length=64)
    page: str = Field(max_length=1024)
    cover_upload_id: int


class VideoPart(_Part):
    kind: Literal["video"] = "video"
    upload_id: int


class FilePart(_Part):
    kind: Literal["file"] = "file"
    upload_id: int


Part = Annotated[TextPart | ImagePart | LinkPart | MiniProgramPart | VideoPart | FilePart, Field(discriminator="kind")]
PARTS: TypeAdapter[list[Part]] = TypeAdapter(list[Part])


def parts_from(stored: object) -> list[Part]:
    """Parts out of a JSON column."""
    return PARTS.validate_python(stored)


def parts_as_json(parts: Sequence[Part]) -> list[dict[str, object]]:
    """Parts for a JSON column."""
    return [part.model_dump() for part in parts]


def uploads_of(parts: Sequence[Part]) -> dict[int, str]:
    """The uploads a message needs, by id, each with the kind it has to be."""
    needed: dict[int, str] = {}
    for part in parts:
        match part:
            case ImagePart() | VideoPart() | FilePart():
                needed[part.upload_id] = part.kind
            case MiniProgramPart():
                needed[part.cover_upload_id] = "image"
            case LinkPart(picture_upload_id=int(picture)):
                needed[picture] = "image"
            case _:
                pass
    return needed


@dataclass(frozen=True)
class Problem:
    field: str  # as in parts.2.title
    text: Text


def problems(parts: Sequence[Part]) -> Iterator[Problem]:
    """Everything about a message that a channel would refuse."""
    texts = [part for part in parts if isinstance(part, TextPart)]
    if not parts:
        yield Problem("parts", Text("至少需要一段文字或一个附件。", "Give a text or at least one attachment."))
    if len(texts) > 1:
        yield Problem("parts", Text("只能有一段文字。", "Only one text is possible."))
    if len(parts) - len(texts) > MOST_ATTACHMENTS:
        yield Problem("parts", Text("附件最多 9 个。", "At most 9 attachments are possible."))
    for place, part in enumerate(parts):
        for field, text in _part_problems(part):
            yield Problem(f"parts.{place}.{field}", text)


def _part_problems(part: Part) -> Iterator[tuple[str, Text]]:
    match part:
        case TextPart():
            yield from _length("content", part.content, TEXT_BYTES, required=True)
            yield from _placeholders("content", part.content)
        case LinkPart():
            yield from _length("title", part.title, LINK_TITLE_BYTES, required=True)
            yield from _length("description", part.description, LINK_DESCRIPTION_BYTES)
            yield from _placeholders("title", part.title)
            yield from _placeholders("description", part.description)
            yield from _length("url", part.url, URL_BYTES, required=True)
            if part.url and part.url != "{profile_link}" and not part.url.startswith(("http://", "https://")):
                yield (
                    "url",
                    Text("链接须以 http:// 或 https:// 开头。", "The address must begin with http:// or https://."),
                )
        case MiniProgramPart():
            yield from _length("title", part.title, MINIPROGRAM_TITLE_BYTES, required=True)
            yield from _length("app_id", part.app_id, 64, required=True)
            yield from _length("page", part.page, 1024, required=True)
        case _:
            pass


def _length(field: str, value: str, limit: int, *, required: bool = False) -> Iterator[tuple[str, Text]]:
    size = len(value.encode())
    if required and not value.strip():
        yield field, Text("不能为空。", "This must not be empty.")
    if size > limit:
        yield (
            field,
            Text(
                f"超出 {limit} 字节的上限（现为 {size} 字节，一个汉字占 3 字节）。",
                f"Longer than {limit} bytes (now {size}; a Chinese character takes 3).",
            ),
        )


def _placeholders(field: str, value: str) -> Iterator[tuple[str, Text]]:
    for name in unknown_placeholders(value):
        known = "、".join(f"{{{each}}}" for each in PLACEHOLDERS)
        yield (
            field,
            Text(f"不认识的变量 {{{name}}}，可用：{known}。", f"Unknown placeholder {{{name}}}; known are {known}."),
        )


def unknown_placeholders(text: str) -> list[str]:
    return [name for name in _names(text) if name not in PLACEHOLDERS]


def _names(text: str) -> list[str]:
    """Words in braces that look like placeholders; a lone brace is an ordinary character."""
    found = []
    for piece in text.split("{")[1:]:
        name, brace, _ = piece.partition("}")
        if brace and name.isidentifier() and name.isascii():
            found.append(name)
    return found


def placeholders_in(parts: Sequence[Part]) -> set[str]:
    """The placeholders a message uses."""
    return {name for part in parts for value in _fillable(part) for name in _names(value) if name in PLACEHOLDERS}


def _fillable(part: Part) -> tuple[str, ...]:
    match part:
        case TextPart():
            return (part.content,)
        case LinkPart():
            return (part.title, part.description, part.url)
        case _:
            return ()


def check(parts: Sequence[Part]) -> None:
    """Raises BadInput naming each field a channel would refuse."""
    found = list(problems(parts))
    if found:
        fields = {problem.field: problem.text.here() for problem in found}
        raise BadInput(Text("消息内容需要修改。", "The message has to be changed."), fields=fields)


def fill(parts: Sequence[Part], values: Mapping[str, str]) -> list[Part]:
    """The message for one customer. A text that grows past its limit is cut at a whole character."""
    return [_filled(part, values) for part in parts]


def _filled(part: Part, values: Mapping[str, str]) -> Part:
    match part:
        case TextPart():
            return part.model_copy(update={"content": cut(fill_text(part.content, values), TEXT_BYTES)})
        case LinkPart():
            return part.model_copy(
                update={
                    "title": cut(fill_text(part.title, values), LINK_TITLE_BYTES),
                    "description": cut(fill_text(part.description, values), LINK_DESCRIPTION_BYTES),
                    "url": fill_text(part.url, values),
                }
            )
        case _:
            return part


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Known placeholders replaced in one pass, so that a name holding braces is not filled again."""
    first, *pieces = text.split("{")
    filled = [first]
    for piece in pieces:
        name, brace, rest = piece.partition("}")
        filled.append(values[name] + rest if brace and name in values else "{" + piece)
    return "".join(filled)


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, never half a character."""
    return text.encode()[:limit].decode(errors="ignore")
