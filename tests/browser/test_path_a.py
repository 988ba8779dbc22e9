"""Path A in a browser: a colleague starts a verification, a customer goes through it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import OpenWindow
from tests.browser.watched import Window, findings

MAIL = "ann.browser@example.org"


def test_a_customer_is_verified_and_the_colleague_goes_on(
    window: OpenWindow, owner: StorageState
) -> None:
    desk, phone = window(storage_state=owner), window(viewport={"width": 390, "height": 844})

    run = start_a_run(desk)
    instructions = phone.open(mailed_link(desk, "credentials are ready"))
    code_page = follow_the_instructions(instructions)
    enter_the_code(code_page, texted_code(desk))

    expect(run.get_by_role("heading", name="Share data")).to_be_visible()
    run.get_by_label("Text to share").fill("Welcome aboard")
    assert findings(run) == []
    run.get_by_role("button", name="Complete").click()
    expect(run.get_by_text("Share data is completed.")).to_be_visible()
    expect(run.get_by_text("Every step has ended: completed")).to_be_visible()
    read_the_log(run)


def start_a_run(desk: Window) -> Page:
    """From the home page to a filled in first step."""
    page = desk.open("/")
    page.get_by_role("navigation", name="Main", exact=True).get_by_text("Workflows").click()
    page.get_by_role("link", name="Start Customer verification").click()
    page.get_by_label("Name of this run").fill("Ann Browser")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Customer name").fill('Ann "the" Browser')
    page.get_by_label("Customer email").fill(MAIL)
    page.get_by_label("Phone number").fill("+1 500 555 0006")
    assert findings(page) == []
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Customer details is completed.")).to_be_visible()
    return page


def follow_the_instructions(page: Page) -> Page:
    """Open the code page too early; it opens by itself once the instructions are completed."""
    expect(page.get_by_role("heading", name="Verification Instructions")).to_be_visible()
    assert findings(page) == []
    code_page = page.context.new_page()
    code_page.goto(str(page.get_by_role("link").last.get_attribute("href")))
    expect(code_page.get_by_role("heading", name="Not available yet")).to_be_visible()
    assert findings(code_page) == []
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("heading", name="Thank you, that is done")).to_be_visible()
    assert findings(page) == []
    expect(code_page.get_by_role("heading", name="Verify yourself")).to_be_visible()
    return code_page


def enter_the_code(page: Page, code: str) -> None:
    """First nothing, which is told beside the field; then the code."""
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert findings(page) == []
    page.get_by_role("textbox").fill(code)
    page.get_by_role("textbox").press("Enter")
    expect(page.get_by_role("heading", name="Thank you, that is done")).to_be_visible()


def read_the_log(run: Page) -> None:
    """The exchange stands in the log, unfolded by a click, without its secret."""
    exchange = run.get_by_role("group").filter(has_text="/complete_step/")
    exchange.locator("summary").click()
    expect(exchange.get_by_text("Request", exact=True)).to_be_visible()
    expect(exchange).to_contain_text(re.compile("authorization: .*•", re.IGNORECASE))
    assert findings(run) == []


def mailed_link(desk: Window, subject: str) -> str:
    """The link of the mail that came, as the sandbox's mailbox shows it."""
    page = desk.open(f"/sandbox/inbox/?to={MAIL}")
    expect(page.get_by_role("heading", name=re.compile(subject))).to_be_visible()
    return str(page.get_by_role("link", name=re.compile("^Open")).get_attribute("href"))


def texted_code(desk: Window) -> str:
    """The code on the phone."""
    page = desk.open("/sandbox/inbox/?to=%2B15005550006")
    text = page.get_by_text(re.compile("verification code is"))
    codes: list[str] = re.findall(r"\d{6}", text.first.inner_text())
    return codes[0]
