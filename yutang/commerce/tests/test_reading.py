"""Files as the world writes them: encodings, separators, dates, numbers, and what is simply broken."""

import gzip
import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import polars as pl
import pytest

from yutang.commerce.errors import ColumnsDiffer, FileTooBig, FileUnreadable, MappingIncomplete
from yutang.commerce.importing import formats, values
from yutang.commerce.importing.bad_rows import safe_cell
from yutang.commerce.importing.lines import half_even
from yutang.commerce.models import ImportRun, Order, OrderLine
from yutang.commerce.services import runs
from yutang.commerce.services.downloads import write_bad_rows
from yutang.customers.models import Customer, Identity
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db

CHINESE = (
    "订单编号,下单时间,买家昵称,收货人手机,商品名称,数量,单价\n"
    "T1001,2026/1/5 8:03,小鱼,13912345678,红富士苹果 5斤,2,39.90\n"
    "T1001,2026/1/5 8:03,小鱼,13912345678,赣南脐橙,1,25.5\n"
    "T1002,2026/1/6 19:20,老王,13687654321,车厘子 2斤,1.255,118\n"
)


def assert_chinese_orders() -> None:
    orders = {order.number: order for order in Order.objects.select_related("customer")}
    assert set(orders) == {"T1001", "T1002"}
    assert orders["T1001"].placed_at == datetime(2026, 1, 5, 0, 3, tzinfo=UTC)
    assert (orders["T1001"].line_count, orders["T1001"].amount_fen) == (2, 10_530)
    assert (orders["T1002"].quantity_milli, orders["T1002"].amount_fen) == (1_255, 14_809)
    assert Identity.objects.get(kind="phone", value="+8613912345678").customer == orders["T1001"].customer
    assert set(OrderLine.objects.values_list("title", flat=True)) == {"红富士苹果 5斤", "赣南脐橙", "车厘子 2斤"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_every_encoding_of_chinese_reads_the_same(encoding, import_file, write_csv):
    run = import_file(write_csv(CHINESE, encoding=encoding))

    assert (run.state, run.summary["bad_rows"]) == ("done", 0)
    assert_chinese_orders()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_found(delimiter, import_file, write_csv):
    import_file(write_csv(CHINESE.replace(",", delimiter)))

    assert_chinese_orders()


def test_a_packed_file_with_a_wrong_ending_is_read_by_its_content(import_file, write_csv):
    import_file(write_csv(gzip.compress(CHINESE.encode("gbk")), name="orders.xlsx"))

    assert_chinese_orders()


def test_a_file_pasted_together_from_two_encodings_is_read_line_by_line(import_file, write_csv):
    utf8, gbk = CHINESE.splitlines(keepends=True)[:3], CHINESE.splitlines(keepends=True)[3:]
    import_file(write_csv("".join(utf8).encode() + "".join(gbk).encode("gbk")))

    assert_chinese_orders()


def test_a_workbook_is_read_over_its_sheets_below_its_titles(import_file, tmp_path):
    book = openpyxl.Workbook()
    first = book.active
    first.append(["一月订单导出"])
    first.append([])
    rows = [line.split(",") for line in CHINESE.splitlines()]
    header, *data = rows
    for row in (header, *data[:2]):
        first.append(row)
    second = book.create_sheet("二月")
    second.append(header)
    number, _, *rest = data[2]
    second.append([number, datetime(2026, 1, 6, 19, 20), *rest[:3], float(rest[3]), float(rest[4])])  # noqa: DTZ001
    book.create_sheet("说明").append(["请勿修改"])
    book.save(tmp_path / "orders.xlsx")

    run = import_file(tmp_path / "orders.xlsx")

    assert run.summary["bad_rows"] == 0
    assert run.layout["skipped"] == ["说明"]
    assert_chinese_orders()


def test_a_folder_of_equal_files_is_one_import(import_file, tmp_path):
    lines = CHINESE.splitlines(keepends=True)
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "a.csv").write_text("".join(lines[:3]))
    (folder / "b.csv").write_text(lines[0] + lines[3])
    (folder / "README.md").write_text("not a table")

    import_file(folder)
    assert_chinese_orders()

    (folder / "c.csv").write_text("x,y\n1,2\n")
    with pytest.raises(ColumnsDiffer):
        import_file(folder)


def test_a_file_without_header_is_mapped_by_position(import_file, write_csv):
    path = write_csv("A1,2026-01-05,13912345678,9.9\nA2,2026-01-06,13687654321,8\n")
    run = runs.create_run_from_path(path, source="till", by=SYSTEM)
    assert run.layout["columns"] == ["#1", "#2", "#3", "#4"]
    assert run.mapping == {"placed_at": 1, "phone": 2}
    assert run.state == "uploaded"

    done = import_file(path, mapping={"order_number": 0, "placed_at": 1, "phone": 2, "unit_price": 3})
    assert (done.state, Order.objects.count()) == ("done", 2)


def test_repeated_and_empty_column_names_stay_apart(write_csv):
    run = runs.create_run_from_path(write_csv("订单号,,备注,备注\n1,a,b,c\n"), source="x", by=SYSTEM)

    assert run.layout["columns"] == ["订单号", "#2", "备注", "备注 (2)"]


BAD_CELLS = [
    ("", "2026-01-05", "1", "9.9", "no_order_number"),
    ("N" * 101, "2026-01-05", "1", "9.9", "long_order_number"),
    ("B1", "", "1", "9.9", "no_date"),
    ("B1", "soon", "1", "9.9", "bad_date"),
    ("B1", "2026-02-30", "1", "9.9", "bad_date"),
    ("B1", "0001-01-01", "1", "9.9", "bad_date"),
    ("B1", "2026-01-05", "many", "9.9", "bad_quantity"),
    ("B1", "2026-01-05", "", "9.9", "bad_quantity"),
    ("B1", "2026-01-05", "1e12", "9.9", "bad_quantity"),
    ("B1", "2026-01-05", "1", "NaN", "no_price"),
    ("B1", "2026-01-05", "1", "inf", "bad_price"),
    ("B1", "2026-01-05", "1", "1e308", "bad_price"),
    ("B1", "2026-01-05", "1", "abc", "bad_price"),
    ("B1", "2026-01-05", "1", "", "no_price"),
    ("B1", "2026-01-05", "900000000", "900000000", "bad_amount"),
]


@pytest.mark.parametrize(("number", "day", "quantity", "price", "reason"), BAD_CELLS)
def test_a_bad_row_is_left_out_with_its_reason(number, day, quantity, price, reason, import_file, write_csv):
    good = "".join(f"G{n},2026-01-05,1,1\n" for n in range(9))
    run = import_file(write_csv(f"订单号,日期,数量,单价\n{good}{number},{day},{quantity},{price}\n"))

    assert (run.state, run.summary["bad_by_reason"]) == ("done", {reason: 1})
    assert Order.objects.count() == 9


def test_bad_rows_keep_their_cells_and_cannot_run_in_a_spreadsheet(import_file, write_csv):
    good = "".join(f"G{n},2026-01-05,1,苹果\n" for n in range(9))
    formula = "\"=cmd|'/c calc'!A1\""
    run = import_file(write_csv(f"订单号,日期,单价,商品名称\n{good}B1,2026-01-05,-1x,{formula}\n+B2,never,1,@SUM(1)\n"))

    path = write_bad_rows(run)
    assert path is not None
    rows = pl.read_csv(path.read_bytes().removeprefix("\ufeff".encode()), infer_schema=False)
    assert rows.rows() == [
        (
            "B1",
            "2026-01-05",
            "'-1x",
            "'=cmd|'/c calc'!A1",
            "单价无法识别或过大 / unreadable or too large unit price",
            "orders.csv",
            "11",
        ),
        ("'+B2", "never", "1", "'@SUM(1)", "无法识别的日期 / unreadable date", "orders.csv", "12"),
    ]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("-5", "-5"),
        ("+86", "+86"),
        ("=1+1", "'=1+1"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("－1", "'－1"),
        ("苹果", "苹果"),
    ],
)
def test_cells_that_a_spreadsheet_would_run_are_quoted(cell, safe):
    assert safe_cell(cell) == safe


def test_a_stray_quote_costs_its_own_line_only(import_file, write_csv):
    rows = "".join(f"Q{n},2026-01-05,1,苹果\n" for n in range(400))
    text = f'订单号,日期,单价,商品名称\n{rows}Q400,2026-01-05,1,"never closed\n' + rows.replace("Q", "R")
    run = import_file(write_csv(text))

    assert run.summary["bad_by_reason"] == {"unclosed_quote": 1}
    assert Order.objects.count() == 800


def test_long_cells_nul_bytes_and_extra_cells_do_no_harm(import_file, write_csv):
    good = "".join(f"G{n},2026-01-05,1,苹果\n" for n in range(9))
    huge = "x" * 65_536
    odd = f"H1,2026-01-05,1,{huge}\nH2,2026-01-05,1,a\x00b\nH3,2026-01-05,1,a,b,c\nH4,2026-01-05,1\n\n"
    text = f"订单号,日期,单价,商品名称\n{good}{odd}"
    run = import_file(write_csv(text))

    assert run.summary["bad_by_reason"] == {"too_many_cells": 1}
    titles = dict(OrderLine.objects.filter(order__number__startswith="H").values_list("order__number", "title"))
    assert titles == {"H1": "x" * 500, "H2": "ab", "H4": ""}


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "")
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    return packed.getvalue()


UNUSABLE = [
    (b"", FileUnreadable),
    (b"\n \n", FileUnreadable),
    ("订单号,日期\n".encode(), FileUnreadable),
    (b"PK\x03\x04 no archive", FileUnreadable),
    (b"PAR1 no parquet", FileUnreadable),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 locked", FileUnreadable),
    (b"%PDF-1.7", FileUnreadable),
    (b"\x1f\x8b\x08 broken", FileUnreadable),
    (zip_bomb(), FileTooBig),
    (gzip.compress(b"0" * 3_000_000), FileTooBig),
    (b"0" * 3_000_000, FileTooBig),
    (b"a,b,c\n1,2,3\n", MappingIncomplete),
]


@pytest.mark.parametrize(("content", "refusal"), UNUSABLE)
def test_a_file_that_cannot_be_used_is_refused_in_both_languages(content, refusal, import_file, write_csv, monkeypatch):
    monkeypatch.setattr(formats, "LIMIT_BYTES", 2_000_000)
    monkeypatch.setattr(formats, "SHEET_LIMIT_BYTES", 2_000_000)

    with pytest.raises(refusal) as refused:
        import_file(write_csv(content))

    assert refused.value.said.zh != refused.value.said.en
    assert not Order.objects.exists()
    assert refusal is MappingIncomplete or not ImportRun.objects.exists()


def test_too_many_bad_rows_wait_for_a_decision(import_file, write_csv):
    run = import_file(write_csv("订单号,日期,单价\nA1,2026-01-05,1\nA2,?,1\nA3,2026-01-06,1\n"))
    assert (run.state, Order.objects.count()) == ("paused", 0)

    from yutang.commerce.services.run_import import carry_out

    done = carry_out(runs.resume(run, by=SYSTEM).pk)
    assert done is not None
    assert (done.state, Order.objects.count()) == ("done", 2)


MOMENTS = [
    ("2010/1/5 8:03", "2010-01-05 08:03:00"),
    ("2010-01-05T08:03:01.123Z", "2010-01-05 16:03:01"),
    ("2010-01-05 08:03:01 -0500", "2010-01-05 21:03:01"),
    ("2010年1月5日 8时3分", "2010-01-05 08:03:00"),
    ("2010/1/5 下午3:04", "2010-01-05 15:04:00"),
    ("20100105080301", "2010-01-05 08:03:01"),
    ("40183.5", "2010-01-05 12:00:00"),
    ("1262678580", "2010-01-05 16:03:00"),
    ("5/1/2010", "2010-05-01 00:00:00"),
    ("13/1/2010 8:03 PM", "2010-01-13 20:03:00"),
    ("05-Jan-2010 08:03", "2010-01-05 08:03:00"),
    ("Jan 5, 2010", "2010-01-05 00:00:00"),
    ("2010-02-30", None),
    ("2010-1-5 25:00", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "meant"), MOMENTS)
def test_moments_are_read_as_people_and_programs_write_them(written, meant):
    (read,) = values.as_moment(pl.Series([written]), date_order="mdy", zone="Asia/Shanghai")

    assert (str(read) if read else None) == meant


def test_an_hour_that_never_was_moves_on_and_one_that_comes_twice_is_the_first():
    local = pl.Series([datetime(2010, 3, 28, 1, 30), datetime(2010, 10, 31, 1, 30)])  # noqa: DTZ001

    assert [str(at)[:16] for at in values.in_utc(local, "Europe/London")] == ["2010-03-28 01:30", "2010-10-31 00:30"]


NUMBERS = [
    ("1,234.56", 1234.56),
    ("¥12.00", 12.0),
    ("１２.5元", 12.5),
    ("(3.20)", -3.2),
    ("1e308", 1e308),
    ("NaN", None),
]


@pytest.mark.parametrize(("written", "meant"), NUMBERS)
def test_numbers_are_read_as_people_write_them(written, meant):
    assert values.as_number(pl.Series([written])).to_list() == [meant]


@pytest.mark.parametrize(("number", "rounded"), [(15, 2), (25, 2), (26, 3), (-15, -2), (-25, -2), (-26, -3), (0, 0)])
def test_halves_go_to_the_even_neighbour(number, rounded):
    assert pl.select(half_even(pl.lit(number), 10)).item() == rounded


def test_closed_orders_are_no_purchases(import_file, write_csv):
    import_file(
        write_csv(
            "订单号,日期,手机号,实付金额,订单状态\nV1,2026-01-05,13912345678,9,交易关闭\nV2,2026-01-05,13912345678,8,交易成功\n"
        )
    )

    assert dict(Order.objects.values_list("number", "kind")) == {"V1": "void", "V2": "sale"}
    assert Customer.objects.values_list("order_count", "spent_fen").get() == (1, 800)
