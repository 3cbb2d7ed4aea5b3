"""Two workers at once. SQLite writes one after another by itself, so these are about PostgreSQL as well."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection

from yutang.acquisition.models import Arrival, CodeDay, LiveCode
from yutang.acquisition.services.arrivals import count_pair
from yutang.acquisition.services.codes import create_code
from yutang.acquisition.shapes import CodeShape
from yutang.customers.identity import Claim
from yutang.customers.models import IdentityKind, OwnershipState
from yutang.customers.services.ownership import Details, apply_relation
from yutang.customers.services.resolve import resolve
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(*calls: Callable[[], Any]) -> None:
    def run(call: Callable[[], Any]) -> None:
        close_old_connections()
        try:
            call()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    failures: list[Exception] = []
    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="the test database of SQLite lives in one connection")
def test_adds_counted_by_several_workers_at_once_count_once_each(make_member: Callable[..., Member]) -> None:
    ann, bob = make_member("ann"), make_member("bob")
    shape = CodeShape(name="门店", corp_id=ann.corp_id, assignees=[{"member_id": ann.pk}, {"member_id": bob.pk}])
    code = create_code(shape, by=SYSTEM)
    pairs = []
    for number in range(12):
        at = clock.now() - timedelta(seconds=number)
        claim = Claim(IdentityKind.EXTERNAL_USERID, f"wm{number:04d}", ann.corp.wecom_corpid)
        customer = resolve([claim], source="wecom", at=at, by=SYSTEM).customer
        details = Details(state_code=code.state_code)
        apply_relation(customer, ann, OwnershipState.MUTUAL, at=at, by=SYSTEM, details=details)
        pairs.append(customer.pk)

    in_threads(*[lambda customer=customer: count_pair(customer, ann.pk) for customer in [*pairs, *pairs[:4]]])

    assert Arrival.objects.count() == 12
    assert sum(day.adds for day in CodeDay.objects.all()) == 12
    # Twelve turns of two members: each was paid twelve, and ann was charged twelve pots of two.
    assert LiveCode.objects.get().credits == {str(ann.pk): -12, str(bob.pk): 12}
