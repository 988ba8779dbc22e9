"""The workflows that come with Waypost, as files."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from waypost.engine.definition import Workflow
from waypost.workflows.files import WorkflowFile, read_workflow

#: The verification before the workflow that asks for it.
NAMES = ("otp_sms_verification", "otp_main")


class TemplateBroken(Exception):
    """A file of ours cannot be read: a fault of the release, which its tests would show."""


def template_text(name: str) -> str:
    """The file as it is, with its parameters."""
    return (files(__name__) / f"{name}.yaml").read_text(encoding="utf-8")


def read_templates(given: Mapping[str, str]) -> list[Workflow]:
    """Every template with these values of its parameters."""
    return [_read(name, given) for name in NAMES]


def _read(name: str, given: Mapping[str, str]) -> Workflow:
    read = read_workflow(template_text(name), f"{name}.yaml", given)
    if not isinstance(read, WorkflowFile):
        raise TemplateBroken("\n".join(str(finding) for finding in read))
    return read.workflow
