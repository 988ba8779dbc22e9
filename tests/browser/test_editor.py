"""Building a workflow in a real browser: keyboard, dragging, saving as one goes, two at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_pages import DESK, PHONE
from tests.browser.watched import findings


@pytest.fixture
def builder(window: OpenWindow, owner: StorageState) -> Page:
    """The editor of a new workflow."""
    page = window(storage_state=owner, viewport=DESK).open("/workflows/new/")
    page.get_by_label("Name").fill("Onboarding")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/edit/")
    return page


def add_step(page: Page, kind: str) -> None:
    steps = page.locator(".step-link")
    count = steps.count()
    page.get_by_role("button", name="+ Add step").click()
    page.locator("#sheet-add-step").get_by_role("button", name=kind).click()
    expect(steps).to_have_count(count + 1)
    page.wait_for_url("**/steps/*/")
    # What drags, saves and opens comes with the page's scripts.
    page.wait_for_load_state()


def add_field(page: Page, kind: str) -> None:
    page.get_by_role("button", name="+ Add Form field").click()
    page.get_by_role("button", name=kind, exact=True).click()


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text("Saved")


def rename(page: Page, name: str) -> None:
    page.get_by_label("Step name").fill(name)
    page.get_by_label("Step name").blur()
    expect(page.locator(".step-row.is-current .step-name").first).to_have_text(re.compile(name))


def names(page: Page) -> list[str]:
    """What the steps are called, without the marks behind their names."""
    found = page.locator(".step-name").evaluate_all(
        "all => all.map((one) => one.firstChild.textContent.trim())"
    )
    return [str(name) for name in found]


def go_to(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"Tab does not reach {name}.")


def choose_first_of(page: Page, menu: str) -> None:
    go_to(page, menu)
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)


def test_a_step_with_a_condition_is_added_by_keyboard_only(builder: Page) -> None:
    keys = builder.keyboard

    choose_first_of(builder, "add-step")
    builder.wait_for_url("**/steps/*/")
    choose_first_of(builder, "add-field")
    expect(builder.get_by_label("Required")).to_be_visible()
    choose_first_of(builder, "add-step")
    expect(builder.locator(".step-link")).to_have_count(2)
    builder.wait_for_load_state()
    go_to(builder, "add-condition")
    keys.press("Enter")
    expect(builder.get_by_role("dialog")).to_be_visible()
    go_to(builder, "r0-source")
    keys.type("Form: Short")
    keys.press("Tab")
    expect(builder.locator("#r0-value")).to_be_visible()
    go_to(builder, "r0-value")
    keys.type("yes")
    keys.press("Enter")

    expect(builder.get_by_role("dialog")).to_have_count(0)
    sentence = "Runs when Form: Short text is “yes”."
    expect(builder.locator("#step-condition")).to_contain_text(sentence)
    expect(builder.locator("#edit-condition")).to_be_visible()


def test_typing_saves_itself_and_undo_takes_it_back(builder: Page) -> None:
    add_step(builder, "Form")

    rename(builder, "Ask for the phone")
    saved(builder)
    expect(builder).to_have_title(re.compile("^Ask for the phone · Onboarding"))
    builder.get_by_role("button", name="Undo").click()

    expect(builder.get_by_label("Step name")).to_have_value("Form")
    builder.reload()
    expect(builder.get_by_label("Step name")).to_have_value("Form")
    builder.get_by_role("button", name="Redo").click()
    expect(builder.get_by_label("Step name")).to_have_value("Ask for the phone")


def test_ctrl_z_undoes_outside_text_boxes(builder: Page) -> None:
    add_step(builder, "Form")
    add_field(builder, "Radio")
    expect(builder.locator(".field-card")).to_have_count(1)

    builder.get_by_role("heading", name="Form fields").click()
    builder.keyboard.press("Control+z")

    expect(builder.locator(".field-card")).to_have_count(0)


def test_a_step_is_dragged_to_another_place_and_into_a_group(builder: Page) -> None:
    add_step(builder, "Form")
    rename(builder, "First")
    add_step(builder, "Group")
    add_step(builder, "Instruction")

    row = builder.locator(".step-row", has_text="Instruction").last
    row.hover()
    row.locator(".grip").first.hover()
    builder.mouse.down()
    target = builder.get_by_role("link", name=re.compile("First"))
    box = target.bounding_box()
    assert box is not None
    builder.mouse.move(box["x"] + 60, box["y"] + box["height"], steps=5)
    builder.mouse.move(box["x"] + 60, box["y"] + 4, steps=8)
    builder.mouse.up()

    expect(
        builder.get_by_role("status").filter(has_text="Instruction is step 2 now")
    ).to_have_count(1)
    assert names(builder) == ["Instruction", "First", "Group"]


def test_moving_with_buttons_keeps_focus_and_says_the_new_place(builder: Page) -> None:
    add_step(builder, "Form")
    add_step(builder, "Instruction")

    up = builder.get_by_role("button", name="Move Instruction up")
    up.focus()
    builder.keyboard.press("Enter")

    expect(builder.get_by_role("status").filter(has_text="step 2 now")).to_have_count(1)
    expect(builder.get_by_role("link", name=re.compile("Instruction"))).to_have_attribute(
        "aria-current", "page"
    )
    assert builder.evaluate("document.activeElement.closest('.step-row')?.dataset.key") == (
        "instruction"
    )


def test_an_integration_gets_headers_variables_and_a_body(builder: Page) -> None:
    builder.get_by_role("button", name="+ Add step").click()
    builder.get_by_text("Integration", exact=False).first.click()
    builder.get_by_role("button", name="Custom integration").click()
    builder.wait_for_url("**/steps/*/")
    builder.get_by_role("textbox", name="URL").fill("https://api.example.org/things")
    builder.get_by_role("button", name="+ Add header").click()
    builder.get_by_label("Header 1: name").fill("Accept")
    builder.get_by_role("textbox", name="Header value").fill("text/plain")
    builder.get_by_role("button", name="+ Add variable").click()
    builder.get_by_label("Name", exact=True).fill("id")
    builder.get_by_label("Value", exact=True).fill("$.id")
    builder.get_by_label("On failure").select_option("Skip this step on failure")
    saved(builder)
    builder.reload()

    expect(builder.get_by_label("Header 1: name")).to_have_value("Accept")
    expect(builder.get_by_label("Value", exact=True)).to_have_value("$.id")
    expect(builder.get_by_label("On failure")).to_have_value("skip")
    expect(builder.locator("#step-url")).to_have_value("https://api.example.org/things")


def test_two_builders_see_each_other_and_lose_nothing(
    builder: Page, window: OpenWindow, owner: StorageState
) -> None:
    add_step(builder, "Form")
    other = window(storage_state=owner, viewport=DESK).open(builder.url)

    builder.get_by_label("Step name").fill("Renamed here")
    builder.get_by_label("Step name").blur()
    saved(builder)
    other.get_by_text("Notes").first.click()
    other.get_by_label("Notes").fill("Noted there")
    other.get_by_label("Notes").blur()

    expect(other.get_by_label("Step name")).to_have_value("Renamed here")
    builder.reload()
    expect(builder.get_by_label("Notes")).to_have_value("Noted there")
    expect(builder.get_by_label("Step name")).to_have_value("Renamed here")


def test_publishing_refuses_errors_and_then_says_the_version(builder: Page) -> None:
    builder.get_by_role("link", name="Publish").click()
    expect(builder.get_by_role("dialog")).to_contain_text("It cannot be published yet")
    builder.get_by_role("link", name="Back to the editor").click()
    add_step(builder, "Form")
    add_field(builder, "Short text")
    expect(builder.locator(".field-card")).to_have_count(1)

    builder.get_by_role("link", name="Publish").click()
    for tick in builder.get_by_role("dialog").get_by_role("checkbox").all():
        tick.check()
    builder.get_by_role("dialog").get_by_role("button", name="Publish").click()

    expect(builder.get_by_text("Published as version 1")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_editor_is_for_everybody(
    window: OpenWindow, owner: StorageState, viewport: dict[str, int], scheme: str
) -> None:
    somebody = window(storage_state=owner, viewport=viewport, color_scheme=scheme)
    paths = ("", "steps/1/", "steps/2/", "steps/13/", "steps/11/conditions/", "publish/")
    dialogs = ("steps/5/schedule/", "steps/5/place/", "steps/2/credential/", "add/")

    for path in (*paths, *dialogs):
        page = somebody.open(f"/workflows/1/edit/{path}")
        assert findings(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], path
        page.close()


def test_a_problem_leads_into_the_box_it_is_about(builder: Page) -> None:
    builder.get_by_role("button", name="+ Add step").click()
    builder.get_by_text("Integration", exact=False).first.click()
    builder.get_by_role("button", name="Custom integration").click()
    builder.wait_for_url("**/steps/*/")

    builder.locator(".problem-place[href$='#step-url']").first.click()

    expect(builder.get_by_role("textbox", name="URL")).to_be_focused()
