"""The demo as a visitor without an account meets it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.watched import findings


def test_the_demo_goes_from_the_mail_to_the_outcome(window: OpenWindow) -> None:
    page = window(viewport={"width": 1440, "height": 900}).open("/demo/")
    page.get_by_role("button", name="Start the demo").click()
    mailbox = page.frame_locator("[title^=Mailbox]")
    phone = page.frame_locator("[title^=Phone]")
    customer = page.frame_locator("[name=customer]")

    mailbox.get_by_role("link", name=re.compile("^Open")).click()
    customer.get_by_role("button", name="Complete").click()
    expect(customer.get_by_role("heading", name="Thank you, that is done")).to_be_visible()
    expect(mailbox.get_by_role("heading", name="2 Factor Verification")).to_be_visible()
    text = phone.get_by_text(re.compile("verification code is")).first.inner_text()
    mailbox.get_by_role("link", name=re.compile("^Open")).click()
    customer.get_by_role("textbox").fill(re.findall(r"\d{6}", text)[0])
    customer.get_by_role("button", name="Complete").click()

    expect(page.get_by_role("heading", name="Share data")).to_be_visible()
    assert findings(page) == []
    page.get_by_label("Text to share").fill("Done")
    page.get_by_role("button", name="Complete").click()
    runs = page.get_by_role("region", name="What the workflows do")
    expect(runs.get_by_text("Completed", exact=True).first).to_be_visible()
    expect(runs.get_by_text("Running")).to_have_count(0)
