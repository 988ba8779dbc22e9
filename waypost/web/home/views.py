"""Open tasks, failed steps, and what ran last."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waypost.engine.errors import Refusal
from waypost.instances.listing import InstanceFilter, Page, list_instances
from waypost.instances.tasks import attention_needed, tasks_of
from waypost.people.actor import Actor
from waypost.people.queries import names_of
from waypost.web.access import MemberRequest, member_page
from waypost.web.due import due_of
from waypost.web.live import live_part
from waypost.workflows.queries import names_of_workflows

RECENT = Page(size=8)


@require_safe
@member_page
def home(request: MemberRequest) -> HttpResponse:
    """What the member should look at now."""
    return render(request, "home/page.html", _context(request.actor))


@require_safe
@member_page
def home_live(request: MemberRequest) -> HttpResponse:
    """The part of the page that changes."""
    return live_part(request, "home/_live.html", _context(request.actor))


def _context(actor: Actor) -> dict[str, object]:
    now, tasks, failed = timezone.now(), tasks_of(actor), attention_needed(actor)
    teams = {task.assignee_id for task in tasks if task.assignee_id != actor.principal_id}
    team_names = names_of(actor.workspace_id, {one for one in teams if one is not None})
    recent = list_instances(actor, InstanceFilter(), ("-last_updated_time",), RECENT)
    rows = () if isinstance(recent, Refusal) else recent.rows
    workflow_names = names_of_workflows(actor, [row.workflow_id for row in rows])
    return {
        "tasks": [
            (task, team_names.get(task.assignee_id or 0, ""), due_of(task.deadline_at, now))
            for task in tasks
        ],
        "failed": failed,
        "recent": [(row, workflow_names.get(row.workflow_id, "")) for row in rows],
    }
