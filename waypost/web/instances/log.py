"""History in plain words, newest first, each HTTP exchange beside what it led to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import assert_never

from waypost.engine import events as happened
from waypost.engine.definition import Workflow
from waypost.engine.events import Event
from waypost.engine.json_value import JSON
from waypost.instances.queries import InstanceLog, LoggedEvent, LoggedExchange


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry: an event in words, an exchange to unfold, or both. `place` orders the lines of
    one moment, and `until` is the moment that the text ends with.
    """

    id: str
    at: datetime
    place: int
    text: str
    icon: str
    tone: str = ""
    detail: str = ""
    until: datetime | None = None
    answers: tuple[tuple[str, str], ...] = ()
    exchange: ShownExchange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExchange:
    """One try of a call as text. `answered_by` is the origin that really answered."""

    method: str
    url: str
    outcome: str
    is_good: bool
    duration_ms: int
    attempt: int
    answered_by: str
    request: str
    response: str


def log_lines(workflow: Workflow, log: InstanceLog) -> tuple[LogLine, ...]:
    """Everything worth telling, newest first; an exchange stands in the line of its outcome."""
    waiting: dict[tuple[int | None, int | None], list[LoggedExchange]] = {}
    for exchange in log.exchanges or ():
        waiting.setdefault((exchange.step_id, exchange.visit), []).append(exchange)
    lines = [
        _event_line(workflow, one, _exchange_of(one, waiting))
        for one in log.events
        if not _is_told_by_its_answer(workflow, one.event)
    ]
    rest = [exchange for left in waiting.values() for exchange in left]
    lines += [_exchange_line(workflow, one) for one in rest]
    return tuple(sorted(lines, key=lambda line: (line.at, line.place), reverse=True))


def _is_told_by_its_answer(workflow: Workflow, event: Event) -> bool:
    if not isinstance(event, happened.StepActivated):
        return False
    return workflow.step_by_key[event.step].waits_for == "call"


def _exchange_of(
    logged: LoggedEvent,
    waiting: dict[tuple[int | None, int | None], list[LoggedExchange]],
) -> LoggedExchange | None:
    """The try that led to this outcome: they come in the same order. Late ones led to nothing."""
    if not isinstance(logged.event, _CallEvent):
        return None
    left = waiting.get((logged.step_id, logged.visit), [])
    return left.pop(0) if left and not left[0].is_late else None


def _event_line(
    workflow: Workflow, logged: LoggedEvent, exchange: LoggedExchange | None
) -> LogLine:
    words = _Words(workflow, _who(logged))
    said = words.of(logged.event)
    return LogLine(
        id=f"event-{logged.seq}",
        at=logged.at,
        place=logged.seq,
        text=said.text,
        icon=said.icon,
        tone=said.tone,
        detail="" if exchange else said.detail,
        until=said.until,
        answers=words.answers(logged.event),
        exchange=_shown(exchange) if exchange else None,
    )


def _who(logged: LoggedEvent) -> str:
    by_origin = {"link": "The customer", "worker": "Waypost", "api": "A program", "cli": "Operator"}
    return logged.actor_name or by_origin.get(logged.origin, "Somebody")


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    icon: str
    tone: str = ""
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    workflow: Workflow
    who: str

    def of(self, event: Event) -> _Said:
        """What a reader is told of an event."""
        match event:
            case happened.InstanceStarted():
                return _Said(f"{self.who} started it", icon="player-play")
            case happened.InstanceRenamed():
                return _Said(f"{self.who} named it {event.name}", icon="edit")
            case happened.InstanceCompleted():
                return _Said("Every step has ended: completed", icon="flag", tone="completed")
            case happened.InstanceAborted():
                text = f"{self.who} stopped it"
                return _Said(text, icon="hand-stop", tone="failed", detail=event.reason)
            case happened.StepsReset():
                text = f"Returned to {self.name(event.target)}: {len(event.steps)} steps start over"
                return _Said(text, icon="arrow-back-up")
            case _:
                return self.of_step(event)

    def of_step(self, event: _StepEvent) -> _Said:
        """What a reader is told of something that happened to one step."""
        name = self.name(event.step)
        match event:
            case happened.StepScheduled():
                return _Said(f"{name} starts", icon="clock", until=event.due_at)
            case happened.StepActivated():
                due = ", due" if event.deadline_at else ""
                return _Said(f"{name} is open{due}", icon="directions", until=event.deadline_at)
            case happened.StepSkipped():
                return _Said(f"{name} was skipped", icon="minus", detail=self.because(event))
            case happened.StepCompleted():
                return _Said(f"{self.who} completed {name}", icon="check", tone="completed")
            case happened.StepDeclined():
                return _Said(f"{self.who} declined at {name}", icon="hand-stop", tone="failed")
            case happened.StepRestarted():
                return _Said(f"{self.who} sent {name} on another try", icon="refresh")
            case happened.StepFailed():
                return _Said(
                    f"{name} failed", icon="alert-triangle", tone="failed", detail=event.reason
                )
            case happened.CallAnswered() | happened.CallPostponed() | happened.CallFailed():
                return self.of_call(event, name)
            case _:
                assert_never(event)

    def of_call(self, event: _CallEvent, name: str) -> _Said:
        """What a reader is told of a call."""
        match event:
            case happened.CallAnswered():
                return _Said(
                    f"{name} was answered",
                    icon="check",
                    tone="completed",
                    detail=status_text(event.status),
                )
            case happened.CallPostponed():
                text = f"{name} had no good answer; try {event.attempts + 1} follows"
                return _Said(text, icon="refresh", detail=event.reason)
            case happened.CallFailed():
                end = "it was passed" if event.is_skipped else "the tech lead must look at it"
                return _Said(
                    f"{name} got no good answer; {end}",
                    icon="alert-triangle",
                    tone="" if event.is_skipped else "failed",
                    detail=event.reason,
                )
            case _:
                assert_never(event)

    def because(self, event: happened.StepSkipped) -> str:
        """Why a step was passed."""
        match event.because:
            case "condition":
                return "Its condition did not hold."
            case "routing":
                return "A choice jumped over it."
            case "person":
                return f"{self.who} said so."

    def answers(self, event: Event) -> tuple[tuple[str, str], ...]:
        """What was entered or picked from an answer, label and text."""
        if isinstance(event, happened.StepCompleted | happened.StepDeclined):
            return tuple(self._entered(event.step, event.values))
        if isinstance(event, happened.CallAnswered | happened.CallFailed):
            return tuple((name, _plain(value)) for name, value in event.variables.items())
        return ()

    def _entered(self, step_key: str, values: dict[str, JSON]) -> Iterable[tuple[str, str]]:
        step = self.workflow.step_by_key[step_key]
        for field in step.fields:
            if field.key in values and field.outputs:
                shown = "••••••" if field.is_one_time_code else field.shown(values[field.key])
                yield field.name, shown

    def name(self, step_key: str) -> str:
        """The step as builders know it."""
        return self.workflow.step_by_key[step_key].name


_CallEvent = happened.CallAnswered | happened.CallPostponed | happened.CallFailed
_StepEvent = (
    _CallEvent
    | happened.StepScheduled
    | happened.StepActivated
    | happened.StepSkipped
    | happened.StepCompleted
    | happened.StepDeclined
    | happened.StepRestarted
    | happened.StepFailed
)


def status_text(status: int | None) -> str:
    """An HTTP status with its words."""
    if status is None:
        return "no answer"
    known = {one.value: one.phrase for one in HTTPStatus}
    return f"{status} {known.get(status, '')}".strip()


def _exchange_line(workflow: Workflow, logged: LoggedExchange) -> LogLine:
    """A try that led to nothing: too late, or not yet judged."""
    step = workflow.step_by_id.get(logged.step_id)
    late = ", too late to count" if logged.is_late else ""
    return LogLine(
        id=f"exchange-{logged.id}",
        at=logged.at,
        place=0,
        text=f"{step.name if step else 'A step'} called another system{late}",
        icon="arrows-exchange",
        exchange=_shown(logged),
    )


def _shown(logged: LoggedExchange) -> ShownExchange:
    return ShownExchange(
        method=logged.method,
        url=logged.url,
        outcome=logged.failure or status_text(logged.status),
        is_good=logged.status is not None and logged.status < 400,
        duration_ms=logged.duration_ms,
        attempt=logged.attempt,
        answered_by=logged.answered_by,
        request=_message(logged.request),
        response=_message(logged.response),
    )


def _message(stored: dict[str, JSON] | None) -> str:
    """Headers and body as they went over the wire, a JSON body indented."""
    if stored is None:
        return "Nothing came."
    headers = stored.get("headers")
    pairs = headers.items() if isinstance(headers, dict) else _pairs(headers)
    head = "\n".join(f"{name}: {_plain(value)}" for name, value in pairs)
    return f"{head}\n\n{_pretty(stored.get('body'))}".strip()


def _pairs(headers: JSON) -> list[tuple[str, JSON]]:
    rows = headers if isinstance(headers, list) else []
    return [(str(row[0]), row[1]) for row in rows if isinstance(row, list) and len(row) == 2]


def _pretty(body: JSON) -> str:
    if not isinstance(body, str):
        return "" if body is None else json.dumps(body, indent=2, ensure_ascii=False)
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


def _plain(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
