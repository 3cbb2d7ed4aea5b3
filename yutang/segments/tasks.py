"""Background work: keeping segments current, reading leaves as a whole, the nightly check."""

import time
from datetime import timedelta
from typing import Any

from yutang.kernel import clock, routines
from yutang.kernel.apart import LANE as ANALYSIS
from yutang.kernel.jobs import handles
from yutang.segments.models import KeptLeaf
from yutang.segments.services import check, hand_out
from yutang.segments.services.keep import BRING_UP, Keeper
from yutang.segments.services.settle import bring_up

KEEP_SECONDS = 5.0  # a keeper looks for so long, then another worker may
LOOK_SECONDS = 0.25

_keeper = Keeper()


@routines.routine("segments.keep", every=timedelta(seconds=KEEP_SECONDS), lane="segments")
def keep() -> None:
    """Follow the log and the clock while there is anything to keep."""
    KeptLeaf.objects.filter(wanted_until__lt=clock.now()).delete()
    until = time.monotonic() + KEEP_SECONDS
    while time.monotonic() < until and not routines.ending.is_set():
        if _keeper.step():
            continue
        if not KeptLeaf.objects.exists():
            return
        routines.ending.wait(LOOK_SECONDS)


@handles(hand_out.SOME)
def hand_out_to_some(payload: dict[str, Any]) -> None:
    hand_out.give_and_take(payload["handed"], payload["people"])


@handles(hand_out.ALL, lane="bulk")
def hand_out_to_all(payload: dict[str, Any]) -> None:
    hand_out.give_and_take_all(payload["handed"])


@handles(BRING_UP, lane=ANALYSIS)
def bring_up_segments(_payload: dict[str, Any]) -> None:
    bring_up()


@routines.routine("segments.check", every=timedelta(days=1), lane=ANALYSIS, first=timedelta(days=1))
def check_all() -> None:
    """Read every leaf as a whole and compare."""
    check.check_everything()
