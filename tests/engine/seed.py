"""The seed document's requests as printed, and its two workflows as the seed names them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from tests.engine.makers import a_call, a_form, a_workflow
from waypost.engine.definition import Workflow
from waypost.engine.field_types.instruction import Instruction
from waypost.engine.field_types.short_text import ShortText

FOLDER = Path(__file__).parents[3] / "shared" / "seed"
_BLOCK = re.compile(r"^( *)```[^\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
PHONE = "Phone number.  (Note: please include 1 before the area code.)"
CODE = (
    "Please enter the code that you have received on your device. Your code is valid for 10 "
    "minutes.  This is automatically blocked after 5 failed attempts. Write NOTRECEIVED if you "
    "didn't receive the code."
)


def seed_text() -> str:
    """The document; the test is skipped where it is not."""
    files = sorted(FOLDER.glob("*.txt")) if FOLDER.is_dir() else []
    if not files:
        pytest.skip("needs the seed document in ../shared/seed; it is not part of the project")
    return files[0].read_text()


def seed_bodies() -> list[str]:
    """Its code blocks, in order."""
    return [textwrap.dedent(found[2]).strip() for found in _BLOCK.finditer(seed_text())]


def text_fields(*names: str) -> tuple[ShortText, ...]:
    """Short text fields with these names, keys f0, f1 ..."""
    return tuple(ShortText(key=f"f{place}", name=name) for place, name in enumerate(names))


def sub_workflow() -> Workflow:
    """The verification workflow as far as its references go."""
    details = text_fields(
        "Customer name",
        "Customer email",
        PHONE,
        "Output instance id",
        "Target outcome of check step",
        "Action ID of Radio Button",
    )
    return a_workflow(
        a_form(*details, key="provide_details", name="Provide details"),
        a_call(key="mail", name="Send instructions email"),
        a_form(
            Instruction(key="text", name="Text"),
            key="instructions",
            name="Verification Instructions",
        ),
        a_call("error_message", "status", key="send_text", name="Send Text"),
        a_form(*text_fields(CODE), key="verify_yourself", name="Verify yourself"),
        a_call("error_message", "isOTPvalid", key="verify_code", name="Verify Code"),
    )


def main_workflow() -> Workflow:
    """The main workflow as far as its references go."""
    names = ("id", "url", "step_id", "name_aid", "email_aid", "phone_aid")
    more = ("instance_aid", "step_aid", "action_aid")
    launch = a_call(*names, *more, key="launch", name="Launch OTP SMS Verification")
    return a_workflow(launch, a_call(key="send_details", name="Send details"))
