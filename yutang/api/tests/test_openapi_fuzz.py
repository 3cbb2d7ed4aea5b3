"""Nothing a signed-in owner can send makes the API answer 5xx: the whole schema, with hostile values mixed in."""

import json
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from conftest import NOW
from yutang.api.main import api as the_api
from yutang.customers.models import Customer
from yutang.customers.services.ownership import apply_relation
from yutang.kernel.actors import SYSTEM
from yutang.organization.services.address_book import DepartmentRow, MemberRow, upsert_departments, upsert_members

EXAMPLES = int(os.environ.get("YUTANG_FUZZ_EXAMPLES") or 6)  # of each endpoint

# A stream does not end by itself.
NOT_TRIED = {"/api/live"}

HOSTILE: list[Any] = [
    "\x00",
    "\ud800",
    "\u202e<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "王" * 70_000,
    "👩‍👩‍👧‍👦",
    "' OR 1=1 --",
    "%",
    "",
    -1,
    2**31,
    2**63 - 1,
    2**63,
    -(2**70),
    10**400,
    1e308,
    True,
    None,
    [],
    {},
    [[[[[]]]]],
]


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The far end is down: what a stranger makes us call must not end in 5xx either."""

    def unreachable(*_: object, **__: object) -> None:
        raise socket.gaierror("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)


@pytest.fixture
def pond(make_corp: Any, transactional_db: None) -> None:
    """A few rows of each kind with small ids, so that some requests get past `not found`."""
    corp = make_corp()
    upsert_departments(corp, [DepartmentRow(1, 0, "总部"), DepartmentRow(2, 1, "东区")])
    upsert_members(corp, [MemberRow("lan", "小兰", department_ids=[2]), MemberRow("wang", "老王")])
    for name in ("李雷", "韩梅"):
        customer = Customer.objects.create(name=name, created_at=NOW, updated_at=NOW)
        for member in corp.members.all():
            apply_relation(customer, member, "mutual", at=NOW, by=SYSTEM)


class Owner:
    """A client that signs in again when what it did has signed it out."""

    def __init__(self, account: Any) -> None:
        self.account = account
        self.client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        self.client.force_login(account)

    def send(self, method: str, path: str, query: Any, body: Any, media_type: str | None) -> Any:
        answer = self._send(method, path, query, body, media_type)
        if answer.status_code == 401:
            self.client.force_login(self.account)
        return answer

    def _send(self, method: str, path: str, query: Any, body: Any, media_type: str | None) -> Any:
        if media_type == "multipart/form-data" and isinstance(body, dict):
            return self.client.post(path, data={name: _form_value(value) for name, value in body.items()})
        raw = b"" if body is NOTHING else json.dumps(body, default=str).encode()
        return self.client.generic(method, path, data=raw, content_type="application/json", query_params=query)


NOTHING = object()


def _form_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return SimpleUploadedFile("fuzz.csv", value)
    return value if isinstance(value, str) else json.dumps(value, default=str)


def operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(the_api.get_openapi_schema(), default=str)))
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path not in NOT_TRIED:
            yield operation


def spoilt(value: Any, draw: Any) -> Any:
    """The value with some of its leaves replaced by hostile ones."""
    if isinstance(value, dict):
        return {name: spoilt(each, draw) for name, each in value.items()}
    if isinstance(value, list):
        return [spoilt(each, draw) for each in value]
    return draw(st.sampled_from(HOSTILE)) if draw(st.integers(0, 3)) == 0 else value


def _in_query(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_query(each) for each in value]
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text.encode("utf-8", "replace").decode("utf-8", "replace")


def _path(operation: Any, case: Any, draw: Any) -> str:
    path: str = operation.path
    for name, value in (case.path_parameters or {}).items():
        odd = draw(st.sampled_from([1, 1, 2, 3, value, 2**63, "%00", "x"]))
        path = path.replace("{" + name + "}", str(odd).replace("/", "%2F") or "1")
    return path


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("_no_network", "pond")
def test_no_request_makes_the_api_answer_5xx(make_account):
    owner = Owner(make_account("boss"))
    broken: dict[str, str] = {}
    for operation in operations():
        try_out(operation, owner, broken)
    assert not broken, "\n".join(f"{label}: {how}" for label, how in broken.items())


def try_out(operation: Any, owner: Owner, broken: dict[str, str]) -> None:
    @seed(20260310)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def try_one(case: Any, data: Any) -> None:
        body = case.body if case.media_type else NOTHING
        query = case.query or {}
        if data.draw(st.booleans()):
            body = body if body is NOTHING else spoilt(body, data.draw)
            query = spoilt(query, data.draw)
        path = _path(operation, case, data.draw)
        query = {name: _in_query(value) for name, value in query.items()}
        answer = owner.send(operation.method.upper(), path, query, body, case.media_type)
        if answer.status_code >= 500:
            said = "" if answer.streaming else answer.content[:300].decode()
            told = json.dumps(body, default=str)[:300] if body is not NOTHING else ""
            broken[operation.label] = f"{answer.status_code} {path} {query} {told} -> {said}"
        answer.close()

    try_one()


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000b"}',
        b'{"name": NaN}',
        b'{"name": 1e999}',
        b"[" * 100_000,
        b"null",
        b'"x"',
        b'{"name": {"__proto__": {}}}',
        b'{"name": "' + "王".encode() * 70_000 + b'"}',
    ],
)
def test_a_body_that_makes_no_sense_is_refused_in_words(api, body):
    answer = api.client.generic("POST", "/api/brands", data=body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert answer.json()["message"]


@pytest.mark.parametrize("path", ["/members?q=%00", "/brands/%00", "/members?cursor=%00", "/nowhere/%00?x=1"])
def test_nul_in_an_address_is_refused(api, path):
    answer = api.client.get(f"/api{path}")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


def test_unknown_addresses_and_methods_are_refused_in_the_one_shape(api):
    missing = api.get("/pigeons")
    wrong = api.client.generic("TRACE", "/api/me")

    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "PATCH"}
