"""The page that describes the API."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_everybody_reads_every_call_of_the_document() -> None:
    document = Client().get("/api/openapi.json").json()

    page = Client().get("/api/").content.decode()

    for methods in document["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    assert all(f"<code>{one['code']}</code>" in page for one in document["x-errors"])


def test_a_call_is_shown_as_a_command_that_names_the_key_only() -> None:
    page = Client().get("/api/").content.decode()

    assert "Authorization: Api-Key $WAYPOST_KEY" in page
    assert "<script>" not in page
