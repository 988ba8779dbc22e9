"""What a provider is: its places, its calls and its habits, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from waypost.integrations.kinds import Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer means; `code` is the provider's own number or word for it, `message` its
    words.
    """

    status: int
    meaning: str
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing the provider can do.

    `path` holds `{names}` for its variable parts, `body` a start for the editor, `outputs` pairs of
    variable and JSONPath worth keeping. `is_resendable` is false where a second sending does harm
    and the provider does not recognise it as the first. `again` says what a later call does while
    what the first began still stands, where that is not the same.
    """

    name: str
    method: str
    path: str
    summary: str
    content_type: str = ""
    body: str = ""
    outputs: tuple[tuple[str, str], ...] = ()
    answers: tuple[Answer, ...] = ()
    is_resendable: bool = True
    again: str = ""

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is this call; a trailing slash makes no difference."""
        pattern = re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(self.path.rstrip("/")))
        return method.upper() == self.method and re.fullmatch(pattern + "/?", path) is not None


@dataclass(frozen=True, slots=True)
class Provider:
    """A system that steps call; `hidden_fields` of its bodies never reach a log.

    `probe_path` is read to see whether a credential works; `${NAME}` in it is a template's
    parameter. `shown_label` and `hidden_label` are what the provider calls the parts of a
    credential.
    """

    name: str
    title: str
    origins: tuple[str, ...]
    credential_kind: Kind
    calls: tuple[Call, ...]
    probe_path: str
    hidden_label: str
    shown_label: str = ""
    hidden_fields: tuple[str, ...] = ()
    honours_idempotency_key: bool = False

    def call_for(self, method: str, path: str) -> Call | None:
        """The call that a request makes, if it is a known one."""
        return next((call for call in self.calls if call.matches(method, path)), None)
