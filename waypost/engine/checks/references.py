"""The check of references: each points at something that has a value by then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.labels import resolve_labels
from waypost.engine.references import (
    INSTANCE,
    PUBLIC_URL,
    Reference,
    ids_in,
    is_url_parameter,
    malformed_in,
    missing,
    references_in,
)
from waypost.engine.structure import runs_before
from waypost.engine.texts import PlacedText, texts_in


def reference_findings(workflow: Workflow) -> Iterator[Finding]:
    """What is wrong with references in any text of the workflow."""
    for placed in texts_in(workflow):
        for finding in _findings(workflow, placed):
            yield replace(finding, step=placed.step, field=placed.field, attribute=placed.attribute)


def _findings(workflow: Workflow, placed: PlacedText) -> Iterator[Finding]:
    for text in malformed_in(placed.text):
        yield Finding(
            "malformed_reference",
            f"{text} looks like a reference and is none.",
            "Write {{=step.field}}, {{=step.field.output|plain}} or {{=id workflow/step}}.",
        )
    for unresolved in resolve_labels(placed.text, workflow)[1]:
        yield Finding(
            "unresolved_label", f"{unresolved.text} points at nothing here.", unresolved.message
        )
    for path in ids_in(placed.text):
        yield from _id_findings(workflow, path)
    for reference in references_in(placed.text):
        yield from _reference_findings(workflow, placed, reference)


def _id_findings(workflow: Workflow, path: str) -> Iterator[Finding]:
    key, _, rest = path.partition("/")
    if key != workflow.key or not rest:
        return
    step_key, _, field_key = rest.partition("/")
    step = workflow.step_by_key.get(step_key)
    if step is None or (field_key and step.field(field_key) is None):
        yield Finding(
            "dangling_id",
            f"{{{{=id {path}}}}} names a step or field that this workflow does not have.",
            "Write {{=id workflow/step}} or {{=id workflow/step/field}} with keys that exist.",
        )


def _reference_findings(
    workflow: Workflow, placed: PlacedText, reference: Reference
) -> Iterator[Finding]:
    why = missing(reference, workflow)
    if why:
        yield Finding("dangling_reference", f"{reference} points at nothing.", why)
    elif not placed.step:
        yield from _name_findings(workflow, reference)
    elif reference.step == INSTANCE or is_url_parameter(reference, workflow):
        return
    elif reference.name == PUBLIC_URL:
        yield from _link_findings(workflow, reference)
    elif not runs_before(workflow, reference.step, placed.step):
        yield Finding(
            "later_reference",
            f"{reference} has no value here: its step comes later, runs beside it or is this step "
            "itself.",
            "Refer to an earlier step, or move it up. Only `public_url` may be of a later step.",
        )


def _name_findings(workflow: Workflow, reference: Reference) -> Iterator[Finding]:
    is_known = (reference.step, reference.name) == (INSTANCE, "id")
    if not is_known and not is_url_parameter(reference, workflow):
        yield Finding(
            "early_reference",
            f"{reference} has no value yet when an instance gets its name.",
            "Use {{=instance.id}} and URL parameters only.",
        )


def _link_findings(workflow: Workflow, reference: Reference) -> Iterator[Finding]:
    step = workflow.step_by_key[reference.step]
    if not step.is_external:
        yield Finding(
            "internal_link",
            f"{reference} is the public link of {step.name}, which colleagues complete.",
            f"Set `assignee: external` on {step.name}, or refer to another step.",
            "warning",
        )
