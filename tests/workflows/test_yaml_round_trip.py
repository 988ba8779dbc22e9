"""Export, import, export: the same bytes, whatever people write."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from waypost.engine.conditions import Condition, Rule, RuleGroup
from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.instruction import Instruction
from waypost.engine.field_types.number import Number
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.step import Variable
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.form import Form
from waypost.engine.step_types.http_request import Header, HttpRequest, RetryPolicy
from waypost.engine.step_types.instruction import Instruction as InstructionStep
from waypost.workflows.files import WorkflowFile, read_workflow, write_workflow
from waypost.workflows.yaml_writing import write_yaml

TRICKY = [
    *("yes", "no", "on", "Off", "y", "null", "~", "true", "False", "", " ", "  lead", "trail  "),
    *("012", "1e3", "0x1f", "1_000", "12:30", "2024-01-31", "1.5", ".5", "-", "- a", "? b", "a: b"),
    *("# no comment", "a #b", "{a}", "[a]", "&a", "*a", "!a", "%a", "@a", "`a`", "'", '"', "\\"),
    *("a\nb", "a\n", "a\n\n", "\na", "  a\nb", "a \nb", "a\n  b\n", "\n", "a\n\n\nb\n", "\ta\nb"),
    *(
        "a\tb",
        "\r\n",
        "a\rb",
        "\x85",
        "\u2028",
        "\u00a0",
        "\ufeff",
        "é ü ß",
        "日本語",
        "😀\n😀",
        "\x07",
    ),
    *(
        "{{=a.b|json}}",
        "${NAME}",
        "<<",
        "=",
        "a" * 500,
        ("word " * 60) + "\nend",
        "---",
        "...\n---\n",
    ),
]
texts = st.sampled_from(TRICKY) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30
)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
rules = st.builds(
    Rule,
    source=texts,
    operator=texts,
    value=st.none()
    | texts
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.lists(texts, max_size=3).map(tuple),
)
several_rules = st.lists(rules, max_size=3).map(tuple)
matches = st.sampled_from(["all", "any"])
groups = st.builds(RuleGroup, match=matches, rules=several_rules)
conditions = st.none() | st.builds(
    Condition, match=matches, rules=several_rules, groups=st.lists(groups, max_size=2).map(tuple)
)
items = st.lists(texts, max_size=3).map(tuple)
named = {"key": keys, "name": texts, "info": texts, "condition": conditions}
buttons = st.builds(
    Button,
    label=texts,
    action=st.sampled_from(["complete", "return", "skip_forward", "decline"]),
    target=texts,
)
fields: st.SearchStrategy[AnyField] = st.one_of(
    st.builds(ShortText, **named, prefill=texts, is_required=st.booleans()),
    st.builds(Radio, **named, items=items, accepts_other=st.booleans()),
    st.builds(Checklist, **named, items=items),
    st.builds(Number, **named, minimum=st.none() | st.integers(-9, 9) | st.floats(-1e6, 1e6)),
    st.builds(Instruction, **named, text=texts),
    st.builds(Routing, **named, buttons=st.lists(buttons, max_size=3).map(tuple)),
)
placed = {"key": keys, "name": texts, "assignee": texts, "condition": conditions, "notes": texts}
steps: st.SearchStrategy[AnyStep] = st.one_of(
    st.builds(Form, **placed, fields=st.lists(fields, max_size=3).map(tuple)),
    st.builds(InstructionStep, **placed, text=texts, is_blocking=st.booleans()),
    st.builds(
        HttpRequest,
        **placed,
        url=texts,
        body=texts,
        headers=st.lists(st.builds(Header, name=texts, value=texts), max_size=2).map(tuple),
        variables=st.lists(
            st.builds(Variable, name=texts, path=texts, default=texts), max_size=2
        ).map(tuple),
        retry=st.builds(RetryPolicy, times=st.integers(0, 3)),
    ),
)
workflows = st.builds(
    Workflow,
    key=keys,
    name=texts,
    description=texts,
    tags=items,
    acknowledged=items,
    steps=st.lists(steps, max_size=3).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(workflows)
def test_export_then_import_then_export_is_byte_identical(workflow: Workflow) -> None:
    text = write_workflow(workflow)

    again = read_workflow(text)

    assert isinstance(again, WorkflowFile), again
    assert write_workflow(again.workflow) == text
    assert again.workflow == workflow


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_other_reader_of_yaml_finds_the_same_text(text: str) -> None:
    written = write_yaml({"name": text, "list": [text], "rules": [{"value": text}]})

    read = yaml.safe_load(written)

    assert read == {"name": text, "list": [text], "rules": [{"value": text}]}
