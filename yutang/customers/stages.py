"""Where a customer stands, from what is known of them: pure."""

from collections.abc import Iterable

from yutang.customers.models import HELD, Stage

LOYAL_FROM = 2  # orders


def stage_of(relation_states: Iterable[str], orders: int) -> Stage:
    """The derived stage of a person with these relations and so many orders.

    An order alone leaves a trace, not a contact: whom no member ever held stays a stranger however much they bought.
    """
    states = set(relation_states)
    if not states:
        return Stage.STRANGER
    if states.isdisjoint(HELD):
        return Stage.LOST
    if orders >= LOYAL_FROM:
        return Stage.REPEAT
    return Stage.BUYER if orders else Stage.CONTACT
