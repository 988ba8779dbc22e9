"""Makers of workflows and instances with defaults, for tests of texts and values."""

from __future__ import annotations

from collections.abc import Mapping

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.phone import Phone
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.instance import Instance, Status, StepRun
from waypost.engine.json_value import JSON
from waypost.engine.references import Context, Lookup
from waypost.engine.step import Variable
from waypost.engine.step_types.form import Form
from waypost.engine.step_types.http_request import Header, HttpRequest

LINK_BASE = "https://way.example/s/"


def a_form(*fields: AnyField, key: str = "details", name: str = "Details") -> Form:
    """A form with these fields."""
    return Form(key=key, name=name, fields=fields)


def a_call(
    *variables: str,
    key: str = "call",
    name: str = "Call",
    body: str = "",
    url: str = "https://api.example/",
    headers: tuple[tuple[str, str], ...] = (),
) -> HttpRequest:
    """An integration; a variable reads the member of its name, `name=default` has a default."""
    return HttpRequest(
        key=key,
        name=name,
        url=url,
        body=body,
        headers=tuple(Header(name=one, value=value) for one, value in headers),
        variables=tuple(_variable(text) for text in variables),
    )


def _variable(text: str) -> Variable:
    name, _, default = text.partition("=")
    return Variable(name=name, path=f"$.{name}", default=default)


def a_workflow(*steps: Form | HttpRequest) -> Workflow:
    """A workflow of these steps."""
    return Workflow(key="flow", name="Flow", steps=steps)


def a_run(
    values: Mapping[str, JSON] | None = None,
    variables: Mapping[str, JSON] | None = None,
    status: Status = Status.COMPLETED,
) -> StepRun:
    """A step that ended with these values."""
    return StepRun(
        status=status, visit=1, values=dict(values or {}), variables=dict(variables or {})
    )


def a_lookup(workflow: Workflow, **runs: StepRun) -> Lookup:
    """The references of an instance 9001 called "Acme" whose steps ended so."""
    instance = Instance(status="running", name="Acme", runs=runs)
    return Lookup(workflow, instance, Context(9001, "Acme", LINK_BASE))


def lookup_of_variable(value: JSON) -> Lookup:
    """A lookup where `{{=call.x}}` is this value."""
    return a_lookup(a_workflow(a_call("x")), call=a_run(variables={"x": value}))


def lookup_of_text(text: str) -> Lookup:
    """A lookup where `{{=details.x}}` is this text."""
    field = ShortText(key="x", name="X")
    return a_lookup(a_workflow(a_form(field)), details=a_run({"x": {"inputValue": text}}))


def lookup_of_phone(number: str, field: Phone) -> Lookup:
    """A lookup where the phone field has this number."""
    return a_lookup(a_workflow(a_form(field)), details=a_run({field.key: {"inputValue": number}}))
