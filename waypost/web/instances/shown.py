"""One run as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from waypost.engine.errors import Refusal
from waypost.engine.instance import Status
from waypost.engine.step_types import AnyStep
from waypost.engine.url_parameters import kept_parameters
from waypost.instances import queries
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.instances.links import link_path
from waypost.instances.listing import InstanceFilter, list_instances
from waypost.people.actor import Actor
from waypost.people.queries import names_of
from waypost.web.due import Due, due_of
from waypost.web.fields.form import Attempt, StepForm, step_form
from waypost.web.instances.log import LogLine, log_lines
from waypost.web.instances.rights import Rights
from waypost.web.instances.trail import TrailStep, trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An open step that waits for somebody. `form` is None where the reader may not fill it in."""

    step: AnyStep
    is_failed: bool
    failure: str
    public_path: str
    form: StepForm | None
    since: datetime | None
    due: Due | None
    may_pass: bool

    @property
    def action(self) -> str:
        """Where the form goes, below the instance's address."""
        return f"steps/{self.step.id}/complete/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInstance:
    """Everything on the page of a run."""

    detail: InstanceDetail
    steps: tuple[TrailStep, ...]
    works: tuple[Work, ...]
    log: tuple[LogLine, ...]
    has_exchanges: bool
    lead_name: str
    parent: InstanceRow | None
    children: tuple[InstanceRow, ...]
    may_stop: bool

    @property
    def url(self) -> str:
        """Its own address."""
        return f"/instances/{self.detail.id}/"

    @property
    def url_parameters(self) -> dict[str, str]:
        """What the start brought, in the order of the declaration: the database keeps another."""
        return kept_parameters(self.detail.workflow, self.detail.state.url_parameters)


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An answer to one step that was not taken."""

    step_id: int
    attempt: Attempt


def load_or_404(actor: Actor, instance_id: int) -> InstanceDetail:
    """The instance, if the actor may see it."""
    detail = queries.load_instance(actor, instance_id)
    if isinstance(detail, Refusal):
        raise Http404(detail.message)
    return detail


def shown_instance(
    actor: Actor, instance_id: int, now: datetime, failed: FailedAttempt | None = None
) -> ShownInstance:
    """The run and all that belongs to it, in a constant number of queries."""
    detail = load_or_404(actor, instance_id)
    rights = Rights(actor, detail)
    log = queries.instance_log(actor, instance_id)
    if isinstance(log, Refusal):
        raise Http404(log.message)
    return ShownInstance(
        detail=detail,
        steps=trail(detail, now, rights.may_pass),
        works=_works(detail, rights, now, failed),
        log=log_lines(detail.workflow, log),
        has_exchanges=log.exchanges is not None,
        lead_name=_lead_name(detail),
        parent=_parent(actor, detail),
        children=queries.children(actor, instance_id),
        may_stop=rights.may_stop,
    )


def _works(
    detail: InstanceDetail, rights: Rights, now: datetime, failed: FailedAttempt | None
) -> tuple[Work, ...]:
    return tuple(
        _work(detail, step, rights, now, failed)
        for step in detail.open_steps
        if step.waits_for == "person" or detail.run(step).status is Status.FAILED
    )


def _work(
    detail: InstanceDetail,
    step: AnyStep,
    rights: Rights,
    now: datetime,
    failed: FailedAttempt | None,
) -> Work:
    run = detail.run(step)
    attempt = failed.attempt if failed and failed.step_id == step.id else None
    return Work(
        step=step,
        is_failed=run.status is Status.FAILED,
        failure=run.failure,
        public_path=link_path(detail, step) if step.is_external else "",
        form=step_form(detail, step, now, attempt) if rights.may_complete(step) else None,
        since=run.activated_at,
        due=due_of(run.deadline_at, now),
        may_pass=rights.may_pass,
    )


def _lead_name(detail: InstanceDetail) -> str:
    lead_id = detail.row.lead_id or detail.row.workflow_lead_id
    if lead_id is None:
        return ""
    return names_of(detail.row.workspace_id, [lead_id]).get(lead_id, "")


def _parent(actor: Actor, detail: InstanceDetail) -> InstanceRow | None:
    if detail.row.parent_id is None:
        return None
    found = list_instances(actor, InstanceFilter(instance_ids=(detail.row.parent_id,)))
    return None if isinstance(found, Refusal) else next(iter(found.rows), None)
