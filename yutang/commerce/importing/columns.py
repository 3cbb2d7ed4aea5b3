"""Which column means what: guessed from names and contents, shown to people, and changeable by them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from yutang.commerce.errors import MappingIncomplete, UnknownColumn, UnknownField
from yutang.commerce.importing import values
from yutang.kernel.language import Text


@dataclass(frozen=True)
class Field:
    name: str
    label: Text
    # What columns of it are called, surest first; compared without case, spaces and signs. Nothing where a name alone
    # is too weak a hint: then a known platform's layout says it, or a person.
    called: str = ""

    @property
    def names(self) -> list[str]:
        return self.called.split("|") if self.called else []


FIELDS: tuple[Field, ...] = (
    Field(
        "order_number",
        Text("订单号", "Order number"),
        "订单号|订单编号|主订单编号|订单id|交易号|单号|小票号|流水号|order number|order no|"
        "order id|orderid|order|invoice|invoice no|invoice number|receipt no|transaction id|"
        "basket id|transaction|name",
    ),
    Field(
        "placed_at",
        Text("下单时间", "Placed at"),
        "下单时间|订单创建时间|创建时间|订单时间|交易时间|成交时间|付款时间|订单付款时间|"
        "支付时间|下单日期|订单日期|销售日期|日期|时间|order date|invoice date|placed at|"
        "purchase date|order time|ordered at|created at|paid at|transaction date|date|datetime|"
        "timestamp|day",
    ),
    Field("placed_time", Text("下单时刻（日期另列时）", "Time of day, where the date stands apart")),
    Field("paid_at", Text("付款时间（无下单时间时用）", "Paid at (where no placing time stands)")),
    Field(
        "customer_id",
        Text("买家编号", "Customer id"),
        "买家编号|客户编号|客户id|用户id|会员id|买家id|顾客编号|买家会员名|买家昵称|买家账号|"
        "customer id|customerid|customer no|cust id|user id|buyer id|client id|customer|buyer|"
        "account id|household key",
    ),
    Field(
        "customer_name",
        Text("客户姓名", "Customer name"),
        "客户姓名|收货人姓名|收货人|收件人|客户名称|姓名|顾客姓名|会员姓名|会员名称|昵称|"
        "customer name|buyer name|shipping name|billing name|full name|recipient",
    ),
    Field(
        "phone",
        Text("手机号", "Phone"),
        "手机号|手机|手机号码|收货人手机|收货人手机号|收件人手机|联系手机|联系电话|收货人电话|"
        "电话|会员手机|phone|mobile|phone number|mobile phone|telephone|tel|customer phone|"
        "shipping phone|billing phone",
    ),
    Field(
        "email",
        Text("邮箱", "E-mail"),
        "邮箱|电子邮箱|邮件|email|e mail|email address|customer email",
    ),
    Field(
        "member_no",
        Text("会员号", "Member number"),
        "会员号|会员卡号|会员编号|卡号|member no|member id|member number|loyalty id|card no",
    ),
    Field(
        "unionid",
        Text("UnionID", "UnionID"),
        "unionid|union id|微信unionid",
    ),
    Field(
        "sku",
        Text("商品编码", "SKU"),
        "sku|sku编码|skuid|商品编码|商品编号|货号|商家编码|商品条码|条码|商品id|外部系统编号|"
        "stock code|product code|item code|product id|item id|lineitem sku|barcode|article",
    ),
    Field(
        "title",
        Text("商品名称", "Item"),
        "商品名称|商品标题|宝贝标题|宝贝名称|商品|品名|货品名称|标题|description|product name|"
        "product title|item name|lineitem name|product|item|title",
    ),
    Field(
        "quantity",
        Text("数量", "Quantity"),
        "数量|购买数量|商品数量|宝贝总数量|件数|销售数量|重量|quantity|qty|units|pieces|"
        "lineitem quantity|item quantity|count|cds",
    ),
    Field(
        "unit_price",
        Text("单价", "Unit price"),
        "单价|商品单价|价格|商品价格|销售单价|成交单价|unit price|price|item price|lineitem price",
    ),
    Field(
        "amount",
        Text("行金额", "Line amount"),
        "实付金额|实付款|实收金额|实际支付金额|买家实际支付金额|买家实付金额|支付金额|成交金额|"
        "小计|商品总价|销售金额|销售额|金额|line total|line amount|subtotal|amount|net amount|"
        "sales|total|value|revenue|selling price",
    ),
    Field(
        "country",
        Text("国家/地区", "Country"),
        "国家|国家地区|地区|country|shipping country|billing country|region",
    ),
    Field(
        "store",
        Text("门店", "Store"),
        "门店|门店名称|门店编码|门店编号|店铺|店铺名称|店名|store|store name|store code|shop|branch",
    ),
    Field(
        "status",
        Text("订单状态", "Status"),
        "订单状态|交易状态|状态|order status|status|financial status|payment status",
    ),
    Field("after_sale", Text("售后状态", "After-sale status")),
    Field("refund", Text("退款金额", "Amount given back")),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
IDENTITY_FIELDS = ("customer_id", "member_no", "unionid", "phone", "email")
_PHONE = r"^(?:\+?86[- ]?)?1[3-9]\d{9}$"
_MOST = 0.8  # of the cells that hold something


def guess(columns: list[str], sample: pl.DataFrame) -> dict[str, int]:
    """Field → position of its column. `sample` has the first rows, in columns "0", "1", …"""
    mapping: dict[str, int] = {}
    for rank in range(max(len(field.names) for field in FIELDS)):
        for field in FIELDS:
            if field.name in mapping or rank >= len(field.names):
                continue
            position = _named(columns, field.names[rank], taken=set(mapping.values()))
            if position is not None and _plausible(field.name, sample[str(position)]):
                mapping[field.name] = position
    _guess_by_content(mapping, columns, sample)
    return mapping


def plain(name: str) -> str:
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", name.lower())


def _named(columns: list[str], wanted: str, taken: set[int]) -> int | None:
    for position, column in enumerate(columns):
        bare = plain(re.sub(r"[(（\[].*?[)）\]]", "", column))
        if position not in taken and bare == plain(wanted):
            return position
    return None


def _plausible(field: str, cells: pl.Series) -> bool:
    """Whether what a column holds can be what its name says. An empty column can be anything."""
    match field:
        case "placed_at":
            return _share(values.as_moment(cells, date_order="mdy", zone="UTC"), cells) >= 0.5
        case "quantity" | "unit_price" | "amount":
            comma = values.uses_decimal_comma(cells)
            return _share(values.as_number(cells, decimal_comma=comma), cells) >= 0.5
        case "order_number":
            return not _is(cells, r"^[^@\s]+@[^@\s]+$")
        case _:
            return True


def _share(read: pl.Series, cells: pl.Series) -> float:
    """The share of cells that hold something and could be read; 1 where none holds anything."""
    filled = values.is_filled(cells)
    return 1.0 if not filled.any() else float((filled & read.is_not_null()).sum()) / float(filled.sum())


def _is(cells: pl.Series, pattern: str) -> bool:
    ids = values.as_id(cells).drop_nulls()
    return len(ids) > 0 and float(ids.str.contains(pattern).sum()) / len(ids) >= _MOST


def _guess_by_content(mapping: dict[str, int], columns: list[str], sample: pl.DataFrame) -> None:
    for position in range(len(columns)):
        if position in mapping.values():
            continue
        cells = sample[str(position)]
        if not values.is_filled(cells).any():
            continue
        if "phone" not in mapping and _is(cells, _PHONE):
            mapping["phone"] = position
        elif "email" not in mapping and _is(cells, r"^[^@\s]+@[^@\s]+\.[^@\s]+$"):
            mapping["email"] = position
        elif "placed_at" not in mapping and _is_date_column(cells):
            mapping["placed_at"] = position


def _is_date_column(cells: pl.Series) -> bool:
    # Bare numbers may be Excel days, but just as well amounts: only a name can say so.
    return (isinstance(cells.dtype, pl.Datetime) or _is(cells, r"\d\s*[-/.年:]\s*\d")) and _share(
        values.as_moment(cells, date_order="mdy", zone="UTC"), cells
    ) >= _MOST


def missing(mapping: Mapping[str, int]) -> list[Text]:
    """What an import cannot do without and no column is chosen for."""
    lacking = []
    if "placed_at" not in mapping:
        lacking.append(BY_NAME["placed_at"].label)
    if "order_number" not in mapping and not any(field in mapping for field in IDENTITY_FIELDS):
        lacking.append(Text("订单号或客户标识", "order number or an id of the customer"))
    if "unit_price" not in mapping and "amount" not in mapping:
        lacking.append(Text("单价或金额", "unit price or amount"))
    return lacking


def require_complete(mapping: Mapping[str, int]) -> None:
    """Raises MappingIncomplete, naming what lacks."""
    if lacking := missing(mapping):
        raise MappingIncomplete(
            missing_zh="、".join(text.zh for text in lacking), missing_en=", ".join(text.en for text in lacking)
        )


def chosen(wanted: Mapping[str, str | int | None], columns: list[str]) -> dict[str, int]:
    """A mapping people gave, by column name or position; fields set to nothing are left out.

    Raises UnknownField, UnknownColumn.
    """
    mapping = {}
    for field, column in wanted.items():
        if field not in BY_NAME:
            raise UnknownField(field=field, known=", ".join(BY_NAME))
        if column is None or column == "":
            continue
        mapping[field] = _position(column, columns)
    return mapping


def _position(column: str | int, columns: list[str]) -> int:
    if isinstance(column, int):
        if 0 <= column < len(columns):
            return column
    elif column in columns:
        return columns.index(column)
    else:
        alike = [position for position, name in enumerate(columns) if plain(name) and plain(name) == plain(column)]
        if len(alike) == 1:
            return alike[0]
    raise UnknownColumn(column=column, columns=", ".join(columns))


def guess_options(mapping: Mapping[str, int], sample: pl.DataFrame) -> dict[str, Any]:
    """How this file writes dates, numbers, and the numbers of cancellations."""
    options: dict[str, Any] = {"date_order": "mdy", "decimal_comma": False}
    if "placed_at" in mapping:
        options["date_order"] = values.date_order_of(sample[str(mapping["placed_at"])])
    for field in ("unit_price", "amount"):
        if field in mapping and values.uses_decimal_comma(sample[str(mapping[field])]):
            options["decimal_comma"] = True
    return options
