"""Asking the lake: what it answers is what the database says, wherever the rows are by now."""

from datetime import timedelta
from typing import Any

import ibis
import pytest

from conftest import NOW
from yutang.commerce.lake_rows import orders_changed
from yutang.commerce.models import Order
from yutang.customers.models import Merge
from yutang.customers.services.merge import merge, unmerge
from yutang.events.models import Visitor, VisitorKind
from yutang.kernel.actors import SYSTEM
from yutang.lake.errors import LakeUnreadable, QueryTooLong
from yutang.lake.models import LakeHead
from yutang.lake.people import LOOK_SECONDS
from yutang.lake.reading import open_lake
from yutang.lake.services.flush import flush
from yutang.lake.tables import TABLES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yutang.lake.people.LOOK_SECONDS", -1.0)
    assert LOOK_SECONDS > 0


def by_person(name: str = "page.viewed") -> dict[int | None, int]:
    with open_lake() as lake:
        wanted = lake.table("events").filter(ibis._.name == name)
        counted = lake.run(wanted.group_by("person").agg(times=wanted.count()))
    return {row["person"]: row["times"] for row in counted.to_pylist()}


def test_rows_are_found_before_and_after_they_are_flushed(happen, make_person) -> None:
    person = make_person()
    happen("page.viewed", person, times=3)
    assert by_person() == {person.pk: 3}
    assert flush(TABLES["events"]).rows == 3
    assert by_person() == {person.pk: 3}
    happen("page.viewed", person, times=2)
    assert by_person() == {person.pk: 5}
    assert LakeHead.objects.get(table="events").rows == 3


def test_amount_and_item_are_columns_however_the_source_names_them(happen) -> None:
    for props in (
        {"amount_fen": 1990, "sku": "A1"},
        {"revenue": 19.9, "product_id": 7},
        {"value": "19.9"},
        {"total": 5},
    ):
        happen("sold", **props)
    with open_lake() as lake:
        events = lake.table("events").order_by("id")
        rows = lake.run(events.select("amount_fen", "item")).to_pylist()
    assert [tuple(row.values()) for row in rows] == [(1990, "A1"), (1990, "7"), (None, None), (500, None)]


def test_merging_moves_facts_to_the_person_and_unmerging_moves_them_back(happen, make_person) -> None:
    elder, younger = make_person(), make_person()
    happen("page.viewed", elder, times=2)
    happen("page.viewed", younger, times=5)
    flush(TABLES["events"])
    merge(elder, younger, by=SYSTEM)
    assert by_person() == {elder.pk: 7}
    unmerge(Merge.objects.get(), by=SYSTEM)
    assert by_person() == {elder.pk: 2, younger.pk: 5}


def test_a_visitors_past_becomes_the_persons_when_they_are_known(happen, make_person) -> None:
    visitor = Visitor.objects.create(issuer="shop", kind=VisitorKind.ANONYMOUS, value="a1", since=NOW)
    happen("page.viewed", visitor=visitor, times=4)
    happen("page.viewed", times=1)
    flush(TABLES["events"])
    assert by_person() == {None: 5}
    person = make_person()
    visitor.customer, visitor.joined_at = person, NOW
    visitor.save()
    assert by_person() == {person.pk: 4, None: 1}


def test_an_order_that_changes_after_the_flush_counts_as_it_is_now(make_order, make_person) -> None:
    person = make_person()
    order = make_order(amount_fen=1_000)
    make_order(person, amount_fen=50)
    flush(TABLES["orders"])
    flush(TABLES["order_lines"])
    Order.objects.filter(pk=order.pk).update(customer=person, amount_fen=3_000)
    orders_changed([order.pk])

    def spent() -> list[dict[str, Any]]:
        with open_lake() as lake:
            orders = lake.table("orders")
            lines = lake.table("order_lines")
            answer = lake.run(orders.group_by("person").agg(spent=orders.amount_fen.sum()))
            owners = lake.run(lines.select("person").distinct())
        assert owners.to_pylist() == [{"person": person.pk}]
        return answer.to_pylist()

    assert spent() == [{"person": person.pk, "spent": 3_050}]
    flush(TABLES["orders"])
    flush(TABLES["order_lines"])
    assert spent() == [{"person": person.pk, "spent": 3_050}]


def test_days_are_the_merchants(happen) -> None:
    late_evening_utc = NOW.replace(hour=17)  # past midnight in Shanghai
    happen("page.viewed", at=NOW)
    happen("page.viewed", at=late_evening_utc)
    flush(TABLES["events"])

    def days(zone: str) -> list[int]:
        with open_lake(zone=zone) as lake:
            events = lake.table("events")
            counted = lake.run(events.group_by(day=events["at"].date()).agg(times=events.count()).order_by("day"))
        return [row["times"] for row in counted.to_pylist()]

    assert days("Asia/Shanghai") == [1, 1]
    assert days("UTC") == [2]


def test_a_question_without_end_is_stopped_with_a_message(happen) -> None:
    happen("page.viewed", times=2)
    with open_lake(seconds=0.2) as lake:
        numbers = ibis.range(0, 4_000_000).unnest().name("n").as_table().mutate(rest=ibis._.n % 7)
        endless = numbers.inner_join(numbers.view(), "rest").count()
        with pytest.raises(QueryTooLong, match=r"stopped"):
            lake.run(endless)
        assert lake.run(lake.table("events").count()).as_py() == 2


def test_a_damaged_file_is_told_by_name(happen) -> None:
    happen("page.viewed", times=100)
    flush(TABLES["events"])
    path = LakeHead.objects.get(table="events").files[0]["path"].removeprefix("file://")
    with open(path, "r+b") as file:
        file.truncate(100)
    with open_lake() as lake, pytest.raises(LakeUnreadable) as told:
        lake.run(lake.table("events").count())
    assert "verify" in told.value.advice.en


def test_nothing_happened_yet(db) -> None:
    with open_lake() as lake:
        for name in TABLES:
            assert lake.run(lake.table(name).count()).as_py() == 0


def test_a_future_and_an_ancient_moment_survive(happen) -> None:
    happen("page.viewed", at=NOW + timedelta(days=36_500))
    happen("page.viewed", at=NOW.replace(year=1970))
    before = by_person()
    flush(TABLES["events"])
    assert by_person() == before == {None: 2}
