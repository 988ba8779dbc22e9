"""The pages of explanations."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waypost.web.access import MemberRequest, member_page
from waypost.workflows.finding_guide import read_guide


@require_safe
@member_page
def findings(request: MemberRequest) -> HttpResponse:
    """What each finding of the check means; each code is an anchor."""
    return render(request, "help/findings.html", {"guide": read_guide()})
