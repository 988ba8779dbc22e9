"""Paths of values in an answer, and the names of the variables that pick them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waypost.engine.json_paths import Parts, json_path, parts_of, variable_name
from waypost.integrations.outputs import picked

PARTS = st.lists(st.one_of(st.text(max_size=8), st.integers(0, 3)), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("id",), "$.id"),
        (("process_snapshot", "steps", 0, "actions", 1, "id"),
         "$.process_snapshot.steps[0].actions[1].id"),
        (("a b", "c'd"), "$[\"a b\"][\"c'd\"]"),
    ],
)  # fmt: skip
def test_a_path_says_where_a_value_stands(parts: Parts, path: str) -> None:
    assert json_path(parts) == path
    assert parts_of(path) == parts


@given(PARTS)
def test_every_path_finds_its_value_and_reads_back(listed: list[str | int]) -> None:
    parts = tuple(listed)
    answer: object = "found"
    for part in reversed(parts):
        answer = {part: answer} if isinstance(part, str) else [0] * part + [answer]

    assert parts_of(json_path(parts)) == parts
    assert picked(json_path(parts), answer) == "found"  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["", "$", "$..id", "$[*]", "$.id ", "id", "$.a[", "$['a]"])
def test_a_path_that_somebody_else_wrote_is_not_read(path: str) -> None:
    assert parts_of(path) is None


def test_a_name_comes_from_the_end_of_the_path_and_is_free() -> None:
    parts: Parts = ("steps", 0, "actions", 1, "id")

    assert variable_name(parts, ()) == "id"
    assert variable_name(parts, ("id",)) == "actions_1_id"
    assert variable_name(("id",), ("id", "id_2")) == "id_3"
    assert variable_name(("ü-x y",), ()) == "x_y"
    assert variable_name(("€",), ()) == "value"
