"""Who is who: from the subject a fact was stored with to the person it belongs to today. Loads pyarrow."""

import threading
import time
from typing import Any

import pyarrow as pa
from django.db.models import Count, Max, Q

from yutang.customers.models import Customer, Erasure, Merge
from yutang.events.models import Visitor

LOOK_SECONDS = 0.5  # how old the answer to "has anything changed?" may be
SCHEMA = pa.schema([("subject", pa.int64()), ("belongs_to", pa.int64())])

_lock = threading.Lock()
_kept: tuple[Any, pa.Table] | None = None
_looked: tuple[float, Any] = (0.0, None)


def moved_subjects() -> pa.Table:
    """Subjects that stand for somebody else than themselves: `subject` and the person it `belongs_to`.

    Merged records belong to their person, visitors who became known to their customer's person, erased records to
    nobody (null). Every other record is its own person.
    """
    global _kept
    with _lock:
        version = _version()
        if _kept is None or _kept[0] != version:
            _kept = (version, _read())
        return _kept[1]


def _version() -> Any:
    global _looked
    looked, version = _looked
    if version is None or time.monotonic() - looked > LOOK_SECONDS:
        merges = Merge.objects.aggregate(Max("pk"), undone=Count("pk", filter=Q(undone_at__isnull=False)))
        erasures = Erasure.objects.aggregate(Max("pk"))
        visitors = Visitor.objects.filter(joined_at__isnull=False).aggregate(Max("joined_at"), Count("pk"))
        version = (merges, erasures, visitors)
        _looked = (time.monotonic(), version)
    return version


def _read() -> pa.Table:
    records = Customer.objects.filter(Q(person__isnull=False) | Q(erased_at__isnull=False))
    rows = [
        (pk, None if erased else person) for pk, person, erased in records.values_list("pk", "person_id", "erased_at")
    ]
    joined = Visitor.objects.filter(customer__isnull=False)
    for pk, record, person, erased in joined.values_list(
        "pk", "customer_id", "customer__person_id", "customer__erased_at"
    ):
        rows.append((-pk, None if erased else person or record))
    subjects, people = zip(*rows, strict=True) if rows else ((), ())
    return pa.Table.from_arrays([pa.array(subjects, pa.int64()), pa.array(people, pa.int64())], schema=SCHEMA)
