"""Who did it: every service that writes says who acted."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """`account` is somebody signed in to the console, `member` staff acting in WeCom, `customer` the customer, and
    `segment` a rule that gives tags."""

    kind: Literal["account", "member", "customer", "segment", "system"]
    id: int | None = None
    name: str = ""
    ip: str = ""


SYSTEM = Actor(kind="system", name="system")
