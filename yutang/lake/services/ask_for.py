"""Work on the lake asked for by a person."""

from enum import StrEnum

from django.db import transaction

from yutang.kernel import jobs
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.lake.tables import LakeTable


class ByHand(StrEnum):
    FLUSH = "flush"
    COMPACT = "compact"
    VERIFY = "verify"


@transaction.atomic
def ask_for(table: LakeTable, work: ByHand, *, by: Actor) -> None:
    """Put it in the queue; asking again while it waits changes nothing."""
    kind = f"lake.{work}"
    jobs.enqueue(kind, {"table": table.name}, key=f"{kind}:{table.name}")
    audit(f"lake.{work}_asked", by=by, subject_kind="lake", subject_id=table.name)
