"""The life of a workflow in the browser: brought in, kept in a folder, compared, restored."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import OpenWindow
from tests.browser.watched import Window, findings

FILE = """key: {key}
name: {name}
tags: [tea]
steps:
  - key: boil
    name: Boil water
    type: form
    fields: [{{key: done, name: Done, type: short_text}}]
"""
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ONE = ("", "settings/", "versions/", "versions/2/", "versions/1/restore/", "changelog/")
MORE = ("duplicate/", "move/", "delete/")


def brought_in(somebody: Window, key: str, *names: str) -> str:
    """The path of a workflow with a version under each name."""
    page = somebody.open("/workflows/import/")
    for name in names:
        page.goto(f"{somebody.base}/workflows/import/")
        page.get_by_label("or paste it").fill(FILE.format(key=key, name=name))
        page.get_by_role("button", name="Look at it").click()
        page.get_by_role("button", name="Import and publish").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    path = page.url.removeprefix(somebody.base)
    page.close()
    return path


def in_folder(somebody: Window, path: str, folder: str) -> Page:
    """The list, opened at a new folder that the workflow was moved into."""
    page = somebody.open("/workflows/")
    page.get_by_role("button", name="Create new…").click()
    page.get_by_role("link", name="New folder").click()
    page.get_by_label("Name").fill(folder)
    page.get_by_role("button", name="Create folder").click()
    expect(page.get_by_text("Nothing in this folder yet")).to_be_visible()
    page.goto(f"{somebody.base}{path}move/")
    page.get_by_label("Folder").select_option(folder)
    page.get_by_role("button", name="Move").click()
    page.goto(f"{somebody.base}/workflows/")
    page.get_by_role("navigation", name="Folders").get_by_role("link", name=folder).click()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_a_workflow_is_for_everybody(
    window: OpenWindow,
    owner: StorageState,
    viewport: dict[str, int],
    scheme: Literal["light", "dark"],
) -> None:
    somebody = window(storage_state=owner, viewport=viewport, color_scheme=scheme)
    path = brought_in(somebody, "tea", "Make tea", "Make good tea", "Make tea")
    pages = [path + part for part in (*ONE, *MORE)]
    looked = somebody.open("/workflows/import/")
    looked.get_by_label("or paste it").fill(FILE.format(key="tea", name="Make no tea"))
    looked.get_by_role("button", name="Look at it").click()
    assert findings(looked) == []

    for address in (*pages, "/workflows/import/", "/workflows/folders/new/", "/workflows/"):
        page = somebody.open(address)
        for summary in page.locator("main details:not([open]) > summary").all():
            if summary.is_visible():
                summary.click()
        more = page.get_by_role("button", name="More for").first
        if more.is_visible():
            more.click()
        assert findings(page) == [], address
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], address
        page.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_workflow_is_kept_in_a_folder_and_put_away(
    window: OpenWindow, owner: StorageState, script: bool
) -> None:
    somebody = window(storage_state=owner, java_script_enabled=script)
    name = f"Bake bread {script}"
    path = brought_in(somebody, f"bread_{script}".lower(), name)

    page = in_folder(somebody, path, f"Kitchen {script}")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True))
    row.get_by_role("button", name=f"More for {name}").click()
    row.get_by_role("button", name="Archive").click()

    expect(page.get_by_text("New instances do not start")).to_be_visible()
    page.get_by_role("button", name="Take out of the archive").first.click()
    expect(page.get_by_role("link", name="Start", exact=True)).to_be_visible()


def test_menus_are_used_by_keyboard(window: OpenWindow, owner: StorageState) -> None:
    page = window(storage_state=owner).open("/workflows/")
    create = page.get_by_role("button", name="Create new…")

    create.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Create a new workflow")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="Create a new workflow")).to_be_hidden()
    expect(create).to_be_focused()


def test_a_version_is_compared_and_restored(window: OpenWindow, owner: StorageState) -> None:
    somebody = window(storage_state=owner)
    path = brought_in(somebody, "soup", "Cook soup", "Cook hot soup")

    page = somebody.open(f"{path}versions/")
    page.get_by_role("link", name="Version 2").click()
    expect(page.get_by_role("deletion")).to_contain_text("Cook soup")
    expect(page.get_by_role("insertion")).to_contain_text("Cook hot soup")
    page.goto(f"{somebody.base}{path}versions/")
    page.get_by_role("link", name="Restore version 1").click()
    page.get_by_role("button", name="Restore version 1").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Cook soup")
    page.get_by_role("link", name="Changed since version 2").click()
    expect(page.get_by_role("insertion")).to_contain_text("Cook soup")
