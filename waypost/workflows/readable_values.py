"""Attributes and their values as a builder reads them: labels instead of stored references,
conditions as sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from waypost.engine.conditions import Condition
from waypost.engine.definition import Workflow
from waypost.engine.dry_run import DryRun
from waypost.engine.field import Field
from waypost.engine.field_types.routing import Button
from waypost.engine.json_value import text_of
from waypost.engine.labels import show_labels
from waypost.engine.moment import Moment
from waypost.engine.sentences import condition_phrase, moment_sentence
from waypost.engine.setting import Setting
from waypost.engine.sources import ACTION_LABELS
from waypost.engine.step import Step, Variable
from waypost.engine.step_types.http_request import Header, RetryPolicy

_LABELS = {
    "is_blocking": "Blocking",
    "is_required": "Required",
    "info": "Help text",
    "tech_lead": "Tech lead",
    "has_automatic_names": "Automatic names",
    "name_template": "Name of instances",
    "url_parameters": "URL parameters",
    "acknowledged": "Acknowledged warnings",
    "path": "JSONPath",
}
_ASSIGNEES = {
    "workflow_lead": "Workflow lead",
    "instance_lead": "Instance lead",
    "starter": "User triggering the workflow",
    "external": "External user (secure link)",
}
#: Told in other lines, or nothing that a builder sets.
_NO_DETAILS = frozenset({"id", "key", "name", "within", "fields", "variables"})


def attribute_label(owner: msgspec.Struct | None, attribute: str) -> str:
    """What an attribute is called in the editor."""
    setting = _setting(owner, attribute)
    if setting is not None:
        return setting.label
    return _LABELS.get(attribute, attribute.replace("_", " ").capitalize())


def type_label(part: msgspec.Struct | None) -> str:
    """What kind of step or field it is."""
    return part.label if isinstance(part, Step | Field) else ""


def value_text(owner: msgspec.Struct | None, attribute: str, workflow: Workflow) -> str:
    """The value of an attribute, empty when nothing is set."""
    value: object = getattr(owner, attribute, None)
    setting = _setting(owner, attribute)
    if setting is not None and setting.choices:
        return dict(setting.choices).get(str(value), str(value))
    if attribute == "assignee":
        return _assignee(str(value)) if value else ""
    return _text(value, workflow)


def details_text(part: msgspec.Struct | None, workflow: Workflow) -> str:
    """Everything that is set in a step or field, a line each."""
    return "\n".join(_details(part, workflow)) if part is not None else ""


def _details(part: msgspec.Struct, workflow: Workflow) -> Iterator[str]:
    for one in msgspec.structs.fields(type(part)):
        value = getattr(part, one.name)
        if one.name not in _NO_DETAILS and value != one.default:
            text = value_text(part, one.name, workflow)
            yield f"{attribute_label(part, one.name)}: {text}"
    for field in getattr(part, "fields", ()):
        yield f"Field “{field.name}” ({field.label})"
    for variable in getattr(part, "variables", ()):
        yield f"Variable “{variable.name}” ({variable.path})"


def _setting(owner: msgspec.Struct | None, attribute: str) -> Setting | None:
    settings = owner.settings if isinstance(owner, Step | Field) else ()
    return next((one for one in settings if one.attribute == attribute), None)


def _assignee(named: str) -> str:
    kind, _, name = named.partition(":")
    return _ASSIGNEES.get(kind, f"Team {name}" if kind == "team" else name)


def _text(value: object, workflow: Workflow) -> str:
    if isinstance(value, tuple):
        return "\n".join(_text(one, workflow) for one in value)
    if isinstance(value, str):
        return show_labels(value, workflow)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or isinstance(value, int | float):
        return text_of(value)
    return _struct_text(value, workflow)


def _struct_text(value: object, workflow: Workflow) -> str:
    if isinstance(value, Condition):
        return condition_phrase(value, workflow)
    if isinstance(value, Moment):
        return moment_sentence(value, workflow, "").strip()
    if isinstance(value, Header):
        return f"{value.name}: {show_labels(value.value, workflow)}"
    if isinstance(value, Button):
        return _button(value, workflow)
    if isinstance(value, RetryPolicy):
        statuses = ", ".join(str(one) for one in value.statuses)
        return f"{value.times} times after {statuses}, {value.delay_seconds} seconds apart"
    if isinstance(value, Variable):
        return f"{value.name}: {value.path}"
    if isinstance(value, DryRun):
        return _dry_run(value, workflow)
    return text_of(msgspec.to_builtins(value))


def _dry_run(run: DryRun, workflow: Workflow) -> str:
    return "\n".join([f"{run.name}: {len(run.moves)} moves", *_ends(run, workflow)])


def _ends(run: DryRun, workflow: Workflow) -> Iterator[str]:
    """How each instance ends, with its steps: two runs may differ in nothing else."""
    for end in run.expects:
        is_own = end.workflow == workflow.key
        named = workflow.step_by_key if is_own else {}
        steps = (
            f"{named[key].name if key in named else key} {status.replace('_', ' ')}"
            for key, status in end.steps.items()
        )
        whole = workflow.name if is_own else end.workflow
        yield f"{whole} ends {end.status}: {', '.join(steps)}"


def _button(button: Button, workflow: Workflow) -> str:
    target = workflow.step_by_key.get(button.target)
    named = f": {target.name if target else button.target}" if button.target else ""
    return f"{button.label} ({dict(ACTION_LABELS)[button.action]}{named})"
