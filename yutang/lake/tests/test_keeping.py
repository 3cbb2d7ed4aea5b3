"""Keeping the lake: each row once whatever dies or races, damage found and mended, people's words destroyed."""

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection, transaction

from conftest import NOW
from yutang.cli.lake import lake as lake_command
from yutang.customers.services.erase import erase
from yutang.events.models import Event
from yutang.kernel import apart, clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.lake import tasks
from yutang.lake.catalog import open_table
from yutang.lake.models import LakeChange, LakeHead, LakeRun, LakeWork
from yutang.lake.reading import open_lake
from yutang.lake.services.commit import commit
from yutang.lake.services.flush import flush
from yutang.lake.services.rebuild import rebuild
from yutang.lake.services.tidy import compact, sweep
from yutang.lake.services.verify import verify
from yutang.lake.tables import TABLES

EVENTS = TABLES["events"]


def count() -> int:
    with open_lake() as lake:
        return lake.run(lake.table("events").count()).as_py()


def stored_files() -> list[Path]:
    return sorted(Path(settings.LAKE_WAREHOUSE.removeprefix("file://")).rglob("*.parquet"))


@pytest.mark.django_db
def test_a_second_flush_brings_nothing(happen) -> None:
    happen("page.viewed", times=10)
    assert flush(EVENTS).rows == 10
    assert flush(EVENTS).rows == 0
    assert verify(EVENTS)[1].is_sound
    assert LakeRun.objects.filter(work=LakeWork.FLUSH).count() == 1


class Killed(BaseException):
    """The process ends here: nothing that catches errors may run after it."""


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("work", [flush, lambda table: compact(table, whole=True)], ids=["flush", "compact"])
def test_killed_beside_the_commit_nothing_is_lost_or_doubled(happen, monkeypatch, when: str, work) -> None:
    for _ in range(2):
        happen("page.viewed", times=30)
        flush(EVENTS)
    happen("page.viewed", times=7)

    def die(*args, **kwargs) -> None:
        if when == "after":
            commit(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        for module in ("flush", "tidy"):
            patched.setattr(f"yutang.lake.services.{module}.commit", die)
        with pytest.raises(Killed):
            work(EVENTS)
    assert count() == 67
    flush(EVENTS)
    assert count() == 67
    assert verify(EVENTS)[1].is_sound


@pytest.mark.django_db
def test_the_command_line_tells_how_the_lake_stands_and_mends_it(happen) -> None:
    def lake(*arguments: str, code: int = 0) -> list[dict[str, object]]:
        done = CliRunner().invoke(lake_command, [*arguments, "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    happen("page.viewed", times=5)
    assert [row["waiting"] for row in lake("status", "--table", "events")] == [5]
    assert {row["table"]: row["rows"] for row in lake("flush")} == {"events": 5, "orders": 0, "order_lines": 0}
    assert lake("compact", "--table", "events")[0]["files_after"] == 1
    assert all(row["ok"] for row in lake("verify"))
    stored_files()[0].unlink()
    assert lake("verify", "--table", "events", code=1)[0]["unreadable"]
    assert lake("rebuild", "--table", "events")[0]["rows"] == 5
    assert CliRunner().invoke(lake_command, ["flush", "--table", "nonsense"]).exit_code == 2


@pytest.mark.django_db(transaction=True)
def test_two_flushes_at_once_bring_each_row_once(happen) -> None:
    happen("page.viewed", times=200)
    open_table(EVENTS)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            flush(EVENTS)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    flush(EVENTS)
    assert LakeHead.objects.get(table="events").rows == 200
    assert verify(EVENTS)[1].is_sound


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_transaction_ends_late_is_not_passed_by(happen, monkeypatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, in the order of their numbers.")
    monkeypatch.setattr("yutang.lake.hot.PATIENCE_SECONDS", 0.3)
    written, may_commit = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            happen("late")
            written.set()
            may_commit.wait(30)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    written.wait(30)
    happen_key = Event.objects.bulk_create(
        [Event(key="early", fingerprint="f", name="early", at=NOW, received_at=NOW, props={})]
    )
    assert happen_key
    assert flush(EVENTS).rows == 0  # somebody may still commit below it
    assert count() == 1
    may_commit.set()
    thread.join(30)
    assert flush(EVENTS).rows == 2
    assert verify(EVENTS)[1].is_sound


@pytest.mark.django_db
def test_changes_replace_rows_and_are_then_forgotten(happen) -> None:
    first, *_ = happen("page.viewed", times=5)
    flush(EVENTS)
    Event.objects.filter(pk=first.pk).update(name="page.seen")
    LakeChange.objects.create(table="events", row_id=first.pk)
    flush(EVENTS)
    assert not LakeChange.objects.exists()
    with open_lake() as lake:
        events = lake.table("events")
        names = lake.run(events.group_by("name").agg(times=events.count()).order_by("name"))
    assert names.to_pylist() == [{"name": "page.seen", "times": 1}, {"name": "page.viewed", "times": 4}]
    assert verify(EVENTS)[1].is_sound


@pytest.mark.django_db
def test_compaction_makes_one_file_of_many_and_answers_stay(happen) -> None:
    for month in range(1, 11):
        happen("page.viewed", at=NOW.replace(month=month), times=3)
        flush(EVENTS)
    assert len(LakeHead.objects.get(table="events").files) == 10
    assert compact(EVENTS).detail["files_after"] == 1
    assert count() == 30
    assert verify(EVENTS)[1].is_sound
    assert len(stored_files()) == 11  # readers of the snapshot before may still be at the old ones
    with clock.shifted(timedelta(days=8)):
        compact(EVENTS)
    assert len(stored_files()) == 1


@pytest.mark.django_db
def test_files_nobody_refers_to_are_swept_after_a_while(happen) -> None:
    happen("page.viewed")
    flush(EVENTS)
    orphan = stored_files()[0].with_name("orphan.parquet")
    orphan.write_bytes(b"left by a process that was killed")
    assert sweep(open_table(EVENTS), grace_seconds=60) == 0
    os.utime(orphan, (1, 1))
    assert sweep(open_table(EVENTS), grace_seconds=60) == 1
    assert not orphan.exists()
    assert count() == 1


@pytest.mark.django_db
def test_a_column_added_later_reads_as_empty_in_older_files(happen) -> None:
    happen("page.viewed", item="A")
    flush(EVENTS)
    table = open_table(EVENTS)
    with table.update_schema() as update:
        update.delete_column("item")
    compact(EVENTS, whole=True)
    happen("page.viewed", item="B")
    flush(EVENTS)
    with open_lake() as lake:
        assert set(lake.run(lake.table("events").item).to_pylist()) >= {"B"}
    assert "item" in open_table(EVENTS).schema().column_names


@pytest.mark.django_db
def test_damage_is_found_and_mended_from_the_database(happen) -> None:
    happen("page.viewed", times=50)
    flush(EVENTS)
    with open(stored_files()[0], "r+b") as file:
        file.truncate(60)
    run, findings = verify(EVENTS)
    assert not run.ok
    assert len(findings.unreadable) == 1
    assert rebuild(EVENTS).rows == 50
    assert verify(EVENTS)[1].is_sound
    assert count() == 50


@pytest.mark.django_db
def test_what_differs_from_the_database_or_lacks_is_found(happen) -> None:
    rows = happen("page.viewed", times=5)
    flush(EVENTS)
    Event.objects.filter(pk=rows[0].pk).update(name="changed.behind")
    findings = verify(EVENTS)[1]
    assert (findings.differing, findings.missing, findings.doubled) == (1, 0, 0)
    table = open_table(EVENTS)
    table.delete("id = " + str(rows[1].pk))
    assert verify(EVENTS)[1].missing == 1
    table.append(table.scan(row_filter="id = " + str(rows[2].pk)).to_arrow())
    assert verify(EVENTS)[1].doubled == 1


@pytest.mark.django_db
def test_an_erased_persons_words_are_in_no_file_and_a_receipt_says_so(happen, make_person, make_order) -> None:
    person, other = make_person(), make_person()
    happen("page.viewed", person, times=4, amount_fen=700, note="likes durian")
    happen("page.viewed", other, times=2, amount_fen=300, note="likes plums")
    order = make_order(person)
    order.number = "13912345678 2026-03-10 10:00"
    order.save()
    for table in TABLES.values():
        flush(table)
    compact(EVENTS, whole=True)
    receipt = erase(person, by=SYSTEM, reason="asked")
    jobs.run_due()
    with clock.shifted(timedelta(seconds=settings.LAKE_SECONDS + 5)):
        jobs.run_due(lanes=(apart.LANE,))

    rows = [row for path in stored_files() for row in pq.read_table(path).to_pylist()]
    assert not [row for row in rows if "durian" in str(row) or "13912345678" in str(row)]
    assert [row for row in rows if "plums" in str(row)]
    with open_lake() as lake:
        assert lake.run(lake.table("events").amount_fen.sum()).as_py() == 4 * 700 + 2 * 300
        assert person.pk not in lake.run(lake.table("events").person).to_pylist()
    receipts = LakeRun.objects.filter(erasure_id=receipt.pk, detail__step="destroyed")
    assert {(each.table, each.ok) for each in receipts} == {(name, True) for name in TABLES}
    assert receipts.get(table="events").detail["files"] >= 1
    assert verify(EVENTS)[1].is_sound


@pytest.mark.django_db
def test_much_is_flushed_soon_and_little_after_a_while(happen, monkeypatch) -> None:
    monkeypatch.setattr(tasks, "MANY", 10)
    happen("page.viewed", times=3)
    flush(EVENTS)
    happen("page.viewed", times=3)

    def look() -> int:
        tasks.look()
        return jobs.run_due(lanes=(apart.LANE,))

    assert look() == 0
    with clock.shifted(tasks.AGE + timedelta(minutes=1)):
        assert look() == 1
    happen("page.viewed", times=10)
    assert look() == 1
    assert LakeHead.objects.get(table="events").rows == 16


def test_a_process_that_asks_nothing_does_not_load_the_libraries_of_the_lake() -> None:
    heavy = ("pyarrow", "duckdb", "ibis", "pyiceberg", "pandas")
    script = f"import sys, yutang.wsgi, yutang.kernel.worker; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=settings.ROOT)
    assert told.stdout.strip() == "[]", told.stderr


@pytest.fixture
def small_disk(tmp_path: Path, settings) -> Iterator[Callable[[str], None]]:
    """The lake on a disk of its own of a quarter of a megabyte; the function given makes it another size."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> int:
        return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True).returncode

    if mount("size=256k") != 0:
        pytest.skip("NOT RUN: a full disk. Mounting one is not allowed here.")
    settings.LAKE_CATALOG, settings.LAKE_WAREHOUSE = f"sqlite:///{tmp_path}/catalog.sqlite3", f"file://{place}/tables"
    yield lambda size: mount(f"remount,size={size}") and pytest.fail("The disk cannot be made larger.")
    subprocess.run(["umount", place], check=True)


@pytest.mark.django_db
def test_on_a_full_disk_nothing_is_lost_and_the_page_says_so(happen, small_disk, api) -> None:
    happen("page.viewed", times=10, words="short")
    assert flush(EVENTS).rows == 10
    whole = stored_files()
    for _ in range(1_000):
        happen("page.viewed", words=secrets.token_hex(1_000))
    with pytest.raises(OSError, match="No space left"):
        flush(EVENTS)

    assert count() == 1_010
    assert stored_files() == whole
    assert verify(EVENTS)[1].is_sound
    failed = next(run for run in api.get("/lake/runs").json()["items"] if not run["ok"])
    assert (failed["work"], failed["table"]) == ("flush", "events")
    assert "No space left" in failed["detail"]["problem"]

    small_disk("16m")
    assert flush(EVENTS).rows == 1_000
    assert verify(EVENTS)[1].is_sound
    assert count() == 1_010
