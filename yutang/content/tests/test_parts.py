import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yutang.content import parts
from yutang.content.parts import FilePart, ImagePart, LinkPart, MiniProgramPart, Part, TextPart, VideoPart
from yutang.kernel.errors import BadInput
from yutang.kernel.language import speak


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ([], "parts"),
        ([TextPart(content=" ")], "parts.0.content"),
        ([TextPart(content="鱼" * 1334)], "parts.0.content"),
        ([TextPart(content="a"), TextPart(content="b")], "parts"),
        ([TextPart(content="{nick}，你好")], "parts.0.content"),
        ([ImagePart(upload_id=1)] * 10, "parts"),
        ([LinkPart(title="鱼" * 43, url="https://a.example")], "parts.0.title"),
        ([LinkPart(title="", url="https://a.example")], "parts.0.title"),
        ([LinkPart(title="a", url="javascript:alert(1)")], "parts.0.url"),
        ([LinkPart(title="a", url="https://a.example/" + "b" * 2048)], "parts.0.url"),
        ([LinkPart(title="a", url="https://a.example", description="鱼" * 171)], "parts.0.description"),
        ([MiniProgramPart(title="鱼" * 22, app_id="wx1", page="p", cover_upload_id=1)], "parts.0.title"),
        ([MiniProgramPart(title="a", app_id="", page="p", cover_upload_id=1)], "parts.0.app_id"),
    ],
)
def test_a_message_past_a_limit_is_refused_naming_the_field(message: list[Part], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        parts.check(message)

    assert list(refused.value.fields) == [field]


def test_a_message_at_its_limits_is_accepted() -> None:
    parts.check(
        [
            TextPart(content="鱼" * 1333),
            LinkPart(title="鱼" * 42, url="https://a.example", description="鱼" * 170),
            MiniProgramPart(title="鱼" * 21, app_id="wx1", page="pages/index", cover_upload_id=1),
            VideoPart(upload_id=2),
            FilePart(upload_id=3),
            *[ImagePart(upload_id=4)] * 5,
        ]
    )


def test_a_refusal_speaks_the_language_of_the_request() -> None:
    speak("en")
    try:
        with pytest.raises(BadInput) as refused:
            parts.check([TextPart(content="")])
    finally:
        speak("zh")
    assert refused.value.fields == {"parts.0.content": "This must not be empty."}


def test_placeholders_are_filled_once_and_other_braces_stay() -> None:
    message = [TextPart(content="{nickname}，我是{member}。{a b} {"), LinkPart(title="{store}", url="{profile_link}")]

    filled = parts.fill(
        message, {"nickname": "{member}", "member": "小王", "store": "一号店", "profile_link": "https://a/p/1"}
    )

    assert filled == [
        TextPart(content="{member}，我是小王。{a b} {"),
        LinkPart(title="一号店", url="https://a/p/1"),
    ]
    assert parts.placeholders_in(message) == {"nickname", "member", "store", "profile_link"}


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.text(max_size=300))
def test_a_filled_text_never_passes_its_limit(content: str, nickname: str) -> None:
    (filled,) = parts.fill([TextPart(content=content * 20 + "{nickname}")], {"nickname": nickname * 20})

    assert isinstance(filled, TextPart)
    assert len(filled.content.encode()) <= parts.TEXT_BYTES


def test_parts_survive_their_json() -> None:
    message: list[Part] = [TextPart(content="你好"), LinkPart(title="a", url="https://a.example", picture_upload_id=3)]

    assert parts.parts_from(parts.parts_as_json(message)) == message
    assert parts.uploads_of(message) == {3: "image"}
