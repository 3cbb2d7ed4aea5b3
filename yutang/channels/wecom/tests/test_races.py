"""Several workers at once on callbacks that concern the same people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from yutang.customers.models import Customer, Ownership, OwnershipState
from yutang.events.models import Event, InboxMessage, InboxState
from yutang.kernel import clock, jobs

PEOPLE, MEMBERS, WORKERS = 8, ("zhangsan", "lisi", "wangwu"), 4


def work_side_by_side() -> None:
    """So many workers, each a thread with a connection of its own, until nothing is due."""

    def run(_: int) -> None:
        try:
            jobs.run_due(lanes=("welcome", "inbox"))
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, range(WORKERS)))


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_make_each_customer_and_relation_once(sender):
    added, ended = clock.now() - timedelta(minutes=2), clock.now() - timedelta(minutes=1)
    for number in range(PEOPLE):
        for userid in MEMBERS:
            sender.post(sender.contact("del_follow_user", f"wm{number}", userid, at=ended))
            sender.post(sender.contact("add_external_contact", f"wm{number}", userid, at=added, State="ch1"))
            sender.post(sender.contact("edit_external_contact", f"wm{number}", userid, at=added))
    work_side_by_side()
    for minutes in (1, 10):  # what met in the database is tried again after a pause
        with clock.shifted(timedelta(minutes=minutes)):
            work_side_by_side()

    assert Customer.objects.count() == PEOPLE
    assert set(Ownership.objects.values_list("state", flat=True)) == {OwnershipState.DELETED_BY_CUSTOMER}
    assert Ownership.objects.count() == PEOPLE * len(MEMBERS)
    assert set(InboxMessage.objects.values_list("state", flat=True)) == {InboxState.DONE}
    counts = {name: Event.objects.filter(name=name).count() for name in ("contact.added", "contact.lost")}
    assert counts == {"contact.added": PEOPLE * len(MEMBERS), "contact.lost": PEOPLE * len(MEMBERS)}
