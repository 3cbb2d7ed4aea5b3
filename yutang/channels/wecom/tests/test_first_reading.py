"""A page of customers nobody knew is brought in at once, and leaves what telling them one by one would leave."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yutang.channels.wecom import customers_in
from yutang.customers.models import Customer, Identity, Ownership, SearchTerm, Tag, Tagging, TagGroup, TagGroupKind
from yutang.events.models import Event
from yutang.kernel import clock
from yutang.kernel.models import Job
from yutang.organization.models import Member

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TAGS = ("et_vip", "et_organic")

rows = st.builds(
    lambda who, userid, minutes, told: {
        "external_contact": {"external_userid": f"wm{who}", "name": f"客人{who}", "type": 1},
        "follow_info": {"userid": userid, "createtime": int((NOW - timedelta(minutes=minutes)).timestamp())} | told,
    },
    who=st.integers(0, 3),
    userid=st.sampled_from(["ann", "bob", "new"]),
    minutes=st.sampled_from([0, 2, 11, 60, 100_000]),
    told=st.fixed_dictionaries(
        {},
        optional={
            "remark": st.sampled_from(["", "老王", "  李 姐\n"]),
            "description": st.sampled_from(["", "爱吃橙子"]),
            "remark_corp_name": st.just("鲜果行"),
            "remark_mobiles": st.sampled_from([[], ["13911112222"]]),
            "add_way": st.sampled_from([0, 1, 202]),
            "state": st.sampled_from(["", "code1"]),
            "tag_id": st.lists(st.sampled_from([*TAGS, "et_unknown"]), max_size=3),
        },
    ),
)


@pytest.fixture
def app(wecom_app: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for userid in ("ann", "bob"):
        Member.objects.create(corp=wecom_app.corp, userid=userid, name=userid, created_at=NOW, updated_at=NOW)
    group = TagGroup.objects.create(name="会员", kind=TagGroupKind.CORP, corp=wecom_app.corp, created_at=NOW)
    for wecom_id in TAGS:
        Tag.objects.create(group=group, name=wecom_id, wecom_id=wecom_id, created_at=NOW)
    return wecom_app


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def bring_in(app: Any, readings: list[list[Any]], *, at_once: bool, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What stands in the books after these readings; nothing of it remains."""
    with monkeypatch.context() as patched, undone():
        if not at_once:
            patched.setattr(customers_in, "hold_listed", lambda *_, **__: {})
        for reading in readings:
            customers_in.bring_in_rows(app, reading, asked_at=NOW)
        return _books()


def _said(props: dict[str, Any]) -> str:
    """Without the numbers of rows: PostgreSQL gives each out only once."""
    return re.sub(
        r"(identity|remark):\d+", r"\1", repr(sorted(each for each in props.items() if each[0] != "tagging_id"))
    )


def _whose(source: str) -> str:
    return re.sub(r"^remark:\d+", "remark", source)


def _books() -> dict[str, Any]:
    names = dict(Customer.objects.values_list("pk", "name"))
    identities = Identity.objects.values_list("customer__name", "kind", "value", "source")
    relations = Ownership.objects.select_related("customer", "member")
    shown = [field.name for field in Ownership._meta.fields if field.name not in ("id", "customer", "person", "member")]
    events = Event.objects.order_by("name", "at").values_list("name", "at", "customer_id", "member__userid", "props")
    tags = Tagging.objects.values_list("customer__name", "member__userid", "tag__name", "at", "settled", "by_name")
    return {
        "people": sorted(Customer.objects.filter(person=None).values_list("name", "stage", "source")),
        "phones": sorted((name, kind, value, _whose(source)) for name, kind, value, source in identities),
        "contacts": sorted(
            repr((o.customer.name, o.member.userid, names[o.person_id], [getattr(o, name) for name in shown]))
            for o in relations
        ),
        "tags": sorted(tags),
        "terms": sorted(SearchTerm.objects.values_list("person__name", "term")),
        "events": sorted(
            repr((name, at, names.get(customer), userid, _said(props))) for name, at, customer, userid, props in events
        ),
        "work": sorted(Job.objects.values_list("kind", flat=True)),
    }


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(readings=st.lists(st.lists(rows, max_size=8), min_size=1, max_size=2))
def test_a_page_at_once_leaves_what_one_by_one_leaves(app, readings):
    with pytest.MonkeyPatch.context() as monkeypatch:
        at_once = bring_in(app, readings, at_once=True, monkeypatch=monkeypatch)
        one_by_one = bring_in(app, readings, at_once=False, monkeypatch=monkeypatch)
    assert at_once == one_by_one


def test_a_page_of_strangers_costs_few_statements(app):
    page = [
        {
            "external_contact": {"external_userid": f"wm{number}", "name": f"客人{number}", "type": 1},
            "follow_info": {
                "userid": "ann",
                "createtime": int((NOW - timedelta(days=9)).timestamp()),
                "remark": f"老客{number}",
                "tag_id": [TAGS[number % 2]],
            },
        }
        for number in range(100)
    ]
    with CaptureQueriesContext(connection) as asked:
        customers_in.bring_in_rows(app, page, asked_at=NOW)
    assert Ownership.objects.count() == Tagging.objects.count() == 100
    assert len(asked) <= 300  # 3 a row; one by one it is some 20
    with CaptureQueriesContext(connection) as again:
        customers_in.bring_in_rows(app, page, asked_at=NOW)
    assert len(again) < 20
