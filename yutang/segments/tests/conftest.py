"""What tests of segments share: a keeper, and the lake's memory of who is who, which must not outlive a test."""

from collections.abc import Callable

import pytest

from yutang.kernel import jobs
from yutang.lake import people
from yutang.segments.services.keep import Keeper


@pytest.fixture(autouse=True)
def _nobody_known_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lake looks twice a second whether people merged; tests merge faster, and take it back."""
    monkeypatch.setattr(people, "LOOK_SECONDS", -1.0)
    monkeypatch.setattr(people, "_kept", None)
    monkeypatch.setattr(people, "_looked", (0.0, None))


@pytest.fixture
def settle(db: None) -> Callable[[], None]:
    """Do what a worker does until nothing is left to do."""
    keeper = Keeper()

    def work() -> None:
        for _ in range(50):
            done = jobs.run_due(lanes=("analysis",))
            if not keeper.step() and not done:
                return
        raise AssertionError("Segments do not come to rest.")

    return work
