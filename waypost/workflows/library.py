"""The library: templates set up as workflows of their own, or put into one that is there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from msgspec.structs import replace

from waypost.engine.beginnings import new_key
from waypost.engine.definition import Workflow
from waypost.engine.edits import fresh_keys, insert_steps
from waypost.engine.errors import Refusal
from waypost.engine.repointing import with_key
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.credentials import (
    CredentialSummary,
    NewCredential,
    create_credential,
    credentials_by_name,
    list_credentials,
    replace_secret,
)
from waypost.integrations.kinds import Kind
from waypost.integrations.provider import Provider
from waypost.integrations.providers import ALL as PROVIDERS
from waypost.people.actor import Actor
from waypost.people.keys import create_api_key
from waypost.workflows.actions import Imported, Rejected, import_workflows
from waypost.workflows.editing import Edited, edit_draft
from waypost.workflows.parameters import Parameter
from waypost.workflows.queries import keys_in_use
from waypost.workflows.templates import Template, read_templates, template_parameters
from waypost.workflows.trying import try_step
from waypost.workspace.actions import remember_template_values
from waypost.workspace.audit import Subject, record
from waypost.workspace.queries import template_values

#: The address of this server is known; nobody is asked for it.
_OWN_ADDRESS = "BASE"
_PARAMETER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_ONLY_ADMINS = Refusal(
    "not_permitted", "Only an admin may store credentials. Ask one, or choose a stored one."
)

_ONLY_BUILDERS = Refusal(
    "not_permitted", "Light users test no connections. Ask an admin for the role of a colleague."
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the guided set-up was told: values by parameter, stored credentials by the name that
    the template's steps use.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the steps go (behind a step, within a container), and with which choices."""

    after: str
    within: str = ""
    choices: Choices = Choices()


@dataclass(frozen=True, slots=True)
class NeededCredential:
    """A credential that a template's steps name, and what is stored that fits."""

    name: str
    provider: Provider
    stored: tuple[CredentialSummary, ...]

    @property
    def chosen(self) -> str:
        """The one to offer first: of the same name, else the first that fits."""
        names = [one.name for one in self.stored]
        return self.name if self.name in names else next(iter(names), "")


def asked_parameters(template: Template) -> dict[str, Parameter]:
    """What the set-up asks for, in the order of the files."""
    found = template_parameters(template.key)
    return {name: one for name, one in found.items() if name != _OWN_ADDRESS}


def providers_of(template: Template) -> tuple[Provider, ...]:
    """The systems that a template's steps call."""
    return tuple(_provider(name) for name in template.credentials.values())


def needed_credentials(actor: Actor, template: Template) -> tuple[NeededCredential, ...]:
    """Every credential the template needs, with the stored ones that may be sent there."""
    stored = [one for one in list_credentials(actor.workspace_id) if one.is_active]
    return tuple(
        NeededCredential(name, provider, tuple(_fitting(stored, provider)))
        for name, provider in (
            (name, _provider(provider)) for name, provider in template.credentials.items()
        )
    )


def store_template_credential(
    actor: Actor, template: Template, name: str, shown: str, secret: str
) -> Refusal | None:
    """Keep a secret for a template under the name its steps use; one that is there gets it anew."""
    if not actor.is_admin:
        return _ONLY_ADMINS
    provider = _provider(template.credentials[name])
    with transaction.atomic():
        if credentials_by_name(actor.workspace_id, [name]):
            refusal = replace_secret(actor.workspace_id, name, secret)
        else:
            prefix = "Api-Key" if provider.credential_kind is Kind.API_KEY else shown
            origins = (_origin(provider),)
            new = NewCredential(name, provider.credential_kind, secret, prefix, origins)
            made = create_credential(actor.workspace_id, new)
            refusal = made if isinstance(made, Refusal) else None
        if refusal is None:
            record(actor, "credential_stored", Subject("credential", None, {"name": name}))
    return refusal


def suggested_values(actor: Actor, template: Template) -> dict[str, str]:
    """What to offer for each parameter: what was entered last, else its default."""
    known = template_values(actor.workspace_id)
    return {
        name: known.get(name, parameter.default or "")
        for name, parameter in asked_parameters(template).items()
    }


@transaction.atomic
def make_own_key(actor: Actor, template: Template, name: str) -> Refusal | None:
    """Let the template's workflows call this server: a new API key of the actor's, stored at once
    and shown to nobody.
    """
    made = create_api_key(actor, template.title, actor.principal_id or 0)
    if isinstance(made, Refusal):
        return made
    _, text = made
    refusal = store_template_credential(actor, template, name, "Api-Key", text)
    if refusal is not None:
        transaction.set_rollback(True)
    return refusal


def try_connection(actor: Actor, needed: NeededCredential, choices: Choices) -> str:
    """What is wrong with a chosen credential; empty when the other side took it."""
    if actor.is_light or actor.principal_id is None:
        return _ONLY_BUILDERS.message
    values = {name: value.strip() for name, value in choices.values.items()}
    path = _PARAMETER.sub(lambda found: values.get(found[1], ""), needed.provider.probe_path)
    step = HttpRequest(
        key="probe",
        name=needed.provider.title,
        method="GET",
        url=_origin(needed.provider) + path,
        credential=choices.credentials.get(needed.name, ""),
    )
    if not step.credential:
        return f"Choose or store a credential for {needed.provider.title} first."
    trial = try_step(actor, Workflow(key="probe", name="", steps=(step,)), step, {})
    return trial.message if isinstance(trial, Refusal) else trial.problem


def set_up_template(
    actor: Actor, template: Template, choices: Choices
) -> tuple[Imported, ...] | Rejected:
    """Publish the template's workflows. A helper workflow that is there already is used as it is;
    the main one gets a key of its own.
    """
    taken = keys_in_use(actor)
    read = [
        one
        for one in _filled(template, choices)
        if one.key not in taken or one.key == template.main
    ]
    own = new_key(template.main, taken)
    brought = [_named_apart(one, own) if one.key == template.main else one for one in read]
    imported = import_workflows(actor, brought)
    if not isinstance(imported, Rejected):
        remember_template_values(actor.workspace_id, choices.values)
    return imported


def insert_template(
    actor: Actor, workflow_id: int, revision: int, template: Template, place: Place
) -> Edited | Rejected | Refusal:
    """Put the steps of the template's main workflow into a draft; helper workflows that are not
    there yet are published beside it.
    """
    *helpers, main = _filled(template, place.choices)
    taken = keys_in_use(actor)
    missing = [one for one in helpers if one.key not in taken]
    with transaction.atomic():
        imported = import_workflows(actor, missing) if missing else ()
        outcome: Edited | Rejected | Refusal
        if isinstance(imported, Rejected):
            outcome = imported
        else:
            label = f"Inserted {template.title}"
            outcome = edit_draft(
                actor, workflow_id, revision, label, lambda draft: _with_steps(draft, main, place)
            )
        if not isinstance(outcome, Edited):
            transaction.set_rollback(True)
    return outcome


def _with_steps(draft: Workflow, template: Workflow, place: Place) -> Workflow | Refusal:
    keys = fresh_keys(template.steps, draft.step_by_key)
    steps = with_key(template, draft.key, keys).steps
    inserted = insert_steps(draft, steps, place.after, place.within)
    if isinstance(inserted, Refusal):
        return inserted
    known = [_acknowledged(one, keys) for one in template.acknowledged]
    return replace(inserted, acknowledged=tuple(dict.fromkeys((*draft.acknowledged, *known))))


def _acknowledged(written: str, keys: Mapping[str, str]) -> str:
    """A warning that the template knows of, at the step's new key."""
    code, colon, place = written.partition(":")
    step, dot, rest = place.partition(".")
    return f"{code}{colon}{keys.get(step, step)}{dot}{rest}"


def _filled(template: Template, choices: Choices) -> list[Workflow]:
    given = {name: value.strip() for name, value in choices.values.items() if value.strip()}
    read = read_templates({_OWN_ADDRESS: settings.PUBLIC_URL} | given, template.names)
    return [_with_credentials(one, choices.credentials) for one in read]


def _with_credentials(workflow: Workflow, chosen: Mapping[str, str]) -> Workflow:
    def renamed(step: AnyStep) -> AnyStep:
        if not isinstance(step, HttpRequest) or not step.credential:
            return step
        return replace(step, credential=chosen.get(step.credential) or step.credential)

    return replace(workflow, steps=tuple(renamed(step) for step in workflow.steps))


def _named_apart(workflow: Workflow, key: str) -> Workflow:
    number = key.removeprefix(workflow.key).strip("_-")
    name = f"{workflow.name} {number}" if number else workflow.name
    return replace(with_key(workflow, key), name=name)


def _provider(name: str) -> Provider:
    return next(one for one in PROVIDERS if one.name == name)


def _origin(provider: Provider) -> str:
    return settings.PUBLIC_URL if provider.name == "waypost" else provider.origins[0]


def _fitting(stored: Sequence[CredentialSummary], provider: Provider) -> list[CredentialSummary]:
    places = {_origin(provider), *provider.origins}
    return [
        one for one in stored if one.kind is provider.credential_kind and places & set(one.origins)
    ]
