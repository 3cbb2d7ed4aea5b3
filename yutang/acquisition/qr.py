"""Drawing QR codes for print: high error correction, a logo in the middle, a caption below; as PNG and as SVG."""

import base64
import io
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from yutang.acquisition.errors import NoFontForCaption

QUIET = 4  # modules of white around the code, as its standard asks
LOGO_SHARE = 0.2  # of the width: 4% of the area, where level H mends 30%
POND = "#0f766e"
MOST_PIXELS = 4000

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)

# A fish in a square of 64, as paths; drawn again by `_fish_picture` where there is no SVG.
FISH_SVG = (
    '<rect width="64" height="64" rx="16" fill="#0f766e"/>'
    '<path d="M10 32c7-11 16-15 25-15 8 0 14 5 19 15-5 10-11 15-19 15-9 0-18-4-25-15z" fill="#fff"/>'
    '<path d="M14 32 4 21v22z" fill="#fff"/><circle cx="43" cy="28" r="3" fill="#0f766e"/>'
)


@dataclass(frozen=True)
class Drawing:
    """What to draw. `logo` is a picture's bytes; empty: the fish; None: nothing in the middle."""

    content: str
    size: int = 600  # pixels
    logo: bytes | None = b""
    caption: str = ""


def as_png(drawing: Drawing) -> bytes:
    """Raises NoFontForCaption where a caption has characters this machine has no font for."""
    modules = _modules(drawing.content)
    scale = max(1, drawing.size // len(modules))
    side = scale * len(modules)
    code = Image.new("RGB", (len(modules), len(modules)), "white")
    code.putdata([(0, 0, 0) if dark else (255, 255, 255) for row in modules for dark in row])
    code = code.resize((side, side), Image.Resampling.NEAREST)
    picture = Image.new("RGB", (drawing.size, drawing.size), "white")
    picture.paste(code, ((drawing.size - side) // 2, (drawing.size - side) // 2))
    if drawing.logo is not None:
        _paste_logo(picture, drawing.logo)
    return _to_png(with_caption(picture, drawing.caption))


def _modules(content: str) -> list[list[bool]]:
    qr = segno.make(content, error="h", micro=False, boost_error=False)
    return [[bool(cell) for cell in row] for row in qr.matrix_iter(border=QUIET)]


def _paste_logo(picture: Image.Image, logo: bytes) -> None:
    side = round(picture.width * LOGO_SHARE)
    mark = _fish_picture(side) if not logo else _logo_picture(logo, side)
    margin = max(2, side // 12)
    at = (picture.width - side) // 2
    frame = (at - margin, at - margin, at + side + margin, at + side + margin)
    ImageDraw.Draw(picture).rounded_rectangle(frame, radius=side // 4, fill="white")
    picture.paste(mark, (at, at), mark)


def _logo_picture(logo: bytes, side: int) -> Image.Image:
    with Image.open(io.BytesIO(logo), formats=["JPEG", "PNG"]) as opened:
        mark = opened.convert("RGBA")
    mark.thumbnail((side, side))
    square = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    square.paste(mark, ((side - mark.width) // 2, (side - mark.height) // 2))
    return square


@lru_cache(maxsize=8)
def _fish_picture(side: int) -> Image.Image:
    large = 512  # drawn large and made smaller, for smooth edges
    unit = large / 64
    mark = Image.new("RGBA", (large, large), (255, 255, 255, 0))
    pen = ImageDraw.Draw(mark)
    pen.rounded_rectangle((0, 0, large - 1, large - 1), radius=16 * unit, fill=POND)
    pen.polygon([(x * unit, y * unit) for x, y in _fish_outline()], fill="white")
    pen.polygon([(14 * unit, 32 * unit), (4 * unit, 21 * unit), (4 * unit, 43 * unit)], fill="white")
    pen.ellipse((40 * unit, 25 * unit, 46 * unit, 31 * unit), fill=POND)
    return mark.resize((side, side), Image.Resampling.LANCZOS)


def _fish_outline() -> list[tuple[float, float]]:
    """The curves of FISH_SVG's body, as points."""
    curves = [
        ((10, 32), (17, 21), (26, 17), (35, 17)),
        ((35, 17), (43, 17), (49, 22), (54, 32)),
        ((54, 32), (49, 42), (43, 47), (35, 47)),
        ((35, 47), (26, 47), (17, 43), (10, 32)),
    ]
    return [_bezier(curve, step / 24) for curve in curves for step in range(24)]


def _bezier(curve: tuple[tuple[int, int], ...], t: float) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, curve, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, curve, strict=True))
    return x, y


def with_caption(picture: Image.Image, caption: str) -> Image.Image:
    """The picture with a line of text below it, made to fit the width."""
    if not caption:
        return picture
    size = max(12, picture.width // 16)
    font = _font(caption, size)
    while font.getlength(caption) > picture.width * 0.92 and size > 8:
        size -= 1
        font = _font(caption, size)
    whole = Image.new("RGB", (picture.width, picture.height + size * 2), "white")
    whole.paste(picture, (0, 0))
    middle = (picture.width / 2, picture.height + size * 0.6)
    ImageDraw.Draw(whole).text(middle, caption, fill="#111", font=font, anchor="mm")
    return whole


def _font(text: str, size: int) -> ImageFont.FreeTypeFont:
    for place in _FONTS:
        if Path(place).is_file():
            return ImageFont.truetype(place, size)
    plain = ImageFont.load_default(size)
    if not text.isascii() or not isinstance(plain, ImageFont.FreeTypeFont):
        raise NoFontForCaption
    return plain


def _to_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def as_svg(drawing: Drawing) -> str:
    modules = _modules(drawing.content)
    side = len(modules)
    dark = "".join(_run(y, row) for y, row in enumerate(modules))
    height = side + (side / 8 if drawing.caption else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.size}" height="{drawing.size * height / side:.0f}" '
        f'viewBox="0 0 {side} {height:g}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<path d="{dark}" fill="#000" shape-rendering="crispEdges"/>{_svg_logo(drawing.logo, side)}'
        f"{_svg_caption(drawing.caption, side)}</svg>"
    )


def _run(y: int, row: list[bool]) -> str:
    """The dark stretches of a row, each one rectangle."""
    path, x = "", 0
    while x < len(row):
        if not row[x]:
            x += 1
            continue
        start = x
        while x < len(row) and row[x]:
            x += 1
        path += f"M{start} {y}h{x - start}v1h-{x - start}z"
    return path


def _svg_logo(logo: bytes | None, side: int) -> str:
    if logo is None:
        return ""
    width = side * LOGO_SHARE
    at, margin = (side - width) / 2, width / 12
    back = (
        f'<rect x="{at - margin:g}" y="{at - margin:g}" width="{width + 2 * margin:g}" height="{width + 2 * margin:g}" '
        f'rx="{width / 4:g}" fill="#fff"/>'
    )
    if not logo:
        return f'{back}<g transform="translate({at:g} {at:g}) scale({width / 64:g})">{FISH_SVG}</g>'
    return f'{back}<image x="{at:g}" y="{at:g}" width="{width:g}" height="{width:g}" href="{data_uri(logo)}"/>'


def _svg_caption(caption: str, side: int) -> str:
    if not caption:
        return ""
    size = min(side / 16, side * 0.92 / max(1, len(caption)))
    return (
        f'<text x="{side / 2:g}" y="{side + side / 20:g}" font-size="{size:g}" text-anchor="middle" fill="#111" '
        f"font-family=\"'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif\">{escape(caption)}</text>"
    )


def shrunk(picture: bytes, side: int) -> bytes:
    """A picture no larger than a square of `side` pixels, as PNG."""
    with Image.open(io.BytesIO(picture), formats=["JPEG", "PNG"]) as opened:
        small = opened.convert("RGBA")
    small.thumbnail((side, side))
    return _to_png(small)


def drawable(caption: str) -> str:
    """The caption, or nothing where this machine has no font for it: a poster without words beats no poster."""
    try:
        _font(caption, 12)
    except NoFontForCaption:
        return ""
    return caption


def data_uri(picture: bytes) -> str:
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def framed_png(picture: bytes, *, size: int, caption: str) -> bytes:
    """Somebody else's QR picture (WeCom's own), brought to size."""
    with Image.open(io.BytesIO(picture), formats=["JPEG", "PNG"]) as opened:
        shown = opened.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)
    return _to_png(with_caption(shown, caption))


def framed_svg(picture: bytes, *, size: int, caption: str) -> str:
    height = 100 + (100 / 8 if caption else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size * height / 100:.0f}" '
        f'viewBox="0 0 100 {height:g}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<image width="100" height="100" href="{data_uri(picture)}"/>{_svg_caption(caption, 100)}</svg>'
    )
