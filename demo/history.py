"""Fifteen months of the demo merchant's sales in three shops, as their back offices export them.

The same end day gives the same orders, and a later one only adds to them: importing again counts each order once.
"""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from demo import merchant

MONTHS = 15
_DAYS = MONTHS * 30

# How often a good is somebody's reason to come, and what then goes into the basket with it.
_REASONS = {"F001": 3, "F002": 4, "F003": 3, "F004": 3, "F005": 4, "V001": 6, "V002": 5, "V003": 5, "G001": 1}
_GOES_WITH = {
    "F001": (("F002", 0.35), ("G001", 0.12)),
    "F002": (("F004", 0.30),),
    "F003": (("F005", 0.25),),
    "V001": (("V003", 0.45), ("V002", 0.30)),
    "V002": (("V001", 0.35),),
    "V003": (("V001", 0.30), ("V002", 0.15)),
    "G001": (("F001", 0.30),),
}
_PRICES = {code: (name, price) for code, name, price in merchant.GOODS}
_SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪曾邱廖赖徐"
_GIVEN = "子轩雨桐浩然梓涵欣怡宇航思远佳宁晓梅志强美玲建国秀英文博嘉懿"


@dataclass(frozen=True)
class Shop:
    source: str
    prefix: str
    header: tuple[str, ...]
    buyers: int
    days_between: tuple[int, int]  # of a buyer's orders, on average: from the keenest to the rarest
    stays: float  # chance that a buyer comes once more


MALL = Shop(
    "小程序商城",
    "XM",
    ("订单号", "下单时间", "商品编码", "商品名称", "数量", "单价", "收货人手机", "收货人"),
    190,
    (9, 45),
    0.82,
)
TMALL = Shop(
    "天猫旗舰店",
    "TM",
    ("订单编号", "付款时间", "商品编码", "商品名称", "数量", "单价", "买家会员名"),
    420,
    (20, 80),
    0.52,
)
TILL = Shop(
    "门店收银",
    "MD",
    ("小票号", "交易时间", "商品编码", "商品名称", "数量", "单价", "会员手机", "门店"),
    260,
    (6, 30),
    0.86,
)
SHOPS = (MALL, TMALL, TILL)


def orders_csv(shop: Shop, *, last_day: date, until: date) -> str:
    """The shop's orders of the months up to `last_day`, as far as they had been placed by `until`."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(shop.header)
    for row in _rows(shop, last_day):
        if row[1] < f"{until + timedelta(days=1):%Y-%m-%d}":
            sheet.writerow(row)
    return out.getvalue()


def _rows(shop: Shop, last_day: date) -> Iterator[list[str]]:
    number = 0
    for buyer in range(shop.buyers):
        chance = random.Random(f"{shop.prefix}:{buyer}")  # noqa: S311
        for ago in _visits(shop, chance):
            number += 1
            day = last_day - timedelta(days=ago)
            hour = chance.choices(range(8, 22), weights=(5, 4, 4, 5, 6, 3, 2, 2, 4, 8, 10, 8, 6, 4))[0]
            at = f"{day:%Y-%m-%d} {hour:02d}:{chance.randrange(60):02d}:00"
            whose = _whose(shop, buyer, chance)
            for code in _basket(chance):
                name, price = _PRICES[code]
                pieces = chance.choice((1, 1, 1, 2))
                yield [f"{shop.prefix}{buyer:04d}{number:06d}", at, code, name, str(pieces), price, *whose]


def _visits(shop: Shop, chance: random.Random) -> list[int]:
    """How many days ago a buyer bought each time. More people find the shop each month."""
    ago = int(_DAYS * (1 - chance.random() ** 0.7))
    keen = chance.uniform(*shop.days_between)
    found = []
    while ago >= 0:
        found.append(ago)
        if chance.random() > shop.stays:
            break
        ago -= max(1, round(chance.expovariate(1 / keen)))
    return found


def _basket(chance: random.Random) -> list[str]:
    first = chance.choices(list(_REASONS), weights=list(_REASONS.values()))[0]
    return [first, *(code for code, likely in _GOES_WITH.get(first, ()) if chance.random() < likely)]


def _whose(shop: Shop, buyer: int, chance: random.Random) -> list[str]:
    """Who the shop says it was. The first of the mall's and the till's regulars are the people of the demo's town."""
    town = merchant.people()
    if shop is TMALL:
        return [f"tb{buyer:05d}_{_SURNAMES[buyer % len(_SURNAMES)]}"]
    phone = town[buyer]["phone"] if buyer < len(town) and buyer % 3 == 0 else f"199000{_first_phone(shop) + buyer:05d}"
    if shop is TILL:
        store = merchant.STORES[buyer % len(merchant.STORES)][1]
        return [phone if chance.random() < 0.7 else "", store]
    return [phone, town[buyer]["nickname"] if buyer < len(town) and buyer % 3 == 0 else _name(buyer)]


def _first_phone(shop: Shop) -> int:
    return 2_000 if shop is MALL else 4_000


def _name(buyer: int) -> str:
    return _SURNAMES[buyer % len(_SURNAMES)] + _GIVEN[buyer * 7 % len(_GIVEN)] + _GIVEN[buyer * 11 % len(_GIVEN)]
