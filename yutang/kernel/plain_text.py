"""Text from outside, made safe to store and show. Everything a stranger may have typed passes here once.

Markup is left as it is: it is text, and who shows it escapes it. What goes are characters that break storage (NUL, lone
surrogates), forge a layout (controls, direction overrides) or hide (zero-width spaces).
"""

import re
import unicodedata

# Embeddings, overrides and isolates turn what follows them around; emoji need none of them (joiners are kept).
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_DANGLING = "\u200d\ufe0e\ufe0f"  # joiners and variation selectors with nothing left to join


def one_line(raw: str | None, limit: int) -> str:
    """`raw` as one tidy line of at most `limit` characters."""
    return _cut(_SPACES.sub(" ", _clean(raw, limit).replace("\n", " ")).strip(), limit)


def lines(raw: str | None, limit: int) -> str:
    """`raw` with its line breaks, at most `limit` characters."""
    kept = (_SPACES.sub(" ", line).strip() for line in _clean(raw, limit).split("\n"))
    return _cut("\n".join(kept).strip(), limit)


def _clean(raw: str | None, limit: int) -> str:
    if not raw:
        return ""
    text = raw[: limit * 8]  # what is beyond can never be kept, and normalising megabytes costs time
    if _SURROGATES.search(text):
        # Two halves of one character find each other in UTF-16; a half without its partner is dropped.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _CONTROLS.sub("", text.replace("\t", " "))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[:limit].rstrip(_DANGLING).rstrip()
