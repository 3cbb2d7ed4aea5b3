"""Two languages side by side: Chinese is the default, English complete beside it."""

from contextvars import ContextVar
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]

_current: ContextVar[Language] = ContextVar("language", default="zh")


class Text(NamedTuple):
    """One sentence in both languages; `{name}` places are filled by `fill`."""

    zh: str
    en: str

    def fill(self, **values: object) -> "Text":
        """With its places filled; a value that is itself a Text is said in each language."""
        zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))

    def here(self) -> str:
        """The sentence in the language of the present request."""
        return self.zh if _current.get() == "zh" else self.en


def current_language() -> Language:
    return _current.get()


def speak(language: Language) -> None:
    """Set the language for the rest of this request or job."""
    _current.set(language)


def preferred(accept_language: str) -> Language:
    """The first of our two languages a browser names in Accept-Language; Chinese where it names neither."""
    for part in accept_language.split(","):
        name = part.split(";")[0].strip().lower()
        if name.startswith("zh"):
            return "zh"
        if name.startswith("en"):
            return "en"
    return "zh"
