"""What events from outside are called in the log, so that none is ever taken for one of ours.

Ours are `subject.verb`, from the catalogue. What a source tracks keeps its own name behind a prefix; its other calls
have the plain names Segment gives them, without a dot.
"""

from typing import Final

TRACK: Final = "track"
CALLS: Final = ("track", "identify", "page", "screen", "group", "alias")
PREFIX: Final = "track:"


def stored_name(call: str, event: str) -> str:
    return PREFIX + event if call == TRACK else call


def own_name(stored: str) -> str:
    """As its source calls it."""
    return stored.removeprefix(PREFIX)


def is_from_outside(stored: str) -> bool:
    return stored.startswith(PREFIX) or stored in CALLS
