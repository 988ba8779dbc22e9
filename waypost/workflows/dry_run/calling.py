"""A call of a dry run: rendered as in earnest, answered without leaving the building."""

from __future__ import annotations

import json
from dataclasses import dataclass

from waypost.engine.dry_run import AnswerMove
from waypost.engine.errors import Refusal
from waypost.engine.json_paths import parts_of
from waypost.engine.json_value import JSON
from waypost.engine.rendering import RenderedRequest, render_request
from waypost.engine.samples import variable_sample
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.door import Door
from waypost.integrations.failures import NoConnection, OutboundFailure, RequestRefused
from waypost.integrations.http import Reply
from waypost.integrations.outcomes import Settling, outcome_command
from waypost.integrations.provider import Answer
from waypost.integrations.retries import Attempt, judge
from waypost.workflows.dry_run.own_answers import is_own_call, own_answer
from waypost.workflows.dry_run.provider_answers import (
    Given,
    error_body,
    provider_answer,
    provider_call,
)
from waypost.workflows.dry_run.world import Exchanged, OpenCall, Origin, World, change

#: Where answers of the dry run's own come from; a call to ourselves is known by it.
_OWN = "https://waypost.example"
_ELSEWHERE = "https://elsewhere.example"
_DOOR = Door(own_origin=_OWN)
#: The middle of what spreads retries in earnest, so that they come at the same time each time.
_JITTER = 0.5
_LOST = "Nobody answered, as this dry run wants it."
_BUILDER = "the dry run"


@dataclass(frozen=True, slots=True)
class Answering:
    """The world after a call was answered, and the answer."""

    world: World
    given: Given


def has_usual_answer(call: OpenCall) -> bool:
    """Whether the answer is known without asking the builder; a request that cannot be sent needs
    none.
    """
    request = rendered(call)
    if isinstance(request, Refusal) or is_own_call(request):
        return True
    found = provider_call(request)
    return found is not None and found[1].name in _USUAL


_USUAL = frozenset({"start_verification", "check_verification", "send_mail"})


def rendered(call: OpenCall) -> RenderedRequest | Refusal:
    """The request as it would be sent now."""
    return render_request(call.step, call.run.lookup)


def known_answers(call: OpenCall) -> tuple[Answer, ...]:
    """What the provider of a call is known to answer; nothing for other systems."""
    request = rendered(call)
    found = None if isinstance(request, Refusal) else provider_call(request)
    return found[1].answers if found else ()


def sample_answer(step: HttpRequest) -> str:
    """A JSON body in which each variable of the step finds something."""
    whole: dict[str, JSON] = {}
    for variable in step.variables:
        parts = parts_of(variable.path)
        if parts is not None and all(isinstance(part, str) for part in parts):
            _put(whole, [str(part) for part in parts], variable_sample(variable))
    return json.dumps(whole, indent=2, ensure_ascii=False)


def perform(world: World, call: OpenCall, move: AnswerMove | None = None) -> World | Refusal:
    """Make the call, give it this answer, else the usual one, and let the step take it."""
    request = rendered(call)
    if isinstance(request, Refusal):
        return _settled(world, call, None, RequestRefused(request.message))
    answering = _answered(world, call, request, move or AnswerMove(step=call.step.key))
    if isinstance(answering, Refusal):
        return answering
    given, by_us = answering.given, is_own_call(request)
    if given.status is None:
        return _settled(answering.world, call, request, NoConnection(_LOST))
    origin = _OWN if by_us else _ELSEWHERE
    reply = Reply(given.status, (), given.body.encode(), 0, origin)
    return _settled(answering.world, call, request, reply, given.by)


def _answered(
    world: World, call: OpenCall, request: RenderedRequest, move: AnswerMove
) -> Answering | Refusal:
    chosen = _chosen(request, move)
    if chosen is not None:
        return Answering(world, chosen)
    origin = Origin(call.run.id, call.step.key, call.effect.visit)
    if is_own_call(request):
        return Answering(*own_answer(world, origin, request))
    usual = provider_answer(world, call.run.id, request)
    if usual is None:
        return Refusal(
            "answer_needed",
            f"{call.step.name} calls a system that a dry run does not know. Say what it answers.",
        )
    return Answering(*usual)


def _chosen(request: RenderedRequest, move: AnswerMove) -> Given | None:
    if move.is_lost:
        return Given(None, "", _BUILDER)
    if move.body or (move.status and not move.code):
        return Given(move.status or 200, move.body, _BUILDER)
    found = provider_call(request) if move.code else None
    if found is None:
        return None
    known = (one for one in found[1].answers if one.code == move.code)
    answer = next(known, None)
    if answer is None:
        return Given(move.status or 500, "", _BUILDER)
    return Given(answer.status, error_body(found[0], answer), found[0].title)


def _settled(
    world: World,
    call: OpenCall,
    request: RenderedRequest | None,
    outcome: Reply | OutboundFailure,
    by: str = "",
) -> World | Refusal:
    run = world.again(call.run)
    verdict = judge(Attempt(outcome, may_resend=True), _DOOR)
    settling = Settling(verdict, world.now, _JITTER)
    command = outcome_command(call.step, call.effect.visit, outcome, settling)
    reply = outcome if isinstance(outcome, Reply) else None
    exchanged = Exchanged(
        run_id=run.id,
        at=world.now,
        step=call.step.key,
        visit=call.effect.visit,
        attempt=run.state.run(call.step.key).attempts + 1,
        request=request,
        status=reply.status if reply else None,
        body=reply.text() if reply else "",
        answered_by=by,
        failure="" if reply else str(outcome),
    )
    return change(world.with_entries(exchanged), run, command, "call")


def _put(whole: dict[str, JSON], names: list[str], value: JSON) -> None:
    for name in names[:-1]:
        inner = whole.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        whole = inner
    whole.setdefault(names[-1], value)
