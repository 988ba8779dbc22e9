"""Makers of workflows as a file says them, for the tests of the check."""

from __future__ import annotations

import msgspec

from waypost.engine.checks import check_workflow
from waypost.engine.definition import Workflow

Part = dict[str, object]
TEXT = {"key": "answer", "name": "Answer", "type": "short_text"}
ASK: Part = {"key": "ask", "name": "Ask", "type": "form", "fields": [TEXT]}


def a_workflow(*steps: Part, **attributes: object) -> Workflow:
    """A workflow as a file says it, with names and types by default."""
    named = [{"name": "Step", "type": "form"} | step for step in steps]
    return msgspec.convert({"key": "flow", "name": "Flow", "steps": named} | attributes, Workflow)


def a_form(*fields: Part, key: str = "form", **attributes: object) -> Part:
    return {"key": key, "fields": [{"name": "Field"} | field for field in fields]} | attributes


def a_call(key: str = "call", **attributes: object) -> Part:
    return {"key": key, "type": "http_request", "url": "https://api.example.org/"} | attributes


def ruled(operator: str, source: str = "ask.answer", value: object = None, **more: object) -> Part:
    rule = {"source": source, "operator": operator, "value": value}
    return {"key": "then", "condition": {"rules": [rule]}} | more


def routed(*buttons: Part) -> Part:
    return a_form({"key": "way", "type": "routing", "buttons": list(buttons)}, key="route")


def chosen(items: list[str], kind: str = "radio") -> Part:
    return a_form({"key": "choice", "type": kind, "items": items})


def codes_of(*steps: Part, **attributes: object) -> list[str]:
    """What the check finds in a workflow of these steps, in order."""
    return [one.code for one in check_workflow(a_workflow(*steps, **attributes))]
