"""From checked lines to rows: customers, orders, lines and events of one batch, in the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from yutang.commerce import events
from yutang.commerce.importing import bulk
from yutang.commerce.importing.columns import IDENTITY_FIELDS
from yutang.commerce.importing.settling import RETURNED_TITLE
from yutang.commerce.importing.staging import FAR_DAYS
from yutang.commerce.lake_rows import orders_changed
from yutang.commerce.models import HeldRow, ImportRun, Order, OrderKind, OrderLine, OrderSource
from yutang.customers.identity import Claim
from yutang.customers.models import Customer, IdentityKind
from yutang.customers.services.resolve import ClaimSet, resolve_many
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.facts import DomainEvent, Fact, announce_many
from yutang.organization.models import Store

ANNOUNCED: dict[str, type[DomainEvent]] = {
    OrderKind.SALE: events.OrderPlaced,
    OrderKind.CANCELLATION: events.OrderCancelled,
    OrderKind.ADJUSTMENT: events.OrderAdjusted,
    OrderKind.VOID: events.OrderVoided,
}
_KINDS = {
    "customer_id": IdentityKind.BUYER_ID,
    "member_no": IdentityKind.MEMBER_NO,
    "unionid": IdentityKind.UNIONID,
    "phone": IdentityKind.PHONE,
    "email": IdentityKind.EMAIL,
}
_ISSUED = {"customer_id", "member_no"}  # numbers that mean something only where they were given
LINE_COLUMNS = [
    "order_id",
    "fingerprint",
    "occurrence",
    "sku",
    "title",
    "quantity_milli",
    "unit_price_micros",
    "amount_fen",
]


@dataclass
class Batch:
    """Orders of a file in rising time, with their lines, on their way into the tables."""

    run: ImportRun
    source: OrderSource
    orders: list[dict[str, Any]]
    lines: pl.DataFrame
    by: Actor
    found: dict[tuple[Any, ...], int | None]  # ids as the file writes them → record, from the batches before
    now: datetime = field(default_factory=clock.now)
    counts: Counter[str] = field(default_factory=Counter)
    facts: list[Fact] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)  # customer records whose purchases change
    resolved: dict[tuple[Any, ...], int | None] = field(default_factory=dict)  # to be kept once this is committed

    @property
    def told_by(self) -> str:
        return f"import:{self.source.name}"[:64]


def write(batch: Batch) -> Counter[str]:
    """Write one batch and say what came of it. The caller holds the lock of the source, and sees to it that what is
    derived from the orders of the customers in `batch.touched` is derived anew."""
    customers = _customers(batch)
    stores = _stores({row["store"] for row in batch.orders if row["store"]})
    for row, customer in zip(batch.orders, customers, strict=True):
        row["customer"] = customer
        row["store_id"] = stores.get(row["store"])
    numbers = [row["order_number"] for row in batch.orders]
    known = {order.number: order for order in Order.objects.filter(source=batch.source, number__in=numbers)}
    fresh = [row for row in batch.orders if row["order_number"] not in known]
    _write_fresh(batch, fresh)
    _write_known(batch, [row for row in batch.orders if row["order_number"] in known], known)
    announce_many(batch.facts)
    return batch.counts


def _customers(batch: Batch) -> list[int | None]:
    """The record each order hangs on; guests have none.

    A record once found stays right: merging and un-merging move people over records, never facts.
    """
    keys = [tuple(row[name] for name in IDENTITY_FIELDS) for row in batch.orders]
    strangers: dict[tuple[Any, ...], ClaimSet] = {}
    for key, row in zip(keys, batch.orders, strict=True):
        if any(key) and key not in batch.found and key not in strangers:
            strangers[key] = ClaimSet(_claims(row, batch.source.name), name=row["customer_name"], at=row["placed_at"])
    newest = Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    records = resolve_many(list(strangers.values()), source=batch.told_by, at=batch.now, by=batch.by)
    batch.counts["customers_new"] += len({record for record in records if record and record > newest})
    found = dict(zip(strangers, records, strict=True))
    customers = [found[key] if key in found else batch.found.get(key) for key in keys]
    batch.resolved = found
    return customers


def _claims(row: dict[str, Any], issuer: str) -> list[Claim]:
    return [Claim(_KINDS[name], row[name], issuer if name in _ISSUED else "") for name in IDENTITY_FIELDS if row[name]]


def _stores(names: set[str]) -> dict[str, int]:
    """Stores by what the file calls them: a code or a name. Unknown ones are left open."""
    if not names:
        return {}
    by_name = dict(Store.objects.filter(name__in=names).order_by("-pk").values_list("name", "pk"))
    return by_name | dict(Store.objects.filter(code__in=names).values_list("code", "pk"))


# Orders seen for the first time


def _write_fresh(batch: Batch, rows: list[dict[str, Any]]) -> None:
    table = Order._meta.db_table
    for row, order_id in zip(rows, bulk.take_ids(table, len(rows)), strict=True):
        row |= {"id": order_id, "source_id": batch.source.pk, "created_at": batch.now}
    frame = pl.DataFrame(rows, schema=_ORDER_ROW, orient="row")
    columns = frame.rename({"order_number": "number", "customer": "customer_id"})
    bulk.insert(table, columns.with_columns(bulk.moment("placed_at"), bulk.moment("created_at")))
    _insert_lines(batch.lines, {row["order_number"]: row["id"] for row in rows})
    batch.touched.update(row["customer"] for row in rows if row["customer"])
    batch.counts["orders_new"] += len(rows)
    batch.counts["lines_new"] += sum(row["line_count"] for row in rows)
    batch.facts += [_first_fact(batch, row) for row in rows]


_ORDER_ROW: dict[str, Any] = {
    "id": pl.Int64,
    "source_id": pl.Int64,
    "order_number": pl.String,
    "kind": pl.String,
    "customer": pl.Int64,
    "store_id": pl.Int64,
    "placed_at": pl.Datetime("us", "UTC"),
    "country": pl.String,
    "line_count": pl.Int32,
    "quantity_milli": pl.Int64,
    "amount_fen": pl.Int64,
    "created_at": pl.Datetime("us", "UTC"),
}


def _first_fact(batch: Batch, row: dict[str, Any]) -> Fact:
    event = ANNOUNCED[row["kind"]](  # type: ignore[call-arg]
        order_id=row["id"],
        number=row["order_number"],
        source=batch.source.name,
        amount_fen=row["amount_fen"],
        currency=batch.source.currency,
        lines=row["line_count"],
    )
    key = f"{event.name}:{batch.source.name}:{row['order_number']}"
    return Fact(event=event, key=key, at=row["placed_at"], customer_id=row["customer"], source=batch.told_by)


def _insert_lines(lines: pl.DataFrame, order_ids: dict[str, int]) -> None:
    ids = pl.DataFrame(
        {"order_number": list(order_ids), "order_id": list(order_ids.values())},
        schema={"order_number": pl.String, "order_id": pl.Int64},
    )
    wanted = lines.join(ids, on="order_number", how="inner", maintain_order="left")
    bulk.insert(OrderLine._meta.db_table, wanted.select(LINE_COLUMNS))


# Orders known from before


def _write_known(batch: Batch, rows: list[dict[str, Any]], known: dict[str, Order]) -> None:
    if not rows:
        return
    persons = _persons(row["customer"] for row in rows) | _persons(order.customer_id for order in known.values())
    accepted = []
    for row in rows:
        if reason := _contradicts(row, known[row["order_number"]], persons):
            _hold(batch, row, reason)
        else:
            accepted.append(row)
    added = _unknown_lines(batch, [known[row["order_number"]] for row in accepted])
    _insert_lines(added, {row["order_number"]: known[row["order_number"]].pk for row in accepted})
    sums = {
        number: (count, quantity, amount)
        for number, count, quantity, amount in added.group_by("order_number")
        .agg(pl.len(), pl.col("quantity_milli").sum(), pl.col("amount_fen").sum())
        .iter_rows()
    }
    for number, amount in _returns_changed(batch, [known[row["order_number"]] for row in accepted]).items():
        count, quantity, so_far = sums.get(number, (0, 0, 0))
        sums[number] = (count, quantity, so_far + amount)
    batch.counts["orders_known"] += len(accepted)
    batch.counts["lines_new"] += added.height
    batch.counts["lines_known"] += sum(row["line_count"] for row in accepted) - added.height
    changed = []
    for row in accepted:
        order = known[row["order_number"]]
        if _amend(batch, order, row, *sums.get(order.number, (0, 0, 0))):
            changed.append(order)
    Order.objects.bulk_update(changed, _AMENDABLE, batch_size=200)
    orders_changed([order.pk for order in changed])


_AMENDABLE = ["customer", "store", "placed_at", "country", "kind", "line_count", "quantity_milli", "amount_fen"]


def _persons(records: Iterable[int | None]) -> dict[int, int]:
    wanted = {record for record in records if record}
    return {pk: person or pk for pk, person in Customer.objects.filter(pk__in=wanted).values_list("pk", "person_id")}


def _contradicts(row: dict[str, Any], order: Order, persons: dict[int, int]) -> str:
    """Why a file's order cannot be the known one of its number; empty where it can."""
    if row["customer"] and order.customer_id and persons[row["customer"]] != persons[order.customer_id]:
        return "other_customer"
    if abs(row["placed_at"] - order.placed_at) > timedelta(days=FAR_DAYS):
        return "far_date"
    return ""


def _hold(batch: Batch, row: dict[str, Any], reason: str) -> None:
    """Leave an order's rows out, to be shown with the bad rows: mixing two people's purchases would wrong both."""
    rows = batch.lines.filter(pl.col("order_number") == row["order_number"])["row"].unique().to_list()
    HeldRow.objects.bulk_create(
        [HeldRow(run=batch.run, row=number, reason=reason) for number in rows], ignore_conflicts=True
    )
    batch.counts["rows_held"] += len(rows)


def _unknown_lines(batch: Batch, orders: Sequence[Order]) -> pl.DataFrame:
    """Lines of these orders that are not stored yet, by content and occurrence."""
    numbers = {order.pk: order.number for order in orders}
    stored = list(
        OrderLine.objects.filter(order__in=numbers)
        .values_list("order_id", "fingerprint", "occurrence")
        .iterator(10_000)
    )
    there = pl.DataFrame(
        stored, schema={"order_id": pl.Int64, "fingerprint": pl.Int64, "occurrence": pl.Int32}, orient="row"
    )
    names = pl.DataFrame(
        {"order_id": list(numbers), "order_number": list(numbers.values())},
        schema={"order_id": pl.Int64, "order_number": pl.String},
    )
    wanted = batch.lines.join(names, on="order_number", how="semi", maintain_order="left")
    return wanted.join(
        there.join(names, on="order_id"),
        on=["order_number", "fingerprint", "occurrence"],
        how="anti",
        maintain_order="left",
    )


def _returns_changed(batch: Batch, orders: Sequence[Order]) -> dict[str, int]:
    """Bring known lines of money that went back to what this file says; order number → fen that its sum changes by."""
    said = batch.lines.filter(pl.col("title") == RETURNED_TITLE)
    if not said.height:
        return {}
    amounts = {tuple(key): amount for *key, amount in said.select(*_RETURN_KEY, "amount_fen").iter_rows()}
    changed, moved = [], Counter[str]()
    numbers = {order.pk: order.number for order in orders}
    for line in OrderLine.objects.filter(order__in=numbers, title=RETURNED_TITLE):
        number = numbers[line.order_id]
        amount = amounts.get((number, line.fingerprint, line.occurrence), line.amount_fen)
        if amount != line.amount_fen:
            moved[number] += amount - line.amount_fen
            line.amount_fen, line.unit_price_micros = amount, amount * 10_000
            changed.append(line)
    OrderLine.objects.bulk_update(changed, ["amount_fen", "unit_price_micros"], batch_size=200)
    return dict(moved)


_RETURN_KEY = ("order_number", "fingerprint", "occurrence")


def _amend(batch: Batch, order: Order, row: dict[str, Any], lines: int, quantity: int, amount: int) -> bool:
    """Bring a known order up to what the file adds. Says whether anything changed."""
    before = (order.customer_id, order.store_id, order.placed_at, order.country, order.kind)
    order.customer_id = order.customer_id or row["customer"]
    order.store_id = order.store_id or row["store_id"]
    order.placed_at = min(order.placed_at, row["placed_at"])
    order.country = order.country or row["country"]
    if {order.kind, row["kind"]} == {OrderKind.SALE, OrderKind.VOID}:
        order.kind = row["kind"]  # the later file knows what became of it
    after = (order.customer_id, order.store_id, order.placed_at, order.country, order.kind)
    if not lines and not amount and before == after:
        return False
    order.line_count += lines
    order.quantity_milli += quantity
    order.amount_fen += amount
    if order.customer_id:
        batch.touched.add(order.customer_id)
    if lines or amount or before[0] != order.customer_id:
        event = _event(events.OrderAmended, batch.source, order, amount, lines)
        key = f"{event.name}:{batch.source.name}:{order.number}:{order.line_count}:{order.customer_id or ''}"
        if amount and not lines:
            key += f":{batch.run.pk}"  # a refund that grew: the same lines, and may grow again
        batch.facts.append(_fact(batch, order, event, key))
    if before[4] != order.kind:
        event = _event(ANNOUNCED[order.kind], batch.source, order, order.amount_fen, order.line_count)
        key = f"{event.name}:{batch.source.name}:{order.number}:{batch.run.pk}"
        batch.facts.append(_fact(batch, order, event, key))
    return True


# Events


def _event(kind: type[DomainEvent], source: OrderSource, order: Order, amount_fen: int, lines: int) -> DomainEvent:
    return kind(  # type: ignore[call-arg]
        order_id=order.pk,
        number=order.number,
        source=source.name,
        amount_fen=amount_fen,
        currency=source.currency,
        lines=lines,
    )


def _fact(batch: Batch, order: Order, event: DomainEvent, key: str) -> Fact:
    return Fact(event=event, key=key, at=order.placed_at, customer_id=order.customer_id, source=batch.told_by)
