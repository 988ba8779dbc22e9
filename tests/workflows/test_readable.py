"""Changes in words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.people.makers import a_colleague, an_admin
from tests.workflows.drafting import a_draft, adding, done, renamed
from tests.workflows.test_import import a_workflow
from waypost.engine.dry_run import DryRun, ExpectedRun
from waypost.engine.errors import Refusal
from waypost.workflows.changelog import draft_changes
from waypost.workflows.editing import edit_draft
from waypost.workflows.models import Workflow as Row
from waypost.workflows.readable import readable_difference
from waypost.workflows.undoing import undo

BEFORE = """
key: ask
name: Ask
steps:
  - key: details
    name: Details
    type: form
    assignee: external
    fields:
      - {key: phone, name: Phone, type: phone}
      - {key: kind, name: Kind, type: radio, items: [Old, New]}
  - key: send
    name: Send
    type: http_request
    url: https://api.example/send
    variables: [{name: sid, path: $.sid}]
  - {key: last, name: Last, type: form}
"""


def lines(*changes: tuple[str, str]) -> list[tuple[str, str, str, str]]:
    """What is told when these texts of the file are exchanged."""
    text = BEFORE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    told = readable_difference(a_workflow(BEFORE), a_workflow(text))
    return [(one.step, one.text, one.old, one.new) for one in told]


def test_dry_runs_that_end_differently_read_differently() -> None:
    before, after = (
        replace(a_workflow(BEFORE), dry_runs=(DryRun(name="Run", expects=(end,)),))
        for end in (
            ExpectedRun(workflow="ask", status="running", steps={"details": "active"}),
            ExpectedRun(
                workflow="ask",
                status="running",
                steps={"details": "completed", "last": "active"},
            ),
        )
    )

    (told,) = readable_difference(before, after)

    assert told.old == "Run: 0 moves\nAsk ends running: Details active"
    assert told.new == "Run: 0 moves\nAsk ends running: Details completed, Last active"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: Ask", "name: Question", ("", "Name", "Ask", "Question")),
        ("name: Send", "name: Text", ("Text", "Name", "Send", "Text")),
        (
            "assignee: external",
            "assignee: team:Sales",
            ("Details", "Assignee", "External user (secure link)", "Team Sales"),
        ),
        (
            "url: https://api.example/send",
            "url: 'https://api.example/{{=details.phone|plain}}'",
            (
                "Send",
                "URL",
                "https://api.example/send",
                "https://api.example/{2. Details - Phone - Input (plain)}",
            ),
        ),
        (
            "[Old, New]",
            "[Old, New, Other]",
            ("Details", "field “Kind”, Items", "Old\nNew", "Old\nNew\nOther"),
        ),
        ("path: $.sid", "path: $.id", ("Send", "variable “sid”, JSONPath", "$.sid", "$.id")),
        (
            "name: Last, type: form",
            "name: Last, type: form, is_blocking: false",
            ("Last", "Blocking", "Yes", "No"),
        ),
        (
            "name: Last, type: form",
            "name: Last, type: form, condition: "
            "{rules: [{source: details.kind, operator: is, value: New}]}",
            ("Last", "Condition", "", "Details: Kind is “New”"),
        ),
        (
            "name: Last, type: form",
            "name: Last, type: instruction, text: Hello",
            ("Last", "Type", "Form", "Instruction"),
        ),
        (
            "      - {key: phone, name: Phone, type: phone}\n",
            "",
            ("Details", "field “Phone” removed", "", ""),
        ),
        (
            "  - {key: last, name: Last, type: form}\n",
            "  - {key: last, name: Last, type: form}\n  - {key: more, name: More, type: form, "
            "fields: [{key: x, name: X, type: date}]}\n",
            ("More", "added behind “Last”", "", "Field “X” (Date)"),
        ),
        ("  - {key: last, name: Last, type: form}\n", "", ("Last", "removed", "", "")),
    ],
)
def test_a_change_is_told_with_the_words_of_the_editor(
    old: str, new: str, told: tuple[str, str, str, str]
) -> None:
    assert lines((old, new)) == [told]


def test_a_moved_step_is_told_by_the_one_before_it() -> None:
    last = "  - {key: last, name: Last, type: form}\n"

    told = lines((last, ""), ("  - key: details\n", f"{last}  - key: details\n"))

    assert told == [("Last", "moved before all others", "", "")]


def test_lines_are_in_the_order_of_the_steps() -> None:
    told = lines(
        ("name: Last", "name: End"),
        ("name: Ask", "name: Question"),
        ("name: Details", "name: Data"),
    )

    assert [step for step, *_ in told] == ["", "Data", "End"]


@pytest.mark.django_db
def test_the_changelog_says_who_did_what() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    lead = a_colleague(admin)
    Row.objects.filter(pk=workflow_id).update(lead_id=lead.principal_id)
    renamed(lead, workflow_id, "ask", "Question")
    done(edit_draft(admin, workflow_id, 2, "Added Form", adding()))
    done(undo(lead, workflow_id))

    entries = draft_changes(admin, workflow_id)

    assert not isinstance(entries, Refusal)
    told = [(one.revision, one.who, one.label, one.undoes) for one in entries]
    assert told == [
        (4, "Carl Colleague", "Undid: Renamed ask", 2),
        (3, "Olivia Owner", "Added Form", None),
        (2, "Carl Colleague", "Renamed ask", None),
        (1, "Olivia Owner", "Imported", None),
    ]
    assert [[line.sentence for line in one.lines] for one in entries] == [
        ["Ask: Name changed from “Question” to “Ask”."],
        ["Form: added behind “Question”."],
        ["Question: Name changed from “Ask” to “Question”."],
        [],
    ]


@pytest.mark.django_db
def test_the_changelog_goes_on_where_a_page_ended() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    for name in ("Second", "Third", "Fourth"):
        renamed(admin, workflow_id, "ask", name)

    entries = draft_changes(admin, workflow_id, before=4, limit=2)

    assert not isinstance(entries, Refusal)
    assert [one.revision for one in entries] == [3, 2]
    assert entries[0].lines[0].sentence == "Third: Name changed from “Second” to “Third”."
    assert isinstance(draft_changes(an_admin("two"), workflow_id), Refusal)
