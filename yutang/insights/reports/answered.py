"""Each report as an answer people can read: asks the pond, fills gaps in time, makes rates of counts."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from yutang.insights.answers import Answer, Column, Kind, table
from yutang.insights.asking import Asker
from yutang.insights.definitions import DEFINITIONS
from yutang.insights.funnel import Funnel
from yutang.insights.options import Options
from yutang.insights.question import Field, Question, buckets, day_of, first_day
from yutang.insights.reports import behaviour, people, products, repurchase, rfm, sales, scoreboard
from yutang.insights.rfm import KINDS, Bounds, kind_of
from yutang.insights.scores import scores_of, share
from yutang.insights.services.decide import rfm_bounds
from yutang.kernel.language import Text

Build = Callable[[Asker, Question, Options], Answer]

BUCKET = Column("bucket", Text("时间", "Time"), Kind.BUCKET)
GMV = Column("gmv_fen", Text("成交额", "GMV"), Kind.FEN, "gmv")
ORDERS = Column("orders", Text("订单数", "Orders"), Kind.COUNT, "orders")
BUYERS = Column("buyers", Text("购买人数", "Buyers"), Kind.COUNT, "buyers")
AOV = Column("aov_fen", Text("客单价", "Average order"), Kind.FEN, "aov")
PERSON = Column("person", Text("客户", "Customer"), Kind.PERSON)
PEOPLE = Column("people", Text("人数", "People"), Kind.COUNT)


def sales_report(asker: Asker, question: Question, _options: Options) -> Answer:
    rows = _by_bucket(question, asker.ask(sales.sales_by_bucket, question))
    for back in asker.ask(sales.refunds_by_bucket, question):
        rows[back["bucket"]] |= back
    for row in rows.values():
        row["aov_fen"] = _average(row.get("gmv_fen"), row.get("orders"))
    columns = (
        BUCKET,
        GMV,
        ORDERS,
        BUYERS,
        AOV,
        Column("new_fen", Text("新客成交额", "New customers"), Kind.FEN, "new_revenue"),
        Column("returning_fen", Text("老客成交额", "Returning customers"), Kind.FEN, "returning_revenue"),
        Column("guest_fen", Text("未识别成交额", "Unknown buyers"), Kind.FEN),
        Column("new_buyers", Text("首购人数", "First-time buyers"), Kind.COUNT, "new_buyers"),
        Column("refunds_fen", Text("退款", "Refunds"), Kind.FEN, "refunds"),
    )
    return table(columns, _dated(rows, question, columns))


def fields_report(asker: Asker, question: Question, _options: Options) -> Answer:
    rows = _by_bucket(question, [])
    orders = dict.fromkeys(Field, 0)
    for told in asker.ask(sales.sales_by_field, question):
        rows[told["bucket"]][f"{told['field']}_fen"] = told["gmv_fen"]
        orders[Field(told["field"])] += told["orders"]
    for row in rows.values():
        whole = sum(row.get(f"{field}_fen", 0) for field in Field)
        row["private_share"] = share(row.get("private_fen", 0), whole)
    columns = (
        BUCKET,
        Column("private_fen", Text("私域", "Private"), Kind.FEN),
        Column("public_fen", Text("公域", "Public"), Kind.FEN),
        Column("store_fen", Text("门店", "Store"), Kind.FEN),
        Column("private_share", Text("私域占比", "Private share"), Kind.SHARE, "private_share"),
    )
    return table(columns, _dated(rows, question, columns), orders={field.value: n for field, n in orders.items()})


def places_report(asker: Asker, question: Question, _options: Options) -> Answer:
    columns = (
        Column("source_id", Text("订单来源", "Order source"), Kind.ORDER_SOURCE),
        Column("store_id", Text("门店", "Store"), Kind.STORE),
        GMV,
        ORDERS,
        BUYERS,
    )
    return table(columns, asker.ask(sales.sales_by_place, question))


def hours_report(asker: Asker, question: Question, _options: Options) -> Answer:
    columns = (
        Column("weekday", Text("星期", "Weekday"), Kind.STEP),
        Column("hour", Text("小时", "Hour"), Kind.STEP),
        ORDERS,
        GMV,
    )
    return table(columns, asker.ask(sales.sales_by_hour, question))


def buyers_report(asker: Asker, question: Question, options: Options) -> Answer:
    rows = asker.ask(sales.top_buyers, question, most=options.most)
    for row in rows:
        row["last_day"] = _iso_day(row["last_day"])
    columns = (PERSON, GMV, ORDERS, Column("last_day", Text("最近购买", "Last purchase"), Kind.BUCKET))
    return table(columns, rows)


def people_report(asker: Asker, question: Question, _options: Options) -> Answer:
    rows = _by_bucket(question, [])
    for told in asker.ask(people.people_by_bucket, question):
        rows[told["bucket"]][told["what"]] = told["people"]
    for told in asker.ask(sales.sales_by_bucket, question):
        rows[told["bucket"]] |= {"buyers": told["buyers"], "new_buyers": told["new_buyers"]}
        rows[told["bucket"]]["returning"] = told["buyers"] - told["new_buyers"]
    for told in asker.ask(people.contacts_by_bucket, question):
        rows[told["bucket"]]["added" if told["name"] == "contact.added" else "lost"] = told["people"]
    columns = (
        BUCKET,
        Column("new", Text("新客户", "New customers"), Kind.COUNT, "new_customers"),
        Column("active", Text("活跃人数", "Active"), Kind.COUNT, "active"),
        BUYERS,
        Column("new_buyers", Text("首购人数", "First-time buyers"), Kind.COUNT, "new_buyers"),
        Column("returning", Text("老客购买人数", "Returning buyers"), Kind.COUNT),
        Column("added", Text("新增好友", "Contacts added"), Kind.COUNT),
        Column("lost", Text("流失好友", "Contacts lost"), Kind.COUNT),
    )
    return table(columns, _dated(rows, question, columns))


def sources_report(asker: Asker, question: Question, _options: Options) -> Answer:
    rows = asker.ask(people.new_by_source, question)
    for row in rows:
        row["rate"] = share(row["buyers"], row["people"])
    columns = (
        Column("source", Text("来源", "Source"), Kind.SOURCE),
        Column("people", Text("新客户", "New customers"), Kind.COUNT, "new_customers"),
        BUYERS,
        Column("rate", Text("购买率", "Bought"), Kind.SHARE),
        GMV,
    )
    return table(columns, rows)


def repurchase_report(asker: Asker, question: Question, _options: Options) -> Answer:
    """How often buyers bought; the rate and the intervals stand beside it."""
    whole = asker.one(repurchase.repurchase, question)
    quartiles = asker.one(repurchase.interval_quartiles, question)
    rows = asker.ask(repurchase.purchase_counts, question)
    for row in rows:
        row["share"] = share(row["people"], whole["buyers"])
    columns = (
        Column("times", Text("购买次数", "Purchases"), Kind.STEP),
        PEOPLE,
        Column("share", Text("占比", "Share"), Kind.SHARE),
    )
    rate = share(whole["repurchasing"], whole["buyers"])
    return table(columns, rows, **whole, repurchase_rate=rate, **{f"gap_{name}": v for name, v in quartiles.items()})


def intervals_report(asker: Asker, question: Question, _options: Options) -> Answer:
    known = {row["band"]: row["times"] for row in asker.ask(repurchase.intervals, question)}
    whole = sum(known.values())
    rows = [
        {"band": edge, "times": known.get(edge, 0), "share": share(known.get(edge, 0), whole)}
        for edge in repurchase.GAP_EDGES
    ]
    columns = (
        Column("band", Text("间隔天数（起）", "Days between, from"), Kind.STEP, "repurchase_interval"),
        Column("times", Text("次数", "Times"), Kind.COUNT),
        Column("share", Text("占比", "Share"), Kind.SHARE),
    )
    return table(columns, rows)


def cohorts_report(asker: Asker, question: Question, _options: Options) -> Answer:
    rows = asker.ask(repurchase.cohorts, question)
    sizes = {row["cohort"]: row["people"] for row in rows if row["age"] == 0}
    for row in rows:
        row["size"] = sizes.get(row["cohort"], 0)
        row["share"] = share(row["people"], row["size"])
        row["cohort"] = first_day(row["cohort"], question.grain).isoformat()
    columns = (
        Column("cohort", Text("首购", "First bought"), Kind.BUCKET),
        Column("size", Text("群人数", "Cohort"), Kind.COUNT),
        Column("age", Text("第 n 期", "Later by"), Kind.STEP),
        PEOPLE,
        Column("share", Text("留存", "Retention"), Kind.SHARE, "cohort"),
        GMV,
    )
    return table(columns, rows)


def tenure_report(asker: Asker, question: Question, _options: Options) -> Answer:
    rows = asker.ask(repurchase.by_tenure, question)
    for row in rows:
        row["aov_fen"] = _average(row["gmv_fen"], row["orders"])
        row["pieces"] = round(row["quantity_milli"] / row["orders"] / 1000, 2)
        row["price_fen"] = _average(row["gmv_fen"] * 1000, row["quantity_milli"])
    columns = (
        Column("band", Text("客龄（天，起）", "Tenure, days from"), Kind.STEP, "tenure"),
        ORDERS,
        BUYERS,
        GMV,
        AOV,
        Column("pieces", Text("每单件数", "Pieces an order"), Kind.NUMBER),
        Column("price_fen", Text("件单价", "Price a piece"), Kind.FEN),
    )
    return table(columns, rows)


def rfm_report(asker: Asker, question: Question, options: Options) -> Answer:
    bounds = bounds_for(asker, question, options)
    rows = asker.ask(rfm.grid, question, bounds)
    for row in rows:
        row["kind"] = kind_of(row["r"], row["f"], row["m"]).key
    columns = (
        Column("r", Text("R 最近", "R recency"), Kind.STEP, "rfm"),
        Column("f", Text("F 频次", "F frequency"), Kind.STEP, "rfm"),
        Column("m", Text("M 金额", "M money"), Kind.STEP, "rfm"),
        Column("kind", Text("类型", "Kind"), Kind.TEXT),
        PEOPLE,
        Column("spent_fen", Text("累计成交额", "Worth"), Kind.FEN),
    )
    kinds = [{"key": kind.key, "name": kind.name.here(), "advice": kind.advice.here()} for kind in KINDS]
    return table(columns, rows, bounds=asdict(bounds), kinds=kinds)


def bounds_for(asker: Asker, question: Question, options: Options) -> Bounds:
    if not options.by_quintiles:
        return options.bounds or rfm_bounds()
    cuts = asker.one(rfm.quintiles, question)
    if not cuts["buyers"]:
        return rfm_bounds()
    return Bounds(*(_rising([round(cuts[f"{letter}{place}"]) for place in range(4)]) for letter in "rfm"))


def _rising(cuts: list[int]) -> tuple[int, ...]:
    """Equal quintiles (most people buy once) are pushed apart by one each."""
    rising: list[int] = []
    for cut in cuts:
        rising.append(max(cut, rising[-1] + 1) if rising else cut)
    return tuple(rising)


def products_report(asker: Asker, question: Question, options: Options) -> Answer:
    rows = asker.ask(products.products, question, most=options.most)
    for row in rows:
        row["quantity"] = row["quantity_milli"] / 1000
        row["again_share"] = share(row["again"], row["buyers"])
    columns = (
        Column("sku", Text("编码", "SKU"), Kind.SKU),
        Column("title", Text("商品", "Product"), Kind.TEXT),
        GMV,
        Column("quantity", Text("件数", "Pieces"), Kind.NUMBER),
        ORDERS,
        BUYERS,
        Column("again_share", Text("回购率", "Bought again"), Kind.SHARE),
    )
    return table(columns, rows)


def pairs_report(asker: Asker, question: Question, options: Options) -> Answer:
    rows = asker.ask(products.pairs, question, most=options.most)
    skus = tuple(sorted({sku for row in rows for sku in (row["a"], row["b"])}))
    named = asker.ask(products.titles, skus) if skus else []
    titles = {row["sku"]: row["title"] for row in named}
    for row in rows:
        row["a_title"], row["b_title"] = titles.get(row["a"], row["a"]), titles.get(row["b"], row["b"])
        row["support"] = share(row["together"], row["orders"])
        row["a_to_b"], row["b_to_a"] = share(row["together"], row["a_orders"]), share(row["together"], row["b_orders"])
        row["lift"] = share(row["together"] * row["orders"], row["a_orders"] * row["b_orders"])
    columns = (
        Column("a", Text("编码 A", "SKU A"), Kind.SKU),
        Column("a_title", Text("商品 A", "Product A"), Kind.TEXT),
        Column("b", Text("编码 B", "SKU B"), Kind.SKU),
        Column("b_title", Text("商品 B", "Product B"), Kind.TEXT),
        Column("together", Text("同单次数", "Together"), Kind.COUNT),
        Column("support", Text("支持度", "Support"), Kind.SHARE, "support"),
        Column("a_to_b", Text("A→B 置信度", "Confidence A→B"), Kind.SHARE, "confidence"),
        Column("b_to_a", Text("B→A 置信度", "Confidence B→A"), Kind.SHARE, "confidence"),
        Column("lift", Text("提升度", "Lift"), Kind.NUMBER, "lift"),
    )
    return table(columns, rows)


DEFAULT_FUNNEL = Funnel(("contact.added", "order.placed"), window_seconds=30 * 86_400)


def funnel_report(asker: Asker, question: Question, options: Options) -> Answer:
    shape = options.funnel or DEFAULT_FUNNEL
    told = asker.ask(behaviour.funnel, question, shape, by_source=options.by_source)
    times = asker.one(behaviour.funnel_times, question, shape)
    whose = sorted({row.get("source") or "" for row in told}) if options.by_source else [""]
    rows = []
    for source in whose:
        mine = [row for row in told if not options.by_source or (row["source"] or "") == source]
        began = sum(row["actors"] for row in mine)
        before = began
        for place, step in enumerate(shape.steps, start=1):
            reached = sum(row["actors"] for row in mine if row["reached"] >= place)
            rows.append(
                {
                    "source": source,
                    "step": place,
                    "event": step,
                    "people": reached,
                    "of_first": share(reached, began),
                    "of_previous": share(reached, before),
                    "median_seconds": times.get(f"t{place}") if not options.by_source else None,
                }
            )
            before = reached
    columns = (
        *((Column("source", Text("事件来源", "Event source"), Kind.TEXT),) if options.by_source else ()),
        Column("step", Text("步骤", "Step"), Kind.STEP),
        Column("event", Text("事件", "Event"), Kind.EVENT),
        PEOPLE,
        Column("of_first", Text("总转化", "Of the first"), Kind.SHARE, "funnel"),
        Column("of_previous", Text("较上步", "Of the previous"), Kind.SHARE),
        Column("median_seconds", Text("用时中位数", "Median time"), Kind.SECONDS),
    )
    return table(columns, rows)


def retention_report(asker: Asker, question: Question, options: Options) -> Answer:
    rows = asker.ask(behaviour.retention, question, first=options.first, returning=options.returning)
    sizes = {row["cohort"]: row["actors"] for row in rows if row["age"] == 0}
    for row in rows:
        row["size"] = sizes[row["cohort"]]
        row["people"], row["share"] = row["actors"], share(row["actors"], row["size"])
        row["cohort"] = first_day(row["cohort"], question.grain).isoformat()
    columns = (
        Column("cohort", Text("开始", "Began"), Kind.BUCKET),
        Column("size", Text("群人数", "Cohort"), Kind.COUNT),
        Column("age", Text("第 n 期", "Later by"), Kind.STEP),
        PEOPLE,
        Column("share", Text("留存", "Retention"), Kind.SHARE, "retention"),
    )
    return table(columns, rows)


def paths_report(asker: Asker, question: Question, options: Options) -> Answer:
    start = options.start or DEFAULT_FUNNEL.steps[0]
    steps = asker.ask(behaviour.paths, question, start=start, depth=options.depth, backwards=options.backwards)
    columns = (
        Column("place", Text("步", "Step"), Kind.STEP),
        Column("from_name", Text("从", "From"), Kind.EVENT),
        Column("to_name", Text("到", "To"), Kind.EVENT),
        Column("actors", Text("人数", "People"), Kind.COUNT, "path"),
    )
    return table(columns, steps, start=start)


def events_report(asker: Asker, question: Question, _options: Options) -> Answer:
    columns = (
        Column("name", Text("事件", "Event"), Kind.EVENT),
        Column("times", Text("次数", "Times"), Kind.COUNT),
        Column("actors", Text("人数", "People"), Kind.COUNT),
    )
    return table(columns, asker.ask(behaviour.event_names, question))


def scoreboard_report(asker: Asker, question: Question, _options: Options) -> Answer:
    counts = asker.one(scoreboard.scoreboard, question)
    scores = asdict(scores_of(counts))
    figures = {name: "effective_ratio" if name == "effective" else name for name in scores}
    figures["repurchase"] = "repurchase_rate"
    columns = tuple(Column(name, DEFINITIONS[key].name, Kind.SHARE, key) for name, key in figures.items())
    return table(columns, [scores], **counts)


REPORTS: Mapping[str, Build] = {
    "sales": sales_report,
    "fields": fields_report,
    "places": places_report,
    "hours": hours_report,
    "buyers": buyers_report,
    "people": people_report,
    "sources": sources_report,
    "repurchase": repurchase_report,
    "intervals": intervals_report,
    "cohorts": cohorts_report,
    "tenure": tenure_report,
    "rfm": rfm_report,
    "products": products_report,
    "pairs": pairs_report,
    "funnel": funnel_report,
    "retention": retention_report,
    "paths": paths_report,
    "events": events_report,
    "scoreboard": scoreboard_report,
}


def _by_bucket(question: Question, told: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {number: {} for number in buckets(question.period, question.grain)}
    for row in told:
        rows[row["bucket"]] |= row
    return rows


def _dated(rows: dict[int, dict[str, Any]], question: Question, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """Every step of the period, those without anything too: a gap in a chart is a statement."""
    empty = {column.key: 0 for column in columns if column.kind in (Kind.COUNT, Kind.FEN)}
    return [
        empty | row | {"bucket": first_day(number, question.grain).isoformat()} for number, row in sorted(rows.items())
    ]


def _average(whole: int | None, parts: int | None) -> int | None:
    return round(whole / parts) if whole is not None and parts else None


def _iso_day(number: int) -> str:
    return day_of(number).isoformat()
