"""Whose purchase lies in which field, who came from where, who is alive: rule by rule."""

import json
from datetime import date
from typing import Any

import pytest

from yutang.insights.question import Field, Grain, Period, Question
from yutang.insights.reports.people import active_people, contacts_by_bucket, new_by_source, people_by_bucket
from yutang.insights.reports.pond import Pond, purchases, with_field
from yutang.insights.reports.sales import sales_by_bucket, sales_by_field
from yutang.insights.reports.scoreboard import effective_people, scoreboard
from yutang.insights.scores import scores_of
from yutang.insights.tests.conftest import local, pond_of

JANUARY = Question(Period(date(2026, 1, 1), date(2026, 1, 31)), grain=Grain.MONTH)
SHOP, TMALL, MINI = 1, 2, 3
FIELDS = {SHOP: Field.STORE, TMALL: Field.PUBLIC, MINI: Field.PRIVATE}


def order(number: int, person: int | None, day: int, fen: int, **more: Any) -> dict[str, Any]:
    given = {"id": number, "person": person, "placed_at": local(2026, 1, day), "amount_fen": fen, "source_id": TMALL}
    return given | {"kind": "sale", "currency": "CNY", "quantity_milli": 1000} | more


def event(number: int, person: int | None, name: str, at: Any, **props: Any) -> dict[str, Any]:
    member = props.pop("member", 5)
    return {"id": number, "name": name, "at": at, "subject": person, "person": person, "member_id": member} | {
        "props": json.dumps(props)
    }


@pytest.fixture
def lives() -> Pond:
    """1 is a contact from the 10th on; 2 was one until the 15th; 3 never; 4 left one member and stayed with another."""
    return pond_of(
        orders=[
            order(1, 1, 9, 1_000),
            order(2, 1, 11, 2_000),
            order(3, 2, 14, 4_000),
            order(4, 2, 16, 8_000),
            order(5, 3, 12, 16_000, source_id=MINI),
            order(6, 3, 12, 32_000, store_id=7),
            order(7, 3, 12, 64_000, source_id=SHOP),
            order(8, None, 12, 128_000),
            order(9, 4, 20, 256_000, store_id=7),
            order(10, 3, 13, -500, kind="cancellation"),
            order(11, 3, 13, 999, kind="void"),
            order(12, 3, 13, 0),
            order(13, 3, 13, 7_777, currency="USD"),
        ],
        events=[
            event(1, 1, "contact.added", local(2026, 1, 10), state_code="abc"),
            event(2, 2, "contact.added", local(2025, 12, 1), state_code=""),
            event(3, 2, "contact.lost", local(2026, 1, 15), by="customer"),
            event(4, 4, "contact.added", local(2026, 1, 2), member=5),
            event(5, 4, "contact.lost", local(2026, 1, 5), member=5, by="member"),
            event(6, 4, "contact.added", local(2026, 1, 3), member=6),
            event(7, 1, "customer.created", local(2026, 1, 9), source="import:x"),
            event(8, 2, "customer.created", local(2025, 12, 1), source="wecom"),
            event(9, 3, "customer.created", local(2026, 1, 12), source="import:x"),
            event(10, 4, "customer.created", local(2026, 1, 2), source="wecom"),
            event(11, 1, "contact.replied", local(2026, 1, 11)),
            event(12, 4, "tag.added", local(2026, 1, 11)),
            event(13, 1, "customer.created", local(2026, 1, 20), source="wecom"),  # a record merged into 1
        ],
        fields=FIELDS,
    )


def test_every_purchase_lies_in_exactly_one_field(lives, ask):
    rows = ask(with_field(purchases(lives, JANUARY), lives))
    assert {row["id"]: row["field"] for row in rows} == {
        1: "public",  # not yet a contact
        2: "private",
        3: "private",
        4: "public",  # no contact any more
        5: "private",  # bought in the mini-program
        6: "store",
        7: "store",
        8: "public",
        9: "private",  # a contact of the second member, though bought in a store
    }
    by_field = {row["field"]: (row["gmv_fen"], row["orders"]) for row in ask(sales_by_field(lives, JANUARY))}
    assert by_field == {"private": (278_000, 4), "store": (96_000, 2), "public": (137_000, 3)}


def test_only_sales_worth_something_are_purchases(lives, ask):
    (january,) = ask(sales_by_bucket(lives, JANUARY))
    assert (january["gmv_fen"], january["orders"], january["buyers"]) == (511_000, 9, 4)
    assert january["guest_fen"] == 128_000
    assert january["new_fen"] == 511_000 - 128_000


def test_sources_stores_and_days_narrow_what_is_counted(lives, ask):
    from dataclasses import replace

    (tmall,) = ask(sales_by_bucket(lives, replace(JANUARY, order_sources=(TMALL,), stores=(7,))))
    assert (tmall["gmv_fen"], tmall["orders"]) == (288_000, 2)
    one_a_day = ask(purchases(lives, replace(JANUARY, one_a_day=True)))
    assert sorted((row["person"] or 0, row["amount_fen"]) for row in one_a_day if row["day"] == 20465) == [
        (0, 128_000),
        (3, 112_000),
    ]
    with_free = ask(purchases(lives, replace(JANUARY, free_orders=True)))
    assert {12} == {row["id"] for row in with_free} - {row["id"] for row in ask(purchases(lives, JANUARY))}


def test_a_new_customer_comes_from_the_first_code_or_the_first_record(lives, ask):
    rows = {row["source"]: (row["people"], row["buyers"], row["gmv_fen"]) for row in ask(new_by_source(lives, JANUARY))}
    assert rows == {"code:abc": (1, 1, 3_000), "import:x": (1, 1, 112_000), "wecom": (1, 1, 256_000)}


def test_active_are_those_who_did_something_themselves(lives, ask):
    assert {row["person"] for row in ask(active_people(lives, JANUARY))} == {1, 4}
    told = {row["what"]: row["people"] for row in ask(people_by_bucket(lives, JANUARY))}
    assert told == {"new": 3, "active": 2}
    moves = {row["name"]: (row["people"], row["times"]) for row in ask(contacts_by_bucket(lives, JANUARY))}
    assert moves == {"contact.added": (2, 3), "contact.lost": (2, 2)}


def test_the_five_highs_follow_from_their_counts(lives, ask):
    assert {row["person"] for row in ask(effective_people(lives, JANUARY))} == {1}
    (counts,) = ask(scoreboard(lives, JANUARY))
    assert counts == {
        "contacts_before": 1,
        "contacts_during": 3,
        "new_contacts": 2,
        "kept": 2,
        "effective": 1,
        "converted": 3,
        "left": 1,
        "referred": 0,
        "buyers": 4,
        "repurchasing": 3,
        "new_buyers": 4,
        "active": 2,
        "new_people": 3,
        "refunds_fen": -500,
    }
    scores = scores_of(counts)
    assert (scores.acquire, scores.convert, scores.spread, scores.effective) == (2.0, 1.0, 0.0, 0.5)
    assert scores.reputation == pytest.approx(2 / 3)
    assert scores.repurchase == 0.75
    nothing = scores_of(dict.fromkeys(counts, 0))
    assert (nothing.acquire, nothing.reputation, nothing.repurchase) == (None, None, None)


def test_a_bounded_viewer_counts_their_own_people_only(lives, ask):
    import ibis
    import pyarrow as pa

    mine = lives.within(ibis.memtable(pa.table({"person": pa.array([2], pa.int64())})))
    (january,) = ask(sales_by_bucket(mine, JANUARY))
    assert (january["gmv_fen"], january["orders"], january["buyers"], january["guest_fen"]) == (12_000, 2, 1, 0)
    assert [row["field"] for row in ask(sales_by_field(mine, JANUARY))] == ["private", "public"]


def test_a_pond_without_anything_answers_zero(ask):
    empty = pond_of()
    assert ask(sales_by_bucket(empty, JANUARY)) == []
    (counts,) = ask(scoreboard(empty, JANUARY))
    assert set(counts.values()) == {0}
