"""The two readings of each leaf over what happened say the same, and no answer changes before its flip."""

import os
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings

from yutang.segments.flips import micros
from yutang.segments.history import History
from yutang.segments.leaves import Leaf
from yutang.segments.tests import strategies as some
from yutang.segments.tests.memory_lake import world_of
from yutang.segments.windows import Moment

quick = settings(
    max_examples=int(os.environ.get("YUTANG_RULE_EXAMPLES", "50")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example is small as it is found
)
MICROSECOND = timedelta(microseconds=1)


@quick
@given(crowd=some.crowds(), leaf=some.happening_leaves, moment=some.now)
def test_both_readings_of_a_leaf_name_the_same_people(crowd: list[History], leaf: Leaf, moment: Moment) -> None:
    read = leaf.people(world_of(crowd, moment))

    assert set(read.people) == {each.person for each in crowd if leaf.holds_for(each, moment)}


@quick
@given(crowd=some.crowds(), leaf=some.happening_leaves, moment=some.now, later=some.now)
def test_no_answer_changes_before_its_flip(crowd: list[History], leaf: Leaf, moment: Moment, later: Moment) -> None:
    first: dict[int, int] = {}
    for at, person in leaf.people(world_of(crowd, moment)).flips.pairs():
        first.setdefault(person, at)
    for each in crowd:
        holds = leaf.holds_for(each, moment)
        told = leaf.next_flip(each, moment)
        for then in moments_after(each, moment, later):
            if leaf.holds_for(each, Moment(then, moment.zone)) != holds:
                assert told is not None
                assert moment.at < told <= then
                assert first[each.person] <= micros(then)


def moments_after(history: History, moment: Moment, later: Moment) -> list[Moment]:
    """Moments at which something might change: hours and days after what happened, and one at random."""
    happened = [event.at for event in history.events] + [order.placed_at for order in history.orders]
    edges = {at + timedelta(days=days, hours=hours) for at in happened for days in range(32) for hours in (0, 1, 6)}
    edges |= {moment.at + timedelta(days=days, hours=hours) for days in (0, 1, 7, 31, 300) for hours in (14, 16)}
    edges |= {edge + MICROSECOND for edge in list(edges)} | {later.at}
    return sorted(edge for edge in edges if edge > moment.at)
