"""Parameters of a workflow file: `${NAME}` is filled in when the file is read, never later.

They hold what differs from one installation to the next: an address, an account. A workflow that
was read holds only the values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from waypost.workflows.yaml_reading import Place, Value, YamlFault, read_yaml

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_USE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class Parameter(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One declared parameter. Without a default a value must be given; `example` serves checks."""

    description: str
    default: str | None = None
    example: str = ""


@dataclass
class ParameterFault(Exception):
    """What is wrong with a parameter or a use of one."""

    place: Place
    code: str
    message: str
    remedy: str


def read_parameters(declared: Value) -> dict[str, Parameter]:
    """The `parameters:` block of a file; raises ParameterFault."""
    try:
        parameters = msgspec.convert(declared or {}, dict[str, Parameter])
    except msgspec.ValidationError as error:
        raise ParameterFault(
            ("parameters",),
            "wrong_parameter",
            f"The parameters cannot be read: {error}.",
            "Write each as `NAME: {description: …, default: …, example: …}`.",
        ) from error
    wrong = next((name for name in parameters if not _NAME.fullmatch(name)), None)
    if wrong is not None:
        raise ParameterFault(
            ("parameters", wrong),
            "wrong_parameter",
            f"`{wrong}` is no name for a parameter.",
            "Use capital letters, digits and underscores, as in TWILIO_SERVICE_SID.",
        )
    return parameters


def declared_in(text: str) -> dict[str, Parameter]:
    """The parameters of a file; none where the file or its block cannot be read."""
    source = read_yaml(text)
    if isinstance(source, YamlFault) or not isinstance(source.value, dict):
        return {}
    try:
        return read_parameters(source.value.get("parameters"))
    except ParameterFault:
        return {}


def parameter_values(
    parameters: Mapping[str, Parameter], given: Mapping[str, str], uses_examples: bool
) -> dict[str, str] | list[ParameterFault]:
    """The value of each parameter: given, else its default, else (for a check) its example."""
    values: dict[str, str] = {}
    missing: list[ParameterFault] = []
    for name, parameter in parameters.items():
        value = given.get(name, parameter.default)
        if value is None and uses_examples:
            value = parameter.example or name
        if value is None:
            missing.append(_missing(name, parameter))
        else:
            values[name] = value
    return missing or values


def filled(value: Value, values: Mapping[str, str], place: Place = ()) -> Value:
    """The value with parameters replaced; raises ParameterFault at an undeclared one."""
    if isinstance(value, str):
        return _USE.sub(lambda use: _value_of(use[1], values, place), value)
    if isinstance(value, list):
        return [filled(item, values, (*place, number)) for number, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: filled(item, values, (*place, key)) for key, item in value.items()}
    return value


def _value_of(name: str, values: Mapping[str, str], place: Place) -> str:
    if name not in values:
        raise ParameterFault(
            place,
            "unknown_parameter",
            f"${{{name}}} is not declared.",
            f"Declare it under `parameters:`, or use one of: {', '.join(values)}.",
        )
    return values[name]


def _missing(name: str, parameter: Parameter) -> ParameterFault:
    return ParameterFault(
        ("parameters", name),
        "missing_parameter",
        f"{name} has no value ({parameter.description}).",
        f"Give it: --set {name}=…",
    )
