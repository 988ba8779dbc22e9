"""What several pages of a workflow look up: itself, and the people it may be given to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.people.queries import list_members, list_teams
from waypost.workflows.queries import WorkflowSummary, find_workflow


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose from a list."""

    value: str
    label: str
    is_chosen: bool = False
    note: str = ""


def workflow_or_404(actor: Actor, workflow_id: int) -> WorkflowSummary:
    """The workflow, archived or not; raises Http404 where the actor sees none."""
    found = find_workflow(actor, workflow_id)
    if found is None:
        raise Http404("There is no such workflow. Look at the list of workflows.")
    return found


def people_choices(actor: Actor, chosen: Collection[int | None]) -> list[Choice]:
    """Teams, then members, each with its principal id."""
    teams = [(one.pk, one.name, "Team") for one in list_teams(actor)]
    members = [(one.pk, one.principal.name, one.account.email) for one in list_members(actor)]
    return [Choice(str(pk), label, pk in chosen, note) for pk, label, note in (*teams, *members)]


def number(text: str | None) -> int | None:
    """The id that a form sent, or None for an empty choice."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def told(request: HttpRequest, outcome: object, success: str, address: str) -> HttpResponseRedirect:
    """Go on to a page that says what came of it."""
    if isinstance(outcome, Refusal):
        messages.error(request, outcome.message)
    else:
        messages.success(request, success)
    return HttpResponseRedirect(address, status=303)
