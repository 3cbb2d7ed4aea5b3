"""Pictures for the demo, drawn here: no file of anybody else's is shipped."""

import io

from PIL import Image, ImageDraw

_SIZE = (720, 720)
_FRUIT = [
    # centre, radius, colour
    ((250, 430), 110, (243, 146, 55)),
    ((420, 400), 125, (214, 61, 57)),
    ((560, 470), 95, (247, 190, 60)),
    ((350, 520), 105, (126, 176, 74)),
    ((480, 545), 90, (243, 146, 55)),
]


def basket() -> bytes:
    """A basket of fruit as PNG."""
    picture = Image.new("RGB", _SIZE, (247, 250, 245))
    draw = ImageDraw.Draw(picture)
    for row in range(_SIZE[1]):
        share = row / _SIZE[1]
        draw.line(
            [(0, row), (_SIZE[0], row)], fill=(int(232 - 40 * share), int(246 - 18 * share), int(238 - 30 * share))
        )
    draw.arc([180, 160, 540, 640], 190, 350, fill=(150, 104, 60), width=22)
    for (x, y), radius, colour in _FRUIT:
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)
        shine = tuple(min(255, part + 45) for part in colour)
        draw.ellipse([x - radius // 2, y - radius // 2, x - radius // 8, y - radius // 8], fill=shine)
        draw.line([(x, y - radius), (x + 8, y - radius - 26)], fill=(104, 78, 46), width=8)
        draw.ellipse([x + 6, y - radius - 40, x + 52, y - radius - 16], fill=(96, 150, 66))
    draw.rounded_rectangle([120, 500, 600, 670], radius=46, fill=(190, 138, 84))
    for x in range(140, 600, 46):
        draw.line([(x, 505), (x, 665)], fill=(164, 114, 66), width=6)
    for y in range(530, 670, 38):
        draw.line([(124, y), (596, y)], fill=(164, 114, 66), width=5)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
