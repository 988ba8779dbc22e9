"""Patterns of builders: what is taken, and what could run away."""

from __future__ import annotations

import pytest

from waypost.engine.pattern import MAX_PATTERN, MAX_TEXT, matches, pattern_fault


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^\d{3}-\d+$", "123-4"),
        (r"(foo|bar)", "a BAR"),
        (r"(?:ab)+", "abab"),
        (r"[a-z(*+]+\.", "a(*+."),
        (r"\(\d*\)", "(12)"),
        (r"(?:a{2})?b", "aab"),
    ],
)
def test_ordinary_patterns_are_taken(pattern: str, text: str) -> None:
    assert pattern_fault(pattern) == ""
    assert matches(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|aa)*$",
        "((a)*)*",
        "(a{1,9}){9,}",
        ".*.*.*x",
        "a?" * 30,
        "a{1,99}" * 4,
        "(a|b)" * 30,
        r"(a)\1",
        "(?=a)",
        "(?P<n>a)",
        "(?i)a",
        "[",
        "(",
        "a" * (MAX_PATTERN + 1),
    ],
)
def test_patterns_that_could_run_away_are_refused_and_match_nothing(pattern: str) -> None:
    assert pattern_fault(pattern)
    assert not matches(pattern, "a" * 100)


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert not matches("end", "x" * MAX_TEXT + "end")
