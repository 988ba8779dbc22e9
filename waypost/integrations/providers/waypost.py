"""This server itself, under its own address and that of the product it replaces."""

from __future__ import annotations

from waypost.integrations.kinds import Kind
from waypost.integrations.provider import Answer, Call, Provider

_JSON = "application/json"

WAYPOST = Provider(
    name="waypost",
    title="Waypost",
    origins=("https://core.nextmatter.com",),
    credential_kind=Kind.API_KEY,
    probe_path="/api/processes/",
    hidden_label="API key",
    honours_idempotency_key=True,
    calls=(
        Call(
            name="start_instance",
            method="POST",
            path="/api/instances/",
            summary="Start an instance of a workflow",
            content_type=_JSON,
            outputs=(("id", "$.id"), ("url", "$.url")),
            answers=(
                Answer(201, "It runs; the answer lists its steps and their fields."),
                Answer(400, "Instances starting each other are nested too deep.", "too_deep"),
            ),
        ),
        Call(
            name="complete_step",
            method="POST",
            path="/api/instances/{instance}/complete_step/",
            summary="Fill in and complete a step of an instance",
            content_type=_JSON,
            answers=(
                Answer(200, "The step is completed."),
                Answer(400, "The step has not been reached yet: tried again.", "step_not_active"),
                Answer(400, "The step was reset meanwhile: the answer is stale.", "superseded"),
            ),
        ),
        Call(
            name="read_instance",
            method="GET",
            path="/api/instances/{instance}/",
            summary="Read an instance with its steps",
            outputs=(("status", "$.status"),),
            answers=(Answer(200, "The instance as it stands."),),
        ),
    ),
)
