"""The check: everything about a workflow that would not work, before anybody runs it.

Pure; what needs the database or other parts of the program is added by `workflows.check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from waypost.engine.choice import folded
from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.finding import Finding
from waypost.engine.lint_conditions import condition_findings
from waypost.engine.lint_texts import request_findings, text_findings
from waypost.engine.references import INSTANCE, PUBLIC_URL
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest

#: Whom a step may be for without naming anybody.
ROLES = ("workflow_lead", "instance_lead", "starter", "external")

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
_NAMED = re.compile(r"team:\s*\S.*|user:[^\s@]+@[^\s@]+")
_LONGEST_NAME = 255


def check_workflow(workflow: Workflow, further: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Every finding that the workflow does not acknowledge, in the order of its parts.

    `further` are findings of other layers, acknowledged in the same way.
    """
    found = [*_key_findings(workflow)]
    # Keys that stand twice would make every later finding point at the wrong step.
    if not found:
        found = [*_workflow_findings(workflow), *text_findings(workflow), *further]
    silenced = set(workflow.acknowledged)
    kept = [one for one in found if not _is_acknowledged(one, silenced)]
    return tuple(_in_order(workflow, [*kept, *_idle_acknowledgements(workflow, found)]))


def errors_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that keep a workflow from being published."""
    return tuple(one for one in findings if one.severity == "error")


def _is_acknowledged(finding: Finding, silenced: set[str]) -> bool:
    is_named = bool(
        {finding.code, finding.acknowledgement, f"{finding.code}:{finding.step}"} & silenced
    )
    return finding.severity == "warning" and is_named


def _idle_acknowledgements(workflow: Workflow, found: list[Finding]) -> Iterator[Finding]:
    for number, written in enumerate(workflow.acknowledged):
        if not any(_is_acknowledged(one, {written}) for one in found):
            yield Finding(
                "idle_acknowledgement",
                f"`{written}` acknowledges a warning that there is not.",
                "Remove it from `acknowledged`.",
                "warning",
                attribute=f"acknowledged.{number}",
            )


def _in_order(workflow: Workflow, findings: list[Finding]) -> list[Finding]:
    places = {step.key: place for place, step in enumerate(workflow.steps)}
    return sorted(findings, key=lambda one: places.get(one.step, -1))


def _key_findings(workflow: Workflow) -> Iterator[Finding]:
    """Keys that are no keys, are reserved, or stand twice."""
    if not _KEY.fullmatch(workflow.key):
        yield replace(_wrong_key(workflow.key), attribute="key")
    steps = [step.key for step in workflow.steps]
    for place, step in enumerate(workflow.steps):
        yield from _key_finding(step.key, steps[:place], (INSTANCE,), f"steps.{place}.key")
        names = [field.key for field in step.fields] + [one.name for one in step.variables]
        attributes = [f"steps.{place}.fields.{n}.key" for n in range(len(step.fields))]
        attributes += [f"steps.{place}.variables.{n}.name" for n in range(len(step.variables))]
        for number, name in enumerate(names):
            yield from _key_finding(name, names[:number], (PUBLIC_URL,), attributes[number])


def _key_finding(
    key: str, before: list[str], reserved: tuple[str, ...], attribute: str
) -> Iterator[Finding]:
    if not _KEY.fullmatch(key):
        yield replace(_wrong_key(key), attribute=attribute)
    if key in reserved:
        yield Finding(
            "reserved_key", f"`{key}` has a meaning of its own.", "Rename it.", attribute=attribute
        )
    if key in before:
        yield Finding(
            "duplicate_key",
            f"`{key}` stands twice.",
            "Give each step, and each field and variable of a step, a key of its own.",
            attribute=attribute,
        )


def _wrong_key(key: str) -> Finding:
    return Finding(
        "wrong_key",
        f"{key!r} cannot be a key.",
        "Use up to 100 letters, digits, - and _, and begin with a letter, digit or _.",
    )


def _workflow_findings(workflow: Workflow) -> Iterator[Finding]:
    if not workflow.steps:
        yield Finding("no_steps", "The workflow has no steps.", "Add one.", attribute="steps")
    if not workflow.name.strip() or len(workflow.name) > _LONGEST_NAME:
        yield Finding(
            "wrong_name",
            "The workflow has no name, or one over 255 letters.",
            "Name it.",
            attribute="name",
        )
    if workflow.has_automatic_names and not workflow.name_template.strip():
        yield Finding(
            "missing_name_template",
            "Instances are named automatically, but nothing says how.",
            'Write `name_template`, such as "Order {{=instance.id}}".',
            attribute="has_automatic_names",
        )
    yield from _lead_findings(workflow)
    for step in workflow.steps:
        yield from _step_findings(workflow, step)


def _lead_findings(workflow: Workflow) -> Iterator[Finding]:
    for attribute in ("lead", "tech_lead"):
        written = getattr(workflow, attribute)
        if written and not _NAMED.fullmatch(written):
            yield Finding(
                "unknown_lead",
                f"`{written}` is nobody.",
                "Write user:<e-mail>, or team:<name>, or leave it out for whoever imports.",
                attribute=attribute,
            )


def _step_findings(workflow: Workflow, step: AnyStep) -> Iterator[Finding]:
    if not step.name.strip():
        yield Finding("wrong_name", "The step has no name.", "Name it.", step=step.key)
    if step.assignee not in ROLES and not _NAMED.fullmatch(step.assignee):
        yield Finding(
            "unknown_assignee",
            f"`{step.assignee}` is nobody.",
            f"Choose from {', '.join(ROLES)}, team:<name> and user:<e-mail>.",
            step=step.key,
            attribute="assignee",
        )
    yield from condition_findings(workflow, step, step.condition)
    if isinstance(step, HttpRequest):
        yield from request_findings(step)
    for field in step.fields:
        yield from condition_findings(workflow, step, field.condition, field.key)
        for finding in _field_findings(workflow, step, field):
            yield replace(finding, step=step.key, field=field.key)


def _field_findings(workflow: Workflow, step: AnyStep, field: AnyField) -> Iterator[Finding]:
    if not field.name.strip():
        yield Finding("wrong_name", "The field has no name.", "Name it.", attribute="name")
    items = getattr(field, "items", None)
    if isinstance(items, tuple):
        yield from _item_findings(items)
    if isinstance(field, Routing):
        yield from _routing_findings(workflow, step, field)


def _item_findings(items: tuple[str, ...]) -> Iterator[Finding]:
    spelled = [folded(item) for item in items]
    if not items or "" in spelled:
        yield Finding(
            "no_items",
            "There is nothing, or something empty, to choose.",
            "Write every item.",
            attribute="items",
        )
    if len(set(spelled)) < len(spelled):
        yield Finding(
            "duplicate_item",
            "An item stands twice (case does not count).",
            "Remove one.",
            attribute="items",
        )


def _routing_findings(workflow: Workflow, step: AnyStep, field: Routing) -> Iterator[Finding]:
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


def _decline_findings(workflow: Workflow, step: AnyStep, button: Button) -> Iterator[Finding]:
    calls = [later.name for later in workflow.step_after(step.key) if later.waits_for == "call"]
    if calls:
        yield Finding(
            "decline_ends_here",
            f"“{button.label}” stops the workflow before these calls go out: {', '.join(calls)}. "
            "Whoever waits for them waits for ever.",
            f"Make the calls earlier, or acknowledge `decline_ends_here:{step.key}`.",
            "warning",
        )
