"""Opening the world as leaves read it: the lake, and the merchant's days."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from yutang.organization.services.merchant import merchant_zone
from yutang.segments.leaves import Lake, World
from yutang.segments.windows import Moment


def moment_of(at: datetime) -> Moment:
    return Moment(at, merchant_zone())


@contextmanager
def open_world(at: datetime, *, seconds: float | None = None) -> Iterator[World]:
    """The world as of a moment. The lake is opened by the first leaf that asks it; each question may take `seconds`."""
    with ExitStack() as closing:

        def lake() -> Lake:
            from yutang.lake.reading import open_lake  # loads the engine: only where a leaf needs it

            return closing.enter_context(open_lake(seconds=seconds))

        yield World(moment_of(at), lake)
