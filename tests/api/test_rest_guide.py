"""docs/api/rest.md: its requests run, and its table is the one in code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.api.callers import a_caller
from tests.api.test_description import a_stage
from waypost.api.codes import FAULTS

TEXT = (Path(__file__).parents[2] / "docs/api/rest.md").read_text()
REQUESTS = re.findall(r"```http\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("written", REQUESTS, ids=lambda text: text.partition("\n")[0])
def test_a_request_of_the_guide_is_taken(written: str) -> None:
    caller = a_caller()
    head, _, body = a_stage(caller).swapped(written).partition("\n\n")
    method, path = head.partition("\n")[0].split(" ")

    told = caller.send(method, path.removeprefix("/api"), json.loads(body) if body else None)

    assert told.status in (200, 201), told.json


def test_the_table_of_the_guide_is_the_one_in_code() -> None:
    rows = [f"| `{one.code}` | {one.status} | {one.meaning} |" for one in FAULTS]

    assert TEXT.rstrip().endswith("\n".join(rows))
