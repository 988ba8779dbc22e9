"""What a builder does in a dry run, as moves: read from what the page posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from django.http import QueryDict

from waypost.engine.dry_run import (
    AdvanceMove,
    AnswerMove,
    CompleteMove,
    Move,
    RestartMove,
    SkipMove,
)
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.web.fields.form import asked_fields
from waypost.web.fields.reading import posted_values
from waypost.web.trying.run_details import detail_of
from waypost.web.trying.shown_run import answers_of, place_of
from waypost.workflows.dry_run.calling import rendered
from waypost.workflows.dry_run.entering import entered_values
from waypost.workflows.dry_run.playing import due_calls
from waypost.workflows.dry_run.provider_answers import error_body, provider_call
from waypost.workflows.dry_run.world import OpenCall, Run, World

LONGEST_BODY = 100_000
#: Steps on the clock, in minutes, by the name of their button; 0 is the next timer.
STEPS_ON = {"next": 0, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}

_NO_CALL = Refusal("no_call", "This call does not wait any more. Look at the page again.")
_NO_STATUS = Refusal("invalid_status", "Give a status from 100 to 599.")


@dataclass(frozen=True, slots=True)
class Place:
    """A step of one instance in the world as the page shows it."""

    world: World
    run: Run
    step: AnyStep

    def move(self, kind: type[Move], **more: object) -> Move:
        """A move at this step."""
        named: dict[str, object] = {"step": self.step.key, **place_of(self.world, self.run)}
        made: Move = msgspec.convert({"do": kind.__struct_config__.tag, **named, **more}, Move)
        return made


def completed(place: Place, post: QueryDict) -> Move | Refusal:
    """The step filled in as a person would."""
    fields = asked_fields(detail_of(place.run), place.step, place.world.now)
    values = entered_values(place.step, posted_values(fields, post))
    return place.move(CompleteMove, values=values)


def answered(place: Place, post: QueryDict) -> Move | Refusal:
    """The answer that was chosen for a call."""
    chosen = post.get("answer", "usual")
    call = _call(place)
    if call is None:
        return _NO_CALL
    if chosen == "lost":
        return place.move(AnswerMove, is_lost=True)
    if chosen == "own":
        return _own(place, post)
    if chosen.startswith("known-"):
        return _known(place, call, chosen.removeprefix("known-"))
    return place.move(AnswerMove)


def skipped(place: Place, _: QueryDict) -> Move | Refusal:
    """The step passed by a person."""
    return place.move(SkipMove)


def restarted(place: Place, _: QueryDict) -> Move | Refusal:
    """The failed call sent again."""
    return place.move(RestartMove)


def advanced(post: QueryDict) -> Move:
    """The clock moved on."""
    return AdvanceMove(minutes=STEPS_ON.get(post.get("by", ""), 0))


#: What may be done to a step, by the last word of its address.
STEP_ACTS: Mapping[str, Callable[[Place, QueryDict], Move | Refusal]] = {
    "complete": completed,
    "answer": answered,
    "skip": skipped,
    "restart": restarted,
}


def _call(place: Place) -> OpenCall | None:
    found = (
        one
        for one in due_calls(place.world)
        if (one.run.id, one.step.key) == (place.run.id, place.step.key)
    )
    return next(found, None)


def _own(place: Place, post: QueryDict) -> Move | Refusal:
    written = post.get("status", "").strip()
    if not (written.isascii() and written.isdecimal() and 100 <= int(written[:9]) <= 599):
        return _NO_STATUS
    body = post.get("body", "").strip()[:LONGEST_BODY]
    return place.move(AnswerMove, status=int(written), body=body)


def _known(place: Place, call: OpenCall, number: str) -> Move | Refusal:
    answers, request = answers_of(call), rendered(call)
    provider = None if isinstance(request, Refusal) else provider_call(request)
    chosen = int(number) if number.isdecimal() and len(number) < 4 else len(answers)
    if provider is None or chosen >= len(answers):
        return _NO_CALL
    answer = answers[chosen]
    if answer.code:
        return place.move(AnswerMove, code=answer.code)
    return place.move(AnswerMove, status=answer.status, body=error_body(provider[0], answer))
