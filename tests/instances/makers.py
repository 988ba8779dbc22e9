"""Small published workflows and the people around them, in a real database."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.form import Form
from waypost.engine.step_types.http_request import HttpRequest
from waypost.instances.actions import NewInstance, start_instance
from waypost.instances.changing import Done
from waypost.instances.detail import InstanceDetail
from waypost.people.actor import Actor, Origin
from waypost.people.models import Account, Member, Principal
from waypost.workflows.canonical import plain
from waypost.workflows.models import FieldIdentity, StepIdentity, WorkflowVersion
from waypost.workflows.models import Workflow as WorkflowModel
from waypost.workspace.models import Workspace

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A workspace with somebody who leads its workflows."""

    workspace: Workspace
    lead: Actor


def a_place() -> Place:
    """A fresh workspace."""
    number = next(_numbers)
    workspace = Workspace.objects.create(slug=f"place-{number}", name=f"Place {number}")
    return Place(workspace, an_actor(workspace, "Lead"))


def an_actor(
    workspace: Workspace,
    name: str = "Colleague",
    *,
    admin: bool = False,
    light: bool = False,
    origin: Origin = "api",
) -> Actor:
    """A member of the workspace at work."""
    account = Account.objects.create_user(f"{name.lower()}-{next(_numbers)}@example.org")
    principal = Principal.objects.create(workspace=workspace, kind="member", name=name)
    plain = Member.Role.LIGHT if light else Member.Role.COLLEAGUE
    role = Member.Role.ADMIN if admin else plain
    Member.objects.create(principal=principal, workspace=workspace, account=account, role=role)
    return Actor(
        workspace_id=workspace.pk,
        principal_id=principal.pk,
        is_admin=admin,
        origin=origin,
        principal_ids=frozenset({principal.pk}),
        caller=f"member:{principal.pk}",
        is_light=light,
    )


def a_form(key: str = "ask", **settings: object) -> Form:
    """A form with one optional text field, `text`."""
    field = ShortText(key="text", name="Text")
    given = {"key": key, "name": key.title(), "fields": (field,)} | settings
    return msgspec.convert(msgspec.to_builtins(given) | {"type": "form"}, Form)


def a_call(key: str = "call", url: str = "https://example.org/", **settings: object) -> HttpRequest:
    """A request to another system."""
    given = {"key": key, "name": key.title(), "url": url} | settings
    return msgspec.convert(msgspec.to_builtins(given) | {"type": "http_request"}, HttpRequest)


def a_group(key: str = "group", **settings: object) -> AnyStep:
    """A group, or what `type` says; its members name it in `within`."""
    given = {"type": "group", "key": key, "name": key.title()} | settings
    step: AnyStep = msgspec.convert(given, AnyStep)
    return step


def published(place: Place, *steps: AnyStep, **settings: object) -> Workflow:
    """These steps as a published workflow led by the place's lead; with its ids."""
    key = str(settings.pop("key", f"flow-{next(_numbers)}"))
    row = WorkflowModel.objects.create(
        workspace=place.workspace, key=key, name=key, lead_id=place.lead.principal_id
    )
    identified = tuple(_identified(place, row, step) for step in steps)
    given = {"key": key, "name": key, "steps": identified, "id": row.pk} | settings
    workflow = msgspec.convert(msgspec.to_builtins(given), Workflow)
    row.published_version = WorkflowVersion.objects.create(
        workspace=place.workspace,
        workflow=row,
        number=1,
        format=workflow.format,
        rules=workflow.rules,
        definition=msgspec.to_builtins(workflow),
        sha256=hashlib.sha256(msgspec.json.encode(workflow)).digest(),
    )
    row.draft = plain(workflow, has_ids=False)
    row.save()
    return workflow


def started(place: Place, workflow: Workflow, name: str = "Run") -> InstanceDetail:
    """A running instance."""
    outcome = start_instance(place.lead, workflow.id, NewInstance(name=name))
    assert isinstance(outcome, Done), outcome
    return outcome.instance


def _identified(place: Place, workflow: WorkflowModel, step: AnyStep) -> AnyStep:
    step_row = StepIdentity.objects.create(
        workspace=place.workspace, workflow=workflow, key=step.key
    )
    fields = []
    for field in step.fields:
        field_row = FieldIdentity.objects.create(
            workspace=place.workspace, workflow=workflow, step=step_row, key=field.key
        )
        fields.append(msgspec.structs.replace(field, id=field_row.pk))
    return msgspec.structs.replace(step, id=step_row.pk, fields=tuple(fields))
