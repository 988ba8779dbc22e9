"""One try of a call, and what the log keeps of it."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.engine.step_types.http_request import HttpRequest
from waypost.instances.sql import Parameter, Statement, json_text
from waypost.integrations.door import Door
from waypost.integrations.failures import OutboundFailure
from waypost.integrations.http import Reply
from waypost.integrations.placeholders import FilledRequest
from waypost.integrations.providers import provider_for
from waypost.integrations.redaction import (
    Redaction,
    redacted_failure,
    redacted_reply,
    redacted_request,
)

_LOG = Statement("""
INSERT INTO exchange (at, workspace_id, instance_id, step_id, visit, attempt, is_late,
  idempotency_key, method, url, answered_by, status, failure, duration_ms, request, response)
SELECT clock_timestamp(), :workspace_id::bigint, :instance_id::bigint, :step_id::bigint,
  :visit::int, :attempt::int, NOT EXISTS (
    SELECT FROM open_step o
    WHERE o.instance_id = :instance_id::bigint AND o.step_id = :step_id::bigint
      AND o.visit = :visit::int AND o.kind = 'call'),
  :idempotency_key::text, :method::text, :url::text, :answered_by::text, :status::int,
  :failure::text, :duration_ms::int, :request::jsonb, :response::jsonb""")


@dataclass(frozen=True, slots=True)
class Job:
    """Which visit of which call or scheduled step a job is about."""

    instance_id: int
    step_id: int
    visit: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call ready to be sent."""

    job: Job
    workspace_id: int
    step: HttpRequest
    attempt: int
    filled: FilledRequest
    idempotency_key: str
    signed_origin: str
    may_resend: bool
    door: Door


def log_exchange(call: Prepared, outcome: Reply | OutboundFailure) -> None:
    """Keep what was sent and what came back, without secrets; marked when nobody waits for it."""
    request, redaction = call.filled.request, redaction_of(call)
    _LOG.rows(
        workspace_id=call.workspace_id,
        instance_id=call.job.instance_id,
        step_id=call.job.step_id,
        visit=call.job.visit,
        attempt=call.attempt,
        idempotency_key=call.idempotency_key,
        method=request.method,
        url=redaction.text(request.url),
        request=json_text(redacted_request(request, redaction)),
        **_answer(outcome, redaction),
    )


def redaction_of(call: Prepared) -> Redaction:
    """What must not be shown of this call."""
    provider = provider_for(call.filled.request.url, call.door)
    return Redaction(call.filled.secrets, () if provider is None else provider.hidden_fields)


def _answer(outcome: Reply | OutboundFailure, redaction: Redaction) -> dict[str, Parameter]:
    if isinstance(outcome, Reply):
        return {
            "answered_by": outcome.answered_by,
            "status": outcome.status,
            "failure": "",
            "duration_ms": outcome.duration_ms,
            "response": json_text(redacted_reply(outcome, redaction)),
        }
    return {
        "answered_by": "",
        "status": None,
        "failure": redaction.text(str(outcome)),
        "duration_ms": 0,
        "response": json_text(redacted_failure(outcome, redaction)),
    }
