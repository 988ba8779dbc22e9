"""References in a browser: found by keyboard, shown as chips, understood when pasted."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Locator, Page, StorageState, expect

from tests.browser.conftest import OpenWindow
from tests.browser.watched import findings
from tests.engine.seed import seed_bodies, seed_text

CLIPBOARD = ["clipboard-read", "clipboard-write"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
STORED = '{\n  "to": "{{=provide_details.customer_email|plain}}",\n  "id": {{=instance.id}}\n}'
_SHOW = """(boxes) => {
  const form = Object.assign(document.createElement("form"), {innerHTML: boxes});
  document.querySelector("main").replaceChildren(document.querySelector("h1"), form);
  return import("/static/elements/reference-text.js");
}"""


def a_box(kind: str, value: str, page: Page) -> str:
    """A box of a step, as the pages of the editor draw it."""
    found = re.search(r"/workflows/(\d+)/edit/steps/(\d+)/", page.url)
    assert found is not None
    context = {"kind": kind, "name": kind, "id": kind, "label": kind.title(), "value": value}
    place = {"workflow_id": found[1], "step_id": found[2]}
    return render_to_string("references/_text.html", {**context, **place})


def open_step(page: Page, workflow: str) -> None:
    """Go to the integration "Send code page email" in the editor."""
    page.goto(f"{workflow.rstrip('/')}/edit/")
    page.get_by_role("region", name="Steps").get_by_role("link", name="Send code page").click()
    expect(page).to_have_url(re.compile(r"/edit/steps/\d+/$"))


def a_step(window: OpenWindow, owner: StorageState, **options: object) -> Page:
    """The page of that step, to paste a request."""
    page = window(storage_state=owner, permissions=CLIPBOARD, **options).open("/workflows/")
    page.get_by_role("link", name="OTP SMS Verification", exact=True).click()
    open_step(page, page.url)
    page.get_by_role("link", name="Paste a request").click()
    return page


def a_copy(window: OpenWindow, owner: StorageState) -> Page:
    """That step in a copy of the workflow, for tests that save."""
    page = window(storage_state=owner, permissions=CLIPBOARD).open("/workflows/")
    page.get_by_role("link", name="OTP SMS Verification", exact=True).click()
    page.goto(f"{page.url}duplicate/")
    page.get_by_role("button", name="Duplicate").click()
    open_step(page, page.url)
    return page


def boxes(window: OpenWindow, owner: StorageState, body: str = "", **options: object) -> Page:
    """A page with two boxes of that step."""
    page = a_step(window, owner, **options)
    page.evaluate(_SHOW, a_box("body", body, page) + a_box("markdown", "", page))
    return page


def box(page: Page, name: str = "Body") -> Locator:
    """The surface that people edit."""
    return page.get_by_role("textbox", name=name)


def stored(page: Page, name: str = "body") -> Locator:
    """The control that is posted."""
    return page.locator(f"[name={name}]")


def paste(page: Page, text: str, name: str = "Body") -> None:
    """Put a text in place of all."""
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    box(page, name).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")


@pytest.fixture
def step(window: OpenWindow, owner: StorageState) -> Page:
    """Two empty boxes."""
    return boxes(window, owner)


def test_a_reference_is_found_by_typing(step: Page) -> None:
    box(step, "Markdown").focus()

    step.keyboard.type("Write to {customer em")
    expect(step.get_by_role("option", name="Customer email")).to_have_attribute(
        "aria-selected", "true"
    )
    step.keyboard.press("Enter")
    step.keyboard.type(".")

    expect(stored(step, "markdown")).to_have_value(
        "Write to {{=provide_details.customer_email|plain}}."
    )
    expect(box(step, "Markdown")).to_have_text(
        re.compile(r"Write to 2\. Provide details - Customer email - Input Plain ?\.")
    )


def test_a_reference_is_found_in_the_list_by_keyboard(step: Page) -> None:
    box(step).focus()

    step.keyboard.type('{"a": "{')
    step.keyboard.press("ArrowDown")
    expect(step.get_by_role("combobox", name="Search references")).to_be_focused()
    step.keyboard.type("send text")
    step.keyboard.press("ArrowDown")
    step.keyboard.press("ArrowUp")
    step.keyboard.press("Enter")
    step.keyboard.type('"}')

    expect(stored(step)).to_have_value('{"a": "{{=send_text.error_message}}"}')


def test_braces_of_json_are_typed_in_peace(step: Page) -> None:
    box(step).focus()

    step.keyboard.type('{"a": {"b": [{}, 1]},')
    step.keyboard.press("Enter")
    step.keyboard.type('  "c": {')
    step.keyboard.press("Enter")
    step.keyboard.type("}}")

    expect(stored(step)).to_have_value('{"a": {"b": [{}, 1]},\n  "c": {\n  }}')
    expect(step.get_by_role("dialog")).to_have_count(0)


def test_the_button_inserts_and_escape_goes_back(step: Page) -> None:
    box(step).focus()
    step.keyboard.type("x")

    step.get_by_role("button", name="Insert a reference into Body").click()
    step.keyboard.press("Escape")
    expect(box(step)).to_be_focused()
    step.get_by_role("button", name="Insert a reference into Body").click()
    step.keyboard.type("instance name")
    step.keyboard.press("Enter")

    expect(stored(step)).to_have_value("x{{=instance.name}}")


def test_a_chip_is_one_character(window: OpenWindow, owner: StorageState) -> None:
    page = boxes(window, owner, "{{=instance.id}}{{=instance.name}}")
    expect(page.locator(".reference-chip")).to_have_count(2)
    box(page).focus()

    for key in ("Home", "a", "ArrowRight", "b", "ArrowRight", "c", "ArrowLeft", "Backspace"):
        page.keyboard.press(key)

    expect(stored(page)).to_have_value("a{{=instance.id}}bc")


def test_the_format_of_a_chip_changes_and_undo_brings_it_back(
    window: OpenWindow, owner: StorageState
) -> None:
    page = boxes(window, owner, STORED)
    page.locator(".reference-chip", has_text="Customer email").click()
    dialog = page.get_by_role("dialog", name="Change the reference")
    expect(dialog.get_by_role("radio", name="Plain")).to_be_checked()

    dialog.get_by_role("radio", name="HTML").check()
    dialog.get_by_role("button", name="Change").click()

    changed = STORED.replace("|plain", "|html")
    expect(stored(page)).to_have_value(changed)
    page.keyboard.press("Control+z")
    expect(stored(page)).to_have_value(STORED)
    page.keyboard.press("Control+Shift+z")
    expect(stored(page)).to_have_value(changed)


def test_a_chip_is_reached_and_removed_by_keyboard(window: OpenWindow, owner: StorageState) -> None:
    page = boxes(window, owner, "{{=instance.name}}")
    expect(page.locator(".reference-chip")).to_have_text(re.compile("Instance name"))
    box(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name="Change the reference")
    dialog.get_by_role("button", name="Remove").press("Enter")

    expect(stored(page)).to_have_value("")
    expect(box(page)).to_be_focused()


def test_undo_never_loses_what_was_typed(step: Page) -> None:
    box(step, "Markdown").focus()
    step.keyboard.type("one two")
    paste(step, "three", "Markdown")

    step.keyboard.press("Control+z")
    expect(stored(step, "markdown")).to_have_value("one two")
    step.keyboard.press("Control+z")
    expect(stored(step, "markdown")).to_have_value("one ")
    step.keyboard.press("Control+y")
    step.keyboard.press("Control+y")

    expect(stored(step, "markdown")).to_have_value("three")


def test_every_body_of_the_seed_survives_the_box(window: OpenWindow, owner: StorageState) -> None:
    for text in ("\n\nend\n\n", "a\tb  c\u00a0d", *seed_bodies()):
        page = boxes(window, owner, text.replace("{Instance ID}", "{{=instance.id}}"))
        before = stored(page).input_value()

        box(page).focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("x")
        page.keyboard.press("Backspace")

        assert stored(page).input_value() == before
        page.close()


def test_the_mail_of_the_seed_becomes_chips(step: Page) -> None:
    paste(step, seed_bodies()[0])

    expect(step.locator(".reference-chip")).to_have_count(3)
    value = stored(step).input_value()
    assert '"email": "{{=provide_details.customer_email|plain}} "' in value
    assert "<a href='{{=instructions.public_url}}'>" in value or "public_url}}'>" in value
    assert "{81." not in value


def test_what_is_copied_is_pasted_back_as_it_was(window: OpenWindow, owner: StorageState) -> None:
    page = boxes(window, owner, STORED)
    expect(page.locator(".reference-chip")).to_have_count(2)
    box(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")

    box(page, "Markdown").focus()
    page.keyboard.press("Control+v")

    expect(stored(page, "markdown")).to_have_value(STORED)


def test_an_unresolved_label_says_why_and_is_mended(step: Page) -> None:
    paste(step, 'Dear "{81. Provide details - Customer nme - Input (plain)}"')

    step.locator(".reference-chip.is-faulty").click()
    dialog = step.get_by_role("dialog", name="Change the reference")
    expect(dialog.get_by_role("alert")).to_have_text(re.compile("is called so"))
    step.keyboard.type("customer name")
    step.keyboard.press("Enter")

    expect(stored(step)).to_have_value('Dear "{{=provide_details.customer_name|plain}}"')


def test_the_form_around_is_told_of_changes(step: Page) -> None:
    step.evaluate(
        "() => { window.heard = []; for (const type of ['input', 'change'])"
        " document.forms[1].addEventListener(type, (event) =>"
        " heard.push(type + ' ' + event.target.name)); }"
    )
    box(step).focus()
    step.keyboard.type("a")
    step.keyboard.press("Tab")

    assert step.evaluate("heard") == ["input body", "change body"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_boxes_and_picker_are_for_everybody(
    window: OpenWindow,
    owner: StorageState,
    viewport: dict[str, int],
    scheme: Literal["light", "dark"],
) -> None:
    page = boxes(window, owner, STORED + "{{=gone.x}}", viewport=viewport, color_scheme=scheme)
    expect(page.locator(".reference-chip.is-faulty")).to_have_count(1)
    assert findings(page) == []

    page.locator(".reference-chip.is-faulty").click()
    expect(page.get_by_role("dialog")).to_be_in_viewport(ratio=1)

    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_pasted_request_is_understood_without_script(
    window: OpenWindow, owner: StorageState
) -> None:
    page = a_step(window, owner, java_script_enabled=False)

    page.get_by_role("textbox", name="Text").fill(seed_text())
    page.get_by_role("button", name="Show what it says").click()

    expect(page.get_by_role("heading", name="This was understood")).to_be_visible()
    expect(page.get_by_text("https://api.sendgrid.com/v3/mail/send").first).to_be_visible()
    expect(page.locator(".paste-body .reference-chip")).to_have_count(3)


def test_the_mail_of_the_seed_is_saved_as_references(
    window: OpenWindow, owner: StorageState
) -> None:
    page = a_copy(window, owner)
    expect(box(page).locator(".reference-chip")).to_have_count(3)

    paste(page, seed_bodies()[0])
    expect(
        box(page).locator(".reference-chip", has_text="Verification Instructions")
    ).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/edit/change/")):
        page.keyboard.press("Tab")
    expect(page.locator("[data-save-state]")).to_have_text(re.compile("Saved"))
    written = stored(page).input_value()
    page.reload()

    assert '"email": "{{=provide_details.customer_email|plain}} "' in written
    expect(stored(page)).to_have_value(written)
    expect(box(page).locator(".reference-chip")).to_have_count(3)


def test_a_pasted_request_goes_into_the_step(window: OpenWindow, owner: StorageState) -> None:
    page = a_copy(window, owner)
    block = seed_text().partition("This step will send a request to Twilio")[2]
    page.get_by_role("link", name="Paste a request").click()

    page.get_by_role("textbox", name="Text").fill(block)
    page.get_by_role("button", name="Show what it says").click()
    expect(page.get_by_text("TWILIO_VERIFY_SERVICE_SID").first).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Use it").click()

    expect(page).to_have_url(re.compile(r"/edit/steps/\d+/$"))
    expect(stored(page)).to_have_value("To=%2B{{=provide_details.phone_number|plain}}&Channel=sms")
    expect(stored(page, "on_failure")).to_have_value("skip")
    names = page.locator('[name="variables.name"]')
    expect(names.nth(0)).to_have_value("error_message")
    expect(names.nth(1)).to_have_value("status")
