"""A caller of the API with a key of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.instances.makers import Place, a_place, an_actor, published
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.people.actor import Actor
from waypost.people.keys import create_api_key


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    json: Any
    headers: dict[str, str]


@dataclass
class Caller:
    """Sends requests with a key."""

    place: Place
    actor: Actor
    key: str

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        """One request; header names in Django's spelling."""
        sent = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        known: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Api-Key {self.key}"} | headers
        reply = Client().generic(method, f"/api{path}", sent, "application/json", **known)
        content = json.loads(reply.content) if reply.content else None
        return Told(reply.status_code, content, dict(reply.headers))

    def start(self, workflow: Workflow, **given: object) -> dict[str, Any]:
        """A new instance."""
        body = {
            "process": f"https://any.example/api/processes/{workflow.id}/",
            "name": "Run",
        } | given
        told = self.send("POST", "/instances/", body)
        assert told.status == 201, told.json
        found: dict[str, Any] = told.json
        return found

    def complete(
        self, workflow: Workflow, instance_id: int, step_key: str, values: dict[str, object]
    ) -> Told:
        """Complete a step, with fields by key."""
        step = next(step for step in workflow.steps if step.key == step_key)
        id_by_key = {field.key: field.id for field in step.fields}
        actions = [
            {"action_id": id_by_key[key], "input_object": {"inputValue": value}}
            for key, value in values.items()
        ]
        body = {"step_id": step.id, "actions": actions}
        return self.send("POST", f"/instances/{instance_id}/complete_step/", body)


def a_caller(place: Place | None = None) -> Caller:
    """An admin of a workspace with an API key."""
    place = place or a_place()
    admin = an_actor(place.workspace, "Admin", admin=True)
    assert admin.principal_id is not None
    made = create_api_key(admin, "tests", admin.principal_id)
    assert not isinstance(made, Refusal)
    return Caller(place, admin, made[1])


def a_process(caller: Caller, *steps: AnyStep, **settings: object) -> Workflow:
    """A published workflow in the caller's workspace."""
    return published(caller.place, *steps, **settings)
