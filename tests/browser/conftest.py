"""The product as a newcomer has it: `make run`'s processes in a home of their own, and a Chromium to look at them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from demo.run import Household
from outside.testing import free_port

CHROMIUM_FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def household() -> Iterator[Household]:
    """The demo merchant, up and furnished."""
    before = dict(os.environ)
    home = tempfile.mkdtemp(prefix="yutang-browser-")
    os.environ.update(YUTANG_HOME=home, YUTANG_PORT=str(free_port()), OUTSIDE_PORT=str(free_port()))
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("YUTANG_CLOCK_FILE", None)
    running = Household()
    try:
        running.up()
        running.furnish()
        yield running
    finally:
        running.down()
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty desktop window, speaking Chinese; errors of the page's own scripts fail the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    window = context.new_page()
    broken: list[str] = []
    window.on("pageerror", lambda error: broken.append(str(error)))
    yield window
    if shots := os.environ.get("YUTANG_SCREENSHOTS"):
        Path(shots).mkdir(parents=True, exist_ok=True)
        window.screenshot(path=f"{shots}/{os.environ['PYTEST_CURRENT_TEST'].split('::')[-1].split(' ')[0]}.png")
    context.close()
    assert broken == []
