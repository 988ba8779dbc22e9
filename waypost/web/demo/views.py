"""Start a demo, watch it, and do the colleagues' part in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waypost.engine.errors import Refusal
from waypost.instances.detail import InstanceDetail
from waypost.web.demo.runs import (
    COOKIE,
    COOKIE_SECONDS,
    Customer,
    DemoRun,
    FailedTask,
    customer_of,
    demo_id,
    demo_runs,
    inbox_token,
    owner_or_404,
    public_paths,
    start_demo,
)
from waypost.web.fields.form import Attempt
from waypost.web.instances.acts import complete_posted, step_or_404
from waypost.web.live import live_part


def ann() -> Customer:
    """The customer on offer. Her mailbox is new each time, without the mails of earlier demos."""
    return Customer("Ann Example", f"ann.{secrets.token_hex(2)}@example.org", "+15005550006")


@dataclass(frozen=True, slots=True)
class DemoStart:
    """The form in front of the demo."""

    customer: Customer
    refusal: str = ""


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """The panes of the running demo, or the form that starts one."""
    runs = _runs(request)
    if not runs:
        return render(request, "demo/start.html", {"form": DemoStart(ann())})
    return _panes(request, runs)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start the main workflow for the customer that was entered."""
    customer = Customer(
        *(request.POST.get(name, "").strip() for name in ("name", "email", "phone"))
    )
    main = start_demo(owner_or_404(), customer)
    if isinstance(main, Refusal):
        form = DemoStart(customer, main.message)
        return render(request, "demo/start.html", {"form": form}, status=422)
    response = HttpResponseRedirect("/demo/", status=303)
    response.set_signed_cookie(
        COOKIE,
        str(main.id),
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Leave this demo and go back to the form."""
    response = HttpResponseRedirect("/demo/", status=303)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The third pane."""
    runs = _runs(request)
    if not runs:
        raise Http404("This demo has ended. Start a new one.")
    return live_part(request, "demo/_runs.html", _pane(runs))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What the customer's pane shows until the first link is opened."""
    return render(request, "demo/waiting.html")


@require_http_methods(["POST"])
def complete(request: HttpRequest, instance_id: int, step_id: int) -> HttpResponse:
    """Do a colleague's step of this demo."""
    detail = _run_of_demo(request, instance_id)
    step = step_or_404(detail, step_id)
    if step.is_external or step.waits_for != "person":
        raise Http404("This step is not a colleague's. Go back to the demo.")
    outcome = complete_posted(request, owner_or_404(), detail, step)
    if outcome is None:
        return HttpResponseRedirect("/demo/", status=303)
    attempt = Attempt(request.POST, outcome)
    failed = FailedTask(instance_id=instance_id, step_id=step_id, attempt=attempt)
    return _panes(request, _runs(request, failed), status=422)


def _run_of_demo(request: HttpRequest, instance_id: int) -> InstanceDetail:
    for run in _runs(request):
        if run.detail.id == instance_id:
            return run.detail
    raise Http404("This run does not belong to your demo. Start a new one.")


def _runs(request: HttpRequest, failed: FailedTask | None = None) -> tuple[DemoRun, ...]:
    main_id = demo_id(request)
    return () if main_id is None else demo_runs(owner_or_404(), main_id, timezone.now(), failed)


def _panes(request: HttpRequest, runs: tuple[DemoRun, ...], status: int = 200) -> HttpResponse:
    customer = customer_of(runs[0].detail)
    context = {
        **_pane(runs),
        "customer": customer,
        "phone_token": inbox_token(customer.phone),
        "mail_token": inbox_token(customer.email),
    }
    return render(request, "demo/page.html", context, status=status)


def _pane(runs: tuple[DemoRun, ...]) -> dict[str, object]:
    return {"runs": runs, "links": public_paths(runs)}
