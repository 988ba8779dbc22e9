"""What browsers may do is said with every answer."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from waypost.web.browser_rules import BrowserRules

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", "/static/css/tokens.css", "/s/unknown"])
def test_every_answer_carries_the_rules(path: str) -> None:
    answer = Client().get(path)

    assert answer["Content-Security-Policy"] == CSP
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    answer.close()


@pytest.mark.django_db
def test_pages_are_kept_by_nobody() -> None:
    assert "no-store" in Client().get("/sign-in/")["Cache-Control"]
    assert "no-store" in Client().get("/s/unknown")["Cache-Control"]


def test_a_stricter_rule_of_an_answer_stays() -> None:
    def preview(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "sandbox; default-src 'none'"})

    answer = BrowserRules(preview)(RequestFactory().get("/preview"))

    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
