"""The audit log: reading, filtering, exporting."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest

import yutang
from yutang.api.audit_words import ACTIONS, SUBJECTS
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM, Actor
from yutang.kernel.audit import audit
from yutang.organization.models import Role, ScopeKind


@pytest.fixture
def entries(db):
    """Three entries: one by the system yesterday, two by 小兰 (account 77) now."""
    lan = Actor(kind="account", id=77, name="小兰", ip="10.0.0.8")
    with clock.shifted(timedelta(days=-1)):
        audit("members.synced", by=SYSTEM, subject_kind="corp", subject_id=1, created=3)
    audit("customer.phone_revealed", by=lan, subject_kind="customer", subject_id=5)
    audit("tag.created", by=lan, subject_kind="tag", subject_id=9, name="=1+1")


def actions(answer) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [each["action"] for each in answer.json()["items"]]


def test_the_audit_log_is_filtered(api, entries):
    midnight = (clock.now() - timedelta(hours=1)).isoformat()

    assert actions(api.get("/audit")) == ["tag.created", "customer.phone_revealed", "members.synced"]
    assert actions(api.get("/audit", actor="兰")) == ["tag.created", "customer.phone_revealed"]
    assert actions(api.get("/audit", actor_id=77, action="customer.")) == ["customer.phone_revealed"]
    assert actions(api.get("/audit", subject_kind="customer", subject_id="5")) == ["customer.phone_revealed"]
    assert actions(api.get("/audit", until=midnight)) == ["members.synced"]
    assert actions(api.get("/audit", since=midnight)) == ["tag.created", "customer.phone_revealed"]


def test_the_audit_log_pages(api, entries):
    first = api.get("/audit", limit=2).json()
    assert first["total"] == {"count": 3, "exact": True}
    assert actions(api.get("/audit", limit=2, cursor=first["next"])) == ["members.synced"]
    for cursor in ("nonsense", "WzFd", "WzEsMl0", "é"):
        assert api.get("/audit", cursor=cursor).status_code in (200, 422)


def test_the_export_is_safe_for_spreadsheets_and_itself_audited(api, entries):
    answer = api.get("/audit/export", actor_id=77)

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:2] == ["Time", "Actor"]
    assert [row[4] for row in rows[1:]] == ["tag.created", "customer.phone_revealed"]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert actions(api.get("/audit", action="audit."))[0] == "audit.exported"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.STORE_MANAGER, Role.GUIDE, Role.ANALYST])
def test_only_some_roles_read_the_audit_log(make_account, api_for, role):
    api = api_for(make_account(role=role))
    assert (api.get("/audit").status_code, api.get("/audit/export").status_code) == (403, 403)


def test_an_auditor_of_one_store_sees_only_its_people(make_account, make_member, api_for, entries):
    member = make_member()
    guide = make_account("guide", role=Role.GUIDE, scope=ScopeKind.OWN, member=member)
    auditor = make_account("auditor", role=Role.AUDITOR, scope=ScopeKind.OWN)
    auditor.scope_kind = ScopeKind.DEPARTMENT
    auditor.save()
    from yutang.organization.services.address_book import DepartmentRow, upsert_departments

    upsert_departments(member.corp, [DepartmentRow(1, 0, "东区")])
    department = member.corp.departments.get()
    department.members.add(member)
    auditor.scope_departments.add(department)
    audit("tag.created", by=Actor(kind="account", id=guide.pk, name="guide"), subject_kind="tag")

    listed = api_for(auditor).get("/audit").json()["items"]
    assert [each["actor_name"] for each in listed] == ["guide"]


def test_entries_say_in_the_callers_language_what_was_done(api, api_for, make_account, entries):
    boss = make_account("second")

    english, chinese = (api_for(boss, language=each).get("/audit").json()["items"] for each in ("en", "zh"))

    assert [each["action_label"] for each in english] == [
        "Made a tag",
        "Looked at a whole phone number",
        "Synchronised members",
    ]
    assert [(each["action_label"], each["subject_label"]) for each in chinese] == [
        ("新建标签", "标签"),
        ("查看完整手机号", "客户"),
        ("同步员工", "企业"),
    ]


def test_everything_the_product_audits_has_words():
    sources = [path for path in Path(yutang.__file__).parent.rglob("*.py") if "tests" not in path.parts]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    actions = set(re.findall(r"\b(?:audit|tell|_note)\(\s*\"([a-z_]+\.[a-z_]+)\"", code))
    kinds = set(re.findall(r"\bsubject_kind=\"([a-z_]+)\"", code))

    assert len(actions) > 60
    assert (actions - set(ACTIONS), kinds - set(SUBJECTS)) == (set(), set())
