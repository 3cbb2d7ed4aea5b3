"""Checking a whole file: its lines brought into parts that hold orders whole, its bad rows into a file, and a summary.

A part fits into memory. Which lines stand in which part and batch is fixed here, once, so that an import that was
killed goes on exactly where its checkpoint says.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from yutang.commerce.importing import settling, values
from yutang.commerce.importing.bad_rows import BadRowFile, opened
from yutang.commerce.importing.columns import IDENTITY_FIELDS
from yutang.commerce.importing.lines import Options, bad_rows, lines_of
from yutang.commerce.importing.tables import Table

PART_ROWS = 250_000
FAR_DAYS = 31  # lines of one order further apart are a number used twice
_SIGNS = {"negative": 0.8, "share": 0.5}

Progress = Callable[[int], None]  # takes rows read; raises to stop


def stage(
    table: Table,
    mapping: Mapping[str, int],
    options: Mapping[str, Any],
    folder: Path,
    *,
    progress: Progress,
    batch_lines: int = 10_000,
) -> dict[str, Any]:
    """Write part-*.parquet, orders-*.parquet and bad_rows.csv into `folder`; return the summary of the file.

    batch_lines: lines to be written in one transaction, give or take an order.
    """
    reading = Options.of(options)
    rows = good = 0
    with opened(folder / "bad_rows.csv") as file:
        bad = BadRowFile(file, table.columns)
        for number, chunk in enumerate(table.chunks()):
            lines, rejected = lines_of(chunk, mapping, reading)
            bad.add(rejected)
            lines.write_parquet(folder / f"chunk-{number:05}.parquet", compression="lz4")
            rows += chunk.frame.height + len(chunk.bad)
            good += lines.height
            progress(rows)
        prefixes = _prefixes(folder, options) if good else {}
        summary = Summary()
        parts = max(1, -(-good // PART_ROWS))
        contradicting = [
            _arrange(folder, (part, parts), prefixes, options, batch_lines, summary) for part in range(parts) if good
        ]
        _tell_rejected(table, pl.concat(contradicting) if contradicting else None, bad)
    distinct = _distinct(folder) if good else {}
    for chunk_file in folder.glob("chunk-*.parquet"):
        chunk_file.unlink()
    reasons = dict(bad.counts)
    return (
        {"rows": rows, "bad_rows": sum(reasons.values()), "bad_by_reason": reasons, "parts": parts if good else 0}
        | summary.told()
        | distinct
        | {"prefixes": prefixes}
    )


class Summary:
    """Counts and sums over the parts of a file."""

    def __init__(self) -> None:
        self.sums: dict[str, int] = {}
        self.first: str | None = None
        self.last: str | None = None
        self.samples: list[dict[str, Any]] = []

    def add(self, lines: pl.DataFrame, orders: pl.DataFrame) -> None:
        who = pl.any_horizontal(pl.col(IDENTITY_FIELDS).is_not_null())
        of_kind = {f"{kind}_rows": (pl.col("kind") == kind).sum() for kind in ("cancellation", "adjustment", "void")}
        counted = lines.select(
            lines=pl.len(),
            rows_without_customer=(~who).sum(),
            rows_without_title=(pl.col("title") == "").sum(),
            returned_fen=pl.col("amount_fen").filter(pl.col("title") == settling.RETURNED_TITLE).sum().cast(pl.Int128),
            repeated_rows=(pl.col("occurrence") > 1).sum(),
            zero_price_rows=(pl.col("unit_price_micros") == 0).sum(),
            quantity_milli=pl.col("quantity_milli").cast(pl.Int128).sum(),
            value_nanos=pl.col("value_nanos").cast(pl.Int128).sum(),
            amount_fen=pl.col("amount_fen").cast(pl.Int128).sum(),
            **of_kind,
        ).row(0, named=True)
        by_kind = orders.group_by("kind").len()
        counted |= {"orders": orders.height}
        counted |= {f"{kind}_orders": count for kind, count in by_kind.iter_rows()}
        for name, number in counted.items():
            self.sums[name] = self.sums.get(name, 0) + int(number or 0)
        first, last = str(orders["local"].min()), str(orders["local"].max())
        self.first = min(self.first or first, first)
        self.last = max(self.last or last, last)
        if not self.samples:
            shown = lines.head(10).drop("fingerprint", "batch", "void", "value_nanos", "returned", "refund_fen")
            self.samples = shown.with_columns(pl.col("local").dt.strftime("%Y-%m-%d %H:%M:%S")).to_dicts()

    def told(self) -> dict[str, Any]:
        sums = dict(self.sums)
        quantity, value = sums.pop("quantity_milli", 0), sums.pop("value_nanos", 0)
        return sums | {
            "quantity": decimal_text(quantity, 3),
            "value": decimal_text(value, 9),
            "first": self.first,
            "last": self.last,
            "samples": self.samples,
        }


def decimal_text(number: int, places: int) -> str:
    """A whole number of 10^-places as a decimal without needless zeros: (5000, 3) is "5"."""
    sign, digits = ("-" if number < 0 else ""), str(abs(number)).zfill(places + 1)
    return (f"{sign}{digits[:-places]}." + digits[-places:]).rstrip("0").rstrip(".")


def _prefixes(folder: Path, options: Mapping[str, Any]) -> dict[str, str]:
    """Letters that mark cancellations and adjustments: as chosen, else guessed from numbers like C489449.

    A letter is a mark when most other numbers lack it and what it marks is negative: quantities of cancellations,
    prices of adjustments.
    """
    lettered = pl.col("order_number").str.extract(r"^([A-Za-z])\d+$").str.to_uppercase().alias("letter")
    stats = (
        pl.scan_parquet(folder / "chunk-*.parquet")
        .group_by(lettered)
        .agg(
            pl.len().alias("rows"),
            (pl.col("quantity_milli") < 0).mean().alias("negative_quantity"),
            (pl.col("unit_price_micros") < 0).mean().alias("negative_price"),
        )
        .collect()
    )
    total = int(stats["rows"].sum())
    marks = stats.filter(pl.col("letter").is_not_null() & (pl.col("rows") < total * _SIGNS["share"]))
    guessed: dict[str, str] = {"cancellation": "", "adjustment": ""}
    for letter, _, quantity, price in marks.sort("rows", descending=True).iter_rows():
        if quantity >= _SIGNS["negative"]:
            guessed["cancellation"] = guessed["cancellation"] or letter
        elif price >= _SIGNS["negative"]:
            guessed["adjustment"] = guessed["adjustment"] or letter
    for kind in guessed:
        if options.get(f"{kind}_prefix") is not None:
            guessed[kind] = str(options[f"{kind}_prefix"])
    return guessed


def _kind(prefixes: Mapping[str, str]) -> pl.Expr:
    number = pl.col("order_number").str.to_uppercase()
    marked = [
        pl.when(number.str.contains(rf"^{_escaped(prefix.upper())}\d")).then(pl.lit(name))
        for name, prefix in prefixes.items()
        if prefix
    ]
    void = pl.when(pl.col("void").fill_null(False)).then(pl.lit("void"))
    return pl.coalesce(void, *marked, pl.lit("sale"))


def _escaped(prefix: str) -> str:
    return "".join(f"\\x{{{ord(character):x}}}" for character in prefix)


def _arrange(
    folder: Path,
    part_of: tuple[int, int],
    prefixes: Mapping[str, str],
    options: Mapping[str, Any],
    batch_lines: int,
    summary: Summary,
) -> pl.DataFrame:
    """Write one part: orders by time, their lines beside them. Returns rows that contradict their order."""
    part, parts = part_of
    lines = pl.scan_parquet(folder / "chunk-*.parquet")
    if parts > 1:
        lines = lines.filter(pl.col("order_number").hash(7) % parts == part)
    frame = settling.closed(lines.collect().sort("row"))
    orders = _orders(frame)
    joined = frame.join(
        orders.select(
            "order_number", *(pl.col(field).alias(f"order_{field}") for field in (*IDENTITY_FIELDS, "local"))
        ),
        on="order_number",
        how="left",
        maintain_order="left",
    )
    wrong = joined.select("row", _contradiction().alias("reason")).filter(pl.col("reason").is_not_null())
    if wrong.height:
        frame = frame.join(wrong, on="row", how="anti", maintain_order="left")
    # Only now is it sure which lines an order has.
    if options.get("amount_of_order"):
        frame = settling.shared(frame)
    frame = settling.with_returns(frame)
    orders = _orders(frame)
    orders = orders.with_columns(_kind(prefixes).alias("kind")).sort("local", "order_number")
    before = pl.col("line_count").cum_sum() - pl.col("line_count")
    orders = orders.with_columns(
        (before // batch_lines).alias("batch"),
        values.in_utc(orders["local"], options["zone"]).alias("placed_at"),
        pl.int_range(pl.len()).alias("place"),
    )
    orders = orders.with_columns((pl.col("batch").rle_id()).alias("batch"))
    frame = (
        frame.with_columns(
            (pl.int_range(pl.len()).over("order_number", "fingerprint") + 1).cast(pl.Int32).alias("occurrence")
        )
        .join(orders.select("order_number", "place", "kind", "batch"), on="order_number", how="left")
        .sort("place", "row")
        .drop("place")
    )
    summary.add(frame, orders)
    kept = ("row", "batch", "order_number", "local", *_LINE_COLUMNS, *IDENTITY_FIELDS[:1])
    frame.select(kept).write_parquet(folder / f"part-{part:05}.parquet", compression="lz4")
    orders.write_parquet(folder / f"orders-{part:05}.parquet", compression="lz4")
    return wrong


_LINE_COLUMNS = ("fingerprint", "occurrence", "sku", "title", "quantity_milli", "unit_price_micros", "amount_fen")


def _orders(lines: pl.DataFrame) -> pl.DataFrame:
    """One row an order: who, when and where, each from its first line that says so."""

    def first_said(field: str) -> pl.Expr:
        return pl.col(field).drop_nulls().first()

    def first_written(field: str) -> pl.Expr:
        return pl.col(field).filter(pl.col(field) != "").first().fill_null("")

    return lines.group_by("order_number", maintain_order=True).agg(
        pl.col("local").min(),
        *(first_said(field) for field in IDENTITY_FIELDS),
        pl.col("void").all(),
        *(first_written(field) for field in ("customer_name", "country", "store")),
        pl.len().cast(pl.Int32).alias("line_count"),
        pl.col("quantity_milli").sum(),
        pl.col("amount_fen").sum(),
    )


def _contradiction() -> pl.Expr:
    """Why a line cannot be of its order: its strongest id names somebody else, or it is weeks younger."""
    differs = pl.any_horizontal(pl.col(field) != pl.col(f"order_{field}") for field in IDENTITY_FIELDS[:3])
    far = (pl.col("local") - pl.col("order_local")) > pl.duration(days=FAR_DAYS)
    return pl.when(differs.fill_null(False)).then(pl.lit("other_customer")).when(far).then(pl.lit("far_date"))


def _tell_rejected(table: Table, rejected: pl.DataFrame | None, bad: BadRowFile) -> None:
    """Rows found wrong only beside other rows: their cells are read once more."""
    if rejected is None or not rejected.height:
        return
    for chunk in table.chunks():
        bad.add(bad_rows(chunk, rejected))


def _distinct(folder: Path) -> dict[str, int]:
    lines = pl.scan_parquet(folder / "chunk-*.parquet")
    counts = lines.select(
        customers=pl.coalesce(IDENTITY_FIELDS).drop_nulls().n_unique(),
        items=pl.col("sku").filter(pl.col("sku") != "").n_unique(),
        countries=pl.col("country").filter(pl.col("country") != "").n_unique(),
    )
    return counts.collect().row(0, named=True)
