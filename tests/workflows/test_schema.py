"""The published JSON Schema says what the reader reads, and the docs name all of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from waypost.workflows.check import findings_of, normalised
from waypost.workflows.files import ATTRIBUTES, WorkflowFile, read_workflow, write_workflow
from waypost.workflows.schema import workflow_schema
from waypost.workflows.templates import FILES, template_text

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs/api/workflow.schema.json"
GUIDE = ROOT / "docs/how-to/workflow-files.md"


def test_the_published_schema_is_current() -> None:
    remedy = "Run `waypost schema -o docs/api/workflow.schema.json`."
    assert SCHEMA.read_text(encoding="utf-8") == workflow_schema(), remedy


@pytest.mark.parametrize("name", FILES)
def test_templates_fit_the_schema_as_written_and_as_exported(name: str) -> None:
    validator = Draft202012Validator(json.loads(workflow_schema()))
    text = template_text(name)
    read = read_workflow(text, uses_examples=True)
    assert isinstance(read, WorkflowFile)

    for document in (text, write_workflow(read.workflow)):
        assert list(validator.iter_errors(yaml.safe_load(document))) == []


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    validator = Draft202012Validator(json.loads(workflow_schema()))
    wrong = {"key": "a", "name": "A", "steps": [], "colour": "red"}

    assert not validator.is_valid(wrong)
    assert isinstance(read_workflow(yaml.safe_dump(wrong)), tuple)


def test_the_guide_names_every_attribute() -> None:
    guide = GUIDE.read_text(encoding="utf-8")

    missing = [name for name in sorted(ATTRIBUTES) if f"`{name}`" not in guide]

    assert missing == [], "Add these to docs/how-to/workflow-files.md."


def test_the_example_in_the_guide_is_sound() -> None:
    example = GUIDE.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]

    read = read_workflow(example, uses_examples=True)

    assert isinstance(read, WorkflowFile), read
    assert findings_of(normalised(read.workflow)) == ()
