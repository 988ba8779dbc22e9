"""What a step keeps of an answer, whatever the other system answers."""

from __future__ import annotations

import pytest

from waypost.engine.json_value import JSON, text_of
from waypost.engine.step import Variable
from waypost.integrations.http import Reply
from waypost.integrations.outputs import picked_variables, reason_of


def a_reply(body: str, status: int = 200) -> Reply:
    """An answer with this body."""
    return Reply(status, (), body.encode(), 3, "https://example.org")


def picked(path: str, body: str) -> JSON:
    """What a variable with this path gets."""
    return picked_variables([Variable(name="x", path=path)], a_reply(body))["x"]


@pytest.mark.parametrize(
    ("path", "body", "value"),
    [
        ("$.id", '{"id": 7}', 7),
        ("$.id", '{"id": null}', None),
        ("$.id", "{}", ""),
        ("$.id", "no json", ""),
        ("$.id", '{"id": 1e999}', ""),
        ("$.id", '"a text"', ""),
        ("$..id", '{"a": {"id": 1}, "b": {"id": 2}}', [1, 2]),
        ("$.no such path[", '{"id": 7}', ""),
    ],
)
def test_a_variable_is_what_its_path_finds(path: str, body: str, value: JSON) -> None:
    assert picked(path, body) == value


@pytest.mark.parametrize("depth", [99, 300, 900, 100_000])
@pytest.mark.parametrize("path", ["$", "$.a", "$..a", "$.b"])
def test_no_answer_is_nested_too_deep_to_be_taken(path: str, depth: int) -> None:
    body = '{"b": 1, "a":' + '{"a":' * depth + "1" + "}" * depth + "}"

    assert len(text_of(picked(path, body))) < 20_000
    assert reason_of(a_reply(body, 500)).startswith("https://example.org answered 500")


def test_what_lies_too_deep_is_left_out_and_the_rest_kept() -> None:
    body = '{"b": 1, "a":' + "[" * 300 + "]" * 300 + "}"

    assert picked("$.b", body) == 1


@pytest.mark.parametrize("path", ["$..*..*..*..*..*", "$[?search(@, '(a|aa)+$')]"])
def test_a_path_that_would_never_end_picks_nothing(path: str) -> None:
    body = '["' + "a" * 60 + '!", ' + '{"a": [' * 30 + "1" + "]}" * 30 + "]"

    assert picked(path, body) == ""
