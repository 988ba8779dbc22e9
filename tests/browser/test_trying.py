"""Trying a workflow in the browser: one integration against the sandbox, and the whole in a dry
run.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, StorageState, expect

from tests.browser.conftest import OpenWindow
from tests.browser.watched import findings
from tests.stack import Stack


def step_id(stack: Stack, workflow: str, step: str) -> tuple[int, int]:
    """The ids of a workflow and one of its steps."""
    ((workflow_id, found),) = stack.sql(
        "SELECT w.id, s.id FROM step_identity s JOIN workflow w ON w.id = s.workflow_id "
        "WHERE w.key = %s AND s.key = %s",
        workflow,
        step,
    )
    return int(workflow_id), int(found)


def the_form(page: Page, name: str) -> Locator:
    """The open form of a step."""
    return page.get_by_role("region", name=name)


def test_an_integration_is_tested_and_a_value_of_its_answer_picked_by_clicking(
    window: OpenWindow, owner: StorageState, stack: Stack
) -> None:
    workflow_id, step = step_id(stack, "otp_sms_verification", "send_text")
    page = window(storage_state=owner).open(f"/workflows/{workflow_id}/edit/steps/{step}/test/")
    expect(page.get_by_text("This goes to the sandbox of this server")).to_be_visible()

    page.get_by_role("textbox", name="Phone number").fill("15005550006")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_text("201 Created")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="keep $.channel as a variable").click()

    row = page.get_by_role("row", name="channel $.channel")
    expect(row).to_contain_text("sms")
    expect(page.get_by_role("row", name="status $.status")).to_contain_text("pending")
    assert findings(page) == []


def test_a_dry_run_of_the_verification_is_played_to_its_end_and_saved(
    window: OpenWindow, owner: StorageState, stack: Stack
) -> None:
    workflow_id, _ = step_id(stack, "otp_main", "customer_details")
    page = window(storage_state=owner).open(f"/workflows/{workflow_id}/edit/dry-run/")
    page.get_by_role("button", name="Start a dry run").click()

    page.get_by_label("Customer name").fill("Ann Example")
    page.get_by_label("Customer email").fill("ann@example.org")
    page.get_by_label("Phone number").fill("+1 500 555 0006")
    page.get_by_role("button", name="Complete").click()
    the_form(page, "Verification Instructions").get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Your verification code is: 123456")).to_be_visible()
    assert findings(page) == []
    code = the_form(page, "Verify yourself")
    code.get_by_role("textbox").fill("123456")
    code.get_by_role("button", name="Complete").click()
    the_form(page, "Share data").get_by_role("button", name="Complete").click()

    expect(page.get_by_role("heading", name="The run has ended")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Seen in the browser")
    page.get_by_role("button", name="Save", exact=True).click()
    listed = page.get_by_role("region", name="Saved dry runs").get_by_role("listitem")
    saved = listed.filter(has_text="Seen in the browser")
    expect(saved).to_contain_text("Ends as it did")
    assert findings(page) == []


def test_several_instances_of_a_workflow_are_told_apart(
    window: OpenWindow, owner: StorageState, stack: Stack
) -> None:
    workflow_id, _ = step_id(stack, "otp_main", "customer_details")
    page = window(storage_state=owner).open(f"/workflows/{workflow_id}/edit/dry-run/")
    twice = page.get_by_role("listitem").filter(has_text="then one more try")

    twice.get_by_role("button", name="Run again").click()

    expect(page.get_by_role("heading", name="OTP SMS Verification no. 3")).to_be_visible()
    assert findings(page) == []


def test_a_dry_run_goes_on_without_script(
    window: OpenWindow, owner: StorageState, stack: Stack
) -> None:
    workflow_id, _ = step_id(stack, "otp_sms_verification", "send_text")
    browser = window(storage_state=owner, java_script_enabled=False)
    page = browser.open(f"/workflows/{workflow_id}/edit/dry-run/")

    page.get_by_role("button", name="Start a dry run").click()
    page.get_by_role("button", name="The next day").click()
    page.get_by_role("button", name="Back one move").click()

    expect(the_form(page, "Provide details")).to_be_visible()
