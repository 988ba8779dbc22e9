"""Names pasted from a document written in Markdown, backslashes included."""

from __future__ import annotations

from waypost.engine.step_types.http_request import HttpRequest
from waypost.workflows.check import normalised
from waypost.workflows.files import WorkflowFile, read_workflow

PASTED = r"""
key: pasted
name: Pasted
steps:
  - key: launch
    name: Launch
    type: http_request
    url: https://example.org/
    variables:
      - {name: step\_id, path: '\$.steps\[0].id'}
  - key: send
    name: Send
    type: http_request
    url: https://example.org/
    body: '{"step_id": {2. Launch - Launch process automatically - step_id (plain)}}'
"""


def test_references_find_a_variable_whose_name_was_pasted_with_backslashes() -> None:
    file = read_workflow(PASTED)
    assert isinstance(file, WorkflowFile)

    launch, send = normalised(file.workflow).steps

    assert [(one.name, one.path) for one in launch.variables] == [("step_id", "$.steps[0].id")]
    assert isinstance(send, HttpRequest)
    assert send.body == '{"step_id": {{=launch.step_id|plain}}}'
