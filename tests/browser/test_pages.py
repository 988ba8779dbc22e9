"""Every page, wide and narrow, light and dark: nothing for axe, nothing sticking out."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import StorageState, expect

from tests.browser.conftest import OpenWindow
from tests.browser.watched import findings

PAGES = (
    *("/", "/workflows/", "/workflows/1/", "/workflows/1/start/", "/instances/", "/api/"),
    *("/help/findings/", "/welcome/", "/sandbox/inbox/", "/demo/", "/nowhere/"),
)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_are_for_everybody(
    window: OpenWindow,
    owner: StorageState,
    viewport: dict[str, int],
    scheme: Literal["light", "dark"],
) -> None:
    somebody = window(storage_state=owner, viewport=viewport, color_scheme=scheme)

    for path in PAGES:
        page = somebody.open(path)
        assert findings(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], path
        page.close()


def test_the_first_thing_to_reach_by_keyboard_skips_the_menu(
    window: OpenWindow, owner: StorageState
) -> None:
    page = window(storage_state=owner).open("/instances/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_be_focused()


def test_on_a_phone_everything_is_in_the_bar_without_script(
    window: OpenWindow, owner: StorageState
) -> None:
    page = window(storage_state=owner, viewport=PHONE, java_script_enabled=False).open("/")

    page.get_by_text("More", exact=True).click()

    expect(page.get_by_role("link", name="Sandbox")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
