"""Instances of a dry run as the pages of real ones show them: trail, form and log."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from waypost.engine.json_value import JSON
from waypost.engine.rendering import RenderedRequest
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.instances.queries import InstanceLog, LoggedEvent, LoggedExchange
from waypost.integrations.redaction import Redaction
from waypost.people.actor import Origin
from waypost.web.fields.form import Links
from waypost.web.instances.log import LogLine, log_lines
from waypost.workflows.dry_run.world import Exchanged, Happened, Run, World

_WHO = {"person": "You", "call": "Waypost", "time": "The clock"}
_ORIGIN: Origin = "page"
#: Takes what only earnest runs have, such as links, out of a text.
CLEAN = Redaction()


def detail_of(run: Run) -> InstanceDetail:
    """The instance as if it were stored."""
    state = run.state
    row = InstanceRow(
        id=run.id,
        uid=UUID(int=run.id),
        workspace_id=0,
        workflow_id=run.workflow.id,
        version_id=0,
        name=state.name,
        status="running" if state.status == "new" else state.status,
        priority="",
        tags=(),
        step_assignments={},
        progress=0,
        stage="",
        is_private=False,
        starter_id=None,
        lead_id=None,
        workflow_lead_id=None,
        tech_lead_id=None,
        start_kind="manual",
        deadline_at=None,
        started_at=run.started_at,
        updated_at=run.started_at,
        completed_at=None,
        aborted_at=None,
        parent_id=None,
        parent_step_id=None,
        parent_visit=None,
        depth=0,
    )
    return InstanceDetail(row, run.workflow, state, 0)


def log_of(world: World, run: Run) -> tuple[LogLine, ...]:
    """What happened to an instance, newest first, with every call it made."""
    own = [(place, one) for place, one in enumerate(world.log, 1) if one.run_id == run.id]
    events = tuple(_event(place, one, run) for place, one in own if isinstance(one, Happened))
    calls = tuple(_exchange(place, one, run) for place, one in own if isinstance(one, Exchanged))
    return log_lines(run.workflow, InstanceLog(events, calls))


def shown_headers(request: RenderedRequest, step: AnyStep) -> list[JSON]:
    """The headers of a request; the one of its credential is named, never opened."""
    headers: list[JSON] = [[name, CLEAN.text(value)] for name, value in request.headers]
    credential = step.credential if isinstance(step, HttpRequest) else ""
    told: list[JSON] = [["Authorization", f"••• (credential {credential})"]] if credential else []
    return headers + told


def links_of(run: Run, page_url: str) -> Links:
    """Where customers' links lead in a dry run: to their step on its page."""
    ids = {step.key: step.id for step in run.workflow.steps}
    base = f"{settings.PUBLIC_URL}{page_url}#"
    return Links(base, lambda key: f"run-{run.id}-step-{ids[key]}")


def _event(place: int, happened: Happened, run: Run) -> LoggedEvent:
    step = run.workflow.step_by_key.get(getattr(happened.event, "step", ""))
    return LoggedEvent(
        seq=place,
        at=happened.at,
        event=happened.event,
        step_id=step.id if step else None,
        visit=getattr(happened.event, "visit", None),
        actor_id=None,
        actor_name=_WHO[happened.by],
        origin=_ORIGIN,
    )


def _exchange(place: int, exchanged: Exchanged, run: Run) -> LoggedExchange:
    step, request = run.workflow.step_by_key[exchanged.step], exchanged.request
    headers = shown_headers(request, step) if request else []
    return LoggedExchange(
        id=place,
        at=exchanged.at,
        step_id=step.id,
        visit=exchanged.visit,
        attempt=exchanged.attempt,
        is_late=False,
        method=request.method if request else "",
        url=CLEAN.text(request.url) if request else "not sent",
        answered_by=exchanged.answered_by,
        status=exchanged.status,
        failure=exchanged.failure,
        duration_ms=0,
        request={"headers": headers, "body": CLEAN.text(request.body if request else "")},
        response={"headers": [], "body": exchanged.body} if exchanged.status else None,
    )
