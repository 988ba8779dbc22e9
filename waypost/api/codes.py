"""Every code of a refusal: its HTTP status and what it means.

One table, read by the answers, by the OpenAPI document and so by the pages that describe the API.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason to refuse.

    One that is passing may be gone when the same request comes again: no answer is kept for its
    key. `retry_seconds` is what `Retry-After` says when nothing more exact is known.
    """

    code: str
    status: int
    meaning: str
    is_passing: bool = False
    retry_seconds: int | None = None


FAULTS = (
    Fault(
        "invalid_request",
        400,
        "Something is missing or has the wrong form. `fields` names each place.",
    ),
    Fault("invalid_json", 400, "The body is not JSON. Send one JSON object, in UTF-8."),
    Fault(
        "invalid_value",
        400,
        "A value cannot be taken. `fields` says which, and what would be right.",
    ),
    Fault("invalid_idempotency_key", 400, "The `Idempotency-Key` is longer than 255 characters."),
    Fault(
        "workflow_not_found",
        400,
        "No such process for this caller. List the processes for their ids.",
    ),
    Fault("not_published", 400, "The process has no published version. Publish it first."),
    Fault("workflow_archived", 400, "The process is archived. Take it out of the archive first."),
    Fault("unknown_step", 400, "The instance has no such step. Read it for its ids."),
    Fault("unknown_action", 400, "The step has no such form field. Read the instance for its ids."),
    Fault("duplicate_action", 400, "The same `action_id` came twice. Send each once."),
    Fault(
        "step_not_active",
        400,
        "The step's turn has not come. Try again later, with the same `Idempotency-Key`.",
        is_passing=True,
    ),
    Fault(
        "step_already_completed", 400, "The step is finished or was skipped. Nothing is left to do."
    ),
    Fault("step_is_automatic", 400, "The step completes by itself: it has no form."),
    Fault("step_failed", 400, "The step failed. Its tech lead restarts or skips it."),
    Fault("instance_not_running", 400, "The instance has ended and changes no more."),
    Fault(
        "superseded",
        400,
        "The step that makes the call was reset meanwhile: its answer is stale.",
    ),
    Fault("too_deep", 400, "Processes start each other without end: over 20 ancestors."),
    Fault("invalid_yaml", 400, "The body is sent as YAML and is none. `detail` names the line."),
    Fault(
        "invalid_definition",
        400,
        "The definition has not the form of a workflow. `fields` names each place.",
    ),
    Fault(
        "unusable_key",
        400,
        "A key of the workflow, a step or a field is no key, or stands twice. Change it.",
    ),
    Fault("other_key", 400, "The definition has another key than the workflow. Keep the old one."),
    Fault(
        "out_of_order",
        400,
        "A step stands away from its group, or in one that is not there. Put it behind its group.",
    ),
    Fault("no_name", 400, "A workflow needs a name."),
    Fault(
        "literal_secret",
        400,
        "A secret is written out and cannot be kept as a credential. Name a stored one instead.",
    ),
    Fault(
        "has_errors",
        400,
        "The check found errors, so nothing was published. `fields` names each place.",
    ),
    Fault(
        "unacknowledged_warnings",
        400,
        "The check found warnings. Mend them, or publish again with them `acknowledged`.",
    ),
    Fault("missing_key", 401, "There is no `Authorization` header."),
    Fault("invalid_key", 401, "The key is not known. Copy it whole, `prefix.secret`."),
    Fault("revoked_key", 401, "The key was revoked. Make a new one."),
    Fault("expired_key", 401, "The key has expired. Change its expiry, or make a new one."),
    Fault("inactive_user", 401, "The user the key acts as is deactivated."),
    Fault(
        "not_permitted",
        401,
        "The key's user may see this, but not do it. Ask the step's assignee, the workflow lead or "
        "an admin.",
    ),
    Fault("not_found", 404, "Nothing is at this URL, or nothing that the key's user may see."),
    Fault("method_not_allowed", 405, "The URL is right, the method is not. See `Allow`."),
    Fault(
        "draft_conflict",
        409,
        "Somebody changed the same place since that revision. Read the workflow, then change it.",
    ),
    Fault("key_taken", 409, "There is a workflow with this key. Change that, or choose another."),
    Fault("too_large", 413, "The body is larger than 2.5 MB. Send less at once."),
    Fault(
        "idempotency_key_reused",
        422,
        "The `Idempotency-Key` came with another request before. Use a new one.",
    ),
    Fault(
        "rate_limited",
        429,
        "Too many requests in a minute. Wait as long as `Retry-After` says.",
        is_passing=True,
        retry_seconds=60,
    ),
    Fault(
        "server_error",
        500,
        "A fault of the server; nothing was changed by halves. Try again, then tell its operator.",
        is_passing=True,
    ),
    Fault(
        "busy",
        503,
        "The server catches up with its work and takes no new starts. Wait as long as "
        "`Retry-After` says.",
        is_passing=True,
        retry_seconds=10,
    ),
)
FAULT_BY_CODE = {fault.code: fault for fault in FAULTS}
