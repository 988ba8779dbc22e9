"""The two workflows as the seed document designs them, faults and all, read when the test runs."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from tests.engine.seed import CODE, PHONE, seed_bodies, seed_text
from waypost.engine.definition import Workflow

Part = dict[str, object]

#: What the document leaves to its reader, as the ids of these workflows and words of our own.
FILLED = {
    "STEP_ID": "{{=id seed_sub/check_send_result}}",
    "ACTION_ID1": "{{=id seed_sub/check_send_result/status}}",
    "ACTION_ID2": "{{=id seed_sub/check_send_result/error_message}}",
    "ACTION_ID3": "{{=id seed_sub/check_send_result/note}}",
    "VERIFICATION_WORKFLOW_ID": "{{=id seed_sub}}",
    "RESULT_STEP_ID": "{{=id seed_main/outcome}}",
    "RESULT_ACTION_ID": "{{=id seed_main/outcome/outcome}}",
    "TWILIO_VERIFY_SERVICE_SID": "VA5",
    "TWILIO_ENCODED_API_KEY": "dHdpbGlv",
    "SENDGRID_ENCODED_API_KEY": "SG.x",
    "NEXT_MATTER_API_KEY": "key",
    "NEXTMATTER_API_KEY": "key",
    r"\[company-domain\]": "acme",
}
_URL = re.compile(r"\*\*URL\*\*: `([^`]*)`")
_AUTHORIZATION = re.compile(r"Authorization: `([^`]*)`")
_ROW = re.compile(r"^ *\| (\S+) +\| (\\\$\S+) +\|$", re.MULTILINE)
_NOT_PENDING: Part = {
    "source": "check_send_result.status",
    "operator": "does_not_contain",
    "value": "pending",
}
_PENDING = _NOT_PENDING | {"operator": "contains"}
_NOT_RECEIVED: Part = {
    "source": "verify_yourself.code",
    "operator": "contains",
    "value": "NOTRECEIVED",
}
_APPROVED: Part = {"source": "result.result", "operator": "contains", "value": "approved"}
_FAILED = {
    "condition": {
        "match": "any",
        "rules": [_NOT_RECEIVED, _NOT_PENDING, _APPROVED | {"operator": "does_not_contain"}],
    }
}


def seed_design(filled: Mapping[str, str] = FILLED) -> tuple[Workflow, Workflow]:
    """The verification and the main workflow, with these placeholders replaced."""
    text, bodies = seed_text(), seed_bodies()
    read = _Document(_URL.findall(text), _AUTHORIZATION.findall(text), bodies, filled)
    variables = [{"name": name, "path": path} for name, path in _ROW.findall(text)]
    return _workflow("seed_sub", _sub(read)), _workflow("seed_main", _main(read, variables))


class _Document:
    """What the document prints, by its place there."""

    def __init__(
        self, urls: list[str], keys: list[str], bodies: list[str], filled: Mapping[str, str]
    ) -> None:
        self.urls, self.keys, self.bodies, self.words = urls, keys, bodies, filled

    def filled(self, text: str) -> str:
        for word, value in self.words.items():
            text = re.sub(rf"(?<!\w){word}(?!\w)", value, text)
        return text

    def call(self, key: str, name: str, request: int, body: int, **more: object) -> Part:
        written = self.bodies[body]
        kind = "json" if written.lstrip().startswith("{") else "x-www-form-urlencoded"
        headers = [
            {"name": "Content-Type", "value": f"application/{kind}"},
            {"name": "Authorization", "value": self.filled(self.keys[request])},
        ]
        called: Part = {"key": key, "name": name, "type": "http_request", "headers": headers}
        return called | {
            "url": self.filled(self.urls[request]),
            "body": self.filled(written),
            **more,
        }


def _sub(read: _Document) -> list[Part]:
    variables = [{"name": "error_message", "path": "$.message"}]
    status, valid = ({"name": name, "path": "$.status"} for name in ("status", "isOTPvalid"))
    passed = {"on_failure": "skip"}
    return [
        _form("provide_details", "Provide details", *map(_text, _DETAILS)),
        read.call("mail", "Send instructions email", 0, 0),
        _form(
            "instructions",
            "Verification Instructions",
            {"key": "text", "name": "Text", "type": "instruction", "text": read.bodies[1]},
            assignee="external",
        ),
        read.call("send_text", "Send Text", 1, 2, variables=[*variables, status], **passed),
        read.call("record", "Record send result", 2, 3, is_blocking=False),
        _form(
            "check_send_result",
            "Check send result",
            _radio("status", "pending", "canceled"),
            _radio("error_message", "Max send attempts reached", "Challenge expired"),
            {"key": "note", "name": "Note", "type": "instruction"},
        ),
        read.call("report_send_failure", "Report send failure", 3, 4, **_when(_NOT_PENDING)),
        read.call("send_link", "Send code page email", 0, 5, **_when(_PENDING)),
        _form("verify_yourself", "Verify yourself", _text(CODE, "code"), assignee="external"),
        read.call(
            "verify_code",
            "Verify Code",
            4,
            6,
            variables=[*variables, valid],
            **passed,
            **_when(_NOT_RECEIVED | {"operator": "does_not_contain"}),
        ),
        _form(
            "result",
            "Verification result",
            _radio("result", "approved", "pending"),
            _radio("error_message", "Max check attempts reached", "Challenge expired"),
            **_when({"source": "verify_code", "operator": "was_completed"}),
        ),
        _form("proceed", "How to proceed", _ways("provide_details", decline=True), **_FAILED),
        read.call("report_failure", "Report failure", 5, 7, is_blocking=False, **_FAILED),
        read.call("report_success", "Report success", 6, 8, is_blocking=False, **_when(_APPROVED)),
    ]


def _main(read: _Document, variables: list[dict[str, str]]) -> list[Part]:
    outcomes = ("Successful", "Max send attempts reached", "Challenge expired")
    stuck: Part = {"source": "outcome.outcome", "operator": "is", "value": outcomes[1]}
    return [
        read.call("launch", "Launch OTP SMS Verification", 7, 9, variables=variables),
        read.call("send_details", "Send details", 8, 10),
        _form("outcome", "Verification outcome", _radio("outcome", *outcomes)),
        _form("what_next", "What next", _ways("launch"), **_when(stuck)),
        _form("share", "Share data", _text("Data"), **_when(stuck | {"value": outcomes[0]})),
    ]


_DETAILS = (
    "Customer name",
    "Customer email",
    PHONE,
    "Output instance id",
    "Target outcome of check step",
    "Action ID of Radio Button",
)


def _workflow(key: str, steps: list[Part]) -> Workflow:
    return msgspec.convert({"key": key, "name": key, "steps": steps}, Workflow)


def _form(key: str, name: str, *fields: Part, **more: object) -> Part:
    return {"key": key, "name": name, "type": "form", "fields": list(fields)} | more


def _text(name: str, key: str = "") -> Part:
    plain = re.sub(r"\W+", "_", name[:30]).strip("_").lower()
    return {"key": key or plain, "name": name, "type": "short_text", "is_required": True}


def _radio(key: str, *items: str) -> Part:
    name = key.replace("_", " ").capitalize()
    return {"key": key, "name": name, "type": "radio", "items": list(items)}


def _ways(target: str, *, decline: bool = False) -> Part:
    buttons = [
        {"label": "Confirm and continue", "action": "complete"},
        {"label": "Return", "action": "return", "target": target},
    ]
    buttons += [{"label": "Decline and stop workflow", "action": "decline"}] if decline else []
    way: Part = {"key": "way", "name": "How to proceed", "type": "routing"}
    return way | {"buttons": buttons, "is_required": True}


def _when(rule: Part) -> Part:
    return {"condition": {"rules": [rule]}}
