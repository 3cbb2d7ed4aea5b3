"""Every figure by one definition, in words people can check. Reports name figures by these keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from yutang.kernel.language import Text

Unit = Literal["people", "orders", "fen", "share", "days", "times", "lift", "seconds"]


@dataclass(frozen=True)
class Definition:
    key: str
    name: Text
    sentence: Text
    formula: Text
    unit: Unit
    tables: tuple[str, ...]
    why: Text | None = None


_ORDERS, _LINES, _EVENTS = "orders", "order_lines", "events"

_ALL = (
    Definition(
        "gmv",
        Text("成交额 GMV", "GMV"),
        Text(
            "期间内下单、金额大于 0 的销售订单的金额之和；取消单不冲减，另计为退款。",
            "The worth of sales orders placed in the period and worth more than 0. Cancellations do not lessen "
            "it; they "
            "are told as refunds.",
        ),
        Text("Σ 订单金额（销售单，金额 > 0）", "Σ amount of sales orders worth more than 0"),
        "fen",
        (_ORDERS,),
    ),
    Definition(
        "orders",
        Text("订单数", "Orders"),
        Text(
            "期间内下单、金额大于 0 的销售订单数。选择「同日多单算一次」后，同一人同一天的订单算一次购买。",
            "Sales orders placed in the period and worth more than 0. With “one a day”, what a person bought on "
            "one day is "
            "one purchase.",
        ),
        Text("销售单数（金额 > 0）", "count of sales orders worth more than 0"),
        "orders",
        (_ORDERS,),
    ),
    Definition(
        "refunds",
        Text("退款", "Refunds"),
        Text("期间内发生的取消单的金额之和。", "The worth of cancellations made in the period."),
        Text("Σ 取消单金额", "Σ amount of cancellations"),
        "fen",
        (_ORDERS,),
    ),
    Definition(
        "aov",
        Text("客单价", "Average order"),
        Text("平均每单成交额。", "GMV for each order."),
        Text("成交额 ÷ 订单数", "GMV ÷ orders"),
        "fen",
        (_ORDERS,),
    ),
    Definition(
        "buyers",
        Text("购买人数", "Buyers"),
        Text(
            "期间内至少购买一次的已知客户。合并的档案是同一人；没有留下身份的订单不计人。",
            "Known customers with at least one purchase in the period. Merged records are one person; orders without "
            "identity are nobody's.",
        ),
        Text("去重人数（期间有购买）", "distinct people with a purchase"),
        "people",
        (_ORDERS,),
    ),
    Definition(
        "new_buyers",
        Text("首购人数", "First-time buyers"),
        Text("一生中第一次购买落在期间内的客户。", "Customers the first purchase of whose life falls into the period."),
        Text("去重人数（首次购买日在期间内）", "distinct people whose first purchase lies in the period"),
        "people",
        (_ORDERS,),
    ),
    Definition(
        "repurchasing",
        Text("复购人数", "Repurchasing people"),
        Text(
            "期间内有购买，且其中至少一次不是其一生首次购买的客户。",
            "Buyers of the period of whose purchases in it at least one was not the first of their life.",
        ),
        Text(
            "去重人数（截至期末购买 ≥ 2 次，且期间有购买）", "buyers with two or more purchases up to the period's end"
        ),
        "people",
        (_ORDERS,),
    ),
    Definition(
        "repurchase_rate",
        Text("复购率", "Repurchase rate"),
        Text("购买的人里，有多少是再次购买。", "How many of the buyers bought again."),
        Text("复购人数 ÷ 购买人数", "repurchasing people ÷ buyers"),
        "share",
        (_ORDERS,),
    ),
    Definition(
        "returning_revenue",
        Text("老客成交额", "Returning revenue"),
        Text(
            "首购早于当前时间格（日、周、月）的客户在该格内的成交额。",
            "GMV of customers whose first purchase lies before the step (day, week, month) it is counted in.",
        ),
        Text("Σ 金额（首购格 < 下单格）", "Σ amount where the first purchase lies in an earlier step"),
        "fen",
        (_ORDERS,),
    ),
    Definition(
        "new_revenue",
        Text("新客成交额", "New-customer revenue"),
        Text(
            "首购就在当前时间格（日、周、月）内的客户在该格内的成交额。",
            "GMV of customers whose first purchase lies in the step (day, week, month) it is counted in.",
        ),
        Text("Σ 金额（首购格 = 下单格）", "Σ amount where the first purchase lies in the same step"),
        "fen",
        (_ORDERS,),
    ),
    Definition(
        "repurchase_interval",
        Text("复购间隔", "Repurchase interval"),
        Text(
            "同一客户相邻两次购买之间的天数，按后一次购买所在期间统计；四分位数线性插值。",
            "Days between two purchases in a row of one customer, counted where the later one falls; quartiles are "
            "interpolated.",
        ),
        Text("后一次下单日 − 前一次下单日", "day of the later purchase − day of the earlier one"),
        "days",
        (_ORDERS,),
    ),
    Definition(
        "cohort",
        Text("同期群留存", "Cohort retention"),
        Text(
            "按首次购买所在的月（或周、日）分群，看第 n 个月有多少人再次购买、买了多少；第 0 月即首购当月。",
            "People grouped by the month (week, day) of their first purchase; how many of them buy in the nth "
            "month after "
            "it, and for how much. Month 0 is that month itself.",
        ),
        Text("第 n 月购买的人数 ÷ 群人数", "people of the cohort who buy in month n ÷ people of the cohort"),
        "share",
        (_ORDERS,),
    ),
    Definition(
        "new_customers",
        Text("新客户", "New customers"),
        Text(
            "第一次留下踪迹（扫码、订单、导入……）在期间内的人。来源取第一次加好友所用的码，没有则取档案来源。",
            "People of whom we had a first trace (a scan, an order, an import) in the period. The source is the "
            "code of "
            "their first contact, else how their record came.",
        ),
        Text(
            "去重人数（首个 customer.created 在期间内）",
            "distinct people whose first customer.created lies in the period",
        ),
        "people",
        (_EVENTS,),
    ),
    Definition(
        "active",
        Text("活跃人数", "Active people"),
        Text(
            "期间内自己做过至少一件事的人：加好友、回复、填资料、下单、浏览等。打标签、欢迎语、备注等由我们做的事不算。",
            "People who did at least one thing of their own accord in the period: added, replied, filled in, ordered, "
            "browsed. What we do to them (tags, welcomes, remarks) does not count.",
        ),
        Text("去重人数（期间有主动事件）", "distinct people with an event of their own"),
        "people",
        (_EVENTS,),
    ),
    Definition(
        "private_share",
        Text("私域成交占比", "Private share of GMV"),
        Text(
            "成交额中私域的占比。购买者在下单时是任一员工的好友，或订单来源设为私域，即为私域；其余记到门店的订单（或门店来源）"
            "为门店；再其余为公域。每笔成交只属于一处。",
            "The private field's share of GMV. A purchase is private where its buyer was some member's contact at that "
            "moment, or its source is set to private; else the store's, where the order names a store or its "
            "source is a "
            "store's; else public. Each purchase lies in exactly one field.",
        ),
        Text("私域成交额 ÷ 成交额", "private GMV ÷ GMV"),
        "share",
        (_ORDERS, _EVENTS),
        Text("行业对照见基准区间。", "See the bands for what others tell."),
    ),
    Definition(
        "effective_ratio",
        Text("有效流量率", "Effective traffic"),
        Text(
            "期间首次成为好友的人里，期末仍是好友、并且加好友后自己做过事（回复、填资料、下单、浏览）的比例。刚加还没来得及互动的人也在分母里。",
            "Of the people who became contacts for the first time in the period, the share that is still a "
            "contact at its "
            "end and did something after the add (replied, filled in, ordered, browsed). Those who had no time "
            "for it yet "
            "stand in the denominator too.",
        ),
        Text("有效新好友 ÷ 新好友", "effective new contacts ÷ new contacts"),
        "share",
        (_EVENTS,),
        Text("重质不重量：能转化的流量才算数。", "What counts is the part that can convert."),
    ),
    Definition(
        "acquire",
        Text("高效拉新", "Acquire"),
        Text("新好友相对期初好友的增长。", "New contacts, set against the contacts at the period's beginning."),
        Text("首次成为好友的人数 ÷ 期初好友人数", "first-time contacts ÷ contacts at the beginning"),
        "share",
        (_EVENTS,),
    ),
    Definition(
        "convert",
        Text("高转化", "Convert"),
        Text(
            "期间内的好友里购买过的比例。",
            "Of those who were contacts at some time of the period, the share that bought.",
        ),
        Text("购买的好友 ÷ 期间好友", "contacts who bought ÷ contacts of the period"),
        "share",
        (_EVENTS, _ORDERS),
    ),
    Definition(
        "reputation",
        Text("高口碑", "Reputation"),
        Text(
            "期间内的好友里没有删除我们的比例。没有评价数据之前，「不删」是最诚实的口碑。",
            "Of the contacts of the period, the share that did not delete a member. While there are no ratings, "
            "staying is "
            "the most honest opinion.",
        ),
        Text("1 − 删除员工的人数 ÷ 期间好友", "1 − people who deleted a member ÷ contacts of the period"),
        "share",
        (_EVENTS,),
    ),
    Definition(
        "spread",
        Text("高裂变", "Spread"),
        Text(
            "新好友中由老客户带来的比例；推荐活动上线前为 0。",
            "Of the new contacts, the share that a customer brought.",
        ),
        Text("被推荐的新人 ÷ 新好友", "people brought by others ÷ new contacts"),
        "share",
        (_EVENTS,),
    ),
    Definition(
        "rfm",
        Text("RFM 评分", "RFM scores"),
        Text(
            "每位购买者按最近一次购买距期末的天数（R）、累计购买次数（F）、累计成交额（M）各得 1–5 分，界限可改；"
            "也可按五等分位自动划分。4 分及以上为高。",
            "Each buyer gets 1 to 5 for the days from the last purchase to the period's end (R), purchases (F) "
            "and worth (M) "
            "up to then. The bounds may be edited, or taken from the quintiles. From 4 on a score is high.",
        ),
        Text("R、F、M 与界限比较", "R, F and M against the bounds"),
        "people",
        (_ORDERS,),
    ),
    Definition(
        "support",
        Text("支持度", "Support"),
        Text("同时含有两种商品的订单占比。", "The share of orders that hold both products."),
        Text("同时购买的订单 ÷ 全部订单", "orders with both ÷ orders"),
        "share",
        (_LINES,),
    ),
    Definition(
        "confidence",
        Text("置信度", "Confidence"),
        Text(
            "买了前者的订单里，也买了后者的比例。",
            "Of the orders with the first product, the share that holds the second.",
        ),
        Text("同时购买的订单 ÷ 含前者的订单", "orders with both ÷ orders with the first"),
        "share",
        (_LINES,),
    ),
    Definition(
        "lift",
        Text("提升度", "Lift"),
        Text(
            "与互不相干相比，两者一起买的倍数；大于 1 才是相互带动。",
            "How much more often they go together than by chance.",
        ),
        Text("支持度 ÷（前者占比 × 后者占比）", "support ÷ (share of the first × share of the second)"),
        "lift",
        (_LINES,),
    ),
    Definition(
        "tenure",
        Text("客龄", "Tenure"),
        Text(
            "一次购买距该客户首次购买的天数；首购单列。订单里没有成本价，毛利无从得知。",
            "Days from a customer's first purchase to this one; the first one stands alone. Orders carry no "
            "cost prices, so "
            "nothing is told of margins.",
        ),
        Text("下单日 − 首购日", "day of purchase − day of the first one"),
        "days",
        (_ORDERS,),
    ),
    Definition(
        "funnel",
        Text("漏斗转化", "Funnel"),
        Text(
            "按顺序完成各步骤的人数；从首步起须在窗口内完成，可从期间内任一次首步起算，中途发生排除事件则此链中断。"
            "尚未识别的访客也算一人。",
            "People who did the steps in order, within the window from the first one, beginning at any "
            "occurrence of it in "
            "the period; an excluded event breaks the chain. A visitor not known yet counts as one.",
        ),
        Text("到达该步的人数 ÷ 首步人数", "people who reached the step ÷ people who began"),
        "share",
        (_EVENTS,),
    ),
    Definition(
        "retention",
        Text("留存", "Retention"),
        Text(
            "期间内首次做了起始事件的人，在之后第 n 日（周、月）做了回访事件的比例。",
            "Of those who did the first event for the first time in the period, the share that did the "
            "returning event n "
            "days (weeks, months) later.",
        ),
        Text("第 n 格回来的人数 ÷ 群人数", "people who returned in step n ÷ people of the cohort"),
        "share",
        (_EVENTS,),
    ),
    Definition(
        "path",
        Text("路径", "Paths"),
        Text(
            "从每人在期间内第一次起始事件出发，其后依次发生的事件；同一事件连续多次算一步。倒推时从最后一次起始事件往前看。",
            "What each person did after the first start event in the period; the same event several times in a "
            "row is one "
            "step. Backwards, what came before the last one.",
        ),
        Text("每一步去往各事件的人数", "people who went on to each event"),
        "people",
        (_EVENTS,),
    ),
)

DEFINITIONS: Mapping[str, Definition] = {definition.key: definition for definition in _ALL}
