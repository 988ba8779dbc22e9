"""Everything that a text of a step may refer to, for a builder to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.labels import labels_of
from waypost.engine.references import FORMATS, INSTANCE, PUBLIC_URL, URL, Format, Reference
from waypost.engine.samples import sample_text
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of, runs_before


@dataclass(frozen=True, slots=True)
class KnownReference:
    """Something to refer to. `label` is the whole printed label, `name` what it is called within
    its step; `number` is the step's place and empty for what the instance has of itself. No format
    to choose from means that all of them say the same.
    """

    reference: Reference
    label: str
    number: str
    step_name: str
    name: str
    sample: str
    formats: tuple[Format, ...] = FORMATS
    may_be_skipped: bool = False
    is_later: bool = False


def known_references(workflow: Workflow, step_key: str) -> tuple[KnownReference, ...]:
    """What has a value when the step's turn comes, in document order: values of earlier steps,
    public links of all steps, URL parameters, and the instance. For the workflow's own texts,
    written before any step, the key is empty.
    """
    if not step_key:
        return (*_parameters(workflow), _INSTANCE_ID)
    labels = labels_of(workflow)
    found: list[KnownReference] = []
    for step in workflow.steps:
        if runs_before(workflow, step.key, step_key):
            found += _values(workflow, step, labels)
        if step.is_external and not step.holds:
            found.append(_link(workflow, step, labels, step_key))
    return (*found, *_parameters(workflow), _INSTANCE_ID, _INSTANCE_NAME)


def _values(
    workflow: Workflow, step: AnyStep, labels: dict[Reference, str]
) -> Iterator[KnownReference]:
    for name, reference, sample in (*_field_values(step), *_variables(step)):
        yield KnownReference(
            reference,
            labels[reference],
            workflow.number_by_key[step.key],
            step.name,
            name,
            sample,
            may_be_skipped=_may_be_skipped(workflow, step),
        )


def _field_values(step: AnyStep) -> Iterator[tuple[str, Reference, str]]:
    for field in step.fields:
        for output in _outputs(field):
            name = f"{field.name} - {output}" if output else field.name
            sample = field.example_output(output or field.default_output)
            yield name, Reference(step.key, field.key, output), sample


def _outputs(field: AnyField) -> tuple[str, ...]:
    """The outputs to name, the default one without its name."""
    if not field.outputs:
        return ()
    return ("", *(one for one in field.outputs if one != field.default_output))


def _variables(step: AnyStep) -> Iterator[tuple[str, Reference, str]]:
    for variable in step.variables:
        sample = variable.default or variable.path
        yield variable.name, Reference(step.key, variable.name), sample


def _link(
    workflow: Workflow, step: AnyStep, labels: dict[Reference, str], step_key: str
) -> KnownReference:
    reference = Reference(step.key, PUBLIC_URL)
    return KnownReference(
        reference,
        labels[reference],
        workflow.number_by_key[step.key],
        step.name,
        "Public URL",
        "https://…/s/…",
        formats=(),
        is_later=not runs_before(workflow, step.key, step_key),
    )


def _parameters(workflow: Workflow) -> Iterator[KnownReference]:
    for name in workflow.url_parameters:
        sample = sample_text(name)
        yield KnownReference(Reference(URL, name), name, "", "URL parameters", name, sample)


def _may_be_skipped(workflow: Workflow, step: AnyStep) -> bool:
    around = containers_of(workflow, step.key)
    return any(one.condition is not None for one in (step, *around))


_INSTANCE_ID = KnownReference(
    Reference(INSTANCE, "id"), "Instance ID", "", "This instance", "Instance ID", "9001", ()
)
_INSTANCE_NAME = KnownReference(
    Reference(INSTANCE, "name"), "Instance name", "", "This instance", "Instance name", "Acme"
)
