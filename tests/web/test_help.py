"""The explanations within the product."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.people.makers import an_admin
from tests.web.visitors import signed_in
from waypost.workflows.check import docs_url

pytestmark = pytest.mark.django_db


def test_each_finding_is_explained_where_its_address_leads() -> None:
    address, _, anchor = docs_url("never_holds").partition("#")

    page = signed_in(an_admin()).get(address)

    assert page.status_code == 200
    assert f'id="{anchor}"' in page.content.decode()


def test_visitors_sign_in_first() -> None:
    page = Client().get("/help/findings/")

    assert page.status_code == 302
