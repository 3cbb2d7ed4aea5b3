"""What all tests share: a database on either engine, a signed-in API client, and small factories."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

pytest_plugins = ["outside.testing"]  # the fixtures `outside` and `outside_server`

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
PASSWORD = "Pond-and-fish-2026"


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of public test data, named by YUTANG_TEST_DATA or beside the checkout."""
    folder = Path(os.environ.get("YUTANG_TEST_DATA") or Path(__file__).parent.parent / "shared" / "data")
    if not (folder / "README.md").exists():
        pytest.skip(f"No test data at {folder}: set YUTANG_TEST_DATA to its folder.")
    return folder


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """Argon2 with its smallest cost: tests sign in hundreds of times."""
    from yutang.organization.passwords import ThriftyArgon2

    before = (ThriftyArgon2.time_cost, ThriftyArgon2.memory_cost, ThriftyArgon2.parallelism)
    ThriftyArgon2.time_cost, ThriftyArgon2.memory_cost, ThriftyArgon2.parallelism = 1, 8, 1
    yield
    ThriftyArgon2.time_cost, ThriftyArgon2.memory_cost, ThriftyArgon2.parallelism = before


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What was looked up in an earlier test's database."""
    from yutang.kernel import briefly

    briefly.forget_all()


_lakes = count(1)


@pytest.fixture(autouse=True)
def _lake_of_its_own(settings: Any) -> None:
    """A lake remembers how far it reaches in a database whose rows every test begins anew. Made when first opened."""
    folder = Path(settings.HOME) / "lakes" / str(next(_lakes))
    settings.LAKE_CATALOG = f"sqlite:///{folder}/catalog.sqlite3"
    settings.LAKE_WAREHOUSE = f"file://{folder}/tables"


@pytest.fixture
def make_corp(db: None) -> Callable[..., Any]:
    from yutang.organization.models import Corp

    def make(name: str = "鲜果时光", corpid: str | None = None) -> Corp:
        number = Corp.objects.count() + 1
        return Corp.objects.create(name=name, wecom_corpid=corpid or f"ww{number:016x}", created_at=NOW)

    return make


@pytest.fixture
def make_member(make_corp: Callable[..., Any]) -> Callable[..., Any]:
    from yutang.organization.models import Corp, Member

    def make(userid: str | None = None, *, name: str = "", corp: Corp | None = None, **fields: Any) -> Member:
        corp = corp or Corp.objects.first() or make_corp()
        userid = userid or f"member{Member.objects.count() + 1}"
        fields.setdefault("serves_customers", True)
        return Member.objects.create(
            corp=corp, userid=userid, name=name or userid, created_at=NOW, updated_at=NOW, **fields
        )

    return make


@pytest.fixture
def make_account(db: None) -> Callable[..., Any]:
    from yutang.organization.models import Account, Role, ScopeKind

    def make(
        username: str | None = None, *, role: str = Role.OWNER, scope: str = ScopeKind.ALL, member: Any = None
    ) -> Account:
        username = username or f"{role}{Account.objects.count() + 1}"
        account = Account(username=username, name=username, role=role, scope_kind=scope, member=member, created_at=NOW)
        account.set_password(PASSWORD)
        account.save()
        return account

    return make


class Api:
    """A small JSON client of /api, signed in as one account."""

    def __init__(self, account: Any = None, *, language: str = "en") -> None:
        self.client = Client(headers={"accept-language": language})
        if account is not None:
            self.client.force_login(account)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api{path}", query_params=query or None)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"/api{path}", data={} if body is None else body, content_type="application/json")

    def put(self, path: str, body: Any = None) -> Any:
        return self.client.put(f"/api{path}", data={} if body is None else body, content_type="application/json")

    def patch(self, path: str, body: Any = None) -> Any:
        return self.client.patch(f"/api{path}", data={} if body is None else body, content_type="application/json")

    def delete(self, path: str, body: Any = None) -> Any:
        return self.client.delete(f"/api{path}", data={} if body is None else body, content_type="application/json")


@pytest.fixture
def api_for() -> Callable[..., Api]:
    """`api_for(account)` is an API client signed in as that account."""
    return Api


@pytest.fixture
def api(make_account: Callable[..., Any]) -> Api:
    """An API client signed in as an owner who sees everything."""
    return Api(make_account("boss"))
