"""For the tests of the API: the trail of writes is watched, and judged last."""

from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture(autouse=True, scope="session")
def _watch_writes() -> Iterator[None]:
    before = settings.MIDDLEWARE
    settings.MIDDLEWARE = [*before, "yutang.api.tests.trail.Watch"]
    yield
    settings.MIDDLEWARE = before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == "test_trail.py")
