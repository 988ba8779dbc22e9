"""The check of calls that complete a step of their own instance: whether it is active by then."""

from __future__ import annotations

from collections.abc import Iterator

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding, Severity
from waypost.engine.instance import Status
from waypost.engine.own_calls import Completion, completion_of, own_calls
from waypost.engine.own_places import Place, Places
from waypost.engine.reasoning import Ended, Every, Worlds, ends_before, worlds_of
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.structure import containers_of, runs_before


def target_findings(workflow: Workflow) -> Iterator[Finding]:
    """Completions of steps that are not active when the call is made."""
    places, worlds = Places(workflow, {}), worlds_of(workflow)
    for step in own_calls(workflow.steps, Completion):
        call = completion_of(step)
        if call is None or not call.is_own:
            continue
        target = places.at(call.step, "step")
        if not isinstance(target, Place):
            if step.is_blocking:
                yield _blocking(step, "its target", "warning")
        elif target.step.waits_for == "person" and not target.step.holds:
            yield from _findings(workflow, worlds, step, target.step)


def _findings(
    workflow: Workflow, worlds: Worlds, step: HttpRequest, target: AnyStep
) -> Iterator[Finding]:
    if ends_before(workflow, target.key, step.key):
        yield _inactive(step, f"{target.name} comes earlier and has ended by then")
        return
    if not runs_before(workflow, step.key, target.key):
        return
    if ends_before(workflow, step.key, target.key):
        yield _blocking(step, target.name, "error")
        return
    between = _between(workflow, worlds, step, target)
    if between is not None:
        yield _inactive(step, f"{between.name} comes between and has to end before {target.name}")
    elif worlds.possible(Every((worlds.ran(step), worlds.skipped(target)))):
        yield Finding(
            "target_may_be_skipped",
            f"{step.name} may complete {target.name} when its condition has passed it.",
            f"Give {step.name} the condition of {target.name}.",
            "warning",
            step.key,
            attribute="condition",
        )


def _between(
    workflow: Workflow, worlds: Worlds, step: HttpRequest, target: AnyStep
) -> AnyStep | None:
    """A step that holds the target up when the call is made."""
    around = {one.key for one in containers_of(workflow, target.key)} | {target.key}
    for one in workflow.step_after(step.key):
        if one.key in around or one.holds:
            continue
        is_before = runs_before(workflow, step.key, one.key)
        if is_before and ends_before(workflow, one.key, target.key):
            begun = Ended(one.key, frozenset({Status.COMPLETED, Status.FAILED_SKIPPED}))
            if worlds.possible(Every((worlds.ran(step), begun))):
                return one
    return None


def _blocking(step: HttpRequest, target: str, severity: Severity) -> Finding:
    return Finding(
        "blocking_self_call",
        f"{step.name} completes a step of its own instance but holds up the steps after it, "
        f"so that {target} is not active when it asks.",
        "Set `is_blocking: false` (… > Make non-blocking); directly in a parallel that is no help.",
        severity,
        step.key,
        attribute="url",
    )


def _inactive(step: HttpRequest, why: str) -> Finding:
    return Finding(
        "target_not_active",
        f"{step.name} completes a step that is not active then: {why}.",
        "Put the call directly before the step that it completes, and make it non-blocking.",
        step=step.key,
        attribute="body",
    )
