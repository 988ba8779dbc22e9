"""The guided set-up of a template: what it asks, and what was entered."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from waypost.people.actor import Actor
from waypost.workflows.library import (
    Choices,
    NeededCredential,
    asked_parameters,
    needed_credentials,
    suggested_values,
)
from waypost.workflows.parameters import Parameter
from waypost.workflows.templates import Template

_PARAMETER, _CREDENTIAL = "value-", "credential-"


@dataclass(frozen=True, slots=True)
class Question:
    """One parameter as the page asks for it."""

    name: str
    label: str
    parameter: Parameter
    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """One credential as the page asks for it; `tested` says how a test of it went."""

    needed: NeededCredential
    chosen: str
    tested: str = ""
    is_sound: bool = False


@dataclass(frozen=True, slots=True)
class SetUp:
    """The whole form."""

    questions: tuple[Question, ...]
    connections: tuple[Connection, ...]

    @property
    def choices(self) -> Choices:
        """What it was told."""
        return Choices(
            {one.name: one.value for one in self.questions},
            {one.needed.name: one.chosen for one in self.connections},
        )

    @property
    def is_complete(self) -> bool:
        """Whether every question has its answer."""
        return not any(one.problem for one in self.questions)


def read_set_up(request: HttpRequest, actor: Actor, template: Template) -> SetUp:
    """The form as it was sent, or as it is offered first."""
    suggested = suggested_values(actor, template)
    sent, is_sent = request.POST, request.method == "POST"
    questions = tuple(
        _question(name, one, sent.get(f"{_PARAMETER}{name}", suggested[name]), is_sent)
        for name, one in asked_parameters(template).items()
    )
    connections = tuple(
        Connection(one, sent.get(f"{_CREDENTIAL}{one.name}", one.chosen))
        for one in needed_credentials(actor, template)
    )
    return SetUp(questions, connections)


def _question(name: str, parameter: Parameter, value: str, is_sent: bool) -> Question:
    label = name.replace("_", " ").capitalize().replace("sid", "SID").replace("email", "e-mail")
    problem = "Fill this in." if is_sent and not value.strip() else ""
    return Question(name, label, parameter, value, problem)
