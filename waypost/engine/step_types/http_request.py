"""Integration: one HTTP request to any service, with variables picked from its answer."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias, get_args

import msgspec

from waypost.engine.setting import Setting
from waypost.engine.step import Step

Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
METHODS: tuple[Method, ...] = get_args(Method)


class Header(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One header line; the value may hold references."""

    name: str
    value: str


class RetryPolicy(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Answers worth another try besides the ones that always are (no connection, time-out, 502,
    503, 504).
    """

    times: int = 0
    statuses: tuple[int, ...] = (429,)
    delay_seconds: int = 30


class HttpRequest(Step, frozen=True, kw_only=True, tag="http_request"):
    """A request sent by the worker. The body's form follows the Content-Type header; without one it
    is JSON.

    `credential` names a stored credential of the workspace. `on_failure`: `assign` leaves the
    failed step to the tech lead, `skip` passes it with its variables taken from the error answer.
    """

    waits_for: ClassVar[Literal["person", "call"]] = "call"
    label: ClassVar[str] = "Custom integration"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("method", "Method", "choice", choices=tuple((one, one) for one in METHODS)),
        Setting("url", "URL", "url", "References may stand behind the host."),
        Setting("headers", "Headers", "headers"),
        Setting("credential", "Authorization", "credential", "A stored credential."),
        Setting("body", "Body", "body", "JSON, unless the Content-Type header says otherwise."),
        Setting("variables", "Variables", "variables", "Values picked from the answer."),
        Setting(
            "on_failure",
            "On failure",
            "choice",
            choices=(("assign", "Assign to the tech lead"), ("skip", "Skip this step on failure")),
        ),
        Setting("retry", "Retries", "retry", "Besides those after failures that pass."),
        Setting("timeout_seconds", "Longest wait for the answer, in seconds", "number"),
    )

    method: Method = "POST"
    url: str
    headers: tuple[Header, ...] = ()
    credential: str = ""
    body: str = ""
    on_failure: Literal["assign", "skip"] = "assign"
    retry: RetryPolicy = RetryPolicy()
    timeout_seconds: int = 60
