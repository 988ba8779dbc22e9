"""Test integration as its panel shows it; the last test of a builder stays in their session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, cast

from django.http import HttpRequest as PageRequest

from waypost.engine.samples import Sample, samples_of
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.destination import Destination, destination_of
from waypost.integrations.door import door_from_settings
from waypost.integrations.redaction import ReplyRecord, RequestRecord
from waypost.web.instances.log import status_text
from waypost.web.trying.answer import (
    AnswerValue,
    PickedVariable,
    answer_tree,
    picked_from,
    pretty,
)
from waypost.workflows.drafts import Draft
from waypost.workflows.trying import Trial

#: Values that builders entered, by workflow and by reference; and the last test of each workflow.
_GIVEN, _LAST = "tried-values", "last-test"


class _KeptTrial(TypedDict):
    step_id: int
    request: RequestRecord
    reply: ReplyRecord | None
    problem: str


@dataclass(frozen=True, slots=True)
class SampleBox:
    """One reference with the value to try it with. `id` is also the name of its control."""

    sample: Sample
    value: str

    @property
    def id(self) -> str:
        """Its name in the form."""
        return f"given-{self.sample.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTrial:
    """A request as it was sent, and what came back. No `status` means that no answer came."""

    request_line: str
    request: str
    status: str
    is_good: bool
    problem: str
    duration_ms: int
    answered_by: str
    response_head: str
    response: str
    is_truncated: bool
    tree: AnswerValue | None
    picked: tuple[PickedVariable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPanel:
    """Everything in the panel Test integration of one step."""

    url: str
    revision: int
    step: HttpRequest
    may_test: bool
    destination: Destination | None
    boxes: tuple[SampleBox, ...]
    shown: ShownTrial | None
    refusal: str = ""


def panel_of(
    request: PageRequest, draft: Draft, step: AnyStep, refusal: str = ""
) -> TrialPanel | None:
    """The panel of a step; None for a step that calls nobody."""
    if not isinstance(step, HttpRequest):
        return None
    given = given_values(request, draft.workflow_id)
    return TrialPanel(
        url=f"/workflows/{draft.workflow_id}/edit/steps/{step.id}/test/",
        revision=draft.revision,
        step=step,
        may_test=draft.may_change,
        destination=destination_of(step.url, door_from_settings()),
        boxes=tuple(
            SampleBox(one, given.get(one.key, one.text)) for one in samples_of(step, draft.workflow)
        ),
        shown=_last_trial(request, draft.workflow_id, step),
        refusal=refusal,
    )


def given_values(request: PageRequest, workflow_id: int) -> dict[str, str]:
    """The values that the builder entered for this workflow, by key of their sample."""
    kept: dict[str, dict[str, str]] = request.session.get(_GIVEN, {})
    return dict(kept.get(str(workflow_id), {}))


def keep_values(request: PageRequest, workflow_id: int, texts: Mapping[str, str]) -> None:
    """Remember what the builder entered, for the other steps of this workflow too."""
    kept: dict[str, dict[str, str]] = request.session.get(_GIVEN, {})
    merged = given_values(request, workflow_id) | dict(texts)
    request.session[_GIVEN] = kept | {str(workflow_id): merged}


def keep_trial(request: PageRequest, workflow_id: int, step_id: int, trial: Trial) -> None:
    """Keep the last test, so that its values can be picked and the page can be reloaded."""
    kept = _KeptTrial(
        step_id=step_id, request=trial.request, reply=trial.reply, problem=trial.problem
    )
    request.session[_LAST] = {str(workflow_id): kept}


def _last_trial(request: PageRequest, workflow_id: int, step: HttpRequest) -> ShownTrial | None:
    kept = cast("dict[str, _KeptTrial]", request.session.get(_LAST, {})).get(str(workflow_id))
    if kept is None or kept["step_id"] != step.id:
        return None
    sent, reply = kept["request"], kept["reply"]
    body = reply["body"] if reply else ""
    return ShownTrial(
        request_line=f"{sent['method']} {sent['url']}",
        request=_message(sent["headers"], sent["body"]),
        status=status_text(reply["status"]) if reply else "",
        is_good=reply is not None and reply["status"] < 300,
        problem=kept["problem"],
        duration_ms=reply["duration_ms"] if reply else 0,
        answered_by=reply["answered_by"] if reply else "",
        response_head=_message(reply["headers"], "") if reply else "",
        response=pretty(body),
        is_truncated=reply is not None and reply["is_truncated"],
        tree=answer_tree(body, step.variables),
        picked=picked_from(body, step.variables),
    )


def _message(headers: list[list[str]], body: str) -> str:
    head = "\n".join(f"{name}: {value}" for name, value in headers)
    return f"{head}\n\n{pretty(body)}".strip()
