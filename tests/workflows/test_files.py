"""Files of workflows: every fault with its line, reason and remedy."""

from __future__ import annotations

from importlib.resources import files

import pytest

from waypost.engine.step_types.http_request import HttpRequest
from waypost.workflows.check import findings_of, normalised
from waypost.workflows.files import FileFinding, WorkflowFile, read_workflow, write_workflow
from waypost.workflows.templates import FILES, template_text
from waypost.workflows.yaml_reading import MAX_BYTES

HEAD = "key: flow\nname: Flow\nsteps:\n"
FORM = "  - key: ask\n    name: Ask\n    type: form\n"


def faults(text: str) -> list[tuple[str, int]]:
    """The code and line of each fault of form."""
    read = read_workflow(text)
    assert isinstance(read, tuple), "there is none"
    assert all(one.finding.message and one.finding.remedy for one in read)
    return [(one.finding.code, one.line) for one in read]


def read(text: str, **given: str) -> WorkflowFile:
    found = read_workflow(text, given=given)
    assert isinstance(found, WorkflowFile), found
    return found


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "not_a_workflow", 1),
        ("- a\n", "not_a_workflow", 1),
        ("key: [\n", "not_yaml", 2),
        ("key: flow\n  name: x: y\n", "not_yaml", 2),
        ("a: 1\nb: 2\na: 3\n", "not_yaml", 3),
        ("a: &x 1\nb: *x\n", "not_yaml", 1),
        ("a: !!python/object:os.system 1\n", "not_yaml", 1),
        ("a: 1\n---\nb: 2\n", "not_yaml", 2),
        ('a: "\\0"\n', "not_yaml", 1),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "not_yaml", 1),
        ("? [a]\n: b\n", "not_yaml", 1),
        ("a: \ud800\n", "not_yaml", 1),
        ("#" * (MAX_BYTES + 1), "not_yaml", 1),
        ("key: flow\nsteps: []\n", "missing_key", 1),
        ("key: flow\nname: Flow\nstep: []\nsteps: []\n", "unknown_key", 3),
        ("key: flow\nname: 2024\nsteps: []\n", "wrong_type", 2),
        ("key: flow\nname: Flow\nsteps: {}\n", "wrong_type", 3),
        ("key: flow\nname: Flow\nformat: 99\nsteps: []\n", "unknown_format", 3),
        (HEAD + FORM + "    assigne: starter\n", "unknown_key", 7),
        (HEAD + FORM + "    id: 7\n", "unknown_key", 7),
        (HEAD + FORM.replace("form", "forms"), "wrong_value", 6),
        (HEAD + FORM + "    fields:\n      - {key: a, name: A, type: radio}\n", "missing_key", 8),
        (
            HEAD + FORM + "    fields:\n      - key: a\n        name: A\n        type: radio\n"
            "        items:\n          - One\n          - 2\n",
            "wrong_type",
            13,
        ),
        (
            HEAD + FORM + "    condition:\n      rules:\n        - {source: a, operators: is}\n",
            "unknown_key",
            9,
        ),
        ("parameters: {base: {}}\nkey: a\n", "wrong_parameter", 1),
        ("parameters:\n  Base: {description: x}\n", "wrong_parameter", 2),
        ("parameters:\n  BASE: {description: Here}\nkey: a\n", "missing_parameter", 2),
        ("parameters: {}\nkey: a\nname: ${GONE}\n", "unknown_parameter", 3),
    ],
)
def test_each_fault_of_form_has_its_line(text: str, code: str, line: int) -> None:
    assert (code, line) in faults(text)


def test_one_fault_does_not_hide_the_next() -> None:
    text = (
        HEAD
        + FORM
        + "    fields:\n      - {key: a, name: A, type: colour}\n      - {key: b, type: email}\n"
        + "  - {key: then, name: Then, type: form, blocking: true}\n"
    )

    assert faults(text) == [("wrong_value", 8), ("missing_key", 9), ("unknown_key", 10)]


def test_a_finding_is_one_line_with_everything() -> None:
    found = read_workflow(HEAD + FORM + "    assigne: starter\n", "flows/ask.yaml")

    assert isinstance(found, tuple)
    assert str(found[0]) == (
        "flows/ask.yaml:7: unknown_key: There is no `assigne` here. → Did you mean `assignee`? "
        "docs/how-to/workflow-files.md lists what belongs where."
    )


def test_findings_of_the_check_have_the_line_of_their_attribute() -> None:
    file = read(
        HEAD
        + FORM
        + "    assignee: me\n"
        + "    condition:\n      rules:\n        - {source: gone.a, operator: is, value: b}\n"
        + "    fields:\n      - key: way\n        name: Way\n        type: routing\n"
        + "        buttons:\n          - {label: Go, action: return, target: gone}\n"
        + "  - key: call\n    name: Call\n    type: http_request\n    url: https://a.example/\n"
        + "    variables:\n      - {name: id, path: '$.['}\n"
    )

    located = [file.located(one) for one in findings_of(normalised(file.workflow))]

    assert [(one.finding.code, one.line) for one in located] == [
        ("unknown_assignee", 7),
        ("unknown_source", 10),
        ("unknown_target", 16),
        ("invalid_jsonpath", 22),
    ]


def test_words_of_older_yaml_are_texts() -> None:
    file = read(
        "key: flow\nname: yes\ndescription: 012\ntags: [no, 12:30, 2024-01-31]\nsteps: []\n"
    )

    assert file.workflow.name == "yes"
    assert file.workflow.description == "012"
    assert file.workflow.tags == ("no", "12:30", "2024-01-31")


def test_parameters_are_filled_in_everywhere_and_then_gone() -> None:
    text = (
        "parameters:\n  BASE: {description: Here}\n  WHO: {description: Who, default: Ann}\n"
        + HEAD
        + '  - {key: a, name: "For ${WHO}", type: http_request, url: "${BASE}/x"}\n'
    )

    file = read(text, BASE="https://a.example")

    step = file.workflow.steps[0]
    assert isinstance(step, HttpRequest)
    assert (step.name, step.url) == ("For Ann", "https://a.example/x")
    assert "parameters" not in write_workflow(file.workflow)


def test_without_parameters_dollar_braces_are_text() -> None:
    assert read("key: flow\nname: ${BASE}\nsteps: []\n").workflow.name == "${BASE}"


def test_default_values_are_not_written() -> None:
    file = read(HEAD + FORM + "    assignee: workflow_lead\n    is_blocking: true\n")

    assert write_workflow(file.workflow) == "format: 1\n" + HEAD + FORM


@pytest.mark.parametrize("name", FILES)
def test_templates_have_no_findings(name: str) -> None:
    found = read_workflow(template_text(name), f"{name}.yaml", uses_examples=True)

    assert isinstance(found, WorkflowFile), "\n".join(map(str, found))
    assert [str(found.located(one)) for one in findings_of(normalised(found.workflow))] == []


def test_every_template_is_listed() -> None:
    folder = files("waypost.workflows.templates")

    assert {one.name for one in folder.iterdir() if one.name.endswith(".yaml")} == {
        f"{name}.yaml" for name in FILES
    }


def test_findings_name_the_file() -> None:
    found = read_workflow("", "empty.yaml")

    assert isinstance(found, tuple)
    assert isinstance(found[0], FileFinding)
    assert found[0].path == "empty.yaml"
