"""Everything that a form of the editor can do to a draft, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from msgspec.structs import replace

from waypost.engine import edits, field_edits
from waypost.engine.beginnings import new_field, new_step
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.web.editor.asked import Asked
from waypost.web.editor.entered import with_settings
from waypost.web.editor.moments import read_moment
from waypost.web.editor.rules import is_unfinished, read_condition

UNFINISHED_RULE = Refusal(
    "unfinished_rule",
    "A rule does not say yet how it compares. Press Choose beside it, and say what it waits for.",
)
Apply: TypeAlias = Callable[[Workflow, Asked], Workflow | Refusal]


@dataclass(frozen=True, slots=True)
class Action:
    """What one button does. `label` is how the changelog names it, with the step and the field."""

    label: str
    apply: Apply

    def named(self, workflow: Workflow, asked: Asked) -> str:
        """The label, about this step and field."""
        step = workflow.step_by_key.get(asked.step)
        field = step.field(asked.field) if step else None
        step_name = step.name if step else asked.word(0).replace("_", " ")
        return self.label.format(step=step_name, field=field.name if field else "a field")


def _add_step(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    step = new_step(asked.word(0), asked.line("name"))
    if isinstance(step, Refusal):
        return step
    return edits.add_step(workflow, step, asked.word(1), asked.word(2))


def _move_step(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    return edits.move_step(workflow, asked.step, asked.word(1), asked.word(2))


def _shift_step(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    return edits.shift_step(workflow, asked.step, down=asked.word(1) == "down")


def _place_step(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    """Into a container that is there, or with `new:` before its type into a new one."""
    container = asked.line("container")
    if not container.startswith("new:"):
        return edits.move_into(workflow, asked.step, container)
    step = new_step(container.removeprefix("new:"))
    return step if isinstance(step, Refusal) else edits.wrap_step(workflow, asked.step, step)


def _save_step(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    step = workflow.step_by_key.get(asked.step)
    if step is None:
        return edits.UNKNOWN_STEP
    changed = with_settings(step, asked)
    if isinstance(changed, Refusal):
        return changed
    post = asked.post
    changed = replace(
        changed,
        name=asked.text("name").strip()[:255] if "name" in post else step.name,
        notes=asked.text("notes") if "notes" in post else step.notes,
        assignee=asked.line("assignee") if "assignee" in post else step.assignee,
    )
    return edits.replace_step(workflow, asked.step, changed)


def _add_field(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    field = new_field(asked.word(1), asked.line("name"))
    return (
        field if isinstance(field, Refusal) else field_edits.add_field(workflow, asked.step, field)
    )


def _save_field(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    step = workflow.step_by_key.get(asked.step)
    field = step.field(asked.field) if step else None
    if field is None:
        return field_edits.UNKNOWN_FIELD
    changed = with_settings(field, asked)
    if isinstance(changed, Refusal):
        return changed
    changed = replace(
        changed,
        name=asked.text("name").strip(),
        info=asked.line("info"),
        is_required="is_required" in asked.post,
    )
    return field_edits.replace_field(workflow, asked.step, asked.field, changed)


def _set_condition(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    condition = read_condition(asked.post) if asked.action == "set_condition" else None
    if condition and is_unfinished(condition):
        return UNFINISHED_RULE
    step = workflow.step_by_key.get(asked.step)
    if step is None:
        return edits.UNKNOWN_STEP
    if not asked.field:
        return edits.replace_step(workflow, step.key, replace(step, condition=condition))
    field = step.field(asked.field)
    if field is None:
        return field_edits.UNKNOWN_FIELD
    changed = replace(field, condition=condition)
    return field_edits.replace_field(workflow, step.key, field.key, changed)


def _set_moment(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    moment = read_moment(asked) if asked.action == "set_moment" else None
    step = workflow.step_by_key.get(asked.step)
    if isinstance(moment, Refusal) or step is None:
        return moment if isinstance(moment, Refusal) else edits.UNKNOWN_STEP
    is_schedule = asked.word(1) == "schedule"
    changed = replace(step, schedule=moment) if is_schedule else replace(step, deadline=moment)
    return edits.replace_step(workflow, asked.step, changed)


def _save_workflow(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    tags = (" ".join(tag.split()) for tag in asked.line("tags").split(","))
    return replace(
        workflow,
        name=asked.line("name")[:255],
        description=asked.text("description").strip(),
        lead=asked.line("lead"),
        tech_lead=asked.line("tech_lead"),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
    )


def _save_start(workflow: Workflow, asked: Asked) -> Workflow | Refusal:
    names = asked.line("url_parameters").replace(",", " ").split()
    return replace(
        workflow,
        has_automatic_names="has_automatic_names" in asked.post,
        name_template=asked.line("name_template"),
        url_parameters=tuple(dict.fromkeys(names))
        if "url_parameters" in asked.post
        else workflow.url_parameters,
    )


ACTIONS: dict[str, Action] = {
    "add_step": Action("Added a step: {step}", _add_step),
    "remove_step": Action("Deleted {step}", lambda w, a: edits.remove_step(w, a.step)),
    "move_step": Action("Moved {step}", _move_step),
    "shift_step": Action("Moved {step}", _shift_step),
    "place_step": Action("Moved {step} into a group", _place_step),
    "unwrap_step": Action("Took {step} apart", lambda w, a: edits.unwrap_step(w, a.step)),
    "duplicate_step": Action("Duplicated {step}", lambda w, a: edits.duplicate_step(w, a.step)),
    "make_blocking": Action(
        "Made {step} blocking", lambda w, a: edits.set_blocking(w, a.step, is_blocking=True)
    ),
    "make_non_blocking": Action(
        "Made {step} non-blocking", lambda w, a: edits.set_blocking(w, a.step, is_blocking=False)
    ),
    "save_step": Action("Changed {step}", _save_step),
    "add_field": Action("Added a field to {step}", _add_field),
    "remove_field": Action(
        "Deleted {field} in {step}", lambda w, a: field_edits.remove_field(w, a.step, a.field)
    ),
    "shift_field": Action(
        "Moved {field} in {step}",
        lambda w, a: field_edits.shift_field(w, a.step, a.field, down=a.word(2) == "down"),
    ),
    "duplicate_field": Action(
        "Duplicated {field} in {step}",
        lambda w, a: field_edits.duplicate_field(w, a.step, a.field),
    ),
    "save_field": Action("Changed {field} in {step}", _save_field),
    "set_condition": Action("Changed the conditions of {step}", _set_condition),
    "clear_condition": Action("Removed the conditions of {step}", _set_condition),
    "set_moment": Action("Changed when {step} is due or starts", _set_moment),
    "clear_moment": Action("Removed when {step} is due or starts", _set_moment),
    "save_workflow": Action("Changed the overview", _save_workflow),
    "save_start": Action("Changed how instances are named", _save_start),
}
