"""The rules of each kind of identity: how it is written, what it must not be, and what a match means. All pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from yutang.customers.models import IdentityKind as Kind

Key = tuple[str, str, str]  # kind, issuer, normal value: one identity

MAX_VALUE = 200
SHARED_AFTER = 3  # an id held by this many people tells nobody apart; it is not taken up again


@dataclass(frozen=True)
class Claim:
    """What a source says somebody is: an id as it was written there."""

    kind: str
    value: str
    issuer: str = ""


class Match(Enum):
    """What it means when two people turn out to hold the same id."""

    MERGE = "merge"  # they are one, unless stronger ids speak against it
    REVIEW = "review"  # somebody should look
    INFORM = "inform"  # a hint, no more


@dataclass(frozen=True)
class Rule:
    normal: Callable[[str], str | None]
    match: Match
    per_person: int  # how many of one issuer a person may hold; more speaks for two people


_STAND_INS = frozenset(
    {"null", "none", "nil", "nan", "n/a", "na", "#n/a", "undefined", "unknown", "test", "tests", "guest", "anonymous"}
    | {"default", "empty", "void", "no", "无", "没有", "未知", "空", "暂无", "匿名", "测试", "不详", "未填写"}
)
# Service numbers, and what till staff type when a form insists.
_STAND_IN_PHONES = frozenset({"13800138000", "13800138001", "13901390139", "13012341234"})
_STAND_IN_EMAILS = frozenset({"test@test.com", "null@null.com", "none@none.com", "a@a.com", "no@no.com", "1@1.com"})
_NO_MAILBOX = frozenset({"null", "none", "nil", "undefined", "test", "noreply", "no-reply"})


def normal(kind: str, value: str | None) -> str | None:
    """The one way of writing this id; None where it is malformed or a stand-in that says nothing."""
    if not value or len(value) > 4 * MAX_VALUE:
        return None
    tidy = unicodedata.normalize("NFKC", value).strip()
    if not tidy or len(tidy) > MAX_VALUE or _is_stand_in(tidy) or not tidy.isprintable():
        return None
    return RULES[Kind(kind)].normal(tidy)


def key_of(claim: Claim) -> Key | None:
    value = normal(claim.kind, claim.value)
    return None if value is None else (str(Kind(claim.kind)), claim.issuer.strip()[:64], value)


def strength(kind: str) -> int:
    """Lower is stronger: kinds are declared strongest first."""
    return _STRENGTH[kind]


def contradiction(left: Iterable[Key], right: Iterable[Key]) -> str | None:
    """The strongest kind by which two sets of ids cannot be one person's, or None."""
    counts = Counter((kind, issuer) for kind, issuer, _ in {*left, *right})
    over = [kind for (kind, issuer), count in counts.items() if count > RULES[Kind(kind)].per_person]
    return min(over, key=strength, default=None)


def settles(key: Key, left: Collection[Key], right: Collection[Key]) -> bool:
    """Whether sharing `key` is enough to hold two sets of ids for one person's, nothing contradicting.

    A weak id is enough where one side has nothing stronger to be told apart by: an e-mail address joins somebody known
    by that address alone, but not two people with member numbers of their own.
    """
    if RULES[Kind(key[0])].match is Match.MERGE:
        return True
    limit = strength(key[0])
    return any(all(strength(kind) >= limit for kind, _, _ in side) for side in (left, right))


def asks_for_review(kind: str) -> bool:
    return RULES[Kind(kind)].match is not Match.INFORM


def masked_phone(phone: str) -> str:
    """A number with its middle hidden: 138****5678."""
    digits = phone.removeprefix("+86") if len(phone) == 14 else phone
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def readable_phone(phone: str) -> str:
    """A normal number as people here write it: mainland numbers without their country code."""
    return phone.removeprefix("+86") if len(phone) == 14 else phone


def masked(kind: str, value: str) -> str:
    """An id for people who may not see it whole."""
    if kind == Kind.PHONE:
        return masked_phone(value)
    if kind == Kind.EMAIL:
        local, _, domain = value.partition("@")
        return f"{local[:1]}***@{domain}"
    return value


def _is_stand_in(tidy: str) -> bool:
    """Nothing but zeros, x-es or punctuation, or a word for nothing."""
    bare = re.sub(r"[\W_]", "", tidy)
    return not bare or not bare.strip("0") or (len(bare) > 2 and not bare.strip("xX")) or tidy.casefold() in _STAND_INS


def _phone(tidy: str) -> str | None:
    """E.164. Landlines, hot-lines, masked numbers and a marketplace's numbers with extension are not one person's."""
    bare = re.sub(r"[\s().\-‐-―/]", "", tidy.replace("(0)", ""))
    if not re.fullmatch(r"\+?[0-9]+", bare):
        return None
    foreign, digits = bare.startswith("+"), bare.lstrip("+")
    if digits.startswith("00"):
        digits, foreign = digits[2:], True
    mainland = re.fullmatch(r"(?:86)?(1[3-9]\d{9})", digits)
    if mainland:
        number = mainland[1]
        return None if _is_stand_in_phone(number) else f"+86{number}"
    if not foreign or digits.startswith(("86", "0")) or not 8 <= len(digits) <= 15:
        return None
    return None if len(set(digits[-7:])) == 1 else f"+{digits}"


def _is_stand_in_phone(number: str) -> bool:
    return number in _STAND_IN_PHONES or len(set(number[-8:])) == 1


def _email(tidy: str) -> str | None:
    address = tidy.casefold()
    if not re.fullmatch(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@.,;<>\"]{2,}", address):
        return None
    local = address.partition("@")[0]
    return None if address in _STAND_IN_EMAILS or local in _NO_MAILBOX else address


def _exact(tidy: str) -> str | None:
    return None if re.search(r"\s", tidy) else tidy


def _number_or_name(tidy: str) -> str | None:
    # Spreadsheets turn the account number 17850 into 17850.0.
    return tidy[:-2] if re.fullmatch(r"\d+\.0", tidy) else tidy


RULES: dict[Kind, Rule] = {
    Kind.EXTERNAL_USERID: Rule(_exact, Match.MERGE, per_person=1),
    Kind.UNIONID: Rule(_exact, Match.MERGE, per_person=1),
    Kind.OPENID: Rule(_exact, Match.MERGE, per_person=1),
    Kind.MEMBER_NO: Rule(_number_or_name, Match.MERGE, per_person=1),
    Kind.PHONE: Rule(_phone, Match.MERGE, per_person=10),
    Kind.BUYER_ID: Rule(_number_or_name, Match.MERGE, per_person=100),
    Kind.EMAIL: Rule(_email, Match.REVIEW, per_person=10),
    Kind.DEVICE: Rule(_exact, Match.INFORM, per_person=50),
}
_STRENGTH = {str(kind): place for place, kind in enumerate(RULES)}
