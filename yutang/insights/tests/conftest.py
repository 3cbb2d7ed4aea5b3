"""Ponds made of public test data or of a few rows, asked on DuckDB."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import polars as pl
import pyarrow as pa
import pytest

from yutang.commerce.importing.lines import half_even
from yutang.insights.question import Field
from yutang.insights.reports.pond import Pond

MOMENT = pa.timestamp("us", tz="UTC")
WHOLE = pa.int64()
ORDERS = pa.schema(
    dict.fromkeys(("id", "source_id", "subject", "person", "store_id", "quantity_milli", "amount_fen"), WHOLE)
    | {
        "number": pa.string(),
        "kind": pa.string(),
        "placed_at": MOMENT,
        "line_count": pa.int32(),
        "currency": pa.string(),
    }
)
LINES = pa.schema(
    dict.fromkeys(("id", "order_id", "quantity_milli", "unit_price_micros", "amount_fen"), WHOLE)
    | dict.fromkeys(("source_id", "subject", "person"), WHOLE)
    | {name: pa.string() for name in ("sku", "title", "kind", "currency")}
    | {"placed_at": MOMENT}
)
EVENTS = pa.schema(
    dict.fromkeys(("id", "subject", "person", "member_id", "corp_id", "amount_fen"), WHOLE)
    | {name: pa.string() for name in ("name", "source", "item", "props")}
    | {"at": MOMENT, "received_at": MOMENT}
)


def table(schema: pa.Schema, rows: Sequence[dict[str, Any]] | pl.DataFrame) -> ibis.Table:
    """A table of that shape; columns that rows lack are null."""
    if isinstance(rows, pl.DataFrame):
        given = rows.to_arrow()
        columns = [
            given[field.name].cast(field.type) if field.name in given.column_names else pa.nulls(len(given), field.type)
            for field in schema
        ]
        return ibis.memtable(pa.table(columns, schema=schema))
    return ibis.memtable(pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema))


def pond_of(orders: Any = (), lines: Any = (), events: Any = (), fields: dict[int, Field] | None = None) -> Pond:
    return Pond(table(ORDERS, orders), table(LINES, lines), table(EVENTS, events), fields or {})


@pytest.fixture(scope="session")
def ask() -> Callable[[ibis.Table], list[dict[str, Any]]]:
    """`ask(expression)` gives its rows."""
    engine = ibis.duckdb.connect()
    engine.raw_sql("SET TimeZone = 'UTC'")

    def answer(expression: ibis.Table) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = engine.to_pyarrow(expression).to_pylist()
        return rows

    return answer


@pytest.fixture(scope="session")
def retail_lines(test_data: Path) -> pl.DataFrame:
    """The retailer's lines with `day` in London, fen, and the kind of their order."""
    lines = pl.read_parquet(test_data / "online_retail_ii_2009_2010" / "transactions.parquet")
    kind = (
        pl.when(pl.col("Invoice").str.starts_with("C"))
        .then(pl.lit("cancellation"))
        .when(pl.col("Invoice").str.starts_with("A"))
        .then(pl.lit("adjustment"))
        .otherwise(pl.lit("sale"))
    )
    nanos = (pl.col("Price") * 1_000_000).round().cast(pl.Int64) * (pl.col("Quantity").cast(pl.Int64) * 1_000)
    return lines.with_row_index("id").with_columns(
        kind=kind,
        fen=half_even(nanos, 10_000_000),
        nanos=nanos,
        at=pl.col("InvoiceDate").dt.replace_time_zone("Europe/London", ambiguous="earliest"),
        person=pl.col("CustomerID").cast(pl.Int64),
        order_id=pl.col("Invoice").rank("dense").cast(pl.Int64),
    )


@pytest.fixture(scope="session")
def retail(retail_lines: pl.DataFrame) -> Pond:
    """As the import makes it: an invoice is an order, its sums are those of its lines."""
    utc = pl.col("at").dt.convert_time_zone("UTC")
    orders = retail_lines.group_by("Invoice").agg(
        id=pl.col("order_id").first(),
        source_id=pl.lit(1),
        number=pl.col("Invoice").first(),
        kind=pl.col("kind").first(),
        person=pl.col("person").max(),
        placed_at=utc.min(),
        quantity_milli=pl.col("Quantity").sum() * 1000,
        amount_fen=pl.col("fen").sum(),
        currency=pl.lit("GBP"),
    )
    lines = retail_lines.select(
        "id",
        "order_id",
        "person",
        "kind",
        source_id=pl.lit(1),
        sku=pl.col("StockCode"),
        title=pl.col("Description").fill_null(""),
        quantity_milli=pl.col("Quantity").cast(pl.Int64) * 1000,
        amount_fen=pl.col("fen"),
        placed_at=utc,
        currency=pl.lit("GBP"),
    )
    return pond_of(orders, lines)


@pytest.fixture(scope="session")
def cdnow(test_data: Path) -> Callable[[str], Pond]:
    """`cdnow("master")` or `cdnow("sample")`: each record an order of its own."""

    def pond(name: str) -> Pond:
        customer = {"master": "customer_id", "sample": "sample_id"}[name]
        records = pl.read_parquet(test_data / "cdnow" / f"{name}.parquet").with_row_index("id")
        noon = pl.col("date").cast(pl.Datetime("us")) + pl.duration(hours=12)
        return pond_of(
            records.select(
                "id",
                source_id=pl.lit(1),
                number=pl.col("id").cast(pl.String),
                kind=pl.lit("sale"),
                person=pl.col(customer).cast(pl.Int64),
                placed_at=noon.dt.replace_time_zone("America/New_York").dt.convert_time_zone("UTC"),
                quantity_milli=pl.col("cds").cast(pl.Int64) * 1000,
                amount_fen=(pl.col("amount") * 100).round().cast(pl.Int64),
                currency=pl.lit("USD"),
            )
        )

    return pond


def local(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
