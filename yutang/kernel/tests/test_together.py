import threading
from collections.abc import Sequence

import pytest
from django.db import connection

from yutang.kernel.clock import now
from yutang.kernel.models import Attempts
from yutang.kernel.together import Together

pytestmark = pytest.mark.django_db(transaction=True)


def write(keys: Sequence[str]) -> list[int]:
    batches.append(len(keys))
    if "bad" in keys:
        raise ValueError("bad")
    rows = [Attempts(key=key, window_ends_at=now()) for key in keys]
    Attempts.objects.bulk_create(rows)
    return [len(key) for key in keys]


batches: list[int] = []


def submit_all(together: Together[str, int], keys: list[str]) -> dict[str, object]:
    outcomes: dict[str, object] = {}
    start = threading.Barrier(len(keys))

    def one(key: str) -> None:
        start.wait()
        try:
            outcomes[key] = together.submit(key)
        except ValueError as error:
            outcomes[key] = str(error)
        connection.close()

    threads = [threading.Thread(target=one, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_everybody_gets_the_own_result_and_every_row_is_committed() -> None:
    batches.clear()
    keys = ["k" * length for length in range(1, 25)]

    assert submit_all(Together(write), keys) == {key: len(key) for key in keys}
    assert Attempts.objects.count() == 24
    assert sum(batches) == 24


def test_a_bad_item_fails_alone() -> None:
    keys = ["a", "b", "bad", "c", "d"]

    outcomes = submit_all(Together(write), keys)

    assert outcomes == {"a": 1, "b": 1, "c": 1, "d": 1, "bad": "bad"}
    assert set(Attempts.objects.values_list("key", flat=True)) == {"a", "b", "c", "d"}


def test_a_batch_holds_at_most_what_it_should() -> None:
    batches.clear()
    submit_all(Together(write, at_most=3), [str(n) for n in range(12)])

    assert max(batches) <= 3
    assert Attempts.objects.count() == 12
