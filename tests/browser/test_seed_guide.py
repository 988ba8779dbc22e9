"""The seed's guide followed click by click: both accordions, bodies pasted as printed, then the
workflows are published and a verification runs to "Successful".
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.builder import Builder, Rule
from tests.browser.conftest import OpenWindow
from tests.browser.test_path_a import texted_code
from tests.browser.watched import Window, findings
from tests.engine.seed import CODE, PHONE
from tests.scenarios.seed import Document, document, filled_in, open_account, own_words
from tests.stack import Stack

CALL = "Integration > Custom integration"
SKIP = "Skip this step on failure"
MAIL = "ann.guide@example.org"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PENDING = Rule("Check send result", "Status", "contains", "pending")
NOT_PENDING = Rule("Check send result", "Status", "does not contain", "pending")
NO_CODE = Rule("Verify yourself", "Please enter the code", "contains", "NOTRECEIVED")
SOME_CODE = Rule("Verify yourself", "Please enter the code", "does not contain", "NOTRECEIVED")
CHECKED = Rule("Verify Code", "the step itself", "was completed")
APPROVED = Rule("Verification result", "Result", "contains", "approved")
NOT_APPROVED = Rule("Verification result", "Result", "does not contain", "approved")
STUCK = Rule("Verification outcome", "Outcome", "is", "Max send attempts reached")
WELL = Rule("Verification outcome", "Outcome", "is", "Successful")


@pytest.fixture(scope="module")
def seed() -> Document:
    """The document; skipped where it is not."""
    return document()


def test_the_guide_leads_to_a_verification_that_is_successful(
    window: OpenWindow, owner: StorageState, stack: Stack, seed: Document
) -> None:
    open_account(stack)
    permissions = ["clipboard-read", "clipboard-write"]
    desk = window(storage_state=owner, permissions=permissions)
    words = own_words(stack)

    sub = create_workflow(desk, "Guide verification")
    build_verification(sub, seed, words)
    main = create_workflow(desk, "Guide main")
    words |= {"VERIFICATION_WORKFLOW_ID": sub.workflow_id}
    words |= build_main(main, seed, words)
    mend_what_the_check_finds(sub, main, seed, words)
    sub.publish()
    main.publish()

    run = run_a_verification(desk, window, main.workflow_id)
    expect(run.get_by_role("heading", name="Share data")).to_be_visible()
    expect(run.get_by_text("Successful").first).to_be_visible()


def create_workflow(desk: Window, name: str) -> Builder:
    page = desk.open("/workflows/")
    page.get_by_text("Create new", exact=False).first.click()
    page.get_by_role("link", name="Create a new workflow").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/edit/**")
    return Builder(page)


class Guide:
    """The document with the reader's own words in place of its capitals."""

    def __init__(self, builder: Builder, seed: Document, words: dict[str, str]) -> None:
        self.builder, self.seed, self.words = builder, seed, words

    def call(self, name: str, request: int, body: int, content_type: str = JSON) -> None:
        """A custom integration with what the guide prints for it; its secret is kept."""
        self.builder.add_step(CALL, name)
        self.builder.paste_text("URL", self.filled(self.seed.urls[request]))
        self.builder.add_header("Content-Type", content_type)
        self.builder.add_header("Authorization", self.filled(self.seed.authorizations[request]))
        self.builder.paste_text("Body", self.filled(self.seed.bodies[body]))
        self.is_kept_as_a_credential()

    def filled(self, text: str) -> str:
        return filled_in(text, self.words)

    def is_kept_as_a_credential(self) -> None:
        """No secret stays in the page that could be read again."""
        page = self.builder.page
        expect(page.get_by_label("Authorization", exact=True)).not_to_have_value("")
        secrets = [value for name, value in self.words.items() if name.endswith("_KEY")]
        assert not [one for one in secrets if one in page.content()]


def build_verification(builder: Builder, seed: Document, words: dict[str, str]) -> None:
    """ "Create the verification sub-process", instructions 1 to 28."""
    guide = Guide(builder, seed, words)
    ask_for_details(guide)
    send_the_code(guide)
    record_the_send_result(guide)
    guide.call("Report send failure", 3, 4)
    builder.add_conditions(NOT_PENDING)
    guide.call("Send code page email", 0, 5)
    builder.add_conditions(PENDING)
    check_the_code(guide)
    decide_how_to_proceed(builder)
    report(guide)
    # The mails were pasted before the pages they link to were there: their labels were marked.
    paste_once_more(guide)


def ask_for_details(guide: Guide) -> None:
    """Instructions 1 to 4."""
    builder = guide.builder
    builder.add_step("Form", "Provide details")
    for name in ("Customer name", "Customer email", PHONE, "Output instance id"):
        builder.add_field("Short text", name)
    for name in ("Target outcome of check step", "Action ID of Radio Button"):
        builder.add_field("Short text", name)
    guide.call("Send instructions email", 0, 0)
    builder.add_step("Instruction", "Verification Instructions")
    builder.choose("Assignee selection", "External user (secure link)")
    builder.paste_text("Instruction", guide.seed.bodies[1])


def send_the_code(guide: Guide) -> None:
    """Instructions 5 and 6."""
    guide.call("Send Text", 1, 2, FORM)
    guide.builder.choose("On failure", SKIP)
    guide.builder.add_variable("error_message", "$.message")
    guide.builder.add_variable("status", "$.status")


def check_the_code(guide: Guide) -> None:
    """Instructions 16 to 20."""
    builder = guide.builder
    builder.add_step("Form", "Verify yourself")
    builder.choose("Assignee selection", "External user (secure link)")
    builder.add_field("Short text", CODE)
    guide.call("Verify Code", 4, 6, FORM)
    builder.choose("On failure", SKIP)
    builder.add_variable("error_message", "$.message")
    builder.add_variable("isOTPvalid", "$.status")
    builder.add_conditions(SOME_CODE)
    builder.add_step("Form", "Verification result")
    builder.add_radio("Result", ("approved", "pending"))
    builder.add_conditions(CHECKED)


def report(guide: Guide) -> None:
    """Instructions 23 to 28."""
    builder = guide.builder
    guide.call("Report failure", 5, 7)
    builder.add_conditions(NO_CODE, NOT_PENDING, NOT_APPROVED, match="Any")
    builder.step_menu("Report failure", "Make non-blocking")
    guide.call("Report success", 6, 8)
    builder.add_conditions(APPROVED)
    builder.step_menu("Report success", "Make non-blocking")


def record_the_send_result(guide: Guide) -> None:
    """Instructions 7 to 9: the call needs the IDs of the form behind it."""
    builder = guide.builder
    builder.add_step("Form", "Check send result")
    builder.add_radio("Status", ("pending", "canceled"))
    builder.add_radio("Error message", ("Max send attempts reached", "Challenge expired"))
    builder.add_field("Instruction", "Note")
    names = ("Status", "Error message", "Note")
    ids = {f"ACTION_ID{place}": builder.field_id(name) for place, name in enumerate(names, 1)}
    guide.words |= {"STEP_ID": builder.step_id, **ids}
    guide.call("Record send result", 2, 3)
    builder.step_menu("Record send result", "Make non-blocking")
    builder.step_menu("Record send result", "Move up")


def decide_how_to_proceed(builder: Builder) -> None:
    """Instructions 21 and 22."""
    builder.add_step("Form", "How to proceed")
    card = builder.add_field("Routing", "How to proceed")
    add_button(builder, "Return to the Provide details step", "Return", "Provide details")
    add_button(builder, "Decline and stop workflow", "Decline", "")
    expect(card.locator(".table-row")).to_have_count(3)
    builder.add_conditions(NO_CODE, NOT_PENDING, NOT_APPROVED, match="Any")


def add_button(builder: Builder, label: str, action: str, target: str) -> None:
    """**+ Add button** of the last card."""
    card = builder.page.locator(".field-card").last
    card.get_by_role("button", name="+ Add button").click()
    row = card.locator(".table-row").last
    row.get_by_label("Label").fill(label)
    choice = row.get_by_label("Action").locator("option").filter(has_text=action).first
    row.get_by_label("Action").select_option(value=str(choice.get_attribute("value")))
    if target:
        option = row.get_by_label("Target step").locator("option").filter(has_text=target).first
        row.get_by_label("Target step").select_option(value=str(option.get_attribute("value")))
    row.get_by_label("Label").focus()
    row.get_by_label("Label").press("Tab")
    builder.saved()


def paste_once_more(guide: Guide) -> None:
    """What names steps further down, which are there by now."""
    builder = guide.builder
    for step, body in (("Send instructions email", 0), ("Send code page email", 5)):
        builder.open_step(step)
        builder.paste_text("Body", guide.filled(guide.seed.bodies[body]))
    builder.open_step("Verification Instructions")
    builder.paste_text("Instruction", guide.seed.bodies[1])


def build_main(builder: Builder, seed: Document, words: dict[str, str]) -> dict[str, str]:
    """ "Create the main workflow", instructions 1 to 8; the ids that were copied on the way."""
    guide = Guide(builder, seed, words)
    guide.call("Launch OTP SMS Verification", 7, 9)
    for name, path in seed.variables:
        builder.add_variable(name.replace("\\_", "_"), path)
    builder.add_step("Form", "Verification outcome")
    items = ("Successful", "Max send attempts reached", "Challenge expired")
    builder.add_radio("Outcome", items)
    ids = {
        "RESULT_STEP_ID": builder.step_id,
        "RESULT_ACTION_ID": builder.field_id("Outcome"),
    }
    guide.words |= ids
    guide.call("Send details", 8, 10)
    builder.step_menu("Send details", "Move up")
    builder.add_step("Form", "What next")
    builder.add_field("Routing", "How to proceed")
    add_button(builder, "Return to step 2", "Return", "Launch OTP SMS Verification")
    builder.add_conditions(STUCK)
    builder.add_step("Form", "Share data")
    builder.add_field("Short text", "Data")
    builder.add_conditions(WELL)
    return ids


def mend_what_the_check_finds(
    sub: Builder, main: Builder, seed: Document, words: dict[str, str]
) -> None:
    """The problems panel names the faults; two of them keep the run from being successful."""
    assert findings(sub.page) == []
    problems = main.page.locator("#part-problems")
    expect(problems).to_contain_text("Send details")
    main.add_step("Form", "Customer details")
    for name in ("Customer name", "Customer email", "Phone number"):
        main.add_field("Short text", name)
    for _ in range(5):
        main.step_menu("Customer details", "Move up")
    main.open_step("Send details")
    main.paste_text("Body", mended_body(seed, words))
    sub.open_step("Check send result")
    sub.tick(sub.card("Error message"), "An empty text is an answer, too")


def mended_body(seed: Document, words: dict[str, str]) -> str:
    """The printed body with the customer's values, where it repeats the fields' ids."""
    body = filled_in(seed.bodies[10], words)
    for variable, field in (
        ("name_aid", "Customer name"),
        ("email_aid", "Customer email"),
        ("phone_aid", "Phone number"),
    ):
        body = re.sub(
            rf'"inputValue":"\{{[^{{}}]* - {variable} \(plain\)\}}"',
            f'"inputValue":"{{2. Customer details - {field} - Input (plain)}}"',
            body,
        )
    return body


def run_a_verification(desk: Window, window: OpenWindow, workflow_id: str) -> Page:
    """A colleague starts it, the customer goes through it, a colleague copies the result."""
    run = desk.open(f"/workflows/{workflow_id}/start/")
    run.get_by_label("Name of this run").fill("Ann Guide")
    run.get_by_role("button", name="Start").click()
    run.get_by_label("Customer name").fill("Ann")
    run.get_by_label("Customer email").fill(MAIL)
    run.get_by_label("Phone number").fill("15005550006")
    run.get_by_role("button", name="Complete").click()
    phone = window(viewport={"width": 390, "height": 844})
    instructions = phone.open(link_in_mail(desk, "credentials are ready"))
    instructions.get_by_role("button", name="Complete").click()
    code_page = phone.open(link_in_mail(desk, "2 Factor Verification"))
    code_page.get_by_role("textbox").fill(texted_code(desk))
    code_page.get_by_role("button", name="Complete").click()
    sub = desk.open("/instances/?q=Ann+Guide-Verification")
    sub.get_by_role("link", name="Ann Guide-Verification").first.click()
    sub.get_by_label("approved").check()
    sub.get_by_role("button", name="Complete").click()
    return run


def link_in_mail(desk: Window, subject: str) -> str:
    """The link of the mail with this subject."""
    page = desk.open(f"/sandbox/inbox/?to={MAIL}")
    expect(page.get_by_role("heading", name=re.compile(subject))).to_be_visible()
    letter = page.get_by_role("article").filter(has_text=re.compile(subject))
    link = (letter if letter.count() else page).get_by_role("link", name=re.compile("^Open")).first
    return str(link.get_attribute("href"))
