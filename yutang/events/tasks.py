"""Entry points of background work."""

from datetime import timedelta
from typing import Any

from yutang.customers.consents import Purpose
from yutang.customers.events import ConsentStated, CustomerMerged
from yutang.events import learning
from yutang.events.collecting import room
from yutang.events.collecting.accept import INTRODUCE, LANE
from yutang.events.services import joining
from yutang.kernel import jobs
from yutang.kernel.facts import Fact, consumes
from yutang.kernel.routines import routine

LEARN_EVERY = timedelta(seconds=10)
FORGET_EVERY = timedelta(hours=1)


@jobs.handles(INTRODUCE, lane=LANE)
def introduce(_payload: dict[str, Any]) -> None:
    while joining.work_in() == joining.AT_ONCE:
        pass


@jobs.handles(joining.FILL, lane=LANE)
def fill_past(payload: dict[str, Any]) -> None:
    joining.fill_past(payload["visitor_ids"])


@consumes(ConsentStated, lane=LANE)
def heed_consent(fact: Fact) -> None:
    if fact.event.props()["purpose"] == Purpose.PROFILING and fact.customer_id is not None:
        joining.refresh_withheld(fact.customer_id)


@consumes(CustomerMerged, lane=LANE)
def heed_consent_of_merged(fact: Fact) -> None:
    if fact.customer_id is not None:
        joining.refresh_withheld(fact.customer_id)


@routine("events.learn", every=LEARN_EVERY, lane=LANE)
def learn() -> None:
    while learning.learn():
        pass


@routine("events.forget_refused", every=FORGET_EVERY, first=FORGET_EVERY)
def forget_refused() -> None:
    room.forget_old()
