"""The lake over HTTP: who may look after it, how it stands, and work asked for."""

import pytest

from conftest import NOW
from yutang.events.models import Event
from yutang.kernel import apart, jobs
from yutang.organization.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def _events() -> None:
    Event.objects.bulk_create(
        Event(key=f"k{n}", fingerprint="f", name="page.viewed", at=NOW, received_at=NOW, props={}) for n in range(3)
    )


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ANALYST, Role.GUIDE])
def test_only_administrators_look_after_it(api_for, make_account, role) -> None:
    api = api_for(make_account(role=role))
    refused = [api.get("/lake"), api.get("/lake/runs"), api.post("/lake/events/work", {"work": "flush"})]
    assert [each.status_code for each in refused] == [403] * 3
    assert jobs.run_due(lanes=(apart.LANE,)) == 0


@pytest.mark.usefixtures("_events")
def test_what_waits_is_shown_and_brought_over_when_asked(api) -> None:
    def events() -> dict[str, object]:
        return next(row for row in api.get("/lake").json() if row["table"] == "events")

    assert (events()["waiting"], events()["rows"], events()["sound"]) == (3, 0, None)
    for work in ("flush", "compact", "verify"):
        assert api.post("/lake/events/work", {"work": work}).status_code == 202
        jobs.run_due(lanes=(apart.LANE,))
    assert (events()["waiting"], events()["rows"], events()["sound"]) == (0, 3, True)
    runs = api.get("/lake/runs").json()["items"]
    assert [(run["work"], run["ok"]) for run in runs] == [("verify", True), ("compact", True), ("flush", True)]


def test_an_unknown_table_and_unknown_work_are_refused(api) -> None:
    assert api.post("/lake/nonsense/work", {"work": "flush"}).status_code == 404
    assert api.post("/lake/events/work", {"work": "drop"}).status_code == 422
