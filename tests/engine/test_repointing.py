"""What names other parts of a workflow follows them to their new keys."""

from __future__ import annotations

from tests.engine.makers import a_call, a_workflow
from waypost.engine.repointing import with_key
from waypost.engine.step_types.http_request import HttpRequest


def body_of(workflow_body: str, **moved: str) -> str:
    workflow = with_key(a_workflow(a_call(body=workflow_body)), "other", moved)
    (step,) = workflow.steps
    assert isinstance(step, HttpRequest)
    return step.body


def test_literal_ids_of_its_own_follow_a_workflow_to_its_new_key() -> None:
    assert body_of("{{=id flow}} {{=id flow/a/b}}") == "{{=id other}} {{=id other/a/b}}"


def test_literal_ids_of_other_workflows_stay() -> None:
    assert body_of("{{=id flows/a}} {{=a.b}}") == "{{=id flows/a}} {{=a.b}}"


def test_literal_ids_follow_steps_with_new_keys() -> None:
    assert body_of("{{=id flow/a/b}}", a="a_2", b="no") == "{{=id other/a_2/b}}"
