"""What people can be found by, cut into terms: pure, and the same knife for what is stored and what is asked.

Chinese has no spaces and names are two or three characters long, so text is cut into single characters and pairs of
neighbours. Words of letters and digits are cut into threes, with their first one and two characters marked as such.
Phones are found by the whole number, or by the last four or eight digits.
"""

import re
import unicodedata
from collections.abc import Iterable

from yutang.customers.identity import normal, readable_phone
from yutang.customers.models import IdentityKind

MAX_TERM = 16
MAX_TERMS = 200  # of one person: remarks of many members add up
_TAILS = (4, 8)
_WORD = re.compile(r"[a-z0-9\u00c0-\u024f\u0400-\u04ff]+")
_WIDE = re.compile(r"[^\W_a-z0-9\u00c0-\u024f\u0400-\u04ff]+")  # runs of other letters, mostly Chinese


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def terms_of(texts: Iterable[str], phones: Iterable[str]) -> set[str]:
    """Everything a person with these names, remarks and (normal) phone numbers is found by."""
    terms: set[str] = set()
    for phone in phones:
        terms |= _phone_terms(phone)
    for text in texts:
        plain = folded(text)
        for word in _WORD.findall(plain):
            terms |= _word_terms(word)
        for run in _WIDE.findall(plain):
            terms |= _run_terms(run)
        if len(terms) >= MAX_TERMS:
            break
    return set(sorted(terms)[:MAX_TERMS]) if len(terms) > MAX_TERMS else terms


def terms_asked(query: str) -> list[str]:
    """The terms somebody must have, all of them, to answer a query. Empty: the query says nothing."""
    if phone := _phone_asked(query):
        return [phone]
    plain = folded(query)
    terms: dict[str, None] = {}
    for word in _WORD.findall(plain):
        if len(word) < 3:
            terms[f"^{word}"] = None
        else:
            terms.update(dict.fromkeys(word[i : i + 3] for i in range(len(word) - 2)))
    for run in _WIDE.findall(plain):
        if len(run) == 1:
            terms[run] = None
        else:
            terms.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
    return list(terms)[:20]


def _phone_terms(phone: str) -> set[str]:
    digits = readable_phone(phone).lstrip("+")
    return {f"#{digits}"[:MAX_TERM]} | {f"#{digits[-tail:]}" for tail in _TAILS if len(digits) >= tail}


def _phone_asked(query: str) -> str | None:
    if number := normal(IdentityKind.PHONE, query):
        return f"#{readable_phone(number).lstrip('+')}"[:MAX_TERM]
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", query))
    return f"#{digits}" if digits.isascii() and digits.isdigit() and len(digits) in _TAILS else None


def _word_terms(word: str) -> set[str]:
    starts = {f"^{word[:1]}", f"^{word[:2]}"}
    return starts | {word[i : i + 3] for i in range(len(word) - 2)}


def _run_terms(run: str) -> set[str]:
    return set(run) | {run[i : i + 2] for i in range(len(run) - 1)}
