"""The check of groups and parallels: members where they belong, and nothing said that has no
meaning there.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.step import Step
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of

#: How many containers may stand in each other.
DEEPEST = 2
#: What only a step that is done by somebody or something can have.
_OF_PLAIN_STEPS = ("assignee", "schedule", "deadline", "fields", "variables")
_DEFAULTS = {one.name: one.default for one in structs.fields(Step)}


def group_findings(workflow: Workflow) -> Iterator[Finding]:
    """Members that stand elsewhere than their container says, and containers that hold nothing."""
    around: tuple[str, ...] = ()
    for step in workflow.steps:
        yield from _place_findings(workflow, step, around)
        if step.holds:
            yield from _container_findings(workflow, step)
        around = _around_the_next(workflow, step)


def _place_findings(
    workflow: Workflow, step: AnyStep, around: tuple[str, ...]
) -> Iterator[Finding]:
    container = workflow.step_by_key.get(step.within)
    if not step.within or step.within in around:
        return
    if container is None or not container.holds:
        known = [one.key for one in workflow.steps if one.holds and one.key != step.key]
        yield _wrong(
            step,
            f"{step.name} is within `{step.within}`, which is no group or parallel.",
            f"Choose from: {', '.join(known)}." if known else "Add a group first, or leave it out.",
        )
    else:
        yield _wrong(
            step,
            f"{step.name} is within {container.name} but does not stand behind it and its members.",
            f"Move it behind {container.name}, or out of it.",
        )


def _around_the_next(workflow: Workflow, step: AnyStep) -> tuple[str, ...]:
    """The containers that a step standing here may be within."""
    inner = (step.key,) if step.holds else ()
    return (*inner, *(one.key for one in containers_of(workflow, step.key)))


def _container_findings(workflow: Workflow, step: AnyStep) -> Iterator[Finding]:
    if len(containers_of(workflow, step.key)) >= DEEPEST:
        yield _wrong(
            step,
            f"{step.name} would be the third container around a step.",
            "Move it out: groups and parallels stand in each other at most twice.",
        )
    for attribute in _OF_PLAIN_STEPS:
        if getattr(step, attribute) != _DEFAULTS[attribute]:
            yield _wrong(
                step,
                f"{step.name} holds other steps, so its `{attribute}` means nothing.",
                f"Remove `{attribute}` and set it on the steps within.",
                attribute,
            )
    if not workflow.members_by_key.get(step.key):
        yield Finding(
            "empty_group",
            f"{step.name} holds no steps.",
            "Move a step into it, or delete it.",
            "warning",
            step.key,
        )


def _wrong(step: AnyStep, message: str, remedy: str, attribute: str = "within") -> Finding:
    return Finding("wrong_group", message, remedy, step=step.key, attribute=attribute)
