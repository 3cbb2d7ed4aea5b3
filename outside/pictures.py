"""Pictures made on the fly: QR codes and avatars."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from html import escape
from typing import Any

import segno

_COLOURS = (
    "#5b8ff9",
    "#61ddaa",
    "#f6bd16",
    "#7262fd",
    "#78d3f8",
    "#f6903d",
    "#f08bb4",
    "#2aae67",
    "#e8684a",
    "#6dc8ec",
)


@lru_cache(maxsize=512)
def qr_png(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    return out.getvalue()


@lru_cache(maxsize=512)
def qr_svg(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def avatar_svg(key: str, name: str, look: dict[str, Any]) -> str:
    """A square with an emoji, or with the last character of the name, on a colour of its own."""
    colour = look.get("colour") or _COLOURS[int(hashlib.md5(key.encode()).hexdigest(), 16) % len(_COLOURS)]
    emoji = look.get("emoji", "")
    shown = emoji or (name.strip()[-1:] or "?")
    size = 56 if emoji else 46
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="200" height="200">'
        f'<rect width="100" height="100" fill="{escape(str(colour))}"/>'
        f'<text x="50" y="52" font-size="{size}" text-anchor="middle" dominant-baseline="central" fill="#fff"'
        " font-family=\"'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif\">"
        f"{escape(str(shown))}</text></svg>"
    )
