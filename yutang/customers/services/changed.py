"""The fact that something noted of a customer changed."""

from collections.abc import Sequence

from yutang.customers.events import CustomerChanged
from yutang.kernel import clock
from yutang.kernel.facts import Fact


def changed_fact(customer_id: int, changed: Sequence[str], *, source: str = "") -> Fact:
    now = clock.now()
    return Fact(
        event=CustomerChanged(changed=list(changed)),
        key=f"customer.changed:{customer_id}:{now.isoformat()}:{','.join(changed)}",
        at=now,
        customer_id=customer_id,
        source=source[:64],
    )
