"""Order exports of marketplaces, as made-up files in the form each platform gives: recognised, read and counted."""

from datetime import UTC, datetime

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from yutang.cli.imports import import_
from yutang.commerce.importing import platforms
from yutang.commerce.models import ImportRun, Order, OrderLine, OrderSource
from yutang.commerce.services import runs
from yutang.customers.models import Customer, Identity
from yutang.kernel import jobs
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db

TAOBAO_ORDERS = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,联系手机,"
    "订单创建时间,订单付款时间,宝贝标题,宝贝总数量,店铺名称,退款金额\n"
    '"=""4000000000000000001""",塘边小鱼,,"59.80","6.00","65.80","65.80",交易成功,鱼**,\'139****1234,'
    "2026-01-05 08:03:00,2026-01-05 08:05:00,鲜果礼盒,2,果园旗舰店,0.00\n"
    '"=""4000000000000000002""",塘边小鱼,,"39.90","0.00","39.90","29.90",交易成功,鱼**,\'139****1234,'
    "2026-01-06 09:00:00,2026-01-06 09:01:00,脐橙五斤,1,果园旗舰店,10.00\n"
    '"=""4000000000000000003""",t**1,,"20.00","0.00","20.00","0.00",交易关闭,王**,\'136****4321,'
    "2026-01-07 10:00:00,,车厘子,1,果园旗舰店,20.00\n"
    '"=""4000000000000000004""",t**1,,"18.00","0.00","18.00","18.00",卖家已发货，等待买家确认,李**,\'137****4321,'
    "2026-01-08 10:00:00,2026-01-08 10:02:00,苹果,3,果园旗舰店,无退款申请\n"
)
TAOBAO_ITEMS = (
    "子订单编号,主订单编号,商品标题,商品价格,购买数量,商家编码,订单状态,买家应付货款,买家实付金额,退款状态,退款金额,"
    "订单创建时间,订单付款时间\n"
    "5002,5001,蜜柚,20.00,2,POM-1,交易成功,38.00,38.00,,无退款申请,2026-02-01 10:00:00,2026-02-01 10:01:00\n"
    "5003,5001,青柠,9.00,1,LIME,交易成功,9.00,0.00,退款成功,9.00,2026-02-01 10:00:00,2026-02-01 10:01:00\n"
)
JD = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,"
    "下单帐号,客户姓名,客户地址,联系电话,货号,付款确认时间,订单渠道\n"
    "310000000001,1001,苹果礼盒,1,在线支付,2026-03-01 09:00:00,50.00,100.00,89.99,0.00,89.99,完成,销售订单,"
    "jd_pond,陈鱼,上海,13912345678,APPLE,2026-03-01 09:01:00,APP\n"
    "310000000001,1002,脐橙,2,在线支付,2026-03-01 09:00:00,25.00,100.00,89.99,0.00,89.99,完成,销售订单,"
    "jd_pond,陈鱼,上海,13912345678,ORANGE,2026-03-01 09:01:00,APP\n"
    "310000000002,1001,苹果礼盒,1,在线支付,2026-03-02 09:00:00,50.00,50.00,50.00,0.00,50.00,(删除)等待付款,销售订单,"
    "jd_***,陈*,上海,139****5678,APPLE,,APP\n"
)
PINDUODUO = (
    "商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),多多支付立减金额(元),用户实付金额(元),"
    "商家实收金额(元),商品数量(件),支付时间,订单成交时间,商品id,商品规格,商家编码-规格维度,售后状态,快递单号\n"
    '软籽石榴,260401-1,已收货,"40.00\t","0.00\t",0.00,5.00,0.00,"35.00\t","40.00\t","2\t",2026-04-01 08:00:05,,'
    '"900001\t",5斤,"GRANATE\t",无售后或售后取消,"\t"\n'
    '软籽石榴,260401-2,"未发货，退款成功","20.00\t","0.00\t",0.00,0.00,0.00,"20.00\t","20.00\t","1\t",'
    '2026-04-01 09:00:05,2026-04-01 09:00:00,"900001\t",5斤,"GRANATE\t",退款成功,"\t"\n'
    '软籽石榴,260401-3,已取消,"20.00\t","0.00\t",0.00,0.00,0.00,"20.00\t","20.00\t","1\t",'
    ',2026-04-01 10:00:00,"900001\t",5斤,"GRANATE\t",无售后或售后取消,"\t"\n'
)
DOUYIN = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,收件人,收件人手机号,"
    "订单提交时间,支付完成时间,订单状态,售后状态,取消原因\n"
    '"\t6900000000000000001","\t6900000000000000001","\t黄桃","\t1箱",1,"\t3001","\tPEACH",28.90,28.90,0.00,##密文,$$密文,'
    "2026-05-01 00:54:10,2026-05-01 00:54:20,已完成,-,\n"
    '"\t6900000000000000001","\t6900000000000000009","\t油桃","\t1箱",1,"\t3002","\tNECT",20.00,20.00,0.00,##密文,$$密文,'
    "2026-05-01 00:54:10,2026-05-01 00:54:20,已关闭,退款成功,\n"
    '"\t6900000000000000002","\t6900000000000000002","\t黄桃","\t1箱",1,"\t3001","\tPEACH",28.90,28.90,0.00,##密文,'
    "15712345678-1234,2026-05-02 10:00:00,,已关闭,退款成功,\n"
)
YOUZAN_ORDERS = (
    "订单号,销售渠道,归属店铺,订单类型,订单状态,订单创建时间,买家付款时间,商品金额合计,订单实付金额,全部商品名称,商品种类数,"
    "收货人/提货人,收货人手机号/提货人手机号,买家昵称,买家手机号,订单退款状态,订单已退款金额\n"
    "E20260601,网店,鱼塘蛋糕,普通订单,交易完成,2026-06-01 10:00:00,2026-06-01 10:01:00,100.00,100.00,草莓蛋糕,1,"
    "陈鱼,13600001111,小鱼,13912345678,部分退款,30.00\n"
    "E20260602,网店,鱼塘蛋糕,普通订单,交易关闭,2026-06-02 10:00:00,,60.00,0.00,蓝莓蛋糕,1,"
    "陈鱼,13600001111,小鱼,13912345678,,0.00\n"
)
YOUZAN_ITEMS = (
    "订单号,商品名称,订单创建时间,运费,订单实付金额,收货人/提货人,收货人手机号/提货人手机号,买家手机号,商品编码,商品单价,商品数量,"
    "商品退款状态,商品已退款金额\n"
    "E20260701,草莓蛋糕,2026-07-01 10:00:00,0.00,100.01,陈鱼,13600001111,13912345678,STRAW,60.00,1,,0.00\n"
    "E20260701,蓝莓蛋糕,2026-07-01 10:00:00,0.00,100.01,陈鱼,13600001111,13912345678,BLUE,20.00,3,,0.00\n"
)
FILES = {
    ("taobao", "orders"): TAOBAO_ORDERS,
    ("taobao", "items"): TAOBAO_ITEMS,
    ("jd", "items"): JD,
    ("pinduoduo", "orders"): PINDUODUO,
    ("douyin", "items"): DOUYIN,
    ("youzan", "orders"): YOUZAN_ORDERS,
    ("youzan", "items"): YOUZAN_ITEMS,
}
# Platform → number of the order → kind and fen, with what went back taken off.
EXPECTED = {
    ("taobao", "orders"): {
        "4000000000000000001": ("sale", 6580),
        "4000000000000000002": ("sale", 2990),
        "4000000000000000003": ("void", 2000),
        "4000000000000000004": ("sale", 1800),
    },
    ("taobao", "items"): {"5001": ("sale", 3800)},
    ("jd", "items"): {"310000000001": ("sale", 8999), "310000000002": ("void", 5000)},
    ("pinduoduo", "orders"): {"260401-1": ("sale", 3500), "260401-2": ("void", 2000), "260401-3": ("void", 2000)},
    ("douyin", "items"): {"6900000000000000001": ("sale", 2890), "6900000000000000002": ("void", 2890)},
    ("youzan", "orders"): {"E20260601": ("sale", 7000), "E20260602": ("void", 0)},
    ("youzan", "items"): {"E20260701": ("sale", 10001)},
}


def stored_orders() -> dict[str, tuple[str, int]]:
    return {number: (kind, fen) for number, kind, fen in Order.objects.values_list("number", "kind", "amount_fen")}


def upload(api, text, *, name="导出.csv", encoding="gb18030", **fields):
    file = SimpleUploadedFile(name, text.encode(encoding))
    return api.client.post("/api/imports", {"file": file, **fields})


def run_to_end(api, import_id):
    api.post(f"/imports/{import_id}/start", {"accept_bad_rows": True})
    jobs.run_due(lanes=("bulk",))
    done = api.get(f"/imports/{import_id}").json()
    assert (done["state"], done["bad_rows"]) == ("done", 0), done
    return done


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
@pytest.mark.parametrize("known", list(FILES))
def test_an_export_is_recognised_and_its_orders_come_out(known, encoding, api):
    platform, layout = known
    body = upload(api, FILES[known], encoding=encoding).json()

    assert (body["platform"]["id"], body["options"]["platform_layout"], body["missing"]) == (platform, layout, [])
    assert body["platform"]["checked"] is True
    assert body["source"] == platforms.platforms()[platform].label.zh

    run_to_end(api, body["id"])

    assert stored_orders() == EXPECTED[known]
    sums = {order.number: sum(line.amount_fen for line in order.lines.all()) for order in Order.objects.all()}
    assert sums == {number: fen for number, (_, fen) in EXPECTED[known].items()}


def test_every_layout_has_its_file_here():
    layouts = {(each.id, layout.id) for each in platforms.platforms().values() for layout in each.layouts}

    assert layouts == set(FILES)


@pytest.mark.parametrize("known", list(FILES))
def test_the_same_export_a_second_time_changes_nothing(known, api):
    for encoding in ("gb18030", "utf-8"):
        run_to_end(api, upload(api, FILES[known], encoding=encoding).json()["id"])

    assert stored_orders() == EXPECTED[known]


def test_half_a_phone_or_a_name_joins_nobody(api):
    run_to_end(api, upload(api, TAOBAO_ORDERS).json()["id"])
    run_to_end(api, upload(api, DOUYIN).json()["id"])

    # One buyer is named in full; the two behind "t**1", and all of the other file, stay guests.
    assert list(Identity.objects.values_list("kind", "value")) == [("buyer_id", "塘边小鱼")]
    assert Customer.objects.count() == 1
    assert Order.objects.filter(customer=None).count() == 4
    assert not Customer.objects.filter(name__contains="*").exists()


def test_a_phone_in_full_is_the_buyers_and_not_the_receivers(api):
    run_to_end(api, upload(api, YOUZAN_ORDERS).json()["id"])

    assert Identity.objects.filter(kind="phone").values_list("value", flat=True).get() == "+8613912345678"


def test_the_amount_of_an_order_is_shared_over_its_lines_to_the_fen(api):
    run_to_end(api, upload(api, JD).json()["id"])

    shares = dict(OrderLine.objects.filter(order__number="310000000001").values_list("sku", "amount_fen"))
    assert shares == {"APPLE": 4500, "ORANGE": 4499}


def test_the_share_can_be_switched_off_where_a_file_has_amounts_by_line(api):
    body = upload(api, YOUZAN_ITEMS).json()
    changed = api.put(f"/imports/{body['id']}/mapping", {"options": {"amount_of_order": False}})
    assert (changed.status_code, changed.json()["options"]["amount_of_order"]) == (200, False)

    run_to_end(api, body["id"])

    assert stored_orders() == {"E20260701": ("sale", 20002)}


def test_a_refund_told_later_and_grown_since_is_taken_off_once(api):
    first = YOUZAN_ORDERS.replace(",30.00\n", ",0.00\n")
    grown = YOUZAN_ORDERS.replace(",30.00\n", ",45.50\n")
    closed = YOUZAN_ORDERS.replace("交易完成", "交易关闭").replace(",30.00\n", ",100.00\n")
    seen = []
    for text in (first, YOUZAN_ORDERS, grown, grown, closed):
        run_to_end(api, upload(api, text).json()["id"])
        order = Order.objects.get(number="E20260601")
        seen.append((order.kind, order.amount_fen, order.line_count, sum(x.amount_fen for x in order.lines.all())))

    assert [each[:3] for each in seen[:4]] == [
        ("sale", 10000, 1),
        ("sale", 7000, 2),
        ("sale", 5450, 2),
        ("sale", 5450, 2),
    ]
    assert seen[4][0] == "void"
    assert all(amount == lines for _, amount, _, lines in seen)


def test_an_order_without_placing_time_counts_from_its_payment(api):
    run_to_end(api, upload(api, PINDUODUO).json()["id"])

    assert Order.objects.get(number="260401-1").placed_at == datetime(2026, 4, 1, 0, 0, 5, tzinfo=UTC)


def test_a_day_and_its_time_in_two_columns_are_one_moment(api):
    split = DOUYIN.replace("订单提交时间", "订单提交日期,订单提交时间")
    for moment in ("2026-05-01 00:54:10", "2026-05-02 10:00:00"):
        day, clock = moment.split()
        split = split.replace(f"{moment},", f"{day},{clock},")

    run_to_end(api, upload(api, split).json()["id"])

    assert Order.objects.get(number="6900000000000000001").placed_at == datetime(2026, 4, 30, 16, 54, 10, tzinfo=UTC)


def test_a_source_people_name_is_kept_and_a_workbook_is_recognised_too(tmp_path):
    book = openpyxl.Workbook()
    for line in JD.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "jd.xlsx")

    run = runs.create_run_from_path(tmp_path / "jd.xlsx", source="京东二店", by=SYSTEM)

    assert (run.source_name, run.options["platform"], run.state) == ("京东二店", "jd", "mapped")


def test_a_file_of_weimob_is_known_by_its_name_and_said_to_be_unchecked(api):
    text = "订单号,下单时间,手机号,商品名称,实付金额,订单状态\nW1,2026-01-05 10:00:00,13912345678,茶,9.90,已取消\n"

    named = upload(api, text, name="微盟订单导出.csv").json()
    assert (named["platform"]["id"], named["platform"]["checked"], named["source"]) == ("weimob", False, "微盟")
    run_to_end(api, named["id"])
    assert stored_orders() == {"W1": ("void", 990)}

    other = upload(api, text, name="till.csv").json()
    assert (other["platform"], other["source"]) == (None, "till")


def test_the_command_line_recognises_an_export_too(tmp_path):
    path = tmp_path / "ExportOrderList.csv"
    path.write_bytes(TAOBAO_ORDERS.encode("gb18030"))

    said = CliRunner().invoke(import_, ["orders", str(path)])

    assert said.exit_code == 0, said.output
    assert "recognised as an export of taobao orders" in said.output
    assert stored_orders() == EXPECTED["taobao", "orders"]
    assert OrderSource.objects.get().name == "淘宝/天猫"
    assert ImportRun.objects.get().state == "done"
