"""An open call -> the outside world, and the reply -> a command. The worker sends in between.

A request is rendered once a visit, just before its first try, and kept with placeholders for
secrets and link tokens: every try sends the same bytes under the same idempotency key. What comes
back is applied only if that visit still waits.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from waypost.engine.commands import Command, FailStep
from waypost.engine.definition import Workflow
from waypost.engine.errors import EngineError, Refusal, UnknownFormat
from waypost.engine.instance import Instance as State
from waypost.engine.references import Context, Lookup
from waypost.engine.rendering import render_request
from waypost.engine.step_types.http_request import HttpRequest
from waypost.instances.changing import change
from waypost.instances.exchanges import Job, Prepared, redaction_of
from waypost.instances.links import link_base, tokens_by_step
from waypost.instances.loading import LinkRule, Wanted, read_links, read_state
from waypost.instances.sql import Row, Statement, json_text
from waypost.integrations.door import Door
from waypost.integrations.failures import OutboundFailure, RequestRefused
from waypost.integrations.http import Reply, Request
from waypost.integrations.idempotency import IDEMPOTENCY_HEADER, idempotency_key
from waypost.integrations.origin_header import CallOrigin, sign_origin
from waypost.integrations.outcomes import LOST, Settling, outcome_command
from waypost.integrations.placeholders import CredentialName, FilledRequest, fill_request
from waypost.integrations.providers import may_resend
from waypost.integrations.retries import Attempt, Verdict, judge
from waypost.people.actor import Actor
from waypost.workflows.queries import load_version

logger = logging.getLogger(__name__)

#: Claims without an outcome after which a call is poison.
MOST_CLAIMS = 5
_LONGEST_BACK_OFF_SECONDS = 60

_DIED = (
    "The worker died five times on this call. Look into its log for the reason, "
    "then restart or skip the step."
)

_CLAIM = Statement("""
WITH claimed AS (
  UPDATE open_step SET claims = LEAST(claims + 1, 1000)
  WHERE instance_id = :instance_id::bigint AND step_id = :step_id::bigint AND visit = :visit::int
    AND kind = 'call' AND purpose = '' AND due_at <= clock_timestamp()
  RETURNING instance_id, step_id, visit, claims
)
SELECT c.claims, i.workspace_id, i.uid, i.version_id, i.name, s.format, s.state::text,
  r.request::text,
  (SELECT json_object_agg(l.step_id, json_build_array(l.generation, l.expires_at))
    FROM step_link l WHERE l.instance_id = c.instance_id)::text
FROM claimed c
JOIN instance i ON i.id = c.instance_id
JOIN instance_state s ON s.instance_id = c.instance_id
LEFT JOIN call_request r
  ON r.instance_id = c.instance_id AND r.step_id = c.step_id AND r.visit = c.visit""")

_KEEP_REQUEST = Statement("""
INSERT INTO call_request (workspace_id, instance_id, step_id, visit, request)
SELECT o.workspace_id, o.instance_id, o.step_id, o.visit, :request::jsonb
FROM open_step o
WHERE o.instance_id = :instance_id::bigint AND o.step_id = :step_id::bigint
  AND o.visit = :visit::int AND o.kind = 'call' AND o.purpose = ''
ON CONFLICT DO NOTHING
RETURNING 1""")

_KEPT_REQUEST = Statement("""
SELECT r.request::text FROM call_request r
WHERE r.instance_id = :instance_id::bigint AND r.step_id = :step_id::bigint
  AND r.visit = :visit::int""")

_PUT_BACK = Statement("""
UPDATE open_step
SET due_at = clock_timestamp()
    + LEAST(power(2, LEAST(claims, 10)), :longest::int)::int * interval '1 second',
  claims = claims - :unclaimed::int
WHERE instance_id = :instance_id::bigint AND step_id = :step_id::bigint AND visit = :visit::int
  AND kind IN ('call', 'timer') AND purpose = ''""")


class StoredRequest(msgspec.Struct, frozen=True):
    """A rendered request as kept for every try of its visit."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def as_request(self, timeout_seconds: float) -> Request:
        """As the sender takes it."""
        body = self.body.encode() if self.body else None
        return Request(self.method, self.url, self.headers, body, timeout_seconds)


# Built while one thread imports: see `definition.READER`.
_STORED = msgspec.json.Decoder(StoredRequest)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A call as it was when a worker took it."""

    job: Job
    claims: int
    workspace_id: int
    uid: UUID
    name: str
    workflow: Workflow
    state: State
    step: HttpRequest
    kept: StoredRequest | None
    links: dict[int, LinkRule]


def read_job(payload: bytes | None) -> Job | None:
    """The visit a job names; None for what is no job of ours."""
    parts = (payload or b"").decode(errors="replace").split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    instance_id, step_id, visit = map(int, parts)
    return Job(instance_id, step_id, visit)


def prepare_call(job: Job, door: Door) -> Prepared | None:
    """Claim the visit and make its request; None when it is not due any more, or failed here."""
    claimed = _claim(job)
    if claimed is None:
        return None
    if claimed.claims > MOST_CLAIMS:
        _settle(claimed.workspace_id, job, FailStep(claimed.step.key, job.visit, _DIED))
        return None
    try:
        filled = _filled(claimed, door)
    except RequestRefused as refused:
        # A final failure: trying the same again mends nothing, but *On failure* applies.
        settling = Settling(Verdict.FINAL, datetime.now(UTC), jitter=0)
        command = outcome_command(claimed.step, job.visit, refused, settling)
        _settle(claimed.workspace_id, job, command)
        return None
    resendable = may_resend(filled.request.url, filled.request.method, door)
    if claimed.claims > 1 and claimed.kept is not None and not resendable:
        _settle(claimed.workspace_id, job, FailStep(claimed.step.key, job.visit, LOST))
        return None
    origin = CallOrigin(claimed.uid, claimed.step.key, job.visit)
    return Prepared(
        job=job,
        workspace_id=claimed.workspace_id,
        step=claimed.step,
        attempt=claimed.state.run(claimed.step.key).attempts + 1,
        filled=filled,
        idempotency_key=idempotency_key(claimed.uid, claimed.step.key, job.visit),
        signed_origin=sign_origin(origin),
        may_resend=resendable,
        door=door,
    )


def take_outcome(call: Prepared, outcome: Reply | OutboundFailure) -> None:
    """Apply what came back, if the visit still waits for it."""
    verdict = judge(Attempt(outcome, call.may_resend), call.door)
    settling = Settling(verdict, datetime.now(UTC), secrets.SystemRandom().random())
    command = outcome_command(call.step, call.job.visit, outcome, settling)
    clean = redaction_of(call).text(command.reason)
    _settle(call.workspace_id, call.job, replace(command, reason=clean))


def put_back(job: Job, *, forgives: bool = False) -> None:
    """Try a call or timer again later, after an error of ours; `forgives`: this does not count."""
    _PUT_BACK.rows(
        instance_id=job.instance_id,
        step_id=job.step_id,
        visit=job.visit,
        longest=_LONGEST_BACK_OFF_SECONDS,
        unclaimed=1 if forgives else 0,
    )


def _claim(job: Job) -> _Claimed | None:
    row = _CLAIM.row(instance_id=job.instance_id, step_id=job.step_id, visit=job.visit)
    if row is None:
        return None
    try:
        return _claimed(job, row)
    except UnknownFormat:
        # A newer release wrote it: its workers take it, and this one must not count as a death.
        put_back(job, forgives=True)
        logger.warning("Instance %s belongs to a newer release; left alone.", job.instance_id)
        return None


def _claimed(job: Job, row: Row) -> _Claimed:
    claims, workspace_id, uid, version_id, name, form, state, request, links = row
    workflow = load_version(version_id)
    step = workflow.step_by_id.get(job.step_id)
    if not isinstance(step, HttpRequest):
        raise EngineError(f"Step {job.step_id} of instance {job.instance_id} is no call.")
    return _Claimed(
        job=job,
        claims=claims,
        workspace_id=workspace_id,
        uid=uid,
        name=name,
        workflow=workflow,
        state=read_state(state, form),
        step=step,
        kept=None if request is None else _STORED.decode(request),
        links=read_links(links),
    )


def _request(claimed: _Claimed) -> StoredRequest:
    """The kept request, else rendered now and kept; raises RequestRefused."""
    if claimed.kept is not None:
        return claimed.kept
    context = Context(claimed.job.instance_id, claimed.name, link_base())
    rendered = render_request(claimed.step, Lookup(claimed.workflow, claimed.state, context))
    if isinstance(rendered, Refusal):
        raise RequestRefused(rendered.message)
    request = StoredRequest(rendered.method, rendered.url, rendered.headers, rendered.body)
    place = {
        "instance_id": claimed.job.instance_id,
        "step_id": claimed.job.step_id,
        "visit": claimed.job.visit,
    }
    if _KEEP_REQUEST.rows(request=json_text(request), **place):
        return request
    # Another worker was first: its bytes count.
    row = _KEPT_REQUEST.row(**place)
    return request if row is None else _STORED.decode(row[0])


def _filled(claimed: _Claimed, door: Door) -> FilledRequest:
    """The request with everything in that no store holds; raises RequestRefused."""
    key = idempotency_key(claimed.uid, claimed.step.key, claimed.job.visit)
    request = _request(claimed).as_request(claimed.step.timeout_seconds)
    request = request.with_header(IDEMPOTENCY_HEADER, key)
    tokens = tokens_by_step(claimed.uid, claimed.job.instance_id, claimed.workflow, claimed.links)
    named = CredentialName(claimed.workspace_id, claimed.step.credential)
    return fill_request(request, named, tokens, door)


def _settle(workspace_id: int, job: Job, command: Command) -> None:
    worker = Actor(workspace_id, None, True, "worker")
    outcome = change(worker, Wanted(job.instance_id, workspace_id), lambda _: command)
    if isinstance(outcome, Refusal):
        logger.info("Nobody waits for %s any more: %s", job, outcome.message)
