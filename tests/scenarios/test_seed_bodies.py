"""Path K: the seed's own bodies, character for character, to the URLs it prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from urllib.parse import parse_qsl

import pytest

from tests.scenarios.between import Between
from tests.scenarios.customer import links_in
from tests.scenarios.runs import GO_ON, Process, Run
from tests.scenarios.seed import Copies, expected_json, filled_in, import_copies
from tests.scenarios.verification import ALWAYS_TOO_MANY, Verification, World

LAUNCH = "2. Launch OTP SMS Verification - Launch process automatically"


@dataclass(frozen=True)
class Story:
    """A finished run of the mended copies, and the links that the customer was given."""

    copies: Copies
    verification: Verification
    instructions_url: str
    code_url: str
    code: str


class SeedWorld(World):
    """The world with the copies in place of the two workflows."""

    def __init__(self, world: World, main: Process, sub: Process) -> None:
        super().__init__(world.stack)
        self.__dict__ |= {"main": main, "sub": sub}


@pytest.fixture(scope="module")
def copies(world: World, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """Both workflows with the seed's requests in them."""
    return import_copies(world.stack, tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="module")
def story(world: World, copies: Copies) -> Story:
    """A verification that ends well."""
    verification = SeedWorld(world, copies.mended, copies.sub).verify().begin()
    instructions_url = verification.mailed_link()
    page = verification.read_instructions()
    code_url = links_in(page.html)[-1]
    verification.browser.send(page)
    verification.sub.wait_for(10)
    assert verification.mailed_link(mails=2) == code_url
    code = verification.code()
    verification.browser.send(verification.browser.open(code_url), code)
    verification.sub.wait_until("completed")
    verification.main.wait_for(7)
    return Story(copies, verification, instructions_url, code_url, code)


def test_k_verification_with_the_seeds_bodies_ends_in_successful(story: Story) -> None:
    main, sub = story.verification.main, story.verification.sub

    assert main.value(5)["inputValue"] == {"radioItemSelected": "Successful"}
    assert sub.statuses == {
        **dict.fromkeys((2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16), "completed"),
        **dict.fromkeys((8, 14, 15), "skipped"),
    }


@pytest.mark.parametrize(
    ("number", "body"), [(3, 0), (6, 3), (9, 5), (16, 8)], ids=["mail", "record", "link", "report"]
)
def test_k_each_json_body_of_the_sub_workflow_is_what_it_means(
    story: Story, between: Between, number: int, body: int
) -> None:
    written = filled_in(story.copies.document.bodies[body], story.copies.placeholders)

    sent = json.loads(sent_body(story.verification.sub, number, between))

    assert sent == expected_json(written, sub_values(story))


@pytest.mark.parametrize("number", [3, 4], ids=["launch", "send details"])
def test_k_bodies_with_comments_and_bare_references_are_what_they_mean(
    story: Story, between: Between, number: int
) -> None:
    main = story.verification.main
    written = filled_in(story.copies.document.bodies[number + 6], story.copies.placeholders)
    for name in ("name", "email", "phone"):
        label = f"{LAUNCH} - {name}_aid (plain)"
        written = written.replace(f'"{{{label}}}"', f'"{{{name} of the customer}}"')

    sent = json.loads(sent_body(main, number, between))

    assert sent == expected_json(written, main_values(story))


def test_k_refused_sending_is_reported_to_main(
    world: World, copies: Copies, between: Between
) -> None:
    verification = SeedWorld(world, copies.mended, copies.sub).verify(ALWAYS_TOO_MANY).begin()
    verification.ask_for_code()
    verification.main.wait_for(6)

    sent = json.loads(sent_body(verification.sub, 8, between))

    assert sent == report(copies, 4, verification, "Max send attempts reached")
    outcome = verification.main.value(5)["inputValue"]
    assert outcome == {"radioItemSelected": "Max send attempts reached"}


def test_k_wrong_code_has_no_message_to_report(
    world: World, copies: Copies, between: Between
) -> None:
    verification = SeedWorld(world, copies.mended, copies.sub).verify().begin()
    verification.fail()
    sub = verification.sub
    sub.completed(14, {}, GO_ON)
    sub.wait_until("completed")

    sent = json.loads(sent_body(sub, 15, between))

    assert sent == report(copies, 7, verification, "")
    assert sub.statuses[15] == "failed_skipped"
    assert verification.main.active == {5}


def test_k_form_bodies_keep_what_is_written_encoded(story: Story, between: Between) -> None:
    sub, phone = story.verification.sub, story.verification.phone

    send, check = (sent_body(sub, number, between) for number in (5, 11))

    assert send == f"To=%2B{phone[1:]}&Channel=sms".encode()
    assert parse_qsl(check.decode()) == [("To", phone), ("Code", story.code)]


def test_k_to_the_letter_it_mails_ids_and_fails_with_sendgrids_text(
    world: World, copies: Copies
) -> None:
    verification = SeedWorld(world, copies.verbatim, copies.sub).verify().begin()
    sub = verification.sub

    sub.wait_for(3, "failed")

    ids = [str(copies.sub.field_id(2, place)) for place in range(3)]
    assert [sub.value(2, place)["inputValue"] for place in range(3)] == ids
    assert "Does not contain a valid address." in str(sub.exchanges(3)[0].response)
    assert sub.failed_for_the_tech_lead() == 1
    assert verification.mails() == []


def report(copies: Copies, body: int, verification: Verification, message: str) -> object:
    """What a report to the main workflow means when Twilio's message is this."""
    main = verification.main.process
    values = {
        "{2. Provide details - Target outcome of check step - Input (plain)}": main.step_id(5),
        "{2. Provide details - Action ID of Radio Button - Input (plain)}": main.field_id(5),
        "{5. Send Text - Integration step - error_message (plain)}": message,
        "{11. Verify Code - Integration step - error_message (plain)}": message,
    }
    written = filled_in(copies.document.bodies[body], copies.placeholders)
    return expected_json(written, {label: str(value) for label, value in values.items()})


def sent_body(run: Run, number: int, between: Between) -> bytes:
    """The bytes that left for the step's last exchange, which is written once its answer is in."""
    exchanges = run.stack.wait_until(lambda: run.exchanges(number))
    key = exchanges[-1].key
    return next(one.body for one in between.passed if one.headers.get("Idempotency-Key") == key)


def sub_values(story: Story) -> dict[str, str]:
    """What the sub-workflow's printed references stand for."""
    verification, main = story.verification, story.verification.main
    details = "Provide details"
    return {
        f"{{81. {details} - Customer email - Input (plain)}}": verification.email,
        f"{{2. {details} - Customer email - Input (plain)}}": verification.email,
        f"{{81. {details} - Customer name - Input (plain)}}": verification.name,
        "{83. Verification Instructions - Public URL}": story.instructions_url,
        "{10. Verify yourself - Public URL}": story.code_url,
        "{84. Send Text - Integration step - status (plain)}": "pending",
        "{84. Send Text - Integration step - error_message (plain)}": "",
        f"{{2. {details} - Target outcome of check step - Input (plain)}}": str(
            main.process.step_id(5)
        ),
        f"{{2. {details} - Action ID of Radio Button - Input (plain)}}": str(
            main.process.field_id(5)
        ),
    }


def main_values(story: Story) -> dict[str, str]:
    """What the main workflow's printed references stand for."""
    verification, sub = story.verification, story.verification.sub
    names = ("name_aid", "email_aid", "phone_aid", "instance_aid", "step_aid", "action_aid")
    ids = [("step_id", sub.process.step_id(2))] + [
        (name, sub.process.field_id(2, place)) for place, name in enumerate(names)
    ]
    return dict(
        chain(
            ((f"{{{LAUNCH} - {name} (plain)}}", str(number)) for name, number in ids),
            [
                ("{Instance name}", verification.main.shown["name"]),
                ("{Instance ID}", str(verification.main.id)),
                ("{name of the customer}", verification.name),
                ("{email of the customer}", verification.email),
                ("{phone of the customer}", verification.phone[1:]),
            ],
        )
    )
