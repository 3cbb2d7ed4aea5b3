"""The loop at a glance: one period, and what it is compared with."""

from dataclasses import dataclass
from typing import Any

from yutang.insights.answers import Answer
from yutang.insights.asking import Asker
from yutang.insights.options import Options
from yutang.insights.question import Field, Period, Question
from yutang.insights.reports.answered import fields_report, sources_report
from yutang.insights.reports.scoreboard import scoreboard
from yutang.insights.scores import scores_of, share


@dataclass(frozen=True)
class Dashboard:
    now: dict[str, float | None]  # figures by the key of their definition
    before: dict[str, float | None] | None
    fields: Answer  # GMV of each field, step by step
    fields_before: Answer | None
    sources: Answer  # of the period's new customers


def dashboard(asker: Asker, question: Question, compared: Period | None) -> Dashboard:
    fields = fields_report(asker, question, Options())
    now = _figures(asker, question, fields)
    sources = sources_report(asker, question, Options())
    if compared is None:
        return Dashboard(now, None, fields, None, sources)
    earlier = question.during(compared)
    fields_before = fields_report(asker, earlier, Options())
    return Dashboard(now, _figures(asker, earlier, fields_before), fields, fields_before, sources)


def _figures(asker: Asker, question: Question, fields: Answer) -> dict[str, float | None]:
    counts = asker.one(scoreboard, question)
    scores = scores_of(counts)
    worth = {field: sum(fields.values(f"{field}_fen")) for field in Field}
    gmv, orders = sum(worth.values()), sum(_orders_of(fields).values())
    return {
        "gmv": gmv,
        "orders": orders,
        "aov": round(gmv / orders) if orders else None,
        "refunds": counts["refunds_fen"],
        "buyers": counts["buyers"],
        "new_buyers": counts["new_buyers"],
        "repurchasing": counts["repurchasing"],
        "repurchase_rate": scores.repurchase,
        "new_customers": counts["new_people"],
        "active": counts["active"],
        "new_contacts": counts["new_contacts"],
        "contacts": counts["contacts_during"],
        "private_gmv": worth[Field.PRIVATE],
        "public_gmv": worth[Field.PUBLIC],
        "store_gmv": worth[Field.STORE],
        "private_share": share(worth[Field.PRIVATE], gmv),
        "acquire": scores.acquire,
        "convert": scores.convert,
        "reputation": scores.reputation,
        "spread": scores.spread,
        "effective_ratio": scores.effective,
    }


def _orders_of(fields: Answer) -> dict[str, Any]:
    orders: dict[str, Any] = fields.notes["orders"]
    return orders
