"""How a workflow stands: who leads and edits it, who sees it, and how far its builders are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from msgspec.structs import replace

from waypost.engine.definition import Workflow as Definition
from waypost.engine.errors import Refusal
from waypost.engine.json_value import clean_text
from waypost.people.actor import Actor
from waypost.people.queries import active_among, written_names
from waypost.workflows.draft_changes import draft_of, keep_draft
from waypost.workflows.editing import edit_draft
from waypost.workflows.models import Workflow, WorkflowEditor
from waypost.workflows.sight import LEADS_BY_ADMINS, changeable, led, visible
from waypost.workspace.audit import Subject, record

_UNKNOWN_PERSON = Refusal(
    "unknown_member", "One of them is no longer here. Reload the page and choose again."
)


LONGEST_TAG = 100
#: How the statuses are called, in their order.
STATUS_LABELS: dict[str, str] = {one.value: str(one.label) for one in Workflow.Status}


@dataclass(frozen=True, slots=True)
class Planning:
    """How far its builders are: a `Workflow.Status` or "", and the day it is to go live."""

    status: str = ""
    goes_live_on: date | None = None


@dataclass(frozen=True, slots=True)
class Visibility:
    """Who sees a workflow, and who its instances: everybody, or only those around them."""

    is_private: bool = False
    are_instances_private: bool = False


def editor_ids(actor: Actor, workflow_id: int) -> frozenset[int]:
    """The members and teams that may edit a workflow which they do not lead."""
    editors = WorkflowEditor.objects.filter(
        workflow__in=visible(actor).filter(pk=workflow_id).values("pk")
    )
    return frozenset(editors.values_list("principal_id", flat=True))


def plan_workflow(actor: Actor, workflow_id: int, planning: Planning) -> Refusal | None:
    """Say how far a workflow is and when it goes live."""
    row = changeable(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    if planning.status and planning.status not in Workflow.Status.values:
        names = ", ".join(Workflow.Status.values)
        return Refusal("invalid_value", f"There is no such status. Choose from: {names}.")
    if planning == Planning(row.status, row.goes_live_on):
        return None
    with transaction.atomic():
        row.status, row.goes_live_on = planning.status, planning.goes_live_on
        row.save(update_fields=["status", "goes_live_on"])
        day = planning.goes_live_on
        details = {"status": row.status, "goes_live_on": day.isoformat() if day else None}
        record(actor, "workflow_planned", Subject("workflow", row.pk, details))
    return None


def appoint_leads(
    actor: Actor, workflow_id: int, lead_id: int | None, tech_lead_id: int | None
) -> Refusal | None:
    """Say who leads a workflow, and who is told when a step of it fails."""
    if not actor.is_admin:
        return LEADS_BY_ADMINS
    row = changeable(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    if (lead_id, tech_lead_id) == (row.lead_id, row.tech_lead_id):
        return None
    chosen = {one for one in (lead_id, tech_lead_id) if one is not None}
    if active_among(actor.workspace_id, chosen) != chosen:
        return _UNKNOWN_PERSON
    with transaction.atomic():
        row = Workflow.objects.select_for_update(no_key=True).get(pk=row.pk)
        row.lead_id, row.tech_lead_id = lead_id, tech_lead_id
        row.save(update_fields=["lead", "tech_lead"])
        keep_draft(actor, row, _with_leads(row, draft_of(row)), "Changed the leads")
        details = {"lead_id": lead_id, "tech_lead_id": tech_lead_id}
        record(actor, "leads_changed", Subject("workflow", row.pk, details))
    return None


def tag_workflow(actor: Actor, workflow_id: int, tags: Iterable[str]) -> Refusal | None:
    """Give a workflow exactly these tags; they are part of its draft, and so of its file."""
    row = changeable(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    wanted = tidy_tags(tags)
    outcome = edit_draft(
        actor,
        workflow_id,
        row.draft_revision,
        "Changed the tags",
        lambda draft: replace(draft, tags=wanted),
    )
    return outcome if isinstance(outcome, Refusal) else None


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, in the order given, without the spaces around it."""
    cleaned = (clean_text(tag).strip()[:LONGEST_TAG] for tag in tags)
    return tuple(tag for tag in dict.fromkeys(cleaned) if tag)


def choose_editors(
    actor: Actor, workflow_id: int, principal_ids: Collection[int]
) -> Refusal | None:
    """Let exactly these members and teams edit a workflow, beside those who lead it."""
    row = led(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    chosen = frozenset(principal_ids)
    if chosen == editor_ids(actor, workflow_id):
        return None
    if active_among(actor.workspace_id, chosen) != chosen:
        return _UNKNOWN_PERSON
    with transaction.atomic():
        row.editors.exclude(principal_id__in=chosen).delete()
        WorkflowEditor.objects.bulk_create(
            [
                WorkflowEditor(workspace_id=row.workspace_id, workflow=row, principal_id=one)
                for one in chosen
            ],
            ignore_conflicts=True,
        )
        details = {"editor_ids": ", ".join(str(one) for one in sorted(chosen))}
        record(actor, "editors_changed", Subject("workflow", row.pk, details))
    return None


def set_visibility(actor: Actor, workflow_id: int, visibility: Visibility) -> Refusal | None:
    """Show a workflow and its instances to everybody, or only to those around them."""
    row = led(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    if visibility == Visibility(row.is_private, row.are_instances_private):
        return None
    with transaction.atomic():
        row.is_private = visibility.is_private
        row.are_instances_private = visibility.are_instances_private
        row.save(update_fields=["is_private", "are_instances_private"])
        details = {
            "is_private": row.is_private,
            "are_instances_private": row.are_instances_private,
        }
        record(actor, "visibility_changed", Subject("workflow", row.pk, details))
    return None


def _with_leads(row: Workflow, draft: Definition) -> Definition:
    """The draft naming the leads as they are now, where it names any: the next import of it would
    else bring back the old ones.
    """
    named = {"lead": row.lead_id, "tech_lead": row.tech_lead_id}
    words = written_names(row.workspace_id, [one for one in named.values() if one is not None])
    return replace(
        draft,
        **{
            attribute: words.get(principal_id or 0, "")
            for attribute, principal_id in named.items()
            if getattr(draft, attribute)
        },
    )
