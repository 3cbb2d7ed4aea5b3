"""For the tests of the API: the trail of writes is watched, and judged last."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from yutang.organization.models import Role, ScopeKind


@pytest.fixture(autouse=True, scope="session")
def _watch_writes() -> Iterator[None]:
    before = settings.MIDDLEWARE
    settings.MIDDLEWARE = [*before, "yutang.api.tests.trail.Watch"]
    yield
    settings.MIDDLEWARE = before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == "test_trail.py")


@pytest.fixture
def pond(make_member: Callable[..., Any]) -> dict[str, Any]:
    from yutang.api.tests.a_pond import a_pond

    return a_pond(make_member)


@pytest.fixture
def guide(make_account: Callable[..., Any], pond: dict[str, Any], api_for: Callable[..., Any]) -> Any:
    """An API client of 老王, who sees 阿东 alone."""
    return api_for(make_account("guide", role=Role.GUIDE, scope=ScopeKind.OWN, member=pond["wang"]))
