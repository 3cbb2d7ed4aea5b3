"""Template cards: the keys they must have and how long their lists may be."""

from __future__ import annotations

import re
from typing import Any

from outside.errors import WeComError
from outside.records import JSON

INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
_TYPES = INTERACTIVE | {"text_notice", "news_notice"}
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")


def _list(card: JSON, name: str, most: int, code: int, least: int = 0) -> list[Any]:
    found = card.get(name) or []
    if not isinstance(found, list) or not least <= len(found) <= most or not all(isinstance(x, dict) for x in found):
        raise WeComError(code)
    return found


def check_card(card: JSON) -> None:
    """Raises the documented code of the first thing that is wrong."""
    kind = card.get("card_type")
    if kind not in _TYPES:
        raise WeComError(42031)
    for row in _list(card, "horizontal_content_list", 6, 42035):
        if not row.get("keyname"):
            raise WeComError(42027)
    _list(card, "jump_list", 3, 42042)
    if (kind in INTERACTIVE or card.get("action_menu")) and not _TASK_ID.fullmatch(str(card.get("task_id", ""))):
        raise WeComError(42014)
    title = _title(card)
    if not title and not (kind == "text_notice" and card.get("sub_title_text")):
        raise WeComError(42033)
    _CHECKS[kind](card)


def _title(card: JSON) -> str:
    found = card.get("main_title") or {}
    return str(found.get("title") or "") if isinstance(found, dict) else ""


def _check_notice(card: JSON) -> None:
    action = card.get("card_action")
    if not isinstance(action, dict) or action.get("type") not in (1, 2):
        raise WeComError(42045)
    if action["type"] == 1 and not action.get("url"):
        raise WeComError(42028)


def _check_news(card: JSON) -> None:
    image = card.get("card_image") or {}
    if not image.get("url") and not card.get("image_text_area"):
        raise WeComError(42044)
    _list(card, "vertical_content_list", 4, 42036)
    _check_notice(card)


def _check_buttons(card: JSON) -> None:
    for button in _list(card, "button_list", 6, 42037, least=1):
        if not button.get("text"):
            raise WeComError(42038)
        if not button.get("type") and not button.get("key"):
            raise WeComError(42039)
    if selection := card.get("button_selection"):
        _check_options(selection, 10)


def _check_options(question: JSON, most: int) -> None:
    if not question.get("question_key"):
        raise WeComError(42043)
    for option in _list(question, "option_list", most, 42037, least=1):
        if not option.get("id"):
            raise WeComError(42040)
        if not option.get("text"):
            raise WeComError(42041)


def _check_submit(card: JSON) -> None:
    button = card.get("submit_button") or {}
    if not button.get("text"):
        raise WeComError(42049)
    if not button.get("key"):
        raise WeComError(42046)


def _check_vote(card: JSON) -> None:
    _check_options(card.get("checkbox") or {}, 20)
    _check_submit(card)


def _check_multiple(card: JSON) -> None:
    for question in _list(card, "select_list", 3, 42047, least=1):
        _check_options(question, 10)
    _check_submit(card)


_CHECKS = {
    "text_notice": _check_notice,
    "news_notice": _check_news,
    "button_interaction": _check_buttons,
    "vote_interaction": _check_vote,
    "multiple_interaction": _check_multiple,
}
