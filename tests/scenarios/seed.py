"""The seed document's own steps, read from it when the test runs: URLs, headers, bodies, variables,
put into a copy of the two workflows with nothing changed but what it prints in capitals.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.scenarios.runs import Process, process_named
from tests.stack import Stack

FOLDER = Path(__file__).parents[3] / "shared" / "seed"
TEMPLATES = Path(__file__).parents[2] / "waypost" / "workflows" / "templates"
#: What the seed leaves to its reader.
ACCOUNT, TOKEN, SERVICE = "AC" + "5" * 32, "a-token-of-its-own", "VA" + "5" * 32
SENDGRID_KEY = "SG.of-its-own.key"
_BLOCK = re.compile(r"^( *)```[^\n]*\n(.*?)\n *```", re.DOTALL | re.MULTILINE)
_URL = re.compile(r"\*\*URL\*\*: `([^`]*)`")
_AUTHORIZATION = re.compile(r"Authorization: `([^`]*)`")
_ROW = re.compile(r"^ *\| (\S+) +\| (\\\$\S+) +\|$", re.MULTILINE)
#: Step key -> the place of its URL and header, and of its body, in the document.
SUB_STEPS = {
    "send_instructions_email": (0, 0),
    "send_text": (1, 2),
    "record_send_result": (2, 3),
    "report_send_failure": (3, 4),
    "send_code_page_email": (0, 5),
    "verify_code": (4, 6),
    "report_failure": (5, 7),
    "report_success": (6, 8),
}
MAIN_STEPS = {"launch_verification": (7, 9), "send_details": (8, 10)}
INSTRUCTION = 1
#: What stands for the ids in the first import, which only brings the steps into being: a number
#: that nothing has.
_ANY_IDS = dict.fromkeys(
    (
        *("STEP_ID", "ACTION_ID1", "ACTION_ID2", "ACTION_ID3"),
        *("VERIFICATION_WORKFLOW_ID", "RESULT_STEP_ID", "RESULT_ACTION_ID"),
    ),
    "900000001",
)
Yaml = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """What the seed prints, in its order."""

    urls: list[str]
    authorizations: list[str]
    bodies: list[str]
    variables: list[tuple[str, str]]


@dataclass(frozen=True)
class Copies:
    """The imported copies: the verification, the main workflow to the letter, and the one whose
    first three values are the customer's.
    """

    document: Document
    sub: Process
    verbatim: Process
    mended: Process
    placeholders: Mapping[str, str]


def document() -> Document:
    """The seed; the test is skipped where it is not."""
    files = sorted(FOLDER.glob("*.txt")) if FOLDER.is_dir() else []
    if not files:
        pytest.skip("needs the seed document in ../shared/seed; it is not part of the project")
    text = files[0].read_text()
    bodies = [_unindented(found[2], len(found[1])) for found in _BLOCK.finditer(text)]
    rows = [(found[1], found[2]) for found in _ROW.finditer(text)]
    return Document(_URL.findall(text), _AUTHORIZATION.findall(text), bodies, rows)


def import_copies(stack: Stack, folder: Path) -> Copies:
    """Import the copies twice: the ids that a builder reads off the editor exist after the first
    time.
    """
    read = document()
    open_account(stack)
    given = own_words(stack)
    workflows = [
        _sub(read),
        _main(read, "seed_main", "Seed main"),
        _mended(_main(read, "seed_main_mended", "Seed main mended")),
    ]
    _import(stack, folder, [_filled(one, given | _ANY_IDS) for one in workflows])
    sub, verbatim, mended = (process_named(stack, one["name"]) for one in workflows)
    placeholders = [given | _ids(sub, main) for main in (verbatim, verbatim, mended)]
    _import(stack, folder, map(_filled, workflows, placeholders))
    return Copies(read, sub, verbatim, mended, placeholders[-1])


def filled_in(text: str, placeholders: Mapping[str, str]) -> str:
    """The capitals and `[company-domain]` replaced, nothing else."""
    text = text.replace("[company-domain]", "example")
    for name, value in placeholders.items():
        text = re.sub(rf"(?<!\w){name}(?!\w)", value, text)
    return text


def expected_json(body: str, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """What a body means, worked out apart from the product: printed references replaced by these
    values, the document's own comments cut off, raw line breaks let pass.
    """
    for label, value in values.items():
        body = body.replace(label, json.dumps(value)[1:-1])
    return json.loads(re.sub(r"//\s?this is [^\n]*", "", body), strict=False)


def _unindented(block: str, width: int) -> str:
    """Without the list's indentation, as Markdown takes it off: as far as each line has it."""
    return re.sub(rf"^ {{0,{width}}}", "", block, flags=re.MULTILINE)


def own_words(stack: Stack) -> dict[str, str]:
    """What the capitals stand for here, ids apart."""
    return {
        "TWILIO_VERIFY_SERVICE_SID": SERVICE,
        "TWILIO_ENCODED_API_KEY": base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode(),
        "SENDGRID_ENCODED_API_KEY": SENDGRID_KEY,
        "NEXT_MATTER_API_KEY": stack.key,
        "NEXTMATTER_API_KEY": stack.key,
        r"\$\{BASE\}": stack.url,
    }


def open_account(stack: Stack) -> None:
    """An account of one's own at the stand-ins, whose secrets the test knows."""
    given = ", ".join(repr(one) for one in (ACCOUNT, TOKEN, SERVICE, SENDGRID_KEY))
    program = (
        "import django; django.setup(); "
        f"from waypost.sandbox.seed import seed_sandbox; seed_sandbox({given})"
    )
    environment = stack.environ | {"DJANGO_SETTINGS_MODULE": "waypost.config.settings"}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


def _ids(sub: Process, main: Process) -> dict[str, str]:
    """What a builder copies out of the editor."""
    known = {
        "STEP_ID": sub.step_id(7),
        **{f"ACTION_ID{place + 1}": sub.field_id(7, place) for place in range(3)},
        "VERIFICATION_WORKFLOW_ID": sub.id,
        "RESULT_STEP_ID": main.step_id(5),
        "RESULT_ACTION_ID": main.field_id(5),
    }
    return {name: str(number) for name, number in known.items()}


def _import(stack: Stack, folder: Path, workflows: Iterable[Yaml]) -> None:
    files = []
    for workflow in workflows:
        file = folder / f"{workflow['key']}.yaml"
        file.write_text(yaml.safe_dump(workflow, sort_keys=False))
        files.append(str(file))
    stack.command("import", *files)


def _filled(value: Any, placeholders: Mapping[str, str]) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(value, str):
        return filled_in(value, placeholders)
    if isinstance(value, list):
        return [_filled(one, placeholders) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, placeholders) for key, one in value.items()}
    return value


def _sub(read: Document) -> Yaml:
    workflow = _template("otp_sms_verification", "seed_sub", "Seed sub")
    steps = {step["key"]: step for step in workflow["steps"]}
    steps["provide_details"]["fields"] = [
        {"key": field["key"], "name": field["name"], "type": "short_text"}
        for field in steps["provide_details"]["fields"]
    ]
    steps["verification_instructions"]["fields"][0]["text"] = read.bodies[INSTRUCTION]
    _replace_calls(steps, read, SUB_STEPS)
    return workflow


def _main(read: Document, key: str, name: str) -> Yaml:
    workflow = _template("otp_main", key, name)
    steps = {step["key"]: step for step in workflow["steps"]}
    _replace_calls(steps, read, MAIN_STEPS)
    steps["launch_verification"]["variables"] = [
        {"name": variable, "path": path} for variable, path in read.variables
    ]
    return workflow


def _mended(workflow: Yaml) -> Yaml:
    """Fault F6: the first three values are the ids of the fields, not the customer's."""
    send = next(step for step in workflow["steps"] if step["key"] == "send_details")
    for variable, label in (
        ("name_aid", "Customer name"),
        ("email_aid", "Customer email"),
        ("phone_aid", "Phone number"),
    ):
        send["body"] = re.sub(
            rf'"inputValue":"\{{[^{{}}]* - {variable} \(plain\)\}}"',
            f'"inputValue":"{{2. Customer details - {label} - Input (plain)}}"',
            send["body"],
        )
    return workflow


def _template(file: str, key: str, name: str) -> Yaml:
    text = (TEMPLATES / f"{file}.yaml").read_text()
    workflow: Yaml = yaml.safe_load(text.replace(f"id {file}", f"id {key}"))
    del workflow["parameters"]
    # The template's dry runs are of the template's own steps.
    workflow.pop("dry_runs", None)
    return workflow | {"key": key, "name": name}


def _replace_calls(
    steps: Mapping[str, Yaml], read: Document, places: Mapping[str, tuple[int, int]]
) -> None:
    for key, (request, body) in places.items():
        step = steps[key]
        step.pop("credential")
        step["url"] = read.urls[request]
        step["headers"].append({"name": "Authorization", "value": read.authorizations[request]})
        step["body"] = read.bodies[body]
