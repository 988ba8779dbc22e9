"""The check for what a guide leaves to its reader: words in capitals that nobody replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.jsonbody import normalise, texts_of
from waypost.engine.references import mark_ids, parse
from waypost.engine.step_types.http_request import HttpRequest

#: What guides print in these places for certain (Next Matter, Use Twilio verification system).
_KNOWN = re.compile(
    r"STEP_ID|ACTION_ID\d*|FORM_FIELD_ID|RESULT_STEP_ID|RESULT_ACTION_ID|VERIFICATION_WORKFLOW_ID"
    r"|WORKFLOW_ID|PROCESS_ID|INSTANCE_ID|TWILIO_VERIFY_SERVICE_SID|TWILIO_ENCODED_API_KEY"
    r"|SENDGRID_ENCODED_API_KEY|NEXT_?MATTER_API_KEY|API_KEY|YOUR_[A-Z0-9_]+"
)
_CAPITALS = re.compile(r"(?<![A-Za-z0-9_$])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])")
_LIKELY = re.compile(r".*_(?:ID\d*|SID|KEY|TOKEN|SECRET|PASSWORD)")
_BRACKETS = re.compile(
    r"@\[[a-z]+(?:[- ][a-z]+)*\]|\[[a-z]+(?:[- ][a-z]+)*\]\.|<(?:your|my)[- _][^<>]*>"
)


def placeholder_findings(workflow: Workflow) -> Iterator[Finding]:
    """What is still to be filled in, in requests."""
    for step in workflow.steps:
        if isinstance(step, HttpRequest):
            for attribute, text in _texts(step):
                for word in dict.fromkeys(placeholders_in(text)):
                    yield _finding(step, attribute, word)


def placeholders_in(text: str) -> Iterator[str]:
    """Every word of the text that looks as if something else belonged there."""
    for part in parse(mark_ids(text)[0]):
        if isinstance(part, str):
            for found in _CAPITALS.finditer(part):
                if _KNOWN.fullmatch(found[0]) or _LIKELY.fullmatch(found[0]):
                    yield found[0]
            yield from (found[0].strip("@.") for found in _BRACKETS.finditer(part))


def _texts(step: HttpRequest) -> Iterator[tuple[str, str]]:
    yield "url", step.url
    for number, header in enumerate(step.headers):
        yield f"headers.{number}.value", header.value
    body = normalise(mark_ids(step.body)[0])
    if isinstance(body, Refusal):
        yield "body", step.body
    else:
        # Only values: a key may be called whatever the other side calls it.
        yield from (("body", text) for text in texts_of(body.root))


def _finding(step: HttpRequest, attribute: str, word: str) -> Finding:
    is_sure = attribute != "body" or _KNOWN.fullmatch(word) is not None or not word.isupper()
    return Finding(
        "placeholder_left",
        f"{step.name} still has {word} in its {attribute.partition('.')[0]}.",
        _remedy(word),
        "error" if is_sure else "warning",
        step.key,
        attribute=attribute,
    )


def _remedy(word: str) -> str:
    if word.endswith("API_KEY"):
        return "Remove the header and choose a stored credential."
    if "ID" in word and "SID" not in word:
        return "Write {{=id workflow/step/field}}, or choose the step or field from the list."
    return "Replace it with your own value."
