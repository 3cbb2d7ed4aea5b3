"""Reports on public histories, against the figures published with them and against polars, computed independently."""

from datetime import date

import polars as pl
import pytest

from yutang.insights.question import Grain, Period, Question, bucket_of, day_number
from yutang.insights.reports.products import pairs, products
from yutang.insights.reports.repurchase import (
    buyers_of,
    by_tenure,
    cohorts,
    interval_quartiles,
    intervals,
    purchase_counts,
    repurchase,
)
from yutang.insights.reports.rfm import grid, measures, quintiles
from yutang.insights.reports.sales import refunds_by_bucket, sales_by_bucket, top_buyers
from yutang.insights.rfm import Bounds

pytestmark = [pytest.mark.data, pytest.mark.timeout(300)]

YEAR = Period(date(2009, 12, 1), date(2010, 12, 9))
RETAIL = Question(YEAR, zone="Europe/London", grain=Grain.MONTH, currency="GBP")
CDNOW = Question(
    Period(date(1997, 1, 1), date(1998, 6, 30)),
    zone="America/New_York",
    grain=Grain.MONTH,
    currency="USD",
    free_orders=True,
)


@pytest.fixture(scope="module")
def bought(retail_lines: pl.DataFrame) -> pl.DataFrame:
    """Invoices of known customers that are purchases, by polars."""
    orders = (
        retail_lines.filter(pl.col("kind") == "sale")
        .group_by("Invoice")
        .agg(fen=pl.col("fen").sum(), person=pl.col("person").max(), at=pl.col("at").min())
    )
    orders = orders.filter(pl.col("fen") > 0, pl.col("person").is_not_null())
    return orders.with_columns(
        day=pl.col("at").dt.date(), month=pl.col("at").dt.year() * 12 + pl.col("at").dt.month() - 1
    )


def test_the_retailers_published_sums_come_out(retail, retail_lines, ask):
    (all_year,) = ask(repurchase(retail, RETAIL))

    usual = retail_lines.filter(pl.col("kind") == "sale", pl.col("fen") >= 0, pl.col("person").is_not_null())
    # Fourteen lines cost 0.001 each: they are worth nothing in whole fen, and 1.4 fen in the published sum.
    assert usual.filter(pl.col("nanos") % 10_000_000 != 0)["nanos"].to_list() == [1_000_000] * 14
    assert round(usual["nanos"].sum() / 1e9, 2) == 8_832_003.27
    assert all_year["gmv_fen"] == round((usual["nanos"].sum() - 14 * 1_000_000) / 10_000_000) == 883_200_326
    assert (all_year["buyers"], all_year["purchases"]) == (4_312, 19_213)
    assert all_year["repurchasing"] == 2_893
    best = ask(top_buyers(retail, RETAIL, most=3))
    assert [(row["person"], row["gmv_fen"]) for row in best] == [
        (18102, 34_916_435),
        (14646, 24_839_650),
        (14156, 19_656_674),
    ]


def test_the_retailers_published_months_come_out(retail, ask):
    months = {row["bucket"]: row for row in ask(sales_by_bucket(retail, RETAIL))}
    published = {
        date(2009, 12, 1): (68_665_416, 955),
        date(2010, 1, 1): (55_731_906, 720),
        date(2010, 6, 1): (63_906_658, 1_041),
        date(2010, 11, 1): (117_233_604, 1_607),
        date(2010, 12, 1): (31_187_800, 573),
    }

    assert len(months) == 13
    for first, figures in published.items():
        row = months[bucket_of(first, Grain.MONTH)]
        assert (row["gmv_fen"] - row["guest_fen"], row["buyers"]) == figures


def test_new_and_returning_revenue_agree_with_polars(retail, bought, ask):
    first = bought.group_by("person").agg(born=pl.col("month").min())
    dated = bought.join(first, on="person")
    for row in ask(sales_by_bucket(retail, RETAIL)):
        month = dated.filter(pl.col("month") == row["bucket"])
        new = month.filter(pl.col("born") == pl.col("month"))
        assert row["new_fen"] == new["fen"].sum()
        assert row["new_buyers"] == new["person"].n_unique()
        assert row["returning_fen"] == month["fen"].sum() - new["fen"].sum()
        assert row["gmv_fen"] == row["new_fen"] + row["returning_fen"] + row["guest_fen"]


def test_cancellations_come_out_by_month(retail, retail_lines, ask):
    back = retail_lines.filter(pl.col("kind") == "cancellation")
    back = back.with_columns(month=pl.col("at").dt.year() * 12 + pl.col("at").dt.month() - 1)
    rows = ask(refunds_by_bucket(retail, RETAIL))

    assert sum(row["refunds"] for row in rows) == 4_592
    assert {row["bucket"]: row["refunds_fen"] for row in rows} == dict(
        back.group_by("month").agg(pl.col("fen").sum()).iter_rows()
    )


def test_a_quarters_repurchases_look_back_over_all_of_time(retail, bought, ask):
    quarter = Period(date(2010, 4, 1), date(2010, 6, 30))
    (told,) = ask(repurchase(retail, RETAIL.during(quarter)))

    until = bought.filter(pl.col("day") <= quarter.until)
    inside = until.filter(pl.col("day") >= quarter.since)
    of_all = until.group_by("person").agg(times=pl.len())
    again = inside.select("person").unique().join(of_all, on="person").filter(pl.col("times") > 1)
    assert (told["buyers"], told["purchases"]) == (inside["person"].n_unique(), inside.height)
    assert told["repurchasing"] == again.height
    assert told["repurchasing_fen"] == inside.join(again, on="person", how="semi")["fen"].sum()


def test_the_retailers_cohorts_agree_with_polars(retail, bought, ask):
    dated = bought.join(bought.group_by("person").agg(born=pl.col("month").min()), on="person")
    expected = dated.group_by("born", age=pl.col("month") - pl.col("born")).agg(
        people=pl.col("person").n_unique(), fen=pl.col("fen").sum()
    )
    rows = ask(cohorts(retail, RETAIL))

    assert len(rows) == expected.height
    assert {(row["cohort"], row["age"]): (row["people"], row["gmv_fen"]) for row in rows} == {
        (born, age): (people, fen) for born, age, people, fen in expected.iter_rows()
    }


def test_times_between_purchases_agree_with_polars(retail, bought, ask):
    ordered = bought.sort("person", "at", "Invoice")
    gaps = ordered.select(gap=(pl.col("day") - pl.col("day").shift().over("person")).dt.total_days()).drop_nulls()[
        "gap"
    ]
    (told,) = ask(interval_quartiles(retail, RETAIL))

    assert told["times"] == gaps.len() == 19_213 - 4_312
    assert told["median"] == gaps.median()
    assert told["lower"] == gaps.quantile(0.25, "linear")
    assert told["upper"] == gaps.quantile(0.75, "linear")
    assert told["mean"] == pytest.approx(gaps.mean())
    bands = {row["band"]: row["times"] for row in ask(intervals(retail, RETAIL))}
    assert bands[0] == (gaps == 0).sum()
    assert bands[31] == gaps.is_between(31, 60).sum()
    assert sum(bands.values()) == gaps.len()


def test_rfm_measures_and_grid_agree_with_polars(retail, bought, ask):
    each = bought.group_by("person").agg(
        recency=(pl.lit(YEAR.until) - pl.col("day").max()).dt.total_days(), times=pl.len(), fen=pl.col("fen").sum()
    )
    told = {row["person"]: row for row in ask(measures(retail, RETAIL))}
    assert len(told) == 4_312
    for person, recency, times, fen in each.iter_rows():
        row = told[person]
        assert (row["recency_days"], row["purchases"], row["spent_fen"]) == (recency, times, fen)

    bounds = Bounds(
        recency_days=(14, 30, 90, 180), purchases=(2, 3, 5, 10), spent_fen=(20_000, 50_000, 100_000, 300_000)
    )
    cells = {(row["r"], row["f"], row["m"]): row["people"] for row in ask(grid(retail, RETAIL, bounds))}
    scored = each.select(
        r=5 - sum((pl.col("recency") > bound).cast(int) for bound in bounds.recency_days),
        f=1 + sum((pl.col("times") >= bound).cast(int) for bound in bounds.purchases),
        m=1 + sum((pl.col("fen") >= bound).cast(int) for bound in bounds.spent_fen),
    )
    assert cells == {(r, f, m): people for r, f, m, people in scored.group_by("r", "f", "m").len().iter_rows()}
    (cuts,) = ask(quintiles(retail, RETAIL))
    assert cuts["m2"] == pytest.approx(each["fen"].quantile(0.6, "linear"))


def test_products_and_baskets_agree_with_polars(retail, retail_lines, ask):
    good = retail_lines.group_by("Invoice").agg(fen=pl.col("fen").sum(), kind=pl.col("kind").first())
    good = good.filter(pl.col("kind") == "sale", pl.col("fen") > 0)
    sold = retail_lines.join(good, on="Invoice", how="semi").filter(pl.col("Quantity") > 0)
    by_sku = sold.group_by("StockCode").agg(
        fen=pl.col("fen").sum(), orders=pl.col("Invoice").n_unique(), buyers=pl.col("person").drop_nulls().n_unique()
    )
    best = {row["sku"]: row for row in ask(products(retail, RETAIL, most=50))}
    expected = by_sku.sort("fen", descending=True).head(50)
    assert {sku: (row["gmv_fen"], row["orders"], row["buyers"]) for sku, row in best.items()} == {
        sku: (fen, orders, buyers) for sku, fen, orders, buyers in expected.iter_rows()
    }

    top = by_sku.sort(["orders", "StockCode"], descending=[True, False]).head(60)
    baskets = sold.join(top, on="StockCode", how="semi").select("Invoice", "StockCode").unique()
    both = baskets.join(baskets, on="Invoice").filter(pl.col("StockCode") < pl.col("StockCode_right"))
    counted = both.group_by("StockCode", "StockCode_right").len()
    told = ask(pairs(retail, RETAIL, of_best=60, most=10_000))
    assert {(row["a"], row["b"]): row["together"] for row in told} == {
        (a, b): times for a, b, times in counted.iter_rows() if times >= 2
    }
    assert {row["orders"] for row in told} == {sold["Invoice"].n_unique()}


def test_tenure_parts_every_purchase_of_a_known_buyer(retail, bought, ask):
    bands = {row["band"]: row for row in ask(by_tenure(retail, RETAIL))}

    assert bands[-1]["orders"] == bands[-1]["buyers"] == 4_312
    assert sum(row["orders"] for row in bands.values()) == 19_213
    first = bought.group_by("person").agg(born=pl.col("day").min())
    late = bought.join(first, on="person").filter((pl.col("day") - pl.col("born")).dt.total_days().is_between(91, 180))
    assert (bands[91]["orders"], bands[91]["gmv_fen"]) == (late.height, late["fen"].sum())


def test_cdnows_published_counts_come_out(cdnow, ask):
    master = cdnow("master")
    (told,) = ask(repurchase(master, CDNOW))
    assert (told["buyers"], told["purchases"], told["gmv_fen"]) == (23_570, 69_659, 250_031_563)

    born = {row["cohort"]: row["people"] for row in ask(cohorts(master, CDNOW)) if row["age"] == 0}
    assert born == {
        bucket_of(date(1997, 1, 1), Grain.MONTH): 7_846,
        bucket_of(date(1997, 2, 1), Grain.MONTH): 8_476,
        bucket_of(date(1997, 3, 1), Grain.MONTH): 7_248,
    }


def test_cdnows_published_repeat_purchases_come_out(cdnow, test_data, ask):
    """Several orders of one customer on a day are one transaction; x, t_x and T of every customer, and the sums."""
    from dataclasses import replace

    sample = cdnow("sample")
    calibration = replace(CDNOW, one_a_day=True, period=Period(date(1997, 1, 1), date(1997, 9, 30)))
    told = {row["person"]: row for row in ask(buyers_of(sample, calibration, calibration.period))}
    published = pl.read_csv(test_data / "cdnow" / "sample_summary.csv.gz")

    assert len(told) == published.height == 2_357
    for row in published.iter_rows(named=True):
        mine = told[row["sample_id"]]
        assert mine["purchases"] - 1 == row["x"]
        assert (mine["last_day"] - mine["first_day"]) / 7 == pytest.approx(row["t_x"], abs=0.006)
        assert (day_number(date(1997, 9, 30)) - mine["first_day"]) / 7 == pytest.approx(row["T"], abs=0.006)
    assert sum(row["purchases"] - 1 for row in told.values()) == 2_457
    (repeat,) = ask(repurchase(sample, calibration))
    assert (repeat["buyers"], repeat["repurchasing"]) == (2_357, 946)
    times = {row["times"]: row["people"] for row in ask(purchase_counts(sample, calibration, most=8))}
    assert times == {1: 1411, 2: 439, 3: 214, 4: 100, 5: 62, 6: 38, 7: 29, 8: 64}

    holdout = calibration.during(Period(date(1997, 10, 1), date(1998, 6, 30)))
    (after,) = ask(repurchase(sample, holdout))
    assert after["purchases"] == 1_882
    assert ask(repurchase(sample, replace(CDNOW, one_a_day=True)))[0]["purchases"] == 6_696
