"""WeCom's rules as dated data: what is allowed, from when to when, and where it is written.

`documented` is false for what only vendors and forums say. A rule that changes gets an end date and a successor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MINUTE, HOUR, DAY = 60, 3600, 86_400
MONTH = 30 * DAY  # WeCom's month for penalties is 30 days, not the calendar's


class Scope(StrEnum):
    """What a rate is counted by. Every scope but IP is also counted by single API."""

    CORP = "corp"
    APP = "app"
    IP = "ip"


@dataclass(frozen=True)
class Rate:
    """At most `limit` calls in any `seconds`; exceeding it blocks the calls for as long again (errcode 45009)."""

    bucket: str  # the endpoints it counts; "*" counts every endpoint, each by itself
    scope: Scope
    limit: int
    seconds: int
    source: str
    since: date = date.min
    until: date = date.max


RATES = [
    Rate("*", Scope.CORP, 10_000, MINUTE, "doc 90312"),
    Rate("*", Scope.CORP, 150_000, HOUR, "doc 90312"),
    Rate("*", Scope.IP, 20_000, MINUTE, "doc 90312"),
    Rate("*", Scope.IP, 600_000, HOUR, "doc 90312"),
    Rate("jsapi_ticket", Scope.CORP, 400, HOUR, "doc 90506"),
    Rate("jsapi_ticket", Scope.APP, 100, HOUR, "doc 90506"),
    Rate("agent_ticket", Scope.APP, 100, HOUR, "doc 90506"),
    Rate("permanent_picture", Scope.CORP, 1_000, DAY, "doc 90256"),
    Rate("permanent_picture", Scope.CORP, 3_000, MONTH, "doc 90256"),
]

UNCOUNTED_BUCKETS = {"sign_in"}  # a valid sign-in code is exempt from frequency control


def rates_for(bucket: str, *, on: date) -> Iterator[Rate]:
    """The rates that count a call of this bucket on that day."""
    if bucket in UNCOUNTED_BUCKETS:
        return
    for rate in RATES:
        if rate.bucket in ("*", bucket) and rate.since <= on <= rate.until:
            yield rate


@dataclass(frozen=True)
class Rule:
    """A size, count or duration WeCom sets. `unit` says what `value` counts."""

    name: str
    value: int
    unit: str
    source: str
    since: date = date.min
    until: date = date.max
    documented: bool = True


RULES = [
    Rule("welcome_window", 20, "seconds", "doc 92137"),
    Rule("welcome_text", 4_000, "bytes", "doc 92137"),
    Rule("welcome_attachments", 9, "attachments", "doc 92137"),
    Rule("link_title", 128, "bytes", "doc 92137"),
    Rule("link_description", 512, "bytes", "doc 92137"),
    Rule("link_url", 2_048, "bytes", "doc 92137"),
    Rule("mini_program_title", 64, "bytes", "doc 92137"),
    Rule("callback_answer", 5, "seconds", "doc 90930"),
    Rule("callback_attempts", 3, "attempts", "doc 90930"),
    Rule("contact_ways", 500_000, "codes per corp, join ways included", "doc 92228"),
    Rule("contact_way_members", 100, "members, those of departments included", "doc 92228"),
    Rule("contact_way_state", 30, "characters", "doc 92228"),
    Rule("contact_way_remark", 30, "characters", "doc 92228"),
    Rule("acquisition_link_members", 500, "members", "doc 97297"),
    Rule("acquisition_link_name", 30, "characters", "doc 97297"),
    Rule("customer_channel", 64, "bytes", "doc 97297"),
    Rule("remark", 20, "characters", "doc 92115"),
    Rule("remark_description", 150, "characters", "doc 92115"),
    Rule("remark_company", 20, "characters", "doc 92115"),
    Rule("corp_tags", 10_000, "tags per corp, strategy tags included", "doc 92117"),
    Rule("corp_tag_name", 30, "characters", "doc 92117"),
    Rule("tags_per_relation", 3_000, "tags per member and customer", "doc 92118"),
    Rule("batch_members", 100, "members per call", "doc 92994"),
    Rule("followers_per_page", 500, "followers", "doc 92114"),
    Rule("transfer_batch", 100, "customers per call", "doc 92125"),
    Rule("transfers_per_customer", 2, "transfers in 90 days", "doc 92125"),
    Rule("transfer_settles_after", 24 * HOUR, "seconds", "doc 92125"),
    Rule("customers_per_member", 5_000, "customers, expandable", "vendor help pages", documented=False),
    Rule("media_lifetime", 3 * DAY, "seconds", "doc 90253"),
    Rule("image_bytes", 10 * 1024 * 1024, "bytes", "doc 90253"),
    Rule("video_bytes", 10 * 1024 * 1024, "bytes", "doc 90253"),
    Rule("file_bytes", 20 * 1024 * 1024, "bytes", "doc 90253"),
    Rule("parallel_calls", 8, "calls of one API at once", "community advice on 45033", documented=False),
]


def rule(name: str, *, on: date) -> Rule:
    """The rule of that name in force on that day. Raises KeyError where there is none."""
    for candidate in RULES:
        if candidate.name == name and candidate.since <= on <= candidate.until:
            return candidate
    raise KeyError(name)
