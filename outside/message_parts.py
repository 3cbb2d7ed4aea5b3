"""The parts of which welcomes, conclusions and group welcomes are made, with their limits."""

from __future__ import annotations

from typing import Any

from outside.endpoints import Call
from outside.errors import WeComError
from outside.media import is_own_picture, require_media
from outside.records import JSON

TEXT_BYTES = 4000
_TOO_LONG = 45002


def check_text(text: Any, limit: int = TEXT_BYTES) -> str:
    """The content of a text part, empty if there is none."""
    if text is None:
        return ""
    content = text.get("content", "") if isinstance(text, dict) else None
    if not isinstance(content, str):
        raise WeComError(40058, "text.content must be a string")
    if len(content.encode()) > limit:
        raise WeComError(_TOO_LONG, f"text is longer than {limit} bytes")
    return content


def _field(part: JSON, name: str, limit: int | None = None, required: bool = False) -> str:
    value = part.get(name) or ""
    if not isinstance(value, str):
        raise WeComError(40058, f"{name} must be a string")
    if required and not value:
        raise WeComError(40058, f"{name} is missing")
    if limit is not None and len(value.encode()) > limit:
        raise WeComError(_TOO_LONG, f"{name} is longer than {limit} bytes")
    return value


def _check_image(call: Call, part: JSON) -> None:
    media_id, pic_url = _field(part, "media_id"), _field(part, "pic_url")
    if media_id:
        require_media(call, media_id, "image")
    elif not pic_url:
        raise WeComError(40007)
    elif not is_own_picture(call.world, pic_url):
        raise WeComError(40058, "pic_url must come from media/uploadimg")


def _check_link(call: Call, part: JSON) -> None:
    _field(part, "title", 128, required=True)
    _field(part, "picurl", 2048)
    _field(part, "desc", 512)
    _field(part, "url", 2048, required=True)


def _check_miniprogram(call: Call, part: JSON) -> None:
    _field(part, "title", 64, required=True)
    _field(part, "appid", required=True)
    _field(part, "page", required=True)
    require_media(call, _field(part, "pic_media_id"), "image")


def _check_video(call: Call, part: JSON) -> None:
    require_media(call, _field(part, "media_id"), "video")


def _check_file(call: Call, part: JSON) -> None:
    require_media(call, _field(part, "media_id"))


PARTS = {
    "image": _check_image,
    "link": _check_link,
    "miniprogram": _check_miniprogram,
    "video": _check_video,
    "file": _check_file,
}


def check_part(call: Call, kind: str, part: Any) -> None:
    if not isinstance(part, dict):
        raise WeComError(40058, f"{kind} is missing")
    PARTS[kind](call, part)


def check_conclusions(call: Call, conclusions: JSON) -> None:
    kinds = [kind for kind in ("image", "link", "miniprogram") if conclusions.get(kind)]
    if not check_text(conclusions.get("text")) and not kinds:
        raise WeComError(40058, "conclusions are empty")
    for kind in kinds:
        check_part(call, kind, conclusions[kind])


def in_chat(call: Call, kind: str, part: JSON) -> JSON:
    """A part as the phones show it: files by address."""
    shown = dict(part)
    for name in ("media_id", "pic_media_id"):
        media = call.world.media.get(part.get(name) or "")
        if media is not None:
            shown["file_url"] = f"{call.world.public_url}/media/{media.media_id}"
            shown["filename"] = media.filename
            shown["size"] = media.size
    if kind == "image" and part.get("pic_url") and "file_url" not in shown:
        shown["file_url"] = part["pic_url"]
    return shown
