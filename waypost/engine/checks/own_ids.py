"""The check of calls to our own server: ids that lead where they should, and nothing left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.jsonbody import normalise
from waypost.engine.own_calls import Completion, Given, Launch, own_call
from waypost.engine.own_places import Nowhere, Place, Places
from waypost.engine.references import mark_ids
from waypost.engine.step_types.http_request import HttpRequest


def own_id_findings(workflow: Workflow, others: Mapping[str, Workflow]) -> Iterator[Finding]:
    """Wrong ids and missing parts in calls that start instances and complete steps."""
    places = Places(workflow, others)
    for step in workflow.steps:
        if isinstance(step, HttpRequest) and not _is_garbled(step):
            call = own_call(step)
            if isinstance(call, Launch):
                yield from _launch_findings(places, step, call)
            elif isinstance(call, Completion):
                yield from _completion_findings(places, step, call)


def _is_garbled(step: HttpRequest) -> bool:
    """Whether the body cannot be read, which is a finding of its own."""
    return bool(step.body.strip()) and isinstance(normalise(mark_ids(step.body)[0]), Refusal)


def _launch_findings(places: Places, step: HttpRequest, call: Launch) -> Iterator[Finding]:
    key, name = step.key, step.name
    if call.process is None:
        yield _found("incomplete_call", key, f"{name} starts an instance of nothing.", _PROCESS)
        return
    if "/" in call.process_key:
        yield _found(
            "wrong_own_id", key, f"{name} names a step where the process belongs.", _PROCESS
        )
    child = places.launched_by(places.workflow.step_by_key[key])
    if child is not None and child.has_automatic_names and call.name is not None:
        yield _found(
            "name_not_taken",
            key,
            f"{name} names the instance, but {child.name} names its instances by itself.",
            'Remove "name" from the body, or turn automatic naming off there.',
        )


def _completion_findings(places: Places, step: HttpRequest, call: Completion) -> Iterator[Finding]:
    key, name = step.key, step.name
    if call.step is None:
        yield _found("incomplete_call", key, f"{name} does not say which step.", _STEP)
        return
    target = places.at(call.step, "step")
    wrong = _wrong_step(places, call, target)
    if wrong:
        yield _found("wrong_own_id", key, f"The step_id in {name} is wrong: {wrong}.", _STEP)
    elif isinstance(target, Place):
        yield from _field_findings(places, step, call, target)


def _wrong_step(places: Places, call: Completion, target: Place | Nowhere | None) -> str:
    if isinstance(target, Nowhere):
        return target.why
    instance = places.instance_of(call)
    if target is None:
        return _unknown_number(instance, call.step)
    if target.field is not None:
        return f"it is the id of the field {target.field.name}"
    if instance is not None and target.workflow.key != instance.key:
        return f"{target.step.name} belongs to {target.workflow.name}, not to {instance.name}"
    if target.step.waits_for != "person" or target.step.holds:
        return f"{target.step.name} is completed by itself, not by a call"
    return ""


def _unknown_number(instance: Workflow | None, given: Given | None) -> str:
    """A number written out that a workflow with known ids does not have."""
    written = (given.literal or "").strip() if given else ""
    is_known = instance is not None and all(step.id for step in instance.steps)
    if instance is None or not is_known or not written.isdecimal():
        return ""
    return f"{instance.name} has nothing with the id {written}"


def _field_findings(
    places: Places, step: HttpRequest, call: Completion, target: Place
) -> Iterator[Finding]:
    key, name = step.key, step.name
    filled: list[str] = []
    is_clear = True
    for one in call.filled:
        into = places.at(one.field, "field")
        wrong = _wrong_field(target, one.field, into)
        if wrong:
            yield _found("wrong_own_id", key, f"An action_id in {name} is wrong: {wrong}.", _FIELD)
        if isinstance(into, Place) and into.field is not None:
            if into.field.key in filled and not wrong:
                yield _found(
                    "wrong_own_id", key, f"{name} fills in {into.field.name} twice.", _FIELD
                )
            filled.append(into.field.key)
        is_clear = is_clear and isinstance(into, Place)
    if is_clear:
        yield from _left_out(key, name, target, filled)


def _wrong_field(target: Place, given: Given, into: Place | Nowhere | None) -> str:
    if isinstance(into, Nowhere):
        return into.why
    if into is None:
        return _unknown_number(target.workflow, given)
    if into.field is None:
        return f"it is the id of the step {into.step.name}"
    if (into.workflow.key, into.step.key) != (target.workflow.key, target.step.key):
        return f"{into.field.name} belongs to {into.step.name}, not to {target.step.name}"
    return ""


def _left_out(key: str, name: str, target: Place, filled: list[str]) -> Iterator[Finding]:
    missing = [
        field.name
        for field in target.step.fields
        if field.is_required and field.outputs and not field.condition and field.key not in filled
    ]
    if missing:
        yield _found(
            "required_left_out",
            key,
            f"{name} does not fill in {', '.join(missing)}, which {target.step.name} requires.",
            "Add an action for it, or make the field optional.",
        )


def _found(code: str, step: str, message: str, remedy: str) -> Finding:
    return Finding(code, message, remedy, step=step, attribute="body")


_PROCESS = 'Write "process": "https://<this server>/api/processes/{{=id workflow}}/".'
_STEP = 'Write "step_id": {{=id workflow/step}}, or a reference that brings the id.'
_FIELD = 'Write "action_id": {{=id workflow/step/field}} of a field of that step.'
