"""What the lines of whole orders come to: amounts of an order shared out over its lines, and money that went back.

Money that went back is a line of its own with a negative amount. It is known by the line it belongs to, not by how much
it is, so that a later file that tells of a larger refund changes that line instead of adding another.
"""

import polars as pl

RETURNED_TITLE = "退款 Refund"


def shared(lines: pl.DataFrame) -> pl.DataFrame:
    """Where each line bears the amount of its whole order: that amount, once, shared by price and quantity.

    Fen that do not divide go to the lines with the largest remainders, the first of equals first.
    """
    weight = (pl.col("quantity_milli").cast(pl.Int128) * pl.col("unit_price_micros")).abs()
    order = "order_number"
    weighed = lines.with_columns(
        pl.when(weight.sum().over(order) > 0).then(weight).otherwise(1).cast(pl.Int128).alias("weight"),
        pl.col("amount_fen").max().over(order).alias("total"),
    ).with_columns(pl.col("weight").sum().over(order).alias("weights"))
    product = pl.col("total").cast(pl.Int128) * pl.col("weight")
    parts = weighed.with_columns(
        (product // pl.col("weights")).cast(pl.Int64).alias("share"), (product % pl.col("weights")).alias("rest")
    )
    left = pl.col("total") - pl.col("share").sum().over(order)
    place = pl.col("rest").rank("ordinal", descending=True).over(order)
    settled = parts.with_columns((pl.col("share") + (place <= left).cast(pl.Int64)).alias("amount_fen"))
    told = settled.with_columns((pl.col("amount_fen").cast(pl.Int64) * 10_000_000).alias("value_nanos"))
    return told.drop("weight", "total", "weights", "share", "rest")


def closed(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with what became of each in "void": never paid, or its money went back in full.

    Some exports tell the state of an order on its first line only.
    """
    said = pl.coalesce("void", pl.col("void").drop_nulls().first().over("order_number"), pl.lit(False))
    return lines.with_columns((said | pl.col("returned").fill_null(False)).alias("void"))


def with_returns(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines, and after each from which money went back one that takes it off again. Closed orders keep theirs."""
    gone = pl.col("void")
    whole = gone.all().over("order_number")
    back = pl.when(gone).then(pl.col("amount_fen")).otherwise(pl.min_horizontal("refund_fen", "amount_fen"))
    returned = lines.with_columns(back.alias("back")).filter(~whole & (pl.col("back") > 0))
    if not returned.height:
        return lines
    taken_off = returned.with_columns(
        pl.lit(RETURNED_TITLE).alias("title"),
        pl.lit(0, pl.Int64).alias("quantity_milli"),
        (-pl.col("back")).alias("amount_fen"),
        (pl.col("back") * -10_000).alias("unit_price_micros"),
        (pl.col("back") * -10_000_000).alias("value_nanos"),
        mark(pl.col("fingerprint")).alias("fingerprint"),
    ).drop("back")
    return pl.concat([lines, taken_off]).sort("row", maintain_order=True)


def mark(fingerprint: pl.Expr) -> pl.Expr:
    """The fingerprint of what went back from a line: every bit of the line's own turned over."""
    return -1 - fingerprint
