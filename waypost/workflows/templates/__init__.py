"""The workflows that come with Waypost, as files: a template is one of them, or several that belong
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from waypost.engine.definition import Workflow
from waypost.workflows.files import WorkflowFile, read_workflow
from waypost.workflows.parameters import Parameter, read_parameters
from waypost.workflows.yaml_reading import YamlText, read_yaml


class TemplateBroken(Exception):
    """A file of ours cannot be read: a fault of the release, which its tests would show."""


@dataclass(frozen=True, slots=True)
class Template:
    """What the library offers. `names` are its files, a workflow before the one that starts it.

    `credentials` maps the names that its steps use to the provider they are for.
    """

    key: str
    title: str
    summary: str
    origin: Literal["own", "third_party"]
    names: tuple[str, ...]
    credentials: Mapping[str, str]

    @property
    def main(self) -> str:
        """The file whose steps can be put into another workflow."""
        return self.names[-1]


ALL: tuple[Template, ...] = (
    Template(
        "otp_sms_verification",
        "OTP SMS verification",
        "Verifies a customer's phone with a one-time password by SMS, and acts on the outcome.",
        "own",
        ("otp_sms_verification", "otp_main"),
        {"twilio": "twilio", "sendgrid": "sendgrid", "waypost-api": "waypost"},
    ),
    Template(
        "customer_onboarding",
        "Customer onboarding with verification",
        "Takes a customer on: the phone is verified first, then everything is set up.",
        "own",
        ("otp_sms_verification", "customer_onboarding"),
        {"twilio": "twilio", "sendgrid": "sendgrid", "waypost-api": "waypost"},
    ),
    Template(
        "expense_approval",
        "Expense approval",
        "Employees hand in expenses; large ones are approved, all are paid and filed.",
        "own",
        ("expense_approval",),
        {},
    ),
    Template(
        "contract_sign_off",
        "Contract sign-off",
        "Two teams review a contract at once; the other party signs it on a secure page.",
        "own",
        ("contract_sign_off",),
        {"sendgrid": "sendgrid"},
    ),
    Template(
        "sendgrid_email",
        "SendGrid: send an e-mail",
        "A colleague writes a mail, SendGrid sends it.",
        "third_party",
        ("sendgrid_email",),
        {"sendgrid": "sendgrid"},
    ),
    Template(
        "twilio_check",
        "Twilio: check a phone",
        "Sends a code to a customer's phone and checks it while you talk to them.",
        "third_party",
        ("twilio_check",),
        {"twilio": "twilio"},
    ),
)
BY_KEY: Mapping[str, Template] = {one.key: one for one in ALL}
#: The files of the example workspace, the verification before the workflow that asks for it.
NAMES = BY_KEY["otp_sms_verification"].names
#: Every file once.
FILES: tuple[str, ...] = tuple(dict.fromkeys(name for one in ALL for name in one.names))


def template_text(name: str) -> str:
    """The file as it is, with its parameters."""
    return (files(__name__) / f"{name}.yaml").read_text(encoding="utf-8")


@lru_cache
def template_parameters(key: str) -> Mapping[str, Parameter]:
    """What differs from one installation to the next, in all files of a template."""
    found: dict[str, Parameter] = {}
    for name in BY_KEY[key].names:
        source = read_yaml(template_text(name))
        if isinstance(source, YamlText) and isinstance(source.value, dict):
            found |= read_parameters(source.value.get("parameters"))
    return found


@lru_cache
def template_preview(name: str) -> Workflow:
    """A file with the examples of its parameters, to be looked at."""
    return _read(name, {}, uses_examples=True)


def read_templates(given: Mapping[str, str], names: tuple[str, ...] = NAMES) -> list[Workflow]:
    """These files with these values of their parameters."""
    return [_read(name, given) for name in names]


def _read(name: str, given: Mapping[str, str], *, uses_examples: bool = False) -> Workflow:
    read = read_workflow(template_text(name), f"{name}.yaml", given, uses_examples)
    if not isinstance(read, WorkflowFile):
        raise TemplateBroken("\n".join(str(finding) for finding in read))
    return read.workflow
