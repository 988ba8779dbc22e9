"""Paths that would keep a server busy are known before they are tried."""

from __future__ import annotations

import pytest

from waypost.engine.heavy_paths import why_heavy


@pytest.mark.parametrize(
    "path",
    [
        "$..*..*..*..*",
        "$..a..b",
        "$[?search(@.text, '(a+)+$')]",
        "$[?match (@.text, 'a')]",
        "$[?@.text =~ /(a+)+$/]",
        "$" + "['a','a']" * 9,
        "$.list[?$.list[?@.id]]",
        "$" + ".a" * 1000,
    ],
)
def test_what_multiplies_is_heavy(path: str) -> None:
    assert why_heavy(path)


@pytest.mark.parametrize(
    "path",
    [
        "$.id",
        "$..id",
        "$.items[*].name",
        "$.items[?@.status == 'search(..)'].id",
        "$['a..b']['c..d, e?']",
        "$.actions[0]['first name', 'last name']",
    ],
)
def test_what_people_write_is_not(path: str) -> None:
    assert not why_heavy(path)
