"""What the rule of a condition can look at: steps themselves, their fields and their variables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.operators import Operator, operators_for
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import runs_before

#: Operators that only make sense for a step that waits for the answer to a call.
OF_CALLS = frozenset({"run_succeeded", "run_failed_skipped"})
#: How a routing button's action is called.
ACTION_LABELS = (
    ("complete", "Continue"),
    ("return", "Return to an earlier step"),
    ("skip_forward", "Skip forward"),
    ("decline", "Decline and stop"),
)
#: Outputs of a field that are offered besides its default one, with what they are called.
_FURTHER = {"routing": (("label", "button"), ("comment", "comment"))}

Choices: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to look at. `path` is how a rule writes it, `name` what a builder calls it within
    its step (empty for the step itself), `choices` the (value, label) pairs it can have, if known.
    """

    path: str
    step: AnyStep
    subject: str
    name: str = ""
    choices: Choices = ()

    @property
    def operators(self) -> tuple[Operator, ...]:
        """What can be asked about it, in order."""
        rows = operators_for(self.subject)
        is_call = self.step.waits_for == "call"
        return tuple(row for row in rows if is_call or row.name not in OF_CALLS)


def sources_before(workflow: Workflow, key: str) -> tuple[Source, ...]:
    """Everything that a condition of this step, or of its fields, can look at, in order."""
    return tuple(
        source
        for step in workflow.steps
        if runs_before(workflow, step.key, key)
        for source in sources_of(step)
    )


def sources_of(step: AnyStep) -> Iterator[Source]:
    """What can be looked at in one step; the step itself comes first."""
    yield Source(step.key, step, "step")
    for field in step.fields:
        if field.outputs:
            yield from _of_field(step, field)
    for variable in step.variables:
        yield Source(f"{step.key}.{variable.name}", step, "variable", variable.name)


def source_at(workflow: Workflow, path: str) -> Source | None:
    """What this path of a rule points at; None when it points at nothing."""
    key, _, rest = path.partition(".")
    step = workflow.step_by_key.get(key)
    if step is None:
        return None
    known = next((one for one in sources_of(step) if one.path == path), None)
    if known is not None:
        return known
    name, _, output = rest.partition(".")
    field = step.field(name)
    if field is None or output not in (*field.outputs, "inputValue"):
        return None
    default = output in (field.default_output, "inputValue")
    subject = field.compares_as if default or field.compares_as != "routing" else "text"
    return Source(path, step, subject, field.name if default else f"{field.name} ({output})")


def _of_field(step: AnyStep, field: AnyField) -> Iterator[Source]:
    path = f"{step.key}.{field.key}"
    yield Source(path, step, field.compares_as, field.name, _choices(field))
    for output, called in _FURTHER.get(field.compares_as, ()):
        yield Source(f"{path}.{output}", step, "text", f"{field.name} ({called})")


def _choices(field: AnyField) -> Choices:
    if field.compares_as == "routing":
        return ACTION_LABELS
    return tuple((item, item) for item in getattr(field, "items", ()))
