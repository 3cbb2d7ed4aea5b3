"""From the rows of a file to order lines: every value read, checked and brought to whole units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from yutang.commerce.importing import values
from yutang.commerce.importing.columns import IDENTITY_FIELDS
from yutang.commerce.importing.platforms import platforms
from yutang.commerce.importing.tables import BadRow, Chunk

MAX_NUMBER = 100  # characters of an order number
MAX_IDENTITY = 200
MAX_QUANTITY = 1e9
MAX_PRICE = 1e9
MAX_AMOUNT = 9e9  # of the currency; in the units of _product beyond it a 64-bit integer ends
_YEARS = (1970, 2100)
_VOID = ["已取消", "交易关闭", "已关闭", "订单取消", "订单关闭", "待付款", "等待买家付款", "未付款", "未支付"]
_VOID += ["cancelled", "canceled", "voided", "void", "unpaid", "pending", "expired"]
# Platforms hide who somebody is behind stars, or behind text of their own making. Half a phone or a name is no id: many
# people share it. A number with an extension is lent by the platform for one delivery, and is somebody else's soon.
_HIDDEN = r"[*＊•●]|^[#$~]{2}|密文"
_LENT_PHONE = r"^(?:\+?86[- ]?)?1\d{10}\s*(?:[-,，转#]|\[|\()\s*\d{1,6}[\])]?$"


@dataclass(frozen=True)
class Options:
    """How this file is to be read."""

    zone: str
    date_order: values.DateOrder = "mdy"
    decimal_comma: bool = False
    void: frozenset[str] = frozenset(_VOID)
    returned: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Options":
        reading = cls(options["zone"], options.get("date_order", "mdy"), bool(options.get("decimal_comma")))
        platform = platforms().get(options.get("platform", ""))
        if platform is None:
            return reading
        return replace(reading, void=reading.void | platform.void, returned=platform.returned)

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)


def lines_of(chunk: Chunk, mapping: Mapping[str, int], options: Options) -> tuple[pl.DataFrame, list[BadRow]]:
    """The lines of a chunk that can be used, and the rows that cannot, each with the code of the reason."""
    cells = chunk.frame

    def column(field: str) -> pl.Series | None:
        position = mapping.get(field)
        return None if position is None or str(position) not in cells.columns else _unwrapped(cells[str(position)])

    lines = _texts(cells, column, options).with_columns(_numbers(column, options, cells.height))
    lines = lines.with_columns(_moments(column, options))
    lines = lines.with_columns(_number_where_none("order_number" in mapping))
    judged = lines.with_columns(_reason().alias("reason"))
    good = _in_whole_units(judged.filter(pl.col("reason").is_null()))
    rejected = judged.filter(pl.col("reason").is_not_null()).select("row", "reason")
    return good, chunk.bad + bad_rows(chunk, rejected)


def bad_rows(chunk: Chunk, rejected: pl.DataFrame) -> list[BadRow]:
    """The original cells of rows, with the reason beside each. `rejected` has columns row and reason."""
    if not rejected.height:
        return []
    found = chunk.frame.join(rejected, on="row", how="inner", maintain_order="left")
    texts = found.select(pl.all().exclude("row", "line", "reason").cast(pl.String).fill_null(""))
    return [
        BadRow(row, chunk.part, line, cells, reason)
        for row, line, reason, cells in zip(
            found["row"], found["line"], found["reason"], texts.iter_rows(), strict=True
        )
    ]


def _unwrapped(cells: pl.Series) -> pl.Series:
    """Without the ="…" that keeps spreadsheets from rounding long numbers."""
    if cells.dtype != pl.String:
        return cells
    return cells.str.replace(r'^\s*="([^"]*)"\s*$', "$1")


def _moments(column: Any, options: Options) -> list[pl.Series]:
    """When each line was ordered or, where that is empty, paid."""
    placed = column("placed_at")
    assert placed is not None  # noqa: S101  (the mapping is complete)
    if (clock := column("placed_time")) is not None:
        placed = _joined(placed, clock)
    local = values.as_moment(placed, date_order=options.date_order, zone=options.zone)
    filled = values.is_filled(placed)
    if (paid := column("paid_at")) is not None:
        instead = values.as_moment(paid, date_order=options.date_order, zone=options.zone)
        local = local.zip_with(filled, instead)
        filled = filled | values.is_filled(paid)
    return [local.alias("local"), filled.alias("has_date")]


def _joined(day: pl.Series, clock: pl.Series) -> pl.Series:
    """A day and a time of day from two columns; a time that names its own day stands for both."""
    parts = pl.DataFrame({"day": values.as_text(day), "clock": values.as_text(clock)})
    day_of, time_of = pl.col("day").str.strip_chars(), pl.col("clock").fill_null("").str.strip_chars()
    whole = time_of.str.contains(r"\d{4}\D\d|\d\D\d{4}")
    both = pl.concat_str(day_of.str.replace(r"[\sT]0{1,2}:00(:00)?(\.0+)?$", ""), pl.lit(" "), time_of)
    return parts.select(pl.when(whole).then(time_of).otherwise(both).str.strip_chars()).to_series()


def _texts(cells: pl.DataFrame, column: Any, options: Options) -> pl.DataFrame:
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, cells.height)
    columns = {"row": cells["row"]}
    for field in ("order_number", *IDENTITY_FIELDS):
        given = column(field)
        columns[field] = nothing if given is None else values.as_id(given).str.slice(0, MAX_IDENTITY + 1)
        if field in IDENTITY_FIELDS:
            columns[field] = _known_in_full(columns[field], field)
    for field, limit in (("customer_name", 200), ("country", 64), ("store", 200), ("sku", 100), ("title", 500)):
        given = column(field)
        columns[field] = nothing.fill_null("") if given is None else values.as_words(given, limit)
    for field, name, words in (("status", "void", options.void), ("after_sale", "returned", options.returned)):
        given = column(field)
        said = nothing if given is None else values.as_id(given).str.to_lowercase()
        columns[name] = said.is_in(list(words))
    lines = pl.DataFrame(columns)
    hidden = pl.col("customer_name").str.contains(_HIDDEN)
    return lines.with_columns(customer_name=pl.when(hidden).then(pl.lit("")).otherwise(pl.col("customer_name")))


def _known_in_full(ids: pl.Series, field: str) -> pl.Series:
    """Ids as they are, and null for those a platform shows in part or in disguise."""
    unsure = pl.col("id").str.contains(_HIDDEN)
    if field == "phone":
        unsure = unsure | pl.col("id").str.contains(_LENT_PHONE)
    return pl.DataFrame({"id": ids}).select(pl.when(~unsure).then(pl.col("id"))).to_series()


def _numbers(column: Any, options: Options, height: int) -> list[pl.Series]:
    """For each of quantity, unit_price and amount: the number, and whether a cell was filled that holds none."""
    found = []
    for field in ("quantity", "unit_price", "amount"):
        cells = column(field)
        if cells is None:
            number = pl.Series([1.0 if field == "quantity" else None], dtype=pl.Float64).new_from_index(0, height)
            unread = pl.Series([False]).new_from_index(0, height)
        else:
            number = values.as_number(cells, decimal_comma=options.decimal_comma)
            unread = values.is_filled(cells) & number.is_null()
        found += [number.alias(field), unread.fill_null(False).alias(f"{field}_unread")]
    # Whoever asked for no refund has words in this cell, not 0.
    refund = column("refund")
    none = pl.Series([None], dtype=pl.Float64).new_from_index(0, height)
    back = none if refund is None else values.as_number(refund, decimal_comma=options.decimal_comma).abs()
    return [*found, back.clip(0, MAX_AMOUNT).alias("refund")]


def _number_where_none(has_numbers: bool) -> pl.Expr:
    """Without a column of order numbers, what one customer bought at one moment is an order."""
    if has_numbers:
        return pl.col("order_number")
    return pl.concat_str(
        pl.coalesce(IDENTITY_FIELDS), pl.lit(" "), pl.col("local").dt.strftime("%Y-%m-%d %H:%M")
    ).alias("order_number")


def _reason() -> pl.Expr:
    """The first thing that is wrong with a row, or null."""
    quantity, price, amount = pl.col("quantity"), pl.col("unit_price"), pl.col("amount")
    year = pl.col("local").dt.year()
    checks: list[tuple[pl.Expr, str]] = [
        (~pl.col("has_date"), "no_date"),
        (pl.col("local").is_null(), "bad_date"),
        (~year.is_between(*_YEARS), "bad_date"),
        (pl.col("order_number").is_null(), "no_order_number"),
        (pl.col("order_number").str.len_chars() > MAX_NUMBER, "long_order_number"),
        (quantity.is_null() | (quantity.abs() > MAX_QUANTITY), "bad_quantity"),
        (pl.col("unit_price_unread") | (price.abs() > MAX_PRICE), "bad_price"),
        (pl.col("amount_unread") | (amount.abs() > MAX_AMOUNT), "bad_amount"),
        (price.is_null() & amount.is_null(), "no_price"),
        ((quantity * price).abs() > MAX_AMOUNT, "bad_amount"),
    ]
    # Coalesce takes the first that is not null.
    return pl.coalesce([pl.when(wrong).then(pl.lit(code)) for wrong, code in checks])


def _in_whole_units(lines: pl.DataFrame) -> pl.DataFrame:
    milli = (pl.col("quantity") * 1_000).round().cast(pl.Int64)
    amount_micros = (pl.col("amount") * 1_000_000).round().cast(pl.Int64)
    pieces = pl.when(pl.col("quantity") != 0).then(pl.col("quantity")).otherwise(1.0)
    price = pl.coalesce("unit_price", pl.col("amount") / pieces)
    whole = lines.with_columns(
        milli.alias("quantity_milli"),
        # A line amount over a tiny quantity can exceed what a price may be: then it is kept at the bound.
        (price.clip(-MAX_PRICE, MAX_PRICE) * 1_000_000).round().cast(pl.Int64).alias("unit_price_micros"),
    ).with_columns(
        # 10^-9 of the currency, exactly: what the line is worth before it is rounded.
        pl.coalesce(amount_micros * 1_000, pl.col("quantity_milli") * pl.col("unit_price_micros")).alias("value_nanos")
    )
    whole = whole.with_columns(
        half_even(pl.col("value_nanos"), 10_000_000).alias("amount_fen"),
        (pl.col("refund") * 100).round().cast(pl.Int64).fill_null(0).alias("refund_fen"),
    )
    kept = whole.drop(
        "quantity",
        "unit_price",
        "amount",
        "quantity_unread",
        "unit_price_unread",
        "amount_unread",
        "refund",
        "has_date",
        "reason",
    )
    return kept.with_columns(fingerprints(kept))


def half_even(number: pl.Expr, by: int) -> pl.Expr:
    """Whole division that rounds halves to the even neighbour, as banks do."""
    quotient = number // by
    rest = number - quotient * by
    up = (rest * 2 > by) | ((rest * 2 == by) & (quotient % 2 == 1))
    return quotient + up.cast(pl.Int64)


def fingerprints(lines: pl.DataFrame) -> pl.Series:
    """Of what a line says, for ever the same. Times count to the minute, as written in the file and not in UTC:
    then neither another zone nor an export without seconds makes a known line look new."""
    content = lines.select(
        pl.concat_str(
            pl.col("sku").str.strip_chars(),
            pl.col("title").str.strip_chars(),
            pl.col("quantity_milli"),
            pl.col("unit_price_micros"),
            pl.col("amount_fen"),
            pl.col("local").dt.epoch("s") // 60,
            separator="\x1f",
        )
    ).to_series()
    hashes = [
        int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True) for text in content.to_list()
    ]
    return pl.Series("fingerprint", hashes, dtype=pl.Int64)
