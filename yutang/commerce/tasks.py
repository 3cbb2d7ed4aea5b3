"""Entry points of background work."""

from yutang.commerce.services.run_import import carry_out
from yutang.commerce.services.runs import JOB
from yutang.kernel import jobs


@jobs.handles(JOB, lane="bulk")
def import_orders(payload: dict[str, object]) -> None:
    carry_out(int(str(payload["run_id"])))
