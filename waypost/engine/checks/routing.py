"""The check of routing: buttons that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from waypost.engine.definition import Workflow
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.finding import Finding
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of, runs_before


def routing_findings(workflow: Workflow) -> Iterator[Finding]:
    """Buttons that are missing or lead where they cannot."""
    for step in workflow.steps:
        for field in step.fields:
            if isinstance(field, Routing):
                for finding in _findings(workflow, step, field):
                    yield replace(finding, step=step.key, field=field.key)


def _findings(workflow: Workflow, step: AnyStep, field: Routing) -> Iterator[Finding]:
    if not field.buttons:
        yield Finding("no_buttons", "There is no button to press.", "Add one.", attribute="buttons")
    for number, button in enumerate(field.buttons):
        for finding in _button_findings(workflow, step, button):
            yield replace(finding, attribute=f"buttons.{number}")


def _button_findings(workflow: Workflow, step: AnyStep, button: Button) -> Iterator[Finding]:
    if button.action == "decline":
        yield from _decline_findings(workflow, step, button)
    if button.action in ("complete", "decline"):
        if button.target:
            yield Finding(
                "needless_target", f"“{button.label}” goes nowhere else.", "Remove its `target`."
            )
        return
    here, there = (workflow.position_by_key.get(key) for key in (step.key, button.target))
    if there is None or here is None:
        yield Finding(
            "unknown_target",
            f"“{button.label}” leads to `{button.target}`, which is no step.",
            f"Choose from: {', '.join(workflow.step_by_key)}.",
        )
    elif button.action == "return" and there >= here:
        yield Finding(
            "target_not_earlier",
            f"“{button.label}” returns to `{button.target}`, which does not come earlier.",
            "Choose an earlier step, or use `skip_forward`.",
        )
    elif button.action == "skip_forward" and there <= here:
        yield Finding(
            "target_not_later",
            f"“{button.label}” skips forward to `{button.target}`, which does not come later.",
            "Choose a later step, or use `return`.",
        )
    elif not _is_on_the_way(workflow, step.key, button.target):
        yield Finding(
            "target_in_other_branch",
            f"“{button.label}” leads to `{button.target}`, in another branch of the same parallel.",
            "Choose a step of the same branch, or one before or behind the whole parallel.",
        )


def _is_on_the_way(workflow: Workflow, here: str, there: str) -> bool:
    """Whether a return to the target sets this step back, or a skip to it goes over what lies
    between: neither does in another branch.
    """
    around = [one.key for one in containers_of(workflow, here)]
    return (
        there in around or runs_before(workflow, there, here) or runs_before(workflow, here, there)
    )


def _decline_findings(workflow: Workflow, step: AnyStep, button: Button) -> Iterator[Finding]:
    calls = [later.name for later in workflow.step_after(step.key) if later.waits_for == "call"]
    if calls:
        yield Finding(
            "decline_ends_here",
            f"“{button.label}” stops the workflow before these calls go out: {', '.join(calls)}. "
            "Whoever waits for them waits for ever.",
            "Make the calls earlier, or acknowledge this if nobody waits for them.",
            "warning",
        )
