from datetime import timedelta

import pytest

from yutang.kernel import clock
from yutang.kernel.errors import TooMany
from yutang.kernel.throttle import forget_attempts, take_attempt

pytestmark = pytest.mark.django_db


def take() -> None:
    take_attempt("door", limit=3, per=timedelta(minutes=5))


def test_attempts_beyond_the_limit_are_refused_until_the_window_ends() -> None:
    for _ in range(3):
        take()
    with pytest.raises(TooMany) as refused:
        take()
    assert 295 <= refused.value.retry_after_seconds <= 300

    with clock.shifted(timedelta(minutes=5, seconds=1)):
        take()


def test_a_success_forgets_the_attempts() -> None:
    for _ in range(3):
        take()
    forget_attempts("door")
    take()
