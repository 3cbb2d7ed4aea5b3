"""Loading the histories of a few thousand people from the database, by index, and no more than some leaves ask for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from yutang.customers.cards import shown_name
from yutang.customers.consents import strictest
from yutang.customers.models import Consent, Customer, Identity, Ownership, Tagging
from yutang.customers.queries import records_of_people
from yutang.events.models import Event
from yutang.organization.models import Department, Member
from yutang.segments.history import Happening, History, Needs, OrderLine, OrderTold, Relation, TagPut

CHUNK = 5_000  # ids in one IN (…)


def histories_of(person_ids: Collection[int], needs: Needs) -> dict[int, History]:
    """Of those that are people today: ids of merged or erased records are left out."""
    found: dict[int, History] = {}
    for chunk in _chunks(person_ids):
        found |= _load(chunk, needs)
    return found


def _load(person_ids: Sequence[int], needs: Needs) -> dict[int, History]:
    histories, owners = _people(person_ids)
    if needs.relations:
        _add_relations(histories)
    if needs.tags:
        live = Tagging.objects.filter(person__in=histories, removed_at=None).order_by("at", "pk")
        for person, tag, at in live.values_list("person_id", "tag_id", "at"):
            histories[person].tags.append(TagPut(tag, at))
    if needs.identities:
        edges = Identity.objects.filter(person__in=histories, ended_at=None)
        for person, kind in edges.values_list("person_id", "kind"):
            histories[person].identities.add(kind)
    if needs.consents:
        _add_consents(histories, owners)
    if needs.events:
        _add_events(histories, owners, needs.events)
    if needs.orders:
        _add_orders(histories, owners)
    return histories


def _people(person_ids: Sequence[int]) -> tuple[dict[int, History], dict[int, int]]:
    """The people, and whose each of their records is."""
    records: dict[int, list[Customer]] = defaultdict(list)
    rows = Customer.objects.filter(pk__in=records_of_people(person_ids), erased_at=None).order_by("pk")
    for record in rows:
        records[record.person_key].append(record)
    asked = set(person_ids)
    histories = {person: _history(person, rows) for person, rows in records.items() if person in asked}
    return histories, {record: person for person, each in histories.items() for record in each.records}


def _history(person: int, records: list[Customer]) -> History:
    eldest = records[0]
    fields: dict[str, Any] = {}
    for record in reversed(records):
        fields |= record.fields
    genders = [record.gender for record in records if record.gender != "unknown"]
    return History(
        person=person,
        records=[record.pk for record in records],
        stage=eldest.stage,
        gender=genders[0] if genders else "unknown",
        name=shown_name(records)[0],
        source=eldest.source,
        created_at=eldest.created_at,
        fields=fields,
    )


def _add_relations(histories: dict[int, History]) -> None:
    rows = list(Ownership.objects.filter(person__in=histories).order_by("added_at", "pk"))
    members = {row.member_id for row in rows}
    stores = dict(Member.objects.filter(pk__in=members).values_list("pk", "store_id"))
    departments: dict[int, set[int]] = defaultdict(set)
    paths = Department.objects.filter(members__in=members).values_list("members", "path")
    for member, path in paths:
        departments[member].update(int(part) for part in path.split("/") if part)
    for row in rows:
        histories[row.person_id].relations.append(
            Relation(
                member_id=row.member_id,
                state=row.state,
                added_at=row.added_at,
                add_way=row.add_way,
                state_code=row.state_code,
                store_id=stores.get(row.member_id),
                departments=frozenset(departments[row.member_id]),
            )
        )


def _add_consents(histories: dict[int, History], owners: dict[int, int]) -> None:
    said: dict[int, list[Consent]] = defaultdict(list)
    for statement in _in_chunks(Consent.objects.all(), "customer__in", owners):
        said[owners[statement.customer_id]].append(statement)
    for person, statements in said.items():
        for standing in strictest(statements):
            histories[person].consents[(standing.purpose, standing.channel)] = standing.granted


def _add_events(histories: dict[int, History], owners: dict[int, int], names: frozenset[str]) -> None:
    """What their records did, and what visitors did who became known as one of them."""
    from yutang.lake.event_rows import amount_of, item_of

    for path, owner in (("customer", "customer_id"), ("visitor__customer", "visitor__customer_id")):
        rows = Event.objects.filter(name__in=names)
        if path != "customer":
            rows = rows.filter(customer=None)
        columns = ("pk", "name", "at", "member_id", "source", "props", owner)
        for pk, name, at, member, source, props, record in _values_in_chunks(rows, f"{path}__in", owners, columns):
            histories[owners[record]].events.append(
                Happening(pk, name, at, member, source, amount_of(props), item_of(props), props)
            )


def _add_orders(histories: dict[int, History], owners: dict[int, int]) -> None:
    """As whoever keeps orders declares them to the lake; an installation without a shop has none."""
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for line in _rows_of("order_lines", owners):
        lines[line["order_id"]].append(OrderLine(line["sku"], line["title"], line["amount_fen"]))
    for order in _rows_of("orders", owners):
        histories[owners[order["subject"]]].orders.append(
            OrderTold(
                id=order["id"],
                source_id=order["source_id"],
                kind=order["kind"],
                placed_at=_moment(order["placed_at"]),
                amount_fen=order["amount_fen"],
                store_id=order["store_id"],
                lines=lines.get(order["id"], ()),
            )
        )


def _rows_of(table: str, record_ids: Collection[int]) -> Iterable[dict[str, Any]]:
    from yutang.lake.tables import TABLES

    declared = TABLES.get(table)
    if declared is None:
        return []
    names = [column.name for column in declared.columns]
    return (dict(zip(names, row, strict=True)) for row in declared.hot.of_records(record_ids))


def _moment(told: object) -> datetime:
    """Rows for the lake come as the database has them: SQLite keeps moments as texts in UTC."""
    if isinstance(told, datetime):
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)


def _chunks(ids: Collection[int], size: int = CHUNK) -> Iterable[list[int]]:
    everything = sorted(ids)
    return (everything[start : start + size] for start in range(0, len(everything), size))


def _in_chunks(rows: Any, path: str, ids: Collection[int]) -> Iterable[Any]:
    for chunk in _chunks(ids):
        yield from rows.filter(**{path: chunk})


def _values_in_chunks(rows: Any, path: str, ids: Collection[int], columns: Sequence[str]) -> Iterable[Any]:
    for chunk in _chunks(ids):
        yield from rows.filter(**{path: chunk}).values_list(*columns)
