"""The check of keys and names: each can be used, and stands once where it must."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.references import INSTANCE, PUBLIC_URL, URL

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
_LONGEST_NAME = 255


def key_findings(workflow: Workflow) -> Iterator[Finding]:
    """Keys that are no keys, are reserved, or stand twice."""
    if not _KEY.fullmatch(workflow.key):
        yield replace(_wrong_key(workflow.key), attribute="key")
    steps = [step.key for step in workflow.steps]
    for place, step in enumerate(workflow.steps):
        yield from _key_finding(step.key, steps[:place], (INSTANCE, URL), f"steps.{place}.key")
        names = [field.key for field in step.fields] + [one.name for one in step.variables]
        attributes = [f"steps.{place}.fields.{n}.key" for n in range(len(step.fields))]
        attributes += [f"steps.{place}.variables.{n}.name" for n in range(len(step.variables))]
        for number, name in enumerate(names):
            yield from _key_finding(name, names[:number], (PUBLIC_URL,), attributes[number])


def _key_finding(
    key: str, before: list[str], reserved: tuple[str, ...], attribute: str
) -> Iterator[Finding]:
    if not _KEY.fullmatch(key):
        yield replace(_wrong_key(key), attribute=attribute)
    if key in reserved:
        yield Finding(
            "reserved_key", f"`{key}` has a meaning of its own.", "Rename it.", attribute=attribute
        )
    if key in before:
        yield Finding(
            "duplicate_key",
            f"`{key}` stands twice.",
            "Give each step, and each field and variable of a step, a key of its own.",
            attribute=attribute,
        )


def _wrong_key(key: str) -> Finding:
    return Finding(
        "wrong_key",
        f"{key!r} cannot be a key.",
        "Use up to 100 letters, digits, - and _, and begin with a letter, digit or _.",
    )


def name_findings(workflow: Workflow) -> Iterator[Finding]:
    """Names that are empty or too long, for the workflow, its instances, steps and fields."""
    if not workflow.steps:
        yield Finding("no_steps", "The workflow has no steps.", "Add one.", attribute="steps")
    if not workflow.name.strip() or len(workflow.name) > _LONGEST_NAME:
        yield Finding(
            "wrong_name",
            "The workflow has no name, or one over 255 letters.",
            "Name it.",
            attribute="name",
        )
    if workflow.has_automatic_names and not workflow.name_template.strip():
        yield Finding(
            "missing_name_template",
            "Instances are named automatically, but nothing says how.",
            'Write `name_template`, such as "Order {{=instance.id}}".',
            attribute="has_automatic_names",
        )
    yield from _parameter_findings(workflow.url_parameters)
    for step in workflow.steps:
        if not step.name.strip():
            yield Finding("wrong_name", "The step has no name.", "Name it.", step=step.key)
        for field in step.fields:
            if not field.name.strip():
                yield Finding(
                    "wrong_name",
                    "The field has no name.",
                    "Name it.",
                    step=step.key,
                    field=field.key,
                    attribute="name",
                )


def _parameter_findings(names: tuple[str, ...]) -> Iterator[Finding]:
    for place, name in enumerate(names):
        if not _KEY.fullmatch(name):
            why = f"{name!r} cannot be the name of a URL parameter."
        elif name in names[:place]:
            why = f"The URL parameter {name} is declared twice."
        else:
            continue
        yield Finding(
            "wrong_url_parameter",
            why,
            "Use letters, digits, - and _, and give each parameter once.",
            attribute=f"url_parameters.{place}",
        )
