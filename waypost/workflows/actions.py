"""Workflows: saving drafts, publishing versions, bringing files in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from msgspec.structs import replace

from waypost.engine.checks import errors_in
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.integrations.credentials import NewCredential
from waypost.people.actions import ensure_team
from waypost.people.actor import Actor
from waypost.people.queries import members_by_email
from waypost.workflows import models
from waypost.workflows.canonical import plain, sha256_of
from waypost.workflows.check import (
    findings_before_publishing,
    normalised,
    paths_in,
    people_named,
)
from waypost.workflows.draft_changes import draft_of, keep_change, keep_draft
from waypost.workflows.editing import locked, names_other_leads
from waypost.workflows.files import write_json, write_workflow
from waypost.workflows.identities import allot, identities_of
from waypost.workflows.ids import with_ids, with_known_ids
from waypost.workflows.queries import read_draft
from waypost.workflows.secrets import forget_secrets, keep_secrets, take_secrets
from waypost.workflows.sight import LEADS_BY_ADMINS, NO_BUILDER, NOT_YOURS, may_change
from waypost.workflows.surroundings import surroundings_of
from waypost.workspace.audit import Subject, record


@dataclass(frozen=True, slots=True)
class Imported:
    """A workflow as it is now; `is_changed` is false when nothing differed from before."""

    workflow_id: int
    key: str
    name: str
    version_id: int | None
    version_number: int | None
    is_changed: bool
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why nothing was imported or published: every finding by workflow key."""

    findings: Mapping[str, tuple[Finding, ...]]


def _as_finding(refusal: Refusal) -> Finding:
    message, _, remedy = refusal.message.partition(". ")
    reason = message.rstrip(".") + "."
    return Finding(refusal.code, reason, remedy or "Correct it and try again.")


class _Stopped(Exception):
    """Carries a rejection out of a transaction, so that nothing of it stays."""

    def __init__(self, key: str, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.rejected = Rejected({key: (_as_finding(refusal),)})


_SECRETS_NEED_ADMIN = Refusal(
    "not_permitted",
    "The file has a secret written out, and only an admin may store credentials. "
    "Name a stored credential in the step instead, or ask an admin to import the file.",
)
_CHANGED_SINCE = Refusal(
    "draft_conflict", "The draft was changed since. Look at it as it is now, then publish it."
)
_IMPORTED = "Imported"
_TWICE = Finding(
    "duplicate_workflow", "Two of the files have this key.", "Give each workflow a key of its own."
)


def import_workflow(actor: Actor, workflow: Workflow, publish: bool = True) -> Imported | Rejected:
    """Bring one workflow in; see `import_workflows`."""
    imported = import_workflows(actor, [workflow], publish)
    return imported if isinstance(imported, Rejected) else imported[0]


def import_workflows(
    actor: Actor, workflows: Sequence[Workflow], publish: bool = True
) -> tuple[Imported, ...] | Rejected:
    """Bring workflows in under their keys, all or none; they may refer to each other.

    One that exists gets a new draft and keeps its ids. Printed references are stored as ours,
    secrets written out become credentials, teams that are named are created.
    """
    fault = _batch_fault(actor, workflows)
    if fault is not None:
        return fault
    known = identities_of(actor.workspace_id, [workflow.key for workflow in workflows])
    cleaned = [take_secrets(normalised(with_known_ids(one, known))) for one in workflows]
    secrets = {one.workflow.key: one.credentials for one in cleaned}
    brought = [one.workflow for one in cleaned]
    found = _findings(actor, brought, [new.name for one in cleaned for new in one.credentials])
    errors = {key: wrong for key, findings in found.items() if (wrong := _errors(findings))}
    if errors:
        return Rejected(errors)
    try:
        with transaction.atomic():
            rows = [_saved(actor, workflow, secrets[workflow.key]) for workflow in brought]
            if publish:
                return _published(actor, rows, brought, found)
            return tuple(_as_is(row, found[row.key]) for row in rows)
    except _Stopped as stopped:
        return stopped.rejected


def check_definition(actor: Actor, workflow: Workflow) -> tuple[Finding, ...] | Refusal:
    """What the check says of a definition here, before it is stored. It tells which credentials,
    people and workflows are here, hence only those who may build.
    """
    if actor.principal_id is None or actor.is_light:
        return NO_BUILDER
    known = identities_of(actor.workspace_id, [workflow.key])
    cleaned = take_secrets(normalised(with_known_ids(workflow, known)))
    found = _findings(actor, [cleaned.workflow], [new.name for new in cleaned.credentials])
    return found[workflow.key]


@transaction.atomic
def publish_workflow(
    actor: Actor,
    workflow_id: int,
    revision: int | None = None,
    acknowledged: Collection[str] = (),
) -> Imported | Rejected | Refusal:
    """Freeze the draft as the version that new instances run on.

    With a revision only that one is published. Warnings reject it too, until each is acknowledged,
    by its code or by code and place as `Finding.acknowledgement` has them; the draft notes that.
    """
    row = locked(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    if revision not in (None, row.draft_revision):
        return _CHANGED_SINCE
    draft = draft_of(row)
    known = identities_of(actor.workspace_id, [row.key])
    found = _findings(actor, [with_known_ids(draft, known)], ())
    warnings = _to_acknowledge(found[row.key])
    stopping = errors_in(warnings) or _unacknowledged(warnings, acknowledged)
    if stopping:
        return Rejected({row.key: stopping})
    if warnings:
        noted = dict.fromkeys((*draft.acknowledged, *(one.acknowledgement for one in warnings)))
        draft = replace(draft, acknowledged=tuple(noted))
        keep_draft(actor, row, draft, "Acknowledged warnings")
    published = import_workflow(actor, draft)
    if isinstance(published, Rejected):
        transaction.set_rollback(True)
    return published


def export_workflow(actor: Actor, workflow_id: int, as_json: bool = False) -> str | Refusal:
    """The file of a workflow. Credentials are named in it, never written out."""
    workflow = read_draft(actor, workflow_id)
    if isinstance(workflow, Refusal):
        return workflow
    return write_json(workflow) if as_json else write_workflow(workflow)


def _batch_fault(actor: Actor, workflows: Sequence[Workflow]) -> Rejected | None:
    keys = [workflow.key for workflow in workflows]
    if actor.principal_id is None or actor.is_light:
        return Rejected(dict.fromkeys(keys, (_as_finding(NOT_YOURS),)))
    twice = [key for place, key in enumerate(keys) if key in keys[:place]]
    return Rejected({key: (_TWICE,) for key in twice}) if twice else None


def _to_acknowledge(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One that says that an acknowledgement is idle asks for none itself."""
    return tuple(one for one in findings if one.code != "idle_acknowledgement")


def _unacknowledged(
    findings: Sequence[Finding], acknowledged: Collection[str]
) -> tuple[Finding, ...]:
    return tuple(one for one in findings if not {one.code, one.acknowledgement} & set(acknowledged))


def _errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What stops an import. A secret that could not become a credential would be stored, shown and
    exported as it is: that is done only for those who acknowledge it.
    """
    secrets = tuple(one for one in findings if one.code == "literal_secret")
    return errors_in(findings) + secrets


def _findings(
    actor: Actor, workflows: Sequence[Workflow], new_credentials: Sequence[str]
) -> dict[str, tuple[Finding, ...]]:
    around = surroundings_of(actor, workflows, new_credentials)
    return findings_before_publishing(workflows, around, around.workflows)


def _saved(actor: Actor, workflow: Workflow, secrets: Sequence[NewCredential]) -> models.Workflow:
    """The row of a workflow with this draft; new ones are led by whoever brings them."""
    row, is_new = models.Workflow.objects.select_for_update(of=("self",)).get_or_create(
        workspace_id=actor.workspace_id,
        key=workflow.key,
        deleted_at=None,
        defaults={
            "name": workflow.name[:255],
            "lead_id": actor.principal_id,
            "draft": plain(workflow, has_ids=False),
        },
    )
    if not is_new and not may_change(actor, row):
        raise _Stopped(workflow.key, NOT_YOURS)
    if not is_new and not actor.is_admin and names_other_leads(workflow, draft_of(row)):
        raise _Stopped(workflow.key, LEADS_BY_ADMINS)
    _store_secrets(actor, workflow.key, secrets)
    lead, tech_lead = _leads(actor, workflow)
    leads = (lead or row.lead_id, tech_lead or row.tech_lead_id)
    if not (is_new or actor.is_admin) and leads != (row.lead_id, row.tech_lead_id):
        raise _Stopped(workflow.key, LEADS_BY_ADMINS)
    row.lead_id, row.tech_lead_id = leads
    row.save(update_fields=["lead", "tech_lead"])
    if is_new:
        keep_change(actor, row, _IMPORTED, ())
    else:
        keep_draft(actor, row, workflow, _IMPORTED)
        forget_secrets(row, secrets)
    allot(row, workflow)
    return row


def _store_secrets(actor: Actor, key: str, secrets: Sequence[NewCredential]) -> None:
    if secrets and not actor.is_admin:
        raise _Stopped(key, _SECRETS_NEED_ADMIN)
    refusal = keep_secrets(actor, secrets)
    if refusal is not None:
        raise _Stopped(key, refusal)


def _leads(actor: Actor, workflow: Workflow) -> tuple[int | None, int | None]:
    """Lead and tech lead that the workflow names; teams that it names anywhere exist after this."""
    named = [(attribute, *who.partition(":")[::2]) for _, attribute, who in people_named(workflow)]
    teams = {
        name.strip(): ensure_team(actor, name.strip()).pk
        for name in dict.fromkeys(name for _, kind, name in named if kind == "team")
    }
    emails = members_by_email(actor.workspace_id, [who for _, kind, who in named if kind == "user"])
    found: dict[str, int | None] = {}
    for attribute, kind, who in named[:2]:
        found[attribute] = teams[who.strip()] if kind == "team" else emails.get(who.lower())
    return found["lead"], found["tech_lead"]


def _published(
    actor: Actor,
    rows: Sequence[models.Workflow],
    workflows: Sequence[Workflow],
    found: Mapping[str, tuple[Finding, ...]],
) -> tuple[Imported, ...]:
    """All have their ids by now, so that workflows may name each other's steps."""
    named = {path.split("/")[0] for workflow in workflows for path, *_ in paths_in(workflow)}
    known = identities_of(actor.workspace_id, {*named, *(row.key for row in rows)})
    return tuple(
        _publish(actor, row, with_ids(workflow, known), found[row.key])
        for row, workflow in zip(rows, workflows, strict=True)
    )


def _publish(
    actor: Actor, row: models.Workflow, workflow: Workflow, warnings: tuple[Finding, ...]
) -> Imported:
    sha256 = sha256_of(workflow)
    current = row.published_version
    if current is not None and bytes(current.sha256) == sha256:
        return _as_is(row, warnings)
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    version = models.WorkflowVersion.objects.create(
        workspace_id=row.workspace_id,
        workflow=row,
        number=last + 1,
        format=workflow.format,
        rules=workflow.rules,
        definition=plain(workflow),
        draft_revision=row.draft_revision,
        sha256=sha256,
        published_by_id=actor.principal_id,
    )
    row.published_version = version
    row.save(update_fields=["published_version"])
    details: dict[str, str | int | bool | None] = {
        "key": row.key,
        "number": version.number,
        "sha256": sha256.hex(),
    }
    record(actor, "workflow_published", Subject("workflow", row.pk, details))
    return Imported(row.pk, row.key, row.name, version.pk, version.number, True, warnings)


def _as_is(row: models.Workflow, warnings: tuple[Finding, ...]) -> Imported:
    current = row.published_version
    number = current.number if current else None
    return Imported(row.pk, row.key, row.name, row.published_version_id, number, False, warnings)
