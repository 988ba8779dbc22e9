"""(instance, event) -> instance: the only place where state changes, on replay too. It computes
nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from waypost.engine import events
from waypost.engine.events import Event
from waypost.engine.instance import Instance, Status, StepRun


def evolve(instance: Instance, event: Event, at: datetime) -> Instance:
    """The instance after this event, which happened at this time."""
    match event:
        case events.InstanceStarted():
            started = replace(instance, status="running", name=event.name, started_at=at)
            return replace(started, time_zone=event.time_zone, url_parameters=event.url_parameters)
        case events.InstanceRenamed():
            return replace(instance, name=event.name)
        case events.InstanceCompleted():
            return replace(instance, status="completed")
        case events.InstanceAborted():
            return replace(instance, status="aborted")
        case events.StepsReset():
            return _reset(instance, event)
        case events.StepCompleted(by="person") | events.StepRestarted():
            # A person looks after it: what looped by itself may do so fifty times again.
            settled = replace(instance, automatic_returns=0)
            return _with_run(settled, event.step, _step_after(settled.run(event.step), event, at))
        case _:
            return _with_run(instance, event.step, _step_after(instance.run(event.step), event, at))


BeginningEvent = (
    events.StepScheduled | events.StepActivated | events.StepSkipped | events.StepRestarted
)
StepEvent = (
    BeginningEvent
    | events.StepCompleted
    | events.StepDeclined
    | events.CallAnswered
    | events.CallPostponed
    | events.CallFailed
    | events.StepFailed
)


def _step_after(run: StepRun, event: StepEvent, at: datetime) -> StepRun:
    match event:
        case (
            events.StepScheduled()
            | events.StepActivated()
            | events.StepSkipped()
            | events.StepRestarted()
        ):
            return _fresh(run, event, at)
        case events.StepCompleted():
            ended = replace(run, status=Status.COMPLETED, ended_at=at, prefill={})
            return replace(ended, values=event.values, by=event.by)
        case events.StepDeclined():
            ended = replace(run, status=Status.DECLINED, ended_at=at, prefill={})
            return replace(ended, values=event.values, by=event.by)
        case events.CallAnswered():
            return replace(
                run, status=Status.COMPLETED, ended_at=at, variables=event.variables, due_at=None
            )
        case events.CallPostponed():
            return _postponed(run, event, at)
        case events.CallFailed(is_skipped=True):
            passed = replace(run, status=Status.FAILED_SKIPPED, ended_at=at, due_at=None)
            return replace(passed, variables=event.variables, failure=event.reason)
        case events.CallFailed():
            failed = replace(run, status=Status.FAILED, due_at=None, failure=event.reason)
            return replace(failed, variables=event.variables)
        case events.StepFailed():
            return replace(run, status=Status.FAILED, due_at=None, failure=event.reason)
        case _:
            assert_never(event)


def _postponed(run: StepRun, event: events.CallPostponed, at: datetime) -> StepRun:
    """A policy's try comes after an answer, so that passing failures count from anew."""
    waiting = replace(run, attempts=event.attempts, due_at=event.due_at)
    if event.is_by_policy:
        return replace(waiting, policy_tries=run.policy_tries + 1, tried_at=None)
    return replace(waiting, tried_at=run.tried_at or at)


def _fresh(run: StepRun, event: BeginningEvent, at: datetime) -> StepRun:
    """A run at the start of a visit: nothing of the last one but what it offers as prefill, and
    where the same work goes on its deadline.
    """
    fresh = StepRun(status=Status.ACTIVE, visit=event.visit, prefill=run.prefill)
    match event:
        case events.StepScheduled():
            return replace(fresh, status=Status.SCHEDULED, due_at=event.due_at)
        case events.StepActivated():
            return replace(fresh, activated_at=at, deadline_at=event.deadline_at)
        case events.StepRestarted():
            return replace(fresh, activated_at=at, deadline_at=run.deadline_at)
        case events.StepSkipped():
            return replace(fresh, status=Status.SKIPPED, ended_at=at)
        case _:
            assert_never(event)


def _with_run(instance: Instance, key: str, run: StepRun) -> Instance:
    return replace(instance, runs=instance.runs | {key: run})


def _reset(instance: Instance, event: events.StepsReset) -> Instance:
    runs = instance.runs | {key: _set_back(instance.run(key)) for key in event.steps}
    count = instance.automatic_returns + 1 if event.is_automatic else 0
    return replace(instance, runs=runs, automatic_returns=count)


def _set_back(run: StepRun) -> StepRun:
    """Not started again. What its own calls filled in is not offered: they fill it in again."""
    offered = run.values if run.by in ("person", "other_instance") else run.prefill
    return StepRun(visit=run.visit, prefill=offered)
