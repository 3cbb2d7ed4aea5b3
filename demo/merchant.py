"""The demo merchant: 鲜禾果蔬, a fruit-and-grocery chain of six stores in Chengdu. Everybody here is invented."""

import csv
import io
import random
from datetime import date, timedelta
from typing import Any

CORPID = "ww5f1e2d3c4b5a6978"
AGENTID = 1000002
APP_SECRET = "demo-only-xianhe-app-secret-0123456789abcde"  # noqa: S105  (of the simulated corp)
CALLBACK_TOKEN = "xianheDemoToken1"  # noqa: S105
CALLBACK_AES_KEY = "kWxTq7mRzPn4vYc2hLd9sJf6gBt3aEu8oXiQw5yVrNM"
MERCHANT = "鲜禾果蔬"

DEPARTMENTS = [
    {"id": 1, "name": MERCHANT, "parentid": 0},
    {"id": 2, "name": "运营部", "parentid": 1},
    {"id": 10, "name": "城东片区", "parentid": 1},
    {"id": 11, "name": "建设路店", "parentid": 10},
    {"id": 12, "name": "万年场店", "parentid": 10},
    {"id": 20, "name": "城南片区", "parentid": 1},
    {"id": 21, "name": "桐梓林店", "parentid": 20},
    {"id": 22, "name": "天府三街店", "parentid": 20},
    {"id": 30, "name": "城西片区", "parentid": 1},
    {"id": 31, "name": "光华店", "parentid": 30},
    {"id": 32, "name": "金沙店", "parentid": 30},
]

# code, name, department, address, latitude, longitude
STORES = [
    ("CD01", "建设路店", 11, "成都市成华区建设路 28 号", 30.6716, 104.1012),
    ("CD02", "万年场店", 12, "成都市成华区万年场横街 6 号", 30.6588, 104.1189),
    ("CD03", "桐梓林店", 21, "成都市武侯区桐梓林中路 9 号", 30.6192, 104.0703),
    ("CD04", "天府三街店", 22, "成都市高新区天府三街 218 号", 30.5481, 104.0668),
    ("CD05", "光华店", 31, "成都市青羊区光华北三路 55 号", 30.6743, 103.9887),
    ("CD06", "金沙店", 32, "成都市青羊区金沙遗址路 12 号", 30.6825, 104.0141),
]

# userid, name, position, departments
MEMBERS = [
    ("zhouyun", "周芸", "运营总监", [2]),
    ("hexin", "何欣", "社群运营", [2]),
    ("luohao", "罗浩", "会员运营", [2]),
    ("wangmin", "王敏", "建设路店长", [11]),
    ("lijuan", "李娟", "建设路导购", [11]),
    ("chengang", "陈刚", "万年场店长", [12]),
    ("tangli", "唐莉", "万年场导购", [12]),
    ("zhaolei", "赵磊", "桐梓林店长", [21]),
    ("xuqing", "徐青", "桐梓林导购", [21]),
    ("yangfan", "杨帆", "天府三街店长", [22]),
    ("guoxue", "郭雪", "天府三街导购", [22]),
    ("majun", "马俊", "光华店长", [31]),
    ("denglan", "邓兰", "光华导购", [31]),
    ("songjia", "宋佳", "金沙店长", [32]),
]

# userid, role: members who can sign in to the console themselves
STAFF_ACCOUNTS = [("wangmin", "store_manager"), ("lijuan", "guide")]

TAG_GROUPS = [
    {"name": "来源", "order": 90, "tags": ["门店扫码", "包裹卡", "公众号", "朋友推荐"]},
    {"name": "偏好", "order": 80, "tags": ["爱吃车厘子", "有机蔬菜", "孩子辅食", "健身轻食", "送礼"]},
    {"name": "会员等级", "order": 70, "tags": ["普通", "银卡", "金卡", "黑金"]},
]

_NAMES = (
    "林小鱼 陈大海 花花 晚风 阿杰 橙子妈妈 老李 小满 Grace 王先生 豆豆妈 Momo 刘洋 静静 南方有嘉木 "
    "阿May 吃货小分队 张姐 山海 糖糖 Kevin 周末去野餐 小白 李姐 一颗柠檬 赵老师 月半 Lily 阳光 "
    "邻家小妹 七七 何妈 大鹏 Amy 清欢 龙哥 微笑 小鹿 苏苏 半夏 阿宝妈 Tom 淡淡的云 徐姐 北北 安安 "
    "老王 小太阳 Daisy 木子 青柠 胖达 秋天的童话 晓晓 Leo 雪梨 诗雨 阿亮 小葡萄 欢喜"
)


# They scan nothing by themselves: whoever tries the demo plays them. Each has bought in the web shop before.
STRANGERS = ("p56", "p57", "p58", "p59")


def people() -> list[dict[str, Any]]:
    """Sixty people with phones nobody has (the 19900 range below is kept for fiction)."""
    return [
        {
            "id": f"p{number:02d}",
            "nickname": name,
            "gender": 1 if number % 3 == 1 else 2,
            "phone": f"199000{number:05d}",
        }
        for number, name in enumerate(_NAMES.split())
    ]


ORDER_SOURCE = "小程序商城"
GOODS = [
    # code, name, yuan
    ("F001", "智利车厘子 2J 1kg", "89.90"),
    ("F002", "丹东草莓 500g", "45.00"),
    ("F003", "海南金煌芒 2.5kg", "39.90"),
    ("F004", "云南蓝莓 125g×4", "59.60"),
    ("F005", "眉山爱媛果冻橙 2.5kg", "42.80"),
    ("V001", "有机西兰花 400g", "9.90"),
    ("V002", "高山娃娃菜 3 棵", "8.50"),
    ("V003", "贝贝南瓜 1kg", "12.80"),
    ("G001", "时令果篮（送礼）", "168.00"),
]


def orders_csv(today: date) -> str:
    """Three months of the web shop's orders up to `today`, as its back office exports them."""
    chance = random.Random(20260301)  # noqa: S311
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["订单号", "下单时间", "商品编码", "商品名称", "数量", "单价", "收货人手机", "收货人"])
    number = 0
    for person in people():
        stranger = person["id"] in STRANGERS
        for _ in range(chance.choice((3, 4, 5) if stranger else (0, 0, 1, 1, 2, 4))):
            number += 1
            day = today - timedelta(days=chance.randrange(1, 90))
            at = f"{day:%Y-%m-%d} {chance.randrange(8, 22):02d}:{chance.randrange(60):02d}:00"
            for code, name, price in chance.sample(GOODS, chance.choice((1, 1, 2, 3))):
                buyer = (person["phone"], person["nickname"])
                sheet.writerow([f"XH{number:06d}", at, code, name, chance.choice((1, 1, 2)), price, *buyer])
    return out.getvalue()


def world(callback_url: str) -> dict[str, Any]:
    """What the outside world is told of the merchant. The same description twice changes nothing."""
    callback = {"token": CALLBACK_TOKEN, "aes_key": CALLBACK_AES_KEY, "url": callback_url}
    return {
        "people": people(),
        "corps": [
            {
                "corpid": CORPID,
                "name": MERCHANT,
                "departments": DEPARTMENTS,
                "members": [
                    {"userid": userid, "name": name, "position": position, "departments": departments}
                    for userid, name, position, departments in MEMBERS
                ],
                "apps": [{"agentid": AGENTID, "name": "鱼塘", "secret": APP_SECRET, "callback": callback}],
                "tag_groups": TAG_GROUPS,
            }
        ],
    }
