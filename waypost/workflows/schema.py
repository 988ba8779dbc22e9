"""The JSON Schema of workflow files, made from the types that read them."""

from __future__ import annotations

import json

import msgspec

from waypost.engine.definition import Workflow
from waypost.workflows.canonical import IDS
from waypost.workflows.parameters import Parameter

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def workflow_schema() -> str:
    """The schema as it is published in `docs/api/workflow.schema.json`."""
    (_, parameter), found = msgspec.json.schema_components(
        [Workflow, Parameter], ref_template="#/$defs/{name}"
    )
    definitions = {name: _without_ids(found[name]) for name in sorted(found)}
    workflow = definitions.pop("Workflow")
    workflow["properties"] |= {
        "parameters": {
            "type": "object",
            "description": "What differs from one installation to the next, used as ${NAME}.",
            "propertyNames": {"pattern": "^[A-Z][A-Z0-9_]*$"},
            "additionalProperties": parameter,
        }
    }
    head = {"$schema": _DRAFT, "title": "Waypost workflow file"}
    whole = head | {key: part for key, part in workflow.items() if key != "title"}
    return json.dumps(whole | {"$defs": definitions}, indent=2, ensure_ascii=False) + "\n"


def _without_ids(definition: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """Files hold keys; ids are given at publishing."""
    kept = {
        name: part for name, part in definition.get("properties", {}).items() if name not in IDS
    }
    return definition | ({"properties": kept} if "properties" in definition else {})
