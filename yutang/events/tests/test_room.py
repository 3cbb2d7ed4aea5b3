"""Refused events take their share of the disk and no more; what goes is on record."""

from datetime import timedelta
from typing import Any

import pytest

from yutang.events import tasks
from yutang.events.collecting import room
from yutang.events.models import FailedEvent, FailedState
from yutang.events.services.failed import discard_many
from yutang.events.tests.conftest import Sender
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)


def refuse(sender: Sender, *names: str) -> None:
    """Events without anybody: each is refused for no_id."""
    batch = [{"type": "track", "event": name, "messageId": name} for name in names]
    assert sender.post("batch", {"batch": batch}).status == 200


def kept(sender: Sender) -> list[str]:
    return list(FailedEvent.objects.filter(source=sender.source).order_by("pk").values_list("event_name", flat=True))


@pytest.fixture
def _few_kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FAILED_EVENTS_KEPT = 3
    monkeypatch.setattr(room, "LOOK_AFTER", 2)
    room._taken.clear()


@pytest.mark.usefixtures("_few_kept")
def test_of_a_source_that_sends_nonsense_the_latest_are_kept_and_the_rest_is_on_record(make_source: Any) -> None:
    loud, quiet = Sender(make_source("吵", issuer="a")), Sender(make_source("静", issuer="b"))
    refuse(quiet, "q1")
    for number in range(10):
        refuse(loud, f"n{number}")

    assert kept(loud) == ["n7", "n8", "n9"]
    assert kept(quiet) == ["q1"]
    told = AuditEntry.objects.filter(action="failed_event.dropped", subject_id=str(loud.source.pk))
    assert sum(entry.detail["count"] for entry in told) == 7


@pytest.mark.usefixtures("_few_kept")
def test_what_was_dealt_with_goes_before_what_waits(sender: Sender) -> None:
    refuse(sender, "waits")
    refuse(sender, "settled")
    discard_many(FailedEvent.objects.filter(event_name="settled"), by=SYSTEM)
    refuse(sender, "n1")
    refuse(sender, "n2")

    assert kept(sender) == ["waits", "n1", "n2"]
    assert AuditEntry.objects.get(action="failed_event.dropped").detail == {"count": 1, "waiting": 0}


def test_a_refusal_is_kept_for_its_time_since_it_last_came(sender: Sender, settings: Any) -> None:
    settings.FAILED_EVENT_DAYS = 30
    refuse(sender, "old", "again")
    with clock.shifted(timedelta(days=20)):
        refuse(sender, "again")
    with clock.shifted(timedelta(days=31)):
        tasks.forget_refused()
        assert kept(sender) == ["again"]
        assert FailedEvent.objects.get().state == FailedState.WAITING
        tasks.forget_refused()
    assert AuditEntry.objects.get(action="failed_event.expired").detail == {"count": 1, "waiting": 1}


def test_workers_look_for_old_refusals_every_hour() -> None:
    assert "routine:events.forget_refused" in jobs.KINDS
