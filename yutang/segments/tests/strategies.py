"""Random histories and leaves over what happened, with moments that like to fall on the edges of windows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from yutang.segments.history import Happening, History, OrderLine, OrderTold
from yutang.segments.leaves import LEAF, EventsAre, OrdersAre, Sequence
from yutang.segments.windows import Moment

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
NAMES = ("a", "b", "c")

# Whole hours make edges meet; a microsecond more or less tells the sides of an edge apart.
moments = st.builds(
    lambda days, hours, micros: AT + timedelta(days=days, hours=hours, microseconds=micros),
    st.integers(-45, 3) | st.integers(-3, 1),
    st.sampled_from([0, 0, 14, 6]),
    st.sampled_from([0, 0, 0, 1, -1]),
)
prop_values = st.sampled_from([1, 2, 2.5, -3, "x", "yy", "1", True, False, None, [1]])
events = st.builds(
    Happening,
    id=st.just(0),
    name=st.sampled_from(NAMES),
    at=moments,
    member_id=st.sampled_from([None, 1, 2]),
    source=st.sampled_from(["web", "app"]),
    amount_fen=st.none() | st.integers(-500, 500),
    item=st.sampled_from([None, "s1", "s2"]),
    props=st.dictionaries(st.sampled_from(["p", "q"]), prop_values, max_size=2),
)
lines = st.builds(
    OrderLine,
    sku=st.sampled_from(["s1", "s2"]),
    title=st.sampled_from(["红苹果", "青苹果", "梨"]),
    amount_fen=st.integers(-300, 300),
)
orders = st.builds(
    OrderTold,
    id=st.just(0),
    source_id=st.sampled_from([1, 2]),
    kind=st.sampled_from(["sale", "sale", "cancellation", "adjustment", "void"]),
    placed_at=moments,
    amount_fen=st.integers(-200, 500),
    store_id=st.sampled_from([None, 7, 8]),
    lines=st.lists(lines, max_size=2),
)


@st.composite
def crowds(draw: st.DrawFn) -> list[History]:
    """A few people; ids of what happened are given in the order of drawing."""
    people, number = [], 0
    for person in range(1, draw(st.integers(1, 4)) + 1):
        told = draw(st.lists(events, max_size=6))
        bought = draw(st.lists(orders, max_size=4))
        numbered = []
        for event in told:
            number += 1
            numbered.append(Happening(**(event.__dict__ | {"id": number})))
        sold = []
        for order in bought:
            number += 1
            sold.append(OrderTold(**(order.__dict__ | {"id": number})))
        people.append(History(person=person, records=[person], events=numbered, orders=sold))
    return people


windows = st.one_of(
    st.just({"kind": "ever"}),
    st.builds(
        lambda n, unit: {"kind": "last", "amount": n, "unit": unit},
        st.integers(1, 30),
        st.sampled_from(["days", "hours"]),
    ),
    st.builds(lambda a, b: {"kind": "ago", "from_days": a + b, "to_days": b}, st.integers(1, 20), st.integers(0, 20)),
    st.builds(
        lambda a, b: {"kind": "between", "since": a and a.isoformat(), "until": b and b.isoformat()},
        st.none() | moments,
        st.none() | moments,
    ),
    st.builds(
        lambda p: {"kind": "calendar", "period": p},
        st.sampled_from(
            ["today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_year", "last_year"]
        ),
    ),
)
orders_of = st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"])
measures = st.one_of(
    st.builds(
        lambda m, op, v: {"measure": m, "op": op, "value": v},
        st.sampled_from(["count", "days"]),
        orders_of,
        st.integers(0, 3),
    ),
    st.builds(
        lambda m, op, v: {"measure": m, "op": op, "value": v},
        st.sampled_from(["sum", "average", "least", "most"]),
        orders_of,
        st.integers(-200, 400),
    ),
    st.builds(
        lambda m, op, v: {"measure": m, "op": op, "value": v},
        st.sampled_from(["since_first", "since_last"]),
        st.sampled_from(["gt", "gte", "lt", "lte"]),
        st.integers(0, 30),
    ),
    st.builds(
        lambda m, op, v: {"measure": m, "op": op, "value": v.isoformat()},
        st.sampled_from(["first", "last"]),
        st.sampled_from(["gt", "gte", "lt", "lte"]),
        moments,
    ),
)
comparisons = st.one_of(
    st.builds(
        lambda op, values: {"op": op, "values": values},
        st.sampled_from(["is", "is_not"]),
        st.lists(st.sampled_from([1, 2.5, "x", "1", True, False]), min_size=1, max_size=3),
    ),
    st.builds(
        lambda op, v: {"op": op, "values": [v]},
        st.sampled_from(["gt", "gte", "lt", "lte"]),
        st.sampled_from([0, 2, 2.5, "x"]),
    ),
    st.builds(
        lambda op, v: {"op": op, "values": [v]},
        st.sampled_from(["contains", "begins"]),
        st.sampled_from(["x", "y", "1"]),
    ),
    st.sampled_from([{"op": "exists"}, {"op": "missing"}]),
)
conditions = st.builds(
    lambda field, comparison: {"field": field, "is": comparison},
    st.sampled_from(["item", "source", "member", "amount_fen", "props.p", "props.q"]),
    comparisons,
)
whiches = st.builds(
    lambda names, where: {"events": names, "where": where},
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
    st.lists(conditions, max_size=1),
)
event_leaves = st.builds(
    lambda which, window, measure, amount: LEAF.validate_python(
        {"kind": "events", "which": which, "window": window, "is": measure, "amount": amount}
    ),
    whiches,
    windows,
    measures,
    st.sampled_from(["amount_fen", "props.p"]),
)
order_leaves = st.builds(
    lambda window, measure, sources, stores, skus, title: LEAF.validate_python(
        {
            "kind": "orders",
            "window": window,
            "is": measure,
            "sources": sources,
            "stores": stores,
            "skus": skus,
            "title": title,
        }
    ),
    windows,
    measures,
    st.sampled_from([[], [], [1]]),
    st.sampled_from([[], [], [7]]),
    st.sampled_from([[], [], ["s1"]]),
    st.sampled_from(["", "", "苹果"]),
)
sequences = st.builds(
    lambda steps, n, unit, excluding, window: LEAF.validate_python(
        {
            "kind": "sequence",
            "steps": [{"events": each} for each in steps],
            "within": {"amount": n, "unit": unit},
            "excluding": excluding and {"events": excluding},
            "window": window,
        }
    ),
    st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True), min_size=2, max_size=3),
    st.integers(1, 20),
    st.sampled_from(["days", "hours"]),
    st.none() | st.lists(st.sampled_from(NAMES), min_size=1, max_size=1),
    windows,
)
happening_leaves: st.SearchStrategy[EventsAre | OrdersAre | Sequence] = event_leaves | order_leaves | sequences
now = st.builds(lambda at: Moment(at, ZONE), moments)
