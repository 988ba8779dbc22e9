"""Every finding is explained, and shown by an example in the tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from waypost.workflows.finding_guide import guide_text, read_guide

ROOT = Path(__file__).parents[2]


#: What makes a finding; its code is the first or second argument.
MAKERS = frozenset({"Finding", "_found", "_Fault", "ParameterFault"})
CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")
#: Codes of refusals that the check passes on as findings.
PASSED_ON = {"invalid_url", "invalid_header", "invalid_json"}


def emitted() -> set[str]:
    """Every code that the source makes a finding of."""
    found = set(PASSED_ON)
    for path in (ROOT / "waypost").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "Finding(" in text or "Fault(" in text or "_found(" in text:
            found |= set(codes_in(ast.parse(text)))
    return found


def codes_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in MAKERS:
            for argument in node.args[:2]:
                yield from constants(argument)
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "code":
            yield from constants(node.value)


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def constants(node: ast.expr) -> Iterator[str]:
    """The code in an argument, or both of a choice between two."""
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.Constant) and CODE.fullmatch(str(node.value)):
        yield str(node.value)


def explained() -> list[str]:
    return [one.code for subject in read_guide().subjects for one in subject.findings]


def test_every_finding_has_a_section_and_every_section_a_finding() -> None:
    codes = explained()

    assert sorted(codes) == sorted(set(codes))
    assert set(codes) == emitted()


def test_the_documentation_is_the_guide_of_the_program() -> None:
    written = ROOT / "docs" / "how-to" / "findings.md"

    assert written.read_text(encoding="utf-8") == guide_text()


@pytest.mark.parametrize("code", explained())
def test_a_test_shows_the_finding(code: str) -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]

    assert any(f'"{code}' in path.read_text(encoding="utf-8") for path in tests)


def test_each_section_says_first_whether_it_stops_publishing() -> None:
    texts = [one.text for subject in read_guide().subjects for one in subject.findings]

    assert [text for text in texts if not text.startswith(("**Error", "**Warning"))] == []
