"""Reading numbers and moments as people and programs write them, whole columns at a time. The unreadable is null."""

import re
from collections.abc import Callable
from typing import Literal

import polars as pl

DateOrder = Literal["dmy", "mdy"]

_NUMBER = re.compile(r"[-+(¥￥$£€\s]*\d[\d,.\s]*(?:[eE][-+]?\d+)?\s*[元%)]?")
_DATE = re.compile(r"(\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\D?.*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NOTHING = ("", "null", "none", "nan", "nat", "n/a", "na", "-", "--", "\\n", "undefined", "无")

# Full-width forms that Chinese input methods leave behind, and signs that say nothing about the amount.
_WIDE = dict(zip("０１２３４５６７８９．－＋，（）", "0123456789.-+,()", strict=True))
_SIGNS = r"[\s¥￥$£€元,'\u00a0]"

_YMD = r"^\s*(?<y>\d{4})\s*[-/.年]\s*(?<m>\d{1,2})\s*[-/.月]\s*(?<d>\d{1,2})\s*日?(?<rest>.*)$"
_SHORT = r"^\s*(?<a>\d{1,2})\s*[-/.]\s*(?<b>\d{1,2})\s*[-/.]\s*(?<y>\d{4}|\d{2})(?<rest>(?:\D.*)?)$"
_COMPACT = r"^\s*(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})(?:\s*(?<H>\d{2})(?<M>\d{2})(?<S>\d{2})?)?\s*$"
_DMONY = r"^\s*(?<d>\d{1,2})[\s-]+(?<mon>[A-Za-z]{3})[a-z]*[\s,.-]+(?<y>\d{4})(?<rest>.*)$"
_MONDY = r"^\s*(?<mon>[A-Za-z]{3})[a-z]*\.?\s+(?<d>\d{1,2}),?\s+(?<y>\d{4})(?<rest>.*)$"
_CLOCK = (
    r"^[,\s]*T?\s*(?<am>上午|下午|AM|PM|am|pm)?\s*(?<H>\d{1,2})\s*[:时]\s*(?<M>\d{1,2})\s*"
    r"(?:[:分]\s*(?<S>\d{1,2}))?\s*[分秒]?(?:[.,]\d+)?\s*(?<pm>AM|PM|am|pm)?\s*"
    r"(?<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119
_UNIX_SECONDS = (600_000_000, 4_200_000_000)  # 1989 to 2103


def looks_like_data(cell: str) -> bool:
    """Whether a cell holds a number, a date or an address: then it is no column name."""
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell) or _EMAIL.fullmatch(cell))


def as_text(values: pl.Series) -> pl.Series:
    """Any column as text: whole floats without their ".0", and null for what says nothing."""
    if values.dtype.is_float():
        whole = (values == values.round(0)) & (values.abs() < 1e17)
        return pl.select(
            pl.when(whole).then(values.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(values.cast(pl.String))
        ).to_series()
    return values if values.dtype == pl.String else values.cast(pl.String)


def as_id(values: pl.Series) -> pl.Series:
    """Numbers of orders, customers and phones: trimmed, and "13085.0" is 13085. Null where there is none."""
    if values.dtype.is_integer():
        return values.cast(pl.String)
    return through_uniques(as_text(values), _id_from_text)


def _id_from_text(text: pl.Series) -> pl.Series:
    tidy = text.str.replace_all(r"[\x00-\x1f\x7f]", "").str.strip_chars()
    tidy = tidy.str.replace(r"^['’=]?\"?(.*?)\"?$", "$1").str.strip_chars().str.replace(r"^(\d+)\.0+$", "$1")
    said = pl.when(pl.col("v").str.to_lowercase().is_in(NOTHING)).then(None).otherwise(pl.col("v"))
    return pl.DataFrame({"v": tidy}).select(said).to_series()


def is_filled(values: pl.Series) -> pl.Series:
    """Whether a cell says anything."""
    return as_id(values).is_not_null() if values.dtype == pl.String else values.is_not_null()


def as_words(values: pl.Series, limit: int) -> pl.Series:
    """Names and titles as written, without control characters, cut to what a column holds. Never null."""
    return through_uniques(as_text(values), lambda text: _words_from_text(text, limit)).fill_null("")


def _words_from_text(text: pl.Series, limit: int) -> pl.Series:
    text = text.str.slice(0, limit * 4).str.replace_all(r"[\t\r\n]+", " ")
    return text.str.replace_all(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "").str.slice(0, limit)


def as_number(values: pl.Series, *, decimal_comma: bool = False) -> pl.Series:
    """Floats; null where the cell is empty, no number, or not finite."""
    if not values.dtype.is_numeric():
        values = through_uniques(values.cast(pl.String), lambda some: _number_from_text(some, decimal_comma))
    numbers = values.cast(pl.Float64)
    return pl.select(pl.when(numbers.is_finite()).then(numbers)).to_series()


def _number_from_text(text: pl.Series, decimal_comma: bool) -> pl.Series:
    text = text.str.replace_many(_WIDE)
    if decimal_comma:
        text = text.str.replace_all(r"\.", "").str.replace(",", ".", literal=True)
    text = text.str.replace_all(_SIGNS, "").str.replace(r"^(?:RMB|CNY|HK|US)", "")
    return text.str.replace(r"^\((.*)\)$", "-$1").cast(pl.Float64, strict=False)


def uses_decimal_comma(values: pl.Series) -> bool:
    """Whether a column of text writes 3,20 rather than 3.20."""
    if values.dtype != pl.String:
        return False
    comma = values.str.contains(r"^[^.]*\d,\d{1,2}\D*$").sum() or values.str.contains(r"\.\d{3},\d").sum()
    return bool(comma) and not values.str.contains(r"\.\d{1,2}\D*$").any()


def through_uniques(values: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Read each distinct value once: a date stands on every line of its order."""
    distinct = values.unique()
    if distinct.len() > values.len() // 2:
        return read(values)
    known = pl.DataFrame({"raw": distinct, "value": read(distinct)})
    frame = pl.DataFrame({"raw": values}).join(known, on="raw", how="left", nulls_equal=True, maintain_order="left")
    return frame["value"]


def as_moment(values: pl.Series, *, date_order: DateOrder, zone: str) -> pl.Series:
    """Naive local time in `zone`, to the second. A time that names its own offset is carried over into the zone."""
    if isinstance(values.dtype, pl.Datetime):
        if values.dtype.time_zone:
            values = values.dt.convert_time_zone(zone).dt.replace_time_zone(None)
        return values.cast(pl.Datetime("us")).dt.truncate("1s")
    if values.dtype.is_numeric():
        return _moment_from_number(values.cast(pl.Float64), zone)
    return through_uniques(values.cast(pl.String), lambda some: _moment_from_text(some, date_order, zone))


def _moment_from_text(text: pl.Series, date_order: DateOrder, zone: str) -> pl.Series:
    moments = _moment_from_number(text.str.strip_chars().cast(pl.Float64, strict=False), zone)
    for pattern in (_YMD, _SHORT, _COMPACT, _DMONY, _MONDY):
        if not moments.null_count():
            break
        moments = moments.zip_with(moments.is_not_null(), _moment_by(text, pattern, date_order, zone))
    return moments


def _moment_by(text: pl.Series, pattern: str, date_order: DateOrder, zone: str) -> pl.Series:
    found = text.str.extract_groups(pattern).struct.unnest()
    if "a" in found.columns:
        found = found.rename({"a": "d", "b": "m"} if date_order == "dmy" else {"a": "m", "b": "d"})
        # A first number above 12 is a day, whatever the column's habit.
        swapped = pl.col("m").cast(pl.Int32) > 12
        found = found.with_columns(
            pl.when(swapped).then(pl.col("d")).otherwise(pl.col("m")).alias("m"),
            pl.when(swapped).then(pl.col("m")).otherwise(pl.col("d")).alias("d"),
            pl.when(pl.col("y").str.len_chars() == 2).then("20" + pl.col("y")).otherwise(pl.col("y")).alias("y"),
        )
    if "mon" in found.columns:
        month = pl.col("mon").str.to_lowercase().replace_strict(_MONTHS, default=None)
        found = found.with_columns(month.cast(pl.String).alias("m"))
    if "rest" in found.columns:
        found = found.with_columns(pl.col("rest").str.extract_groups(_CLOCK).alias("clock")).unnest("clock")
    else:
        found = found.with_columns(pl.lit("").alias("rest"), *(pl.lit(None, pl.String).alias(n) for n in _NO_CLOCK))
    return found.select(_assembled(zone)).to_series()


_NO_CLOCK = ("am", "pm", "zone")


def _assembled(zone: str) -> pl.Expr:
    """The moment from columns y, m, d, rest, am, H, M, S, pm and zone of text."""
    day = pl.concat_str("y", pl.col("m").str.zfill(2), pl.col("d").str.zfill(2)).str.to_date("%Y%m%d", strict=False)
    half = pl.coalesce("am", "pm").str.to_lowercase()
    hour = pl.col("H").cast(pl.Int32)
    hour = (
        pl.when(half.is_in(["pm", "下午"]) & (hour < 12))
        .then(hour + 12)
        .when(half.is_in(["am", "上午"]) & (hour == 12))
        .then(0)
        .otherwise(hour)
    )
    minute, second = pl.col("M").cast(pl.Int32), pl.col("S").cast(pl.Int32).fill_null(0)
    dated = pl.col("rest").str.strip_chars() == ""
    sane = (hour < 24) & (minute < 60) & (second < 60)
    said = pl.when(sane).then(pl.duration(hours=hour, minutes=minute, seconds=second))
    clock = pl.when(hour.is_not_null()).then(said).when(dated).then(pl.duration(seconds=0))
    moment = day.cast(pl.Datetime("us")) + clock
    sign = pl.when(pl.col("zone").str.starts_with("-")).then(-1).otherwise(1)
    digits = pl.col("zone").str.replace_all(r"\D", "")
    offset = sign * (digits.str.slice(0, 2).cast(pl.Int32) * 60 + digits.str.slice(2, 2).cast(pl.Int32))
    utc = moment - pl.duration(minutes=pl.when(pl.col("zone").is_in(["Z", "UTC", "GMT"])).then(0).otherwise(offset))
    named = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return pl.when(pl.col("zone").is_null()).then(moment).otherwise(named)


def _moment_from_number(numbers: pl.Series, zone: str) -> pl.Series:
    """Excel counts days from 1899-12-30 in local time; Unix seconds and milliseconds are UTC."""
    number = pl.col("n")
    excel = pl.datetime(1899, 12, 30) + pl.duration(seconds=(number * 86_400).round())
    seconds = pl.when(number.is_between(*_UNIX_SECONDS)).then(number).otherwise(number / 1000)
    unix = (seconds.floor() * 1_000_000).cast(pl.Int64, strict=False).cast(pl.Datetime("us", "UTC"))
    local = unix.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    is_unix = number.is_between(*_UNIX_SECONDS) | (number / 1000).is_between(*_UNIX_SECONDS)
    moment = pl.when(number.is_between(*_EXCEL_DAYS)).then(excel).when(is_unix).then(local)
    return pl.DataFrame({"n": numbers}).select(moment.cast(pl.Datetime("us"))).to_series()


def in_utc(moments: pl.Series, zone: str) -> pl.Series:
    """Naive local times as UTC. Of an hour that comes twice the first is meant; one that never was moves on by one."""
    aware = moments.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = moments.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return aware.zip_with(aware.is_not_null(), later).dt.convert_time_zone("UTC")


def date_order_of(values: pl.Series) -> DateOrder:
    """How a column writes 5/1/2010. Month first, unless some first number can only be a day."""
    if values.dtype != pl.String:
        return "mdy"
    found = values.unique().str.extract_groups(_SHORT).struct.unnest()
    first, second = found["a"].cast(pl.Int32), found["b"].cast(pl.Int32)
    return "dmy" if (first > 12).any() and not (second > 12).any() else "mdy"
