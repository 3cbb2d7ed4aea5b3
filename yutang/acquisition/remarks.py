"""The remark a scan leaves on a contact, from a template of the code."""

from collections.abc import Mapping

from yutang.content.parts import fill_text

MOST_CHARACTERS = 20  # WeCom's limit for a remark (doc 92115)
PLACES = ("nickname", "member", "store", "code")


def unknown_places(template: str) -> list[str]:
    names = [piece.partition("}")[0] for piece in template.split("{")[1:] if "}" in piece]
    return [name for name in names if name not in PLACES]


def remark_from(template: str, values: Mapping[str, str]) -> str:
    """The remark in WeCom's 20 characters. A long nickname is shortened before the words around it are."""
    if not template:
        return ""
    whole = fill_text(template, values)
    excess = len(whole) - MOST_CHARACTERS
    nickname = values.get("nickname", "")
    if excess > 0 and "{nickname}" in template and len(nickname) > excess:
        whole = fill_text(template, {**values, "nickname": nickname[:-excess]})
    return whole[:MOST_CHARACTERS].strip()
