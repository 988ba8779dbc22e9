"""The faults F1 to F10 of the seed's design, each found by its name."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.workflows.seed_design import FILLED, seed_design
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.workflows.check import findings_of, normalised
from waypost.workflows.templates import BY_KEY, template_preview


def check_together(workflows: Iterable[Workflow]) -> list[tuple[Finding, ...]]:
    """The findings of each, when they know each other, as `waypost check` finds them."""
    stored = {one.key: normalised(one) for one in workflows}
    return [findings_of(one, None, stored) for one in stored.values()]


@pytest.mark.parametrize(
    ("fault", "code", "workflow", "step"),
    [
        ("F1 a wrong code has no message to report", "empty_into_radio", 0, "report_failure"),
        ("F2 nothing stops the code page", "telling_may_be_skipped", 0, "verify_yourself"),
        ("F3 two steps may report", "double_report", 0, "report_failure"),
        ("F4 declining stops before the report", "decline_ends_here", 0, "proceed"),
        ("F5 nothing fills the result", "nothing_fills_form", 0, "result"),
        ("F6 ids are sent for name, mail and phone", "id_as_value", 1, "send_details"),
        ("F7 comments in the JSON", "mended_json", 1, "send_details"),
        ("F8 the header is spelled in three ways", "header_spelling", 0, "report_send_failure"),
        ("F9 a return sends the same code", "not_anew", 0, "proceed"),
        ("F10 a return starts a second instance", "starts_again", 1, "what_next"),
    ],
)
def test_each_fault_of_the_seed_is_found_by_name(
    fault: str, code: str, workflow: int, step: str
) -> None:
    findings = check_together(seed_design())[workflow]

    assert (code, step) in {(one.code, one.step) for one in findings}, f"{fault}: {findings}"


def test_every_word_that_the_seed_leaves_to_its_reader_is_an_error() -> None:
    sub, main = check_together(seed_design(filled={}))

    left = [one for one in (*sub, *main) if one.code == "placeholder_left"]

    assert {one.severity for one in left} == {"error"}
    said = " ".join(one.message for one in left)
    assert not [word for word in FILLED if word.replace("\\", "") not in said]


def test_filled_in_the_seed_can_be_published_but_asks() -> None:
    findings = [one for found in check_together(seed_design()) for one in found]

    assert [one for one in findings if one.severity == "error"] == []


def test_the_shipped_templates_have_no_finding_together_or_alone() -> None:
    names = [name for template in BY_KEY.values() for name in template.names]
    shipped = [template_preview(name) for name in dict.fromkeys(names)]

    found = [*check_together(shipped), *(findings_of(normalised(one)) for one in shipped)]

    assert [one for findings in found for one in findings] == []
