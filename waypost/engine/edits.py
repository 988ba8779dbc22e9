"""What a builder does to the steps of a workflow, as pure functions: workflow in, workflow out.

A place is said by `after`, the key of the step before it ("" for the first place), and `within`,
the key of the container ("" for the top). Members stay directly behind their container, and
containers nest two deep (3, 3.1, 3.1.1). Nothing here mends references: those that lead nowhere
after a change are for the check to report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from waypost.engine.beginnings import new_key
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.references import URL
from waypost.engine.repointing import repointed
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import descendants

#: Containers around a step at most.
DEEPEST = 2

UNKNOWN_STEP = Refusal(
    "unknown_step", "This step is not in the workflow any more. Reload the page."
)
_NO_CONTAINER = Refusal(
    "no_container", "Only a group or a parallel holds steps. Choose one of them."
)
_WITHIN_ITSELF = Refusal("within_itself", "A step cannot hold itself. Choose another place.")
_NOT_BESIDE = Refusal(
    "not_beside", "The step before this place is not in the same group. Choose the place again."
)
_TOO_DEEP = Refusal(
    "too_deep",
    "Groups nest two deep: a group may hold groups, and these hold steps only. "
    "Choose a place further out.",
)


def add_step(
    workflow: Workflow, step: AnyStep, after: str = "", within: str = ""
) -> Workflow | Refusal:
    """With this step at that place, under a key made from its name where it has none of its own."""
    return insert_steps(workflow, (step,), after, within)


def insert_steps(
    workflow: Workflow, steps: Iterable[AnyStep], after: str = "", within: str = ""
) -> Workflow | Refusal:
    """With these steps, members behind their containers, at that place.

    Keys that are taken or missing are made new; what the steps say about each other follows.
    """
    keys = fresh_keys(steps := tuple(steps), workflow.step_by_key)
    copies = [_renamed(step, key, keys) for step, key in zip(steps, keys.values(), strict=True)]
    own = {step.key for step in copies}
    placed = [step if step.within in own else replace(step, within=within) for step in copies]
    return _inserted(workflow, tuple(placed), after, within)


def remove_step(workflow: Workflow, key: str) -> Workflow | Refusal:
    """Without the step and its members; what refers to them stays, for the check to report."""
    if key not in workflow.step_by_key:
        return UNKNOWN_STEP
    return _without(workflow, branch_of(workflow, key))


def move_step(
    workflow: Workflow, key: str, after: str = "", within: str = ""
) -> Workflow | Refusal:
    """With the step, and its members along, at that place."""
    if key not in workflow.step_by_key:
        return UNKNOWN_STEP
    branch = branch_of(workflow, key)
    if {after, within} & {step.key for step in branch}:
        return _WITHIN_ITSELF
    moved = (replace(branch[0], within=within), *branch[1:])
    return _inserted(_without(workflow, branch), moved, after, within)


def shift_step(workflow: Workflow, key: str, down: bool) -> Workflow | Refusal:
    """With the step one place further up or down; at the edge of its container it leaves it."""
    step = workflow.step_by_key.get(key)
    if step is None:
        return UNKNOWN_STEP
    beside = [one.key for one in workflow.members_by_key[step.within]]
    place = beside.index(key)
    if down and place + 1 < len(beside):
        return move_step(workflow, key, beside[place + 1], step.within)
    if not down and place > 0:
        return move_step(workflow, key, beside[place - 2] if place > 1 else "", step.within)
    return _moved_out(workflow, step, down)


def duplicate_step(workflow: Workflow, key: str) -> Workflow | Refusal:
    """With a copy of the step and its members behind it; copies refer to copies."""
    step = workflow.step_by_key.get(key)
    if step is None:
        return UNKNOWN_STEP
    branch = branch_of(workflow, key)
    copy = replace(step, name=f"{step.name} (copy)")
    return insert_steps(workflow, (copy, *branch[1:]), key, step.within)


def replace_step(workflow: Workflow, key: str, step: AnyStep) -> Workflow | Refusal:
    """With another content for the step; its key and place stay."""
    old = workflow.step_by_key.get(key)
    if old is None:
        return UNKNOWN_STEP
    new = replace(step, key=key, within=old.within)
    return replace(workflow, steps=tuple(new if one is old else one for one in workflow.steps))


def set_blocking(workflow: Workflow, key: str, is_blocking: bool) -> Workflow | Refusal:
    """With the step holding up the next ones, or not."""
    step = workflow.step_by_key.get(key)
    if step is None:
        return UNKNOWN_STEP
    return replace_step(workflow, key, replace(step, is_blocking=is_blocking))


def wrap_step(workflow: Workflow, key: str, container: AnyStep) -> Workflow | Refusal:
    """With a new container around the step, at its place."""
    step = workflow.step_by_key.get(key)
    if step is None:
        return UNKNOWN_STEP
    if not container.holds:
        return _NO_CONTAINER
    outer = new_key(container.key or container.name, {*workflow.step_by_key, URL})
    around = replace(container, key=outer, id=0, within=step.within)
    moved = replace(step, within=outer)
    steps = [(around, moved) if one is step else (one,) for one in workflow.steps]
    return _checked(replace(workflow, steps=tuple(one for pair in steps for one in pair)))


def unwrap_step(workflow: Workflow, key: str) -> Workflow | Refusal:
    """Without this container; its members take its place."""
    container = workflow.step_by_key.get(key)
    if container is None:
        return UNKNOWN_STEP
    if not container.holds:
        return _NO_CONTAINER
    steps = [
        replace(one, within=container.within) if one.within == key else one
        for one in workflow.steps
        if one is not container
    ]
    return replace(workflow, steps=tuple(steps))


def branch_of(workflow: Workflow, key: str) -> tuple[AnyStep, ...]:
    """The step and everything within it, in order."""
    return (workflow.step_by_key[key], *descendants(workflow, key))


def containers_for(workflow: Workflow, key: str) -> tuple[AnyStep, ...]:
    """The groups and parallels that this step could move into, in order."""
    step = workflow.step_by_key[key]
    return tuple(
        one
        for one in workflow.steps
        if one.holds
        and one.key != step.within
        and isinstance(move_step(workflow, key, _last_member(workflow, one.key), one.key), Workflow)
    )


def move_into(workflow: Workflow, key: str, container: str) -> Workflow | Refusal:
    """With the step as the last member of this container."""
    return move_step(workflow, key, _last_member(workflow, container, but=key), container)


def _last_member(workflow: Workflow, container: str, but: str = "") -> str:
    members = [one.key for one in workflow.members_by_key.get(container, ()) if one.key != but]
    return members[-1] if members else ""


def _moved_out(workflow: Workflow, step: AnyStep, down: bool) -> Workflow | Refusal:
    container = workflow.step_by_key.get(step.within)
    if container is None:
        where = "last" if down else "first"
        return Refusal("at_the_edge", f"{step.name} is the {where} step already.")
    if down:
        return move_step(workflow, step.key, container.key, container.within)
    beside = [one.key for one in workflow.members_by_key[container.within]]
    place = beside.index(container.key)
    return move_step(workflow, step.key, beside[place - 1] if place else "", container.within)


def fresh_keys(steps: tuple[AnyStep, ...], taken: Collection[str]) -> dict[str, str]:
    """The key that each step gets, by the one it brings; one without may come alone."""
    used = {*taken, URL}
    keys: dict[str, str] = {}
    for step in steps:
        keys[step.key] = new_key(step.key or step.name, used)
        used.add(keys[step.key])
    return keys


def _renamed(step: AnyStep, key: str, keys: Mapping[str, str]) -> AnyStep:
    fields = tuple(replace(field, id=0) for field in step.fields)
    known = {old: new for old, new in keys.items() if old}
    within = known.get(step.within, step.within)
    return repointed(replace(step, key=key, id=0, within=within, fields=fields), known)


def _inserted(
    workflow: Workflow, branch: tuple[AnyStep, ...], after: str, within: str
) -> Workflow | Refusal:
    place = _index_behind(workflow, after, within)
    if isinstance(place, Refusal):
        return place
    steps = (*workflow.steps[:place], *branch, *workflow.steps[place:])
    return _checked(replace(workflow, steps=steps))


def _index_behind(workflow: Workflow, after: str, within: str) -> int | Refusal:
    container = workflow.step_by_key.get(within)
    if within and (container is None or not container.holds):
        return _NO_CONTAINER if container else UNKNOWN_STEP
    if not after:
        return workflow.position_by_key[within] + 1 if within else 0
    before = workflow.step_by_key.get(after)
    if before is None or before.within != within:
        return _NOT_BESIDE if before else UNKNOWN_STEP
    return workflow.position_by_key[after] + len(branch_of(workflow, after))


def _without(workflow: Workflow, branch: tuple[AnyStep, ...]) -> Workflow:
    gone = {step.key for step in branch}
    return replace(workflow, steps=tuple(step for step in workflow.steps if step.key not in gone))


def _checked(workflow: Workflow) -> Workflow | Refusal:
    depths = {"": 0}
    for step in workflow.steps:
        depths[step.key] = depths.get(step.within, 0) + 1
        if depths[step.key] > DEEPEST + (0 if step.holds else 1):
            return _TOO_DEEP
    return workflow
