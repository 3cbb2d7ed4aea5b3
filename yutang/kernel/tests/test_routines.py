"""Routines: run again and again by one worker at a time, whatever happens to a single run."""

from datetime import timedelta

import pytest

from yutang.kernel import apart, clock, jobs, routines
from yutang.kernel.models import Job
from yutang.kernel.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

ran: list[str] = []


@routines.routine("test.hourly", every=timedelta(hours=1))
def hourly() -> None:
    ran.append("hourly")
    if len(ran) == 2:
        raise RuntimeError("The second run fails.")


@jobs.handles("test.analysis", lane=apart.LANE)
def analysis(payload: dict[str, object]) -> None:
    ran.append("analysis")


@pytest.fixture(autouse=True)
def _empty() -> None:
    ran.clear()


def due() -> None:
    jobs.run_due(lanes=("default",))


def test_a_routine_runs_once_an_hour_though_one_run_fails() -> None:
    routines.plan_all()
    due()
    due()
    assert ran == ["hourly"]
    for hours in (1, 2):
        with clock.shifted(timedelta(hours=hours, minutes=1)):
            due()
    assert ran == ["hourly"] * 3


def test_another_worker_that_starts_plans_nothing_twice() -> None:
    routines.plan_all()
    routines.plan_all()
    assert Job.objects.filter(kind="routine:test.hourly").count() == 1
    due()
    with clock.shifted(timedelta(minutes=30)):
        routines.plan_all()
        due()
    assert ran == ["hourly"]


def test_the_analysis_lane_is_left_to_its_own_process_which_ends_when_idle() -> None:
    jobs.enqueue("test.analysis", {})
    ordinary = Worker(idle_seconds=0.3)
    ordinary.run()
    assert "analysis" not in ran
    Worker(apart.LANES, idle_seconds=0.3).run()
    assert ran.count("analysis") == 1
