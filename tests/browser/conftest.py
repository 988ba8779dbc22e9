"""A running Waypost and Debian's Chromium, for tests that look as people do."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.browser.watched import Window
from tests.stack import Stack, a_stack

PATIENCE_MILLISECONDS = 30_000
_ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
OpenWindow = Callable[..., Window]


# Not for the whole session: Playwright keeps an event loop running in this thread, beside which
# Django's database may not be used.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests are skipped, but never on the build machine."""
    path = shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("No chromium. To run the browser tests: sudo apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """Waypost with its example, as `make run` starts it."""
    folder = Path(tempfile.mkdtemp(prefix="waypost-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with a_stack(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def window(chromium: Browser, stack: Stack) -> Iterator[OpenWindow]:
    """Opens somebody's browser; at the end none of them may have complained."""
    opened: list[Window] = []

    def open_one(**options: object) -> Window:
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        opened.append(Window(context, stack.url))
        return opened[-1]

    yield open_one
    for one in opened:
        one.context.close()
    assert [complaint for one in opened for complaint in one.complaints] == []


@pytest.fixture(scope="package")
def owner(chromium: Browser, stack: Stack) -> StorageState:
    """The cookies of the owner, who opened the link that the start has printed."""
    link = re.findall(r"Sign in as the owner with (\S+)", (stack.data / "log").read_text())[-1]
    context = chromium.new_context()
    page = context.new_page()
    page.goto(link)
    page.wait_for_url("**/welcome/")
    cookies = context.storage_state()
    context.close()
    return cookies
