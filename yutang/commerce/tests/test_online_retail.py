"""The import on half a million lines of a real retailer, against the figures published with them."""

from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from yutang.commerce.models import ImportRun, Order, OrderLine
from yutang.customers.models import Customer
from yutang.events.models import Event, Quarantine

pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.timeout(600)]

LONDON = {"zone": "Europe/London", "currency": "GBP"}
USUAL = Q(order__kind="sale", quantity_milli__gt=0, unit_price_micros__gt=0, order__customer__isnull=False)


def value_of_all_lines() -> int:
    """Quantity times price in 10^-9 of a pound, exactly."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(quantity_milli * unit_price_micros) FROM commerce_orderline")
        return int(cursor.fetchone()[0])


def pounds(nanos: int | None) -> float:
    return round((nanos or 0) / 1e9, 2)


@pytest.fixture(scope="module")
def retail(test_data: Path) -> Path:
    return test_data / "online_retail_ii_2009_2010"


def test_every_published_figure_comes_out_and_a_second_import_changes_nothing(retail, import_file, tmp_path):
    run = import_file(retail, source="retail", **LONDON)

    assert (run.state, run.error) == ("done", {})
    assert run.summary["bad_rows"] == 0
    assert run.counts["lines_new"] == 525_461
    assert_published()
    assert_usual_filter()

    before = snapshot()
    again = import_file(retail, source="retail", **LONDON)
    assert (again.state, again.counts["lines_known"], again.counts.get("lines_new", 0)) == ("done", 525_461, 0)
    assert snapshot() == before

    # The same lines in another format, overlapping: a month of them as CSV.
    month = pl.read_parquet(retail / "transactions.parquet").filter(pl.col("InvoiceDate").dt.month() == 3)
    month.write_csv(tmp_path / "march.csv", datetime_format="%Y/%m/%d %H:%M")
    overlap = import_file(tmp_path / "march.csv", source="retail", **LONDON)
    assert (overlap.state, overlap.counts["lines_known"], overlap.counts.get("lines_new", 0)) == (
        "done",
        month.height,
        0,
    )
    assert snapshot() == before


def assert_published() -> None:
    lines = OrderLine.objects.all()
    assert lines.count() == 525_461
    assert Order.objects.count() == 28_816
    assert lines.values("sku").distinct().count() == 4_632
    assert Customer.objects.count() == 4_383
    assert lines.filter(order__customer=None).count() == 107_927
    assert lines.filter(title="").count() == 2_928
    assert Order.objects.values("country").distinct().count() == 40
    assert lines.filter(order__kind="cancellation").count() == 10_206
    assert Order.objects.filter(kind="cancellation").count() == 4_592
    assert lines.filter(occurrence__gt=1).count() == 6_865
    adjustments = lines.filter(order__kind="adjustment")
    assert (adjustments.count(), adjustments.filter(unit_price_micros__lt=0).count()) == (3, 3)
    assert lines.filter(unit_price_micros=0).count() == 3_687
    assert lines.aggregate(all=Sum("quantity_milli"))["all"] == 5_432_041_000
    assert value_of_all_lines() == 9_539_484_634_000_000
    assert Event.objects.filter(name="order.cancelled").count() == 4_592
    assert Event.objects.filter(name="order.placed").count() == 28_816 - 4_592 - 3
    assert not Quarantine.objects.exists()


def assert_usual_filter() -> None:
    lines = OrderLine.objects.filter(USUAL)
    value = Sum(F("quantity_milli") * F("unit_price_micros"))
    totals = lines.aggregate(
        customers=Count("order__customer", distinct=True), orders=Count("order", distinct=True), value=value
    )
    assert lines.count() == 407_664
    assert (totals["customers"], totals["orders"], pounds(totals["value"])) == (4_312, 19_213, 8_832_003.27)

    orders_of_each = lines.values("order__customer").annotate(orders=Count("order", distinct=True))
    assert orders_of_each.filter(orders__gt=1).count() == 2_893
    assert Customer.objects.filter(order_count__gt=1).count() == 2_893

    best = lines.filter(order__customer__identities__kind="buyer_id").values_list("order__customer__identities__value")
    top = best.annotate(value=value).order_by("-value")[:3]
    assert [(number, pounds(nanos)) for number, nanos in top] == [
        ("18102", 349_164.35),
        ("14646", 248_396.50),
        ("14156", 196_566.74),
    ]

    months = lines.annotate(month=TruncMonth("order__placed_at", tzinfo=ZoneInfo("Europe/London"))).values("month")
    by_month = {
        row["month"].strftime("%Y-%m"): (pounds(row["value"]), row["active"])
        for row in months.annotate(value=value, active=Count("order__customer", distinct=True))
    }
    assert len(by_month) == 13
    assert by_month["2009-12"] == (686_654.16, 955)
    assert by_month["2010-01"] == (557_319.06, 720)
    assert by_month["2010-06"] == (639_066.58, 1_041)
    assert by_month["2010-11"] == (1_172_336.04, 1_607)
    assert by_month["2010-12"] == (311_878.00, 573)


def snapshot() -> tuple[object, ...]:
    lines = OrderLine.objects.aggregate(Count("pk"), Sum("quantity_milli"), Sum("amount_fen"), Sum("occurrence"))
    orders = Order.objects.aggregate(Count("pk"), Sum("amount_fen"), Sum("line_count"), Count("customer"))
    people = Customer.objects.aggregate(Count("pk"), Sum("order_count"), Sum("spent_fen"))
    return lines, orders, people, Event.objects.count(), Quarantine.objects.count()


def test_a_file_with_other_columns_becomes_one_order_for_each_customer_and_moment(test_data, import_file):
    # Two ids stand in the file, neither named as any shop would; quantity, date and amount are found by themselves.
    run = import_file(
        test_data / "cdnow" / "sample.parquet",
        source="cdnow",
        mapping={"customer_id": "master_id", "placed_at": "date", "quantity": "cds", "amount": "amount"},
        zone="America/New_York",
        currency="USD",
    )

    assert run.state == "done", run.error
    sample = pl.read_parquet(test_data / "cdnow" / "sample.parquet")
    assert OrderLine.objects.count() == sample.height == 6_919
    assert Order.objects.count() == sample.select("master_id", "date").unique().height
    assert Customer.objects.count() == sample["master_id"].n_unique() == 2_357
    fen = round(sample["amount"].sum() * 100)
    assert OrderLine.objects.aggregate(all=Sum("amount_fen"))["all"] == fen
    assert ImportRun.objects.get().options["currency"] == "USD"
