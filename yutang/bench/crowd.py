"""A crowd to measure against: a million customers with ids, contacts, tags, events, orders and search terms, in bulk.

The same number gives the same crowd. Rows are such as the product's own services would have written.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from yutang.customers.models import OwnershipState, Stage, Tag, TagGroup, TagGroupKind
from yutang.customers.search_terms import terms_of
from yutang.organization.models import Corp, Member

MEMBERS, TAGS = 200, 40
START = datetime(2024, 1, 1, tzinfo=UTC)
_CHUNK = 20_000

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文建国红梅春雪冬夏秋晨曦雨欣怡佳琪子涵浩然宇轩梓萱一诺"
_LATIN = ("Alice", "Bob", "Carol", "David", "Emma", "Frank", "Grace", "Henry", "Iris", "Jack", "Kate", "Leo", "Mia")
_STAGES = (Stage.CONTACT, Stage.BUYER, Stage.REPEAT)

_TABLES = [
    "customers_customer",
    "customers_identity",
    "customers_ownership",
    "customers_tagging",
    "events_event",
    "commerce_order",
    "events_inboxmessage",
    "kernel_auditentry",
]
_PROPS = {
    "customer.created": '{"source": "bench"}',
    "contact.added": '{"add_way": 1, "state_code": "", "half": false, "ticket_id": null}',
}

Rows = Iterable[Sequence[Any]]


def make_crowd(number: int, *, seed: int = 7) -> None:
    """Add `number` customers to an empty installation: four in five held by members, each with one to three tags."""
    members, tags = _staff(), _tags()
    with _without_upkeep(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE crowd_terms (term text, person_id bigint)")
        first = _next_id()
        for start in range(first, first + number, _CHUNK):
            ids = range(start, min(start + _CHUNK, first + number))
            _load_souls(_souls(ids, members, tags, random.Random(f"{seed}:{start}")))
        # In order, and in one go: eight million terms at random places of an index would take most of the time.
        cursor.execute(
            "INSERT INTO customers_searchterm (term, person_id) SELECT term, person_id FROM crowd_terms ORDER BY 1, 2"
        )
        cursor.execute("DROP TABLE crowd_terms")
        for statement in _AROUND_THEM:
            cursor.execute(statement)
        _move_sequences()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


# What stands around people, made of their own rows: orders, one regular with a long history, callbacks and audit.
_AROUND_THEM = (
    "INSERT INTO commerce_ordersource (name, currency, created_at) SELECT 'crowd', 'CNY', MIN(created_at)"
    " FROM customers_customer",
    "INSERT INTO commerce_order (number, kind, placed_at, country, line_count, quantity_milli, amount_fen, created_at,"
    " customer_id, source_id)"
    " SELECT 'SO' || (1000000000 + c.id * 10 + n.n), 'sale', c.created_at, '', 1, 1000, 9900, c.created_at, c.id, s.id"
    " FROM customers_customer c JOIN (SELECT 1 AS n UNION ALL SELECT 2) n ON n.n <= c.order_count"
    " CROSS JOIN commerce_ordersource s",
    "INSERT INTO events_event (key, fingerprint, name, at, received_at, customer_id, source, props)"
    " SELECT 'customer.identified:' || id, '', 'customer.identified', created_at, created_at,"
    ' (SELECT MAX(id) FROM customers_customer), \'bench\', \'{"kind": "phone", "issuer": "", "source": "bench"}\''
    " FROM customers_customer ORDER BY id LIMIT 5000",
    "INSERT INTO events_inboxmessage (channel, key, kind, body, happened_at, received_at, deliveries, state, attempts,"
    " error)"
    " SELECT 'wecom', 'crowd:' || id, 'change_external_contact/add_external_contact', '<xml></xml>', created_at,"
    " created_at, 1, 'done', 1, '' FROM customers_customer ORDER BY id LIMIT 300000",
    "INSERT INTO kernel_auditentry (at, actor_kind, actor_name, ip, action, subject_kind, subject_id, detail)"
    " SELECT created_at, 'account', 'bench', '', 'customer.phone_revealed', 'customer', CAST(id AS varchar(20)), '{}'"
    " FROM customers_customer ORDER BY id LIMIT 300000",
)


@contextmanager
def _without_upkeep() -> Iterator[None]:
    """Each foreign key is checked and each index kept row by row; both wait till the end."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute("SET work_mem = '256MB'")
            cursor.execute(
                "SELECT i.relname, pg_get_indexdef(i.oid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
                " JOIN pg_class t ON t.oid = x.indrelid WHERE NOT x.indisunique AND t.relname = ANY(%s)",
                [_TABLES],
            )
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA cache_size = -600000")
            places = ", ".join(["%s"] * len(_TABLES))
            cursor.execute(
                f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> '' AND tbl_name IN ({places})",  # noqa: S608
                _TABLES,
            )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, sql in indexes:
            cursor.execute(sql)
    connection.close()  # and with it what was set for this alone


@dataclass(frozen=True)
class _Soul:
    pk: int
    name: str
    phone: str
    at: Any  # as the database takes it
    luck: float  # 0…1: decides about orders, tags and whether somebody holds them
    member: int | None
    tags: tuple[int, ...]


def _souls(ids: range, members: list[int], tags: list[int], chance: random.Random) -> list[_Soul]:
    souls = []
    for pk in ids:
        luck, at = chance.random(), connection.ops.adapt_datetimefield_value(START + timedelta(minutes=pk))
        member = chance.choice(members) if luck < 0.8 else None
        carried = tuple(dict.fromkeys(chance.choices(tags, k=1 + int(luck * 3))))
        souls.append(_Soul(pk, _name(chance), _phone(pk), at, luck, member, carried))
    return souls


def _load_souls(souls: list[_Soul]) -> None:
    _load(
        "customers_customer",
        "id name avatar gender source fields stage_set stage order_count spent_fen created_at updated_at",
        (
            [
                s.pk,
                s.name,
                "",
                "unknown",
                f"live_code:{s.pk % 20}",
                "{}",
                "",
                _stage(s.luck),
                _orders(s.luck),
                _orders(s.luck) * 9900,
                s.at,
                s.at,
            ]
            for s in souls
        ),
    )
    _load(
        "customers_identity",
        "customer_id person_id kind issuer value source is_first since ended_reason",
        (
            [s.pk, s.pk, *identity, "bench", True, s.at, ""]
            for s in souls
            for identity in (("phone", "", s.phone), ("external_userid", "wwcrowd", f"wm{s.pk:030d}"))
        ),
    )
    _load(
        "customers_ownership",
        "customer_id person_id member_id state state_at added_at add_told remark description company phones add_way "
        "state_code updated_at",
        (
            [
                s.pk,
                s.pk,
                s.member,
                OwnershipState.MUTUAL.value,
                s.at,
                s.at,
                True,
                "",
                "",
                "",
                "[]",
                1,
                f"code-{s.pk % 20}",
                s.at,
            ]
            for s in souls
            if s.member is not None
        ),
    )
    _load(
        "customers_tagging",
        "customer_id person_id tag_id at by_kind by_name reason removed_by settled",
        ([s.pk, s.pk, tag, s.at, "system", "system", "", "", True] for s in souls for tag in s.tags),
    )
    _load(
        "events_event",
        "key fingerprint name at received_at customer_id member_id source props",
        (
            [f"{name}:{s.pk}", "", name, s.at, s.at, s.pk, s.member, "bench", _PROPS[name]]
            for s in souls
            for name in _PROPS
        ),
    )
    terms = ((term, soul.pk) for soul in souls for term in terms_of([soul.name], [soul.phone]))
    _load("crowd_terms", "term person_id", terms)


def _name(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return f"{chance.choice(_LATIN)} {chance.choice(_LATIN)}{chance.randrange(100)}"
    return chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))


def _phone(pk: int) -> str:
    return f"+861{30 + pk % 9}{pk * 7_919 % 100_000_000:08d}"


def _stage(luck: float) -> str:
    if luck >= 0.8:
        return Stage.STRANGER.value
    return _STAGES[min(_orders(luck), 2)].value


def _orders(luck: float) -> int:
    return 2 if luck >= 0.9 else int(luck >= 0.6)


def _staff() -> list[int]:
    corp, _ = Corp.objects.get_or_create(wecom_corpid="wwcrowd", defaults={"name": "鲜果时光", "created_at": START})
    Member.objects.bulk_create(
        [
            Member(corp=corp, userid=f"crowd{n}", name=f"员工{n}", created_at=START, updated_at=START)
            for n in range(MEMBERS)
        ],
        ignore_conflicts=True,
    )
    return list(Member.objects.filter(corp=corp).order_by("pk").values_list("pk", flat=True))


def _tags() -> list[int]:
    group, _ = TagGroup.objects.get_or_create(kind=TagGroupKind.OWN, name="人群", defaults={"created_at": START})
    Tag.objects.bulk_create(
        [Tag(group=group, name=f"标签{n}", created_at=START) for n in range(TAGS)], ignore_conflicts=True
    )
    return list(group.tags.order_by("pk").values_list("pk", flat=True))


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM customers_customer")
        return int(cursor.fetchone()[0])


def _load(table: str, columns: str, rows: Rows) -> None:
    names = columns.split()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for batch in _batches(rows):
                    copy.write("".join(_copy_line(row) for row in batch))
            return
        places = ", ".join(["%s"] * len(names))
        for batch in _batches(rows):
            cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", batch)  # noqa: S608


def _copy_line(row: Sequence[Any]) -> str:
    """As COPY reads it. Nothing of the crowd has a tab, a line's end or a backslash in it."""
    return "\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n"


def _batches(rows: Rows) -> Iterator[list[Sequence[Any]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, 10_000)):
        yield batch


def _move_sequences() -> None:
    """Customers were given their ids; PostgreSQL's counter has to follow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('customers_customer', 'id'), MAX(id)) FROM customers_customer"
            )
