"""A workspace that has one of everything, for requests whose ids must lead somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from schemathesis import Case as AnyCase

from tests.api.callers import Caller, a_process
from tests.instances.makers import a_call, a_form
from waypost.engine.definition import Workflow

Case: TypeAlias = AnyCase[Any]

FIELDS: tuple[dict[str, object], ...] = (
    {"type": "short_text", "key": "short", "name": "Short"},
    {"type": "long_text", "key": "long", "name": "Long"},
    {"type": "email", "key": "email", "name": "Email"},
    {"type": "phone", "key": "phone", "name": "Phone"},
    {"type": "number", "key": "number", "name": "Number"},
    {"type": "radio", "key": "radio", "name": "Radio", "items": ("Yes", "No")},
    {"type": "dropdown_one", "key": "one", "name": "One", "items": ("A", "B")},
    {"type": "dropdown_many", "key": "many", "name": "Many", "items": ("A", "B")},
    {"type": "checklist", "key": "list", "name": "List", "items": ("A", "B")},
    {"type": "date", "key": "date", "name": "Date"},
    {"type": "instruction", "key": "read", "name": "Read", "text": "Look."},
)
BUTTONS = (
    {"label": "Done", "action": "complete"},
    {"label": "Stop", "action": "decline"},
    {"label": "Again", "action": "return", "target": "ask"},
)
ROUTING = {"type": "routing", "key": "way", "name": "Way", "buttons": BUTTONS}


@dataclass
class Showcase:
    """What there is to find, by the name that a request has for it."""

    caller: Caller
    process: Workflow
    instance_ids: list[int]

    @property
    def known_ids(self) -> dict[str, list[int]]:
        """Real ids by the name of the parameter or property."""
        steps = self.process.steps
        fields = [field.id for step in steps for field in step.fields]
        return {
            "instance_id": self.instance_ids,
            "process_id": [self.process.id],
            "workflow_id": [self.process.id],
            "process": [self.process.id],
            "step_id": [step.id for step in steps],
            "active_step_id": [step.id for step in steps],
            "action_id": fields,
            "user_id": [self.caller.actor.principal_id or 0],
            "ids": self.instance_ids,
        }

    def aim(self, case: Case) -> None:
        """Make the ids of a request real ones, but for every eighth."""
        for given in (case.path_parameters, case.body):
            if isinstance(given, dict):
                self._aim(given)

    def _aim(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            known = self.known_ids.get(name)
            if known and isinstance(value, list):
                given[name] = [self._real(known, one) for one in value]
            elif known:
                given[name] = self._real(known, value)
            elif isinstance(value, list):
                for one in value:
                    if isinstance(one, dict):
                        self._aim(one)

    def _real(self, known: list[int], value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        is_aimed = 0 <= value < 2**63 and value % 8 != 7
        return known[value % len(known)] if is_aimed else value


def a_showcase(caller: Caller) -> Showcase:
    """Every field type, a call, and runs in each state."""
    every = a_form("ask", fields=FIELDS)
    decide = a_form("decide", fields=[ROUTING])
    process = a_process(caller, every, decide, a_call("tell"), a_form("end"))
    ids = [caller.start(process, name=f"Run {number}", tags=["a"])["id"] for number in range(6)]
    for instance in ids[:4]:
        caller.complete(process, instance, "ask", {"short": "Ann", "number": 7, "radio": "Yes"})
    for instance in ids[:2]:
        caller.complete(
            process, instance, "decide", {"way": {"action": "complete", "label": "Done"}}
        )
    caller.send("POST", "/instances/bulk/abort", {"ids": ids[4:5]})
    return Showcase(caller, process, ids)
