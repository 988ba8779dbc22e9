"""The check of forms that calls were meant to fill in: that one does, and that none goes round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from waypost.engine.choice import folded
from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.finding import Finding
from waypost.engine.own_calls import Completion, Filled, completion_of, own_calls
from waypost.engine.own_places import Place, Places
from waypost.engine.references import references_in
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import runs_before


def filling_findings(workflow: Workflow) -> Iterator[Finding]:
    """Forms that repeat an answer by hand, and rounds that no person takes part in."""
    places = Places(workflow, {})
    filled = dict(_filled(places))
    for step in workflow.steps:
        if step.waits_for == "person" and not step.holds and not step.is_external:
            repeated = None if step.key in filled else _repeated(workflow, step)
            if repeated is not None:
                yield _nothing_fills(step, *repeated)
    for key, one in filled.items():
        yield from _rounds(places, workflow.step_by_key[key], one, filled)


def _filled(places: Places) -> Iterator[tuple[str, tuple[Filled, ...]]]:
    """The steps that calls of the workflow itself complete, and with what."""
    for step in own_calls(places.workflow.steps, Completion):
        call = completion_of(step)
        target = places.at(call.step, "step") if call and call.is_own else None
        if call and isinstance(target, Place) and target.workflow is places.workflow:
            yield target.step.key, call.filled


def _repeated(workflow: Workflow, step: AnyStep) -> tuple[AnyStep, AnyField] | None:
    """The call and the field that asks for what the call has already answered."""
    for call in workflow.steps:
        if call.waits_for == "call":
            names = {_word(variable.name) for variable in call.variables}
            for field in step.fields:
                called = {_word(field.key), _word(field.name)}
                is_asked = field.outputs and called & names and not _offers(field, call)
                if is_asked and runs_before(workflow, call.key, step.key):
                    return call, field
    return None


@lru_cache(maxsize=4096)
def _word(name: str) -> str:
    return folded(name.replace("_", " "))


def _offers(field: AnyField, call: AnyStep) -> bool:
    """Whether the form shows the answer, so that a person need only confirm it."""
    prefill = getattr(field, "prefill", "")
    return any(reference.step == call.key for reference in references_in(prefill))


def _nothing_fills(step: AnyStep, call: AnyStep, field: AnyField) -> Finding:
    return Finding(
        "nothing_fills_form",
        f"{step.name} asks for {field.name}, which {call.name} has answered, and nothing fills it "
        "in: a colleague has to copy it.",
        f"Add a non-blocking call before {step.name} that completes it, or prefill the field.",
        "warning",
        step.key,
        field.key,
    )


def _rounds(
    places: Places,
    step: AnyStep,
    filled: tuple[Filled, ...],
    by_call: Mapping[str, object],
) -> Iterator[Finding]:
    """A return that a call chooses, over steps of which none waits for a person."""
    for one in filled:
        into = places.at(one.field, "field")
        field = into.field if isinstance(into, Place) else None
        button = _chosen(field, one) if isinstance(field, Routing) else None
        if field is None or button is None or button.target not in places.workflow.step_by_key:
            continue
        if not any(_waits(one, by_call) for one in _round(places.workflow, button.target, step)):
            yield Finding(
                "loops_without_person",
                f"“{button.label}” in {step.name} is pressed by a call and goes round without "
                "anybody: it is stopped after fifty rounds.",
                "Let a person choose, or put a step for a person into the round.",
                "warning",
                step.key,
                field.key,
            )


def _chosen(field: Routing, filled: Filled) -> Button | None:
    """The button that returns and that the call presses."""
    given = {key: value.literal for key, value in filled.values}
    button = field.chosen({"action": given.get("action"), "label": given.get("label") or ""})
    return button if button is not None and button.action == "return" else None


def _round(workflow: Workflow, target: str, step: AnyStep) -> Iterator[AnyStep]:
    place = workflow.position_by_key
    yield from workflow.steps[place[target] : place[step.key] + 1]


def _waits(step: AnyStep, by_call: Mapping[str, object]) -> bool:
    return step.waits_for == "person" and not step.holds and step.key not in by_call
