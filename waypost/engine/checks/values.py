"""The check of values in requests: of the right kind, and there when they are needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from waypost.engine.checks.emptiness import may_be_empty
from waypost.engine.checks.requests import with_numbers
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types.phone import Phone
from waypost.engine.finding import Finding
from waypost.engine.jsonbody import bare_references, normalise
from waypost.engine.own_calls import Completion, Given, completion_of, own_calls
from waypost.engine.reasoning import Worlds, worlds_of
from waypost.engine.references import Reference, placed_references, references_in
from waypost.engine.rendering import FORM_TYPE, content_type, request_fault
from waypost.engine.samples import sample_value
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest

_QUERY = re.compile(r"[?#]")
#: What can be the number of a step, field or instance.
_NUMBERS = frozenset({"text", "number", "radio", "variable"})


def value_findings(workflow: Workflow) -> Iterator[Finding]:
    """References whose value does not fit its place, or may be missing there."""
    worlds = worlds_of(workflow)
    for step in workflow.steps:
        if isinstance(step, HttpRequest):
            yield from _missing(workflow, worlds, step)
            for attribute, text in (("url", step.url), ("body", step.body)):
                for finding in _unfit(workflow, step, attribute, text):
                    yield replace(finding, step=step.key, attribute=attribute)
    for step in own_calls(workflow.steps, Completion):
        yield from _not_ids(workflow, step)
    yield from _unfit_prefills(workflow)


def _missing(workflow: Workflow, worlds: Worlds, step: HttpRequest) -> Iterator[Finding]:
    numbered = with_numbers(step)
    if request_fault(numbered) is not None:
        return
    path = _QUERY.split(step.url, maxsplit=1)[0]
    asked = [("url", reference) for reference in references_in(path)]
    template = normalise(numbered.body) if content_type(step) != FORM_TYPE else None
    if template is not None and not isinstance(template, Refusal):
        asked += [("body", reference) for reference in bare_references(template.root)]
    for attribute, reference in dict.fromkeys(asked):
        if may_be_empty(workflow, worlds, step, reference, is_strict=False):
            why = (
                "a part of the URL would be missing, and the call fails"
                if attribute == "url"
                else "the body says null then"
            )
            yield Finding(
                "may_be_empty",
                f"{reference} may be empty when {step.name} is called: {why}.",
                "Require the field, give the variable a default, or add a condition that it is "
                "not empty.",
                "warning",
                step.key,
                attribute=attribute,
            )


def _unfit(workflow: Workflow, step: HttpRequest, attribute: str, text: str) -> Iterator[Finding]:
    is_listed = attribute == "url" or content_type(step) == FORM_TYPE
    for placed in placed_references(text):
        kind = _kind(workflow, placed.reference)
        if kind == "checklist" and is_listed and placed.reference.format != "plain":
            yield _wrong(placed.reference, "is a list, written as JSON here", "Choose “plain”.")
        before = text[: placed.start].lower()
        if before.endswith(("+", "%2b")) and _has_plus(workflow, placed.reference):
            yield _wrong(
                placed.reference,
                "begins with + itself, so that there would be two",
                "Refer to its `digits`, or remove the + before it.",
            )


def _unfit_prefills(workflow: Workflow) -> Iterator[Finding]:
    """Prefills of a kind that the field would refuse if they were left as they are."""
    for step in workflow.steps:
        for field in step.fields:
            prefill = str(getattr(field, "prefill", "")).strip()
            reference = next(iter(references_in(prefill)), None)
            kind = _kind(workflow, reference) if reference else ""
            if reference is None or prefill != str(reference) or kind in ("", "text", "variable"):
                continue
            sample = sample_value(reference, workflow)
            if isinstance(field.parse(sample), Refusal):
                wrong = _wrong(
                    reference,
                    f"cannot prefill {field.name}, a {type(field).label} field",
                    "Choose a reference of that kind.",
                )
                yield replace(wrong, step=step.key, field=field.key, attribute="prefill")


def _not_ids(workflow: Workflow, step: HttpRequest) -> Iterator[Finding]:
    """References of a kind that is never the number of an instance, step or field."""
    call = completion_of(step)
    if call is None:
        return
    asked: list[Given | None] = [call.step, *(filled.field for filled in call.filled)]
    for attribute, given in [("url", call.instance), *(("body", one) for one in asked)]:
        reference = given.reference if given else None
        kind = _kind(workflow, reference) if reference else ""
        if reference and kind and kind not in _NUMBERS:
            wrong = _wrong(reference, "is no id", "Refer to a text or variable that holds the id.")
            yield replace(wrong, severity="error", step=step.key, attribute=attribute)


def _kind(workflow: Workflow, reference: Reference) -> str:
    """How the value of the reference compares; empty for what is not known."""
    step = workflow.step_by_key.get(reference.step)
    field = None if step is None else step.field(reference.name)
    if field is None:
        return "variable" if _is_variable(step, reference) else ""
    is_words = type(field).__struct_config__.tag in ("email", "phone")
    return "contact" if is_words else field.compares_as


def _is_variable(step: AnyStep | None, reference: Reference) -> bool:
    return step is not None and step.variable(reference.name) is not None


def _has_plus(workflow: Workflow, reference: Reference) -> bool:
    step = workflow.step_by_key.get(reference.step)
    field = None if step is None else step.field(reference.name)
    if not isinstance(field, Phone):
        return False
    output = "" if reference.output == "inputValue" else reference.output
    return (output or field.default_output) == "e164"


def _wrong(reference: Reference, what: str, remedy: str) -> Finding:
    return Finding("unfit_reference", f"{reference} {what}.", remedy, "warning")
