"""Funnels, retention and paths: rule by rule on a few rows, and on public histories against polars."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from yutang.insights.funnel import Funnel
from yutang.insights.question import Grain, Period, Question, bucket_of
from yutang.insights.reports.behaviour import event_names, funnel, funnel_reach, funnel_times, paths, retention
from yutang.insights.tests.conftest import local, pond_of
from yutang.kernel.errors import BadInput

JANUARY = Question(Period(date(2026, 1, 1), date(2026, 1, 31)))
HOUR = 3_600


def happened(*rows: tuple[int | None, str, datetime], subjects: dict[int, int] | None = None) -> Any:
    """A pond of (person, name, moment)."""
    return pond_of(
        events=[
            {"id": number, "name": name, "at": at, "subject": (subjects or {}).get(number, person), "person": person}
            for number, (person, name, at) in enumerate(rows, start=1)
        ]
    )


def levels(rows: list[dict[str, Any]]) -> dict[int, int]:
    return {row["actor"]: row["reached"] for row in rows}


def test_steps_count_in_their_order_only(ask):
    pond = happened(
        (1, "view", local(2026, 1, 5, 10)),
        (1, "cart", local(2026, 1, 5, 11)),
        (1, "buy", local(2026, 1, 5, 12)),
        (2, "cart", local(2026, 1, 5, 10)),
        (2, "view", local(2026, 1, 5, 11)),
        (2, "buy", local(2026, 1, 5, 12)),
        (3, "buy", local(2026, 1, 5, 12)),
    )
    assert levels(ask(funnel_reach(pond, JANUARY, Funnel(("view", "cart", "buy"))))) == {1: 3, 2: 1}


def test_the_window_runs_from_the_latest_start_that_leads_on(ask):
    shape = Funnel(("view", "buy"), window_seconds=HOUR)
    pond = happened(
        (1, "view", local(2026, 1, 5, 8)),
        (1, "view", local(2026, 1, 5, 10)),
        (1, "buy", local(2026, 1, 5, 11)),  # an hour after the second view, to the second
        (2, "view", local(2026, 1, 5, 10)),
        (2, "buy", local(2026, 1, 5, 11, 1)),
    )
    assert levels(ask(funnel_reach(pond, JANUARY, shape))) == {1: 2, 2: 1}
    assert ask(funnel_times(pond, JANUARY, shape)) == [{"t2": HOUR}]


def test_a_chain_begins_in_the_period_and_may_end_after_it(ask):
    shape = Funnel(("view", "buy"), window_seconds=2 * 86_400)
    pond = happened(
        (1, "view", local(2026, 1, 31, 23)),
        (1, "buy", local(2026, 2, 1, 9)),
        (2, "view", local(2026, 2, 1, 0)),
        (2, "buy", local(2026, 2, 1, 9)),
        (3, "view", local(2025, 12, 31, 23)),
        (3, "buy", local(2026, 1, 1, 9)),
    )
    assert levels(ask(funnel_reach(pond, JANUARY, shape))) == {1: 2}


def test_what_is_excluded_breaks_a_chain_but_not_the_next_one(ask):
    shape = Funnel(("view", "buy"), exclude=("complain",))
    pond = happened(
        (1, "view", local(2026, 1, 5, 8)),
        (1, "complain", local(2026, 1, 5, 9)),
        (1, "buy", local(2026, 1, 5, 10)),
        (2, "view", local(2026, 1, 5, 8)),
        (2, "complain", local(2026, 1, 5, 9)),
        (2, "view", local(2026, 1, 5, 9, 30)),
        (2, "buy", local(2026, 1, 5, 10)),
        (3, "complain", local(2026, 1, 5, 7)),
        (3, "view", local(2026, 1, 5, 8)),
        (3, "buy", local(2026, 1, 5, 10)),
    )
    assert levels(ask(funnel_reach(pond, JANUARY, shape))) == {1: 1, 2: 2, 3: 2}


def test_one_event_is_one_step_even_where_a_step_repeats(ask):
    pond = happened(
        (1, "buy", local(2026, 1, 5, 8)), (2, "buy", local(2026, 1, 5, 8)), (2, "buy", local(2026, 1, 6, 8))
    )
    assert levels(ask(funnel_reach(pond, JANUARY, Funnel(("buy", "buy"))))) == {1: 1, 2: 2}


def test_visitors_count_and_the_erased_do_not(ask):
    moment = local(2026, 1, 5, 8)
    pond = happened(
        (None, "view", moment),
        (None, "buy", moment + timedelta(hours=1)),
        (None, "view", moment),  # of a record that was erased
        subjects={1: -7, 2: -7, 3: 12},
    )
    assert levels(ask(funnel_reach(pond, JANUARY, Funnel(("view", "buy"))))) == {-7: 2}


@pytest.mark.parametrize(
    ("shape", "field"),
    [
        ({"steps": ("view",)}, "step"),
        ({"steps": ("view",) * 9}, "step"),
        ({"steps": ("view", "buy"), "window_seconds": 59}, "window"),
        ({"steps": ("view", "buy"), "exclude": ("buy",)}, "exclude"),
    ],
)
def test_a_funnel_that_makes_no_sense_is_refused(shape, field):
    with pytest.raises(BadInput) as refused:
        Funnel(**shape)
    assert list(refused.value.fields) == [field]


def test_retention_follows_those_who_began(ask):
    pond = happened(
        (1, "join", local(2026, 1, 5)),
        (1, "visit", local(2026, 1, 6)),
        (1, "visit", local(2026, 1, 8)),
        (1, "visit", local(2026, 1, 8, 20)),
        (2, "join", local(2026, 1, 5)),
        (3, "visit", local(2026, 1, 6)),  # never began
        (4, "join", local(2026, 1, 6)),
        (4, "join", local(2026, 1, 7)),
    )
    told = ask(retention(pond, JANUARY, first=("join",), returning=("visit",)))
    fifth, sixth = (bucket_of(date(2026, 1, day), Grain.DAY) for day in (5, 6))
    assert {(row["cohort"], row["age"]): row["actors"] for row in told} == {
        (fifth, 0): 2,
        (fifth, 1): 1,
        (fifth, 3): 1,
        (sixth, 0): 1,
    }


def test_paths_tell_what_followed_and_what_came_before(ask):
    pond = happened(
        (1, "scan", local(2026, 1, 5, 8)),
        (1, "add", local(2026, 1, 5, 9)),
        (1, "add", local(2026, 1, 5, 10)),
        (1, "tag.added", local(2026, 1, 5, 10, 30)),  # done to them, not by them
        (1, "buy", local(2026, 1, 5, 11)),
        (2, "scan", local(2026, 1, 5, 8)),
        (2, "buy", local(2026, 1, 5, 9)),
        (3, "buy", local(2026, 1, 5, 9)),
    )
    onward = [tuple(row.values()) for row in ask(paths(pond, JANUARY, start="scan"))]
    assert onward == [(0, "scan", "add", 1), (0, "scan", "buy", 1), (1, "add", "buy", 1)]
    back = [tuple(row.values()) for row in ask(paths(pond, JANUARY, start="buy", backwards=True))]
    assert back == [(0, "buy", "add", 1), (0, "buy", "scan", 1), (1, "add", "scan", 1)]


# --- public histories ---

TAOBAO = Question(Period(date(2017, 11, 25), date(2017, 12, 3)))


@pytest.fixture(scope="module")
def clicks(test_data) -> pl.DataFrame:
    events = pl.read_csv(test_data / "taobao_userbehavior_head" / "events.csv.gz").with_row_index("id")
    return events.with_columns(
        at=pl.from_epoch("ts", time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    )


@pytest.fixture(scope="module")
def taobao(clicks):
    rows = clicks.select(
        "id", "at", name="behavior", subject="user_id", person="user_id", item=pl.col("item_id").cast(str)
    )
    return pond_of(events=rows)


def walked(rows: list[tuple[int, str]], shape: Funnel, before: float) -> int:
    """How far one actor got, by trying every start: (second, name) in the order it was recorded."""
    best = 0
    for place, (began, name) in enumerate(rows):
        if name != shape.steps[0] or began >= before:
            continue
        level = 1
        for second, what in rows[place + 1 :]:
            if what in shape.exclude or second - began > shape.window_seconds or level == len(shape.steps):
                break
            if what == shape.steps[level]:
                level += 1
        best = max(best, level)
    return best


@pytest.mark.data
@pytest.mark.parametrize(
    "shape",
    [
        Funnel(("pv", "cart", "buy"), window_seconds=86_400),
        Funnel(("pv", "fav", "buy"), window_seconds=9 * 86_400),
        Funnel(("pv", "buy"), window_seconds=3_600),
        Funnel(("cart", "buy"), window_seconds=3 * 86_400, exclude=("fav",)),
        Funnel(("pv", "pv", "cart", "buy"), window_seconds=2 * 86_400),
        Funnel(("buy", "buy"), window_seconds=9 * 86_400),
    ],
    ids=lambda shape: "-".join(shape.steps),
)
def test_taobaos_funnels_agree_with_trying_every_start(taobao, clicks, ask, shape):
    end = datetime(2017, 12, 3, 16, tzinfo=UTC).timestamp()
    expected: dict[int, int] = {}
    begin = datetime(2017, 11, 24, 16, tzinfo=UTC).timestamp()
    for (user,), mine in clicks.filter(pl.col("ts") >= begin).sort("ts", "id").group_by("user_id", maintain_order=True):
        level = walked(list(zip(mine["ts"], mine["behavior"], strict=True)), shape, end)
        if level:
            expected[user] = level
    assert levels(ask(funnel_reach(taobao, TAOBAO, shape))) == expected
    counts = {row["reached"]: row["actors"] for row in ask(funnel(taobao, TAOBAO, shape))}
    assert counts == {level: list(expected.values()).count(level) for level in set(expected.values())}


@pytest.mark.data
def test_taobaos_events_are_counted_as_published(taobao, ask):
    all_time = Question(Period(date(2000, 1, 1), date(2030, 1, 1)))
    rows = {row["name"]: (row["times"], row["actors"]) for row in ask(event_names(taobao, all_time))}
    assert {name: times for name, (times, _) in rows.items()} == {"pv": 3_926, "cart": 190, "fav": 128, "buy": 77}
    inside = ask(event_names(taobao, TAOBAO))
    assert sum(row["times"] for row in inside) == 4_320  # one lies outside the published window


@pytest.mark.data
def test_taobaos_retention_agrees_with_polars(taobao, clicks, ask):
    local_days = clicks.with_columns(day=pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date())
    inside = local_days.filter(pl.col("day").is_between(TAOBAO.period.since, TAOBAO.period.until))
    begun = inside.filter(pl.col("behavior") == "pv").group_by("user_id").agg(born=pl.col("day").min())
    buys = inside.filter(pl.col("behavior") == "buy").select("user_id", "day").unique()
    later = begun.join(buys, on="user_id").with_columns(age=(pl.col("day") - pl.col("born")).dt.total_days())
    expected = {
        (born, age): n for born, age, n in later.filter(pl.col("age") > 0).group_by("born", "age").len().iter_rows()
    }
    expected |= {(born, 0): n for born, n in begun.group_by("born").len().iter_rows()}
    told = ask(retention(taobao, TAOBAO, first=("pv",), returning=("buy",)))
    assert {(row["cohort"], row["age"]): row["actors"] for row in told} == {
        (bucket_of(born, Grain.DAY), age): n for (born, age), n in expected.items()
    }


@pytest.mark.data
def test_the_shops_visits_become_the_published_funnel(test_data, ask):
    """Each visit is a visitor who looked at products, perhaps at account pages, and perhaps bought."""
    visits = pl.read_csv(test_data / "online_shoppers_intention" / "visits.csv.gz").with_row_index("visitor", offset=1)
    begin = pl.lit(datetime(2026, 1, 5, 2, tzinfo=UTC))

    def events(name: str, place: int, which: pl.Expr) -> pl.DataFrame:
        return visits.filter(which).select(
            id=pl.col("visitor") * 4 + place, name=pl.lit(name), at=begin + pl.duration(minutes=place), person="visitor"
        )

    rows = pl.concat(
        [
            events("visit", 0, pl.lit(True)),
            events("product.viewed", 1, pl.col("ProductRelated") > 0),
            events("account.opened", 2, pl.col("Administrative") > 0),
            events("order", 3, pl.col("Revenue") == 1),
        ]
    )
    pond = pond_of(events=rows)
    straight = {row["reached"]: row["actors"] for row in ask(funnel(pond, JANUARY, Funnel(("visit", "order"))))}
    assert straight == {1: 10_422, 2: 1_908}
    whole = ask(funnel(pond, JANUARY, Funnel(("visit", "product.viewed", "account.opened", "order"))))
    reached = {level: sum(row["actors"] for row in whole if row["reached"] >= level) for level in (1, 2, 3, 4)}
    seen = visits.filter(pl.col("ProductRelated") > 0)
    opened = seen.filter(pl.col("Administrative") > 0)
    bought = opened.filter(pl.col("Revenue") == 1)
    assert reached == {1: 12_330, 2: seen.height, 3: opened.height, 4: bought.height}
