"""How an erasure and an export reach floors above: each app that keeps personal data says here how it lets go of it."""

from collections.abc import Callable, Sequence
from typing import Any

Forget = Callable[[Sequence[int]], int]  # record ids → rows blanked, in the erasure's transaction
Tell = Callable[[Sequence[int]], list[dict[str, Any]]]  # record ids → what is kept, for the person's own copy

FORGETTERS: dict[str, Forget] = {}
TELLERS: dict[str, Tell] = {}


def forgets(what: str) -> Callable[[Forget], Forget]:
    """Register, under a name that appears on the receipt, how an app blanks what it keeps of some records."""

    def register(forget: Forget) -> Forget:
        FORGETTERS[what] = forget
        return forget

    return register


def tells(what: str) -> Callable[[Tell], Tell]:
    """Register what an app keeps of some records, for the copy a person may ask for."""

    def register(tell: Tell) -> Tell:
        TELLERS[what] = tell
        return tell

    return register
