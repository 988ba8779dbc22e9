"""What is within what: containers, their members, and which step comes before which.

Asked with a workflow that may be wrong (a draft), so nothing here relies on the check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # conditions look at containers, and the definition is made of conditions
    from waypost.engine.definition import Workflow
    from waypost.engine.step_types import AnyStep


def container_of(workflow: Workflow, key: str) -> AnyStep | None:
    """The group or parallel directly around the step; None at the top."""
    step = workflow.step_by_key.get(key)
    container = None if step is None else workflow.step_by_key.get(step.within)
    if container is None or not container.holds:
        return None
    # A container stands before its members: whatever a draft says, going up comes to an end.
    place = workflow.position_by_key
    return container if place[container.key] < place[key] else None


def containers_of(workflow: Workflow, key: str) -> tuple[AnyStep, ...]:
    """Every container around the step, the innermost first."""
    found: list[AnyStep] = []
    container = container_of(workflow, key)
    while container is not None:
        found.append(container)
        container = container_of(workflow, container.key)
    return tuple(found)


def descendants(workflow: Workflow, key: str) -> tuple[AnyStep, ...]:
    """Every step within this one, however deep, in order; none for a step that holds none."""
    step = workflow.step_by_key.get(key)
    if step is None or not step.holds:
        return ()
    return tuple(
        later
        for later in workflow.step_after(key)
        if any(around.key == key for around in containers_of(workflow, later.key))
    )


def plain_steps_of(workflow: Workflow, key: str) -> tuple[AnyStep, ...]:
    """The step itself, or for a container every step within that holds none: what has a run."""
    step = workflow.step_by_key.get(key)
    if step is None or not step.holds:
        return () if step is None else (step,)
    return workflow.plain_steps_by_key[key]


def runs_before(workflow: Workflow, earlier: str, later: str) -> bool:
    """Whether the first step's turn certainly comes before the second's.

    It stands before it, does not hold it, and is in no other branch of the same parallel: what a
    condition, a reference or a moment of the second may rely on.
    """
    place = workflow.position_by_key
    if earlier not in place or later not in place or place[earlier] >= place[later]:
        return False
    if not workflow.step_by_key[later].within:
        return True
    around = [one.key for one in containers_of(workflow, later)]
    if earlier in around:
        return False
    shared = next((one for one in containers_of(workflow, earlier) if one.key in around), None)
    return shared is None or shared.holds == "sequence"


def holds_up(workflow: Workflow, step: AnyStep) -> bool:
    """Whether what comes after waits for the step: it is blocking, or stands directly in a
    parallel, where that means nothing.
    """
    return step.is_blocking or is_directly_in_parallel(workflow, step)


def is_directly_in_parallel(workflow: Workflow, step: AnyStep) -> bool:
    """Whether the step is a branch of a parallel by itself."""
    container = container_of(workflow, step.key)
    return container is not None and container.holds == "parallel"


def steps_from(workflow: Workflow, key: str) -> tuple[AnyStep, ...]:
    """The step with all it holds, and all whose turn comes later because of it: what a return to it
    sets back. Branches beside it in a parallel are not among them.
    """
    held = {one.key for one in descendants(workflow, key)}
    return tuple(
        one
        for one in workflow.steps
        if one.key == key or one.key in held or runs_before(workflow, key, one.key)
    )
