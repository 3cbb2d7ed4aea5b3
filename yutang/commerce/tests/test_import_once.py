"""Each line counts once: through overlaps, kills, cancels, two workers at once, and in any order of files."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yutang.commerce.models import ImportRun, Order, OrderLine, OrderSource
from yutang.commerce.services import runs
from yutang.commerce.services.downloads import write_bad_rows
from yutang.commerce.services.run_import import carry_out
from yutang.customers.models import Customer
from yutang.events.models import Event, Quarantine
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM

HEADER = "订单号,日期,会员号,SKU,数量,单价\n"


def row(number: str, minute: int, who: str, sku: str, quantity: int = 1, price: str = "9.9") -> str:
    return f"{number},2026-01-05 08:{minute:02},{who},{sku},{quantity},{price}\n"


def stored() -> tuple[object, ...]:
    """Everything an import leaves behind that does not depend on when it ran."""
    orders = sorted(
        Order.objects.values_list(
            "number", "kind", "placed_at", "line_count", "quantity_milli", "amount_fen", "customer__identities__value"
        ),
        key=str,
    )
    lines = sorted(OrderLine.objects.values_list("order__number", "fingerprint", "occurrence", "amount_fen"))
    told: dict[object, list[int]] = {}
    for props in Event.objects.filter(name__startswith="order.").values_list("props", flat=True):
        sums = told.setdefault(props["number"], [0, 0])
        sums[0] += props["amount_fen"]
        sums[1] += props["lines"]
    people = sorted(Customer.objects.values_list("identities__value", "order_count", "spent_fen", "stage"))
    return orders, lines, told, people


# Orders with repeated lines, a guest, a line of a later minute, a cancellation.
FILE = [
    row("A1", 1, "m1", "apple"),
    row("A1", 1, "m1", "apple"),
    row("A1", 2, "m1", "pear", 3, "0.333"),
    row("A1", 1, "m1", "apple"),
    row("A2", 5, "", "plum"),
    row("A3", 7, "m2", "fig", 2),
    row("C4", 9, "m2", "fig", -2),
    row("A3", 6, "m2", "kiwi", 1, "0"),
    row("A5", 8, "m1", "apple"),
]


windows = st.lists(
    st.tuples(st.integers(0, len(FILE) - 1), st.integers(1, len(FILE))).map(lambda cut: (cut[0], cut[0] + cut[1])),
    max_size=4,
)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(windows=windows, whole_at=st.integers(0, 4))
def test_windows_of_a_file_in_any_order_come_to_the_same_as_the_file(windows, whole_at, import_file, tmp_path):
    """Overlapping exports count the lines of an order as often as the fullest of them does."""
    path = tmp_path / "orders.csv"

    def outcome(exports: list[list[str]]) -> tuple[object, ...]:
        with transaction.atomic():
            for rows in exports:
                path.write_text(HEADER + "".join(rows))
                run = import_file(path, cancellation_prefix="C", adjustment_prefix="")
                assert run.state == "done", run.error
            assert not Quarantine.objects.exists()
            left = stored()
            transaction.set_rollback(True)
        return left

    exports = [FILE[start:end] for start, end in windows]
    exports.insert(min(whole_at, len(exports)), FILE)

    assert outcome(exports) == outcome([FILE])


@pytest.mark.django_db
def test_a_line_of_another_customer_or_a_reused_number_is_held_back_and_shown(import_file, write_csv):
    import_file(write_csv(HEADER + row("A1", 1, "m1", "apple")))
    other = row("A1", 1, "m2", "pear")
    late = row("A1", 1, "m1", "plum").replace("2026-01-05", "2026-06-05")

    run = import_file(write_csv(HEADER + other))
    assert (run.state, run.counts["rows_held"], OrderLine.objects.count()) == ("done", 1, 1)
    path = write_bad_rows(run)
    assert path is not None
    assert "other lines of this order belong to another customer" in path.read_text(encoding="utf-8-sig")
    assert "pear" in path.read_text(encoding="utf-8-sig")

    run = import_file(write_csv(HEADER + late))
    assert (run.counts["rows_held"], run.held_rows.get().reason) == (1, "far_date")


@pytest.mark.django_db
def test_a_guests_order_gets_its_customer_when_a_later_file_names_them(import_file, write_csv):
    import_file(write_csv(HEADER + row("A1", 1, "", "apple")))
    assert Order.objects.get().customer is None

    import_file(write_csv(HEADER + row("A1", 1, "m1", "apple")))
    order = Order.objects.get()
    assert order.customer is not None
    assert (order.customer.order_count, order.customer.spent_fen) == (1, 990)
    assert OrderLine.objects.count() == 1
    assert Event.objects.get(name="order.amended").customer == order.customer


@pytest.mark.django_db
def test_a_source_has_one_currency(import_file, write_csv):
    import_file(write_csv(HEADER + row("A1", 1, "m1", "apple")), currency="CNY")
    run = import_file(write_csv(HEADER + row("A2", 1, "m1", "apple")), currency="USD")

    assert (run.state, run.error["code"]) == ("failed", "currency_differs")
    assert (Order.objects.count(), OrderSource.objects.get().currency) == (1, "CNY")


def many_rows(count: int) -> str:
    return HEADER + "".join(
        f"N{n // 3},2026-01-{n // 3 % 28 + 1:02} 10:00,m{n // 3 % 997},sku{n % 50},1,{n % 90}.5\n" for n in range(count)
    )


@pytest.mark.django_db
def test_cancel_stops_between_batches_and_resume_finishes(write_csv):
    run = runs.create_run_from_path(write_csv(many_rows(45_000)), source="shop", by=SYSTEM)
    runs.start(run, by=SYSTEM)

    def cancel_after_first(now: ImportRun) -> None:
        if now.counts.get("rows_written") and not now.cancel_asked and now.state == "running":
            runs.cancel(now, by=SYSTEM)

    stopped = carry_out(run.pk, watch=cancel_after_first)
    assert stopped is not None
    assert stopped.state == "cancelled"
    written = OrderLine.objects.count()
    assert 0 < written == stopped.counts["rows_written"] < 45_000
    # What was written so far is complete: whoever bought has it counted.
    assert Customer.objects.filter(order_count=0).count() == 0

    done = carry_out(runs.resume(stopped, by=SYSTEM).pk)
    assert done is not None
    assert (done.state, OrderLine.objects.count(), Order.objects.count()) == ("done", 45_000, 15_000)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kills", [3])
def test_an_import_killed_at_any_moment_goes_on_and_doubles_nothing(kills, write_csv):
    if connection.vendor == "sqlite":
        pytest.skip("Another process cannot see this database in memory; the next test does it on a file.")
    run = runs.create_run_from_path(write_csv(many_rows(90_000)), source="shop", by=SYSTEM)
    runs.start(run, by=SYSTEM)
    for number in range(kills):
        process = subprocess.Popen([sys.executable, "-c", _WORK, str(run.pk)], env=_environment())
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            run.refresh_from_db()
            if run.counts.get("rows_written", 0) > number * 30_000:
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()

    # Two at once finish it: each batch is written by one of them.
    workers = [subprocess.Popen([sys.executable, "-c", _WORK, str(run.pk)], env=_environment()) for _ in range(2)]
    assert [worker.wait(120) for worker in workers] == [0, 0]

    run.refresh_from_db()
    assert (run.state, run.counts["rows_written"]) == ("done", 90_000)
    assert (OrderLine.objects.count(), Order.objects.count()) == (90_000, 30_000)
    assert Event.objects.filter(name="order.placed").count() == 30_000
    assert (
        sum(Customer.objects.values_list("order_count", flat=True))
        == 30_000 - Order.objects.filter(amount_fen=0).count()
    )


_WORK = """
import sys
from yutang.cli.main import start_django
start_django()
from yutang.commerce.services.run_import import carry_out
carry_out(int(sys.argv[1]))
"""


def _environment() -> dict[str, str]:
    name = connections["default"].settings_dict
    host = str(name["HOST"]).replace("/", "%2F")
    url = f"postgresql://{name['USER']}:{name['PASSWORD']}@{host}:{name['PORT']}/{name['NAME']}"
    return os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).parents[3])}


@pytest.mark.timeout(300)
def test_the_command_line_goes_on_after_a_kill(tmp_path):
    """On a SQLite file of its own, with the real command and a real kill -9."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"YUTANG_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[3])}
    file = tmp_path / "till.csv"
    file.write_text(many_rows(60_000))
    yutang = [sys.executable, "-c", "from yutang.cli.main import main; main()"]
    subprocess.run([*yutang, "migrate"], env=env, check=True, capture_output=True)

    process = subprocess.Popen([*yutang, "import", "orders", str(file)], env=env, stdout=subprocess.DEVNULL)
    database = tmp_path / "home" / "yutang.sqlite3"
    deadline = time.monotonic() + 100
    while process.poll() is None and time.monotonic() < deadline and count_lines(database) == 0:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < count_lines(database) < 60_000

    resumed = subprocess.run([*yutang, "import", "resume", "1", "--json"], env=env, check=True, capture_output=True)
    told = json.loads(resumed.stdout)
    assert (told["state"], told["written"]["lines_new"], told["written"]["orders_new"]) == ("done", 60_000, 20_000)
    assert count_lines(database) == 60_000


def count_lines(database: Path) -> int:
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as db:
        return int(db.execute("SELECT count(*) FROM commerce_orderline").fetchone()[0])


@pytest.mark.django_db
def test_a_worker_carries_out_what_the_console_starts(write_csv):
    run = runs.create_run_from_path(write_csv(HEADER + "".join(FILE)), source="shop", by=SYSTEM)
    runs.start(run, by=SYSTEM)
    with clock.shifted(timedelta(minutes=1)):
        assert jobs.run_due(lanes=("bulk",)) == 1

    run.refresh_from_db()
    assert (run.state, OrderLine.objects.count()) == ("done", len(FILE))
