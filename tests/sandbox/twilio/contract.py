"""Twilio's published OpenAPI of Verify v2, to hold every answer of the stand-in against."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

CONTRACT = Path(__file__).resolve().parents[4] / "shared/contracts/twilio_verify_v2.json"
_SPEC = "urn:twilio-verify-v2"
Json: TypeAlias = Any  # what json.loads makes of an answer or of the contract
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def broken_promises(method: str, path: str, status: int, payload: Json) -> list[str]:
    """What the contract says otherwise about this answer; nothing when the contract is not here."""
    if status >= 400:
        return _error_faults(status, payload)
    if not CONTRACT.exists() or status == 204:
        return []
    schema = _schema(method.lower(), path, status)
    if schema is None:
        return [f"{method} {path} answered {status}, which the contract does not have"]
    validator = Draft202012Validator(schema, registry=_registry())
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(payload)]
    return faults + _key_faults(schema, payload) + _date_faults(payload)


def _error_faults(status: int, payload: Json) -> list[str]:
    expected = {"code", "message", "more_info", "status"}
    if set(payload) != expected or payload["status"] != status:
        return [f"not Twilio's error shape: {payload}"]
    return []


@lru_cache
def _document() -> Json:
    return _without_nullable(json.loads(CONTRACT.read_text()))


@lru_cache
def _registry() -> Json:
    return Registry().with_resource(_SPEC, DRAFT202012.create_resource(_document()))


def _without_nullable(node: Json) -> Json:
    """OpenAPI 3.0 to JSON Schema: `nullable` becomes the type null, references become absolute."""
    if isinstance(node, list):
        return [_without_nullable(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    made = {key: _without_nullable(value) for key, value in node.items()}
    if isinstance(made.get("$ref"), str):
        made["$ref"] = _SPEC + made["$ref"]
    if made.get("nullable") is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if isinstance(made.get("enum"), list):
            made["enum"].append(None)
    return made


def _schema(method: str, path: str, status: int) -> Json:
    """The schema of this answer; a literal path comes before one with parameters."""
    for template in sorted(_document()["paths"], key=lambda name: name.count("{")):
        pattern = re.sub(r"\{\w+\}", "[^/]+", template.replace(".", r"\."))
        if re.fullmatch(pattern, path):
            answers = _document()["paths"][template].get(method, {}).get("responses", {})
            return (
                answers.get(str(status), {})
                .get("content", {})
                .get("application/json", {})
                .get("schema")
            )
    return None


def _key_faults(schema: Json, payload: Json) -> list[str]:
    if "$ref" in schema:
        schema = _document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    promised = set(schema["properties"])
    return [] if promised == set(payload) else [f"keys differ: {promised ^ set(payload)}"]


def _date_faults(payload: Json) -> list[str]:
    dates = {key: value for key, value in payload.items() if key.startswith("date_")}
    return [f"{key}: {value}" for key, value in dates.items() if not _DATE.fullmatch(value)]
