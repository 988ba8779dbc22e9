"""Example requests and answers of the OpenAPI document; tests send every one of them.

Their ids stand for real ones: EXAMPLE_IDS says which, and the document carries it as
`x-example-ids`.
"""

from __future__ import annotations

from waypost.engine.json_value import JSON

EXAMPLE_IDS = {
    "instance_id": 9001,
    "other_instance_id": 9002,
    "process_id": 77,
    "workflow_id": 77,
    "step_id": 501,
    "next_step_id": 502,
    "action_id": 7001,
}
#: Stands for the address of this server.
HOST = "https://HOST"

_SNAPSHOT: dict[str, JSON] = {
    "id": 77,
    "name": "OTP SMS Verification",
    "steps": [
        {
            "id": 501,
            "name": "Provide details",
            "type": "form",
            "actions": [
                {"id": 7001, "name": "Customer name", "type": "short_text", "settings": {}}
            ],
        },
        {"id": 502, "name": "Confirm", "type": "form", "actions": []},
    ],
}
_INSTANCE: dict[str, JSON] = {
    "id": 9001,
    "url": f"{HOST}/api/instances/9001/",
    "process": f"{HOST}/api/processes/77/",
    "name": "Ann Verification",
    "deadline": None,
    "priority": None,
    "tags": [],
    "step_assignments": [],
    "started_time": "2026-01-01T10:00:00Z",
    "completed_time": None,
    "aborted_time": None,
    "last_updated_time": "2026-01-01T10:00:00Z",
    "active_step_ids": [501],
    "step_deadlines": [],
    "public_url": None,
    "stage": None,
    "process_snapshot": _SNAPSHOT,
}
_CHANGED = _INSTANCE | {
    "name": "Ann Smith Verification",
    "deadline": "2027-01-31T17:00:00Z",
    "priority": "H",
    "tags": ["vip"],
}


def _page(*results: JSON) -> dict[str, JSON]:
    envelope: dict[str, JSON] = {"count": len(results), "next": None, "previous": None}
    return envelope | {"results": list(results)}


def _listing(*results: JSON) -> dict[str, JSON]:
    return _page(*results) | {"count_is_estimate": False}


_DEFINITION: dict[str, JSON] = {
    "key": "ask-a-customer",
    "name": "Ask a customer",
    "steps": [
        {
            "type": "form",
            "key": "provide",
            "name": "Provide details",
            "fields": [{"type": "short_text", "key": "name", "name": "Customer name"}],
        },
        {"type": "form", "key": "confirm", "name": "Confirm"},
    ],
}
_DRAFT: dict[str, JSON] = {
    "id": 77,
    "url": f"{HOST}/api/workflows/77/",
    "key": "ask-a-customer",
    "name": "Ask a customer",
    "published_version": 1,
    "revision": 2,
    "definition": _DEFINITION | {"format": 1},
    "findings": [],
}
_UNFINISHED: JSON = {"key": "ask-a-friend", "name": "Ask a friend", "steps": []}
_FINDING: dict[str, JSON] = {
    "code": "no_steps",
    "severity": "error",
    "message": "The workflow has no steps.",
    "remedy": "Add one.",
    "step": "",
    "field": "",
    "attribute": "steps",
    "acknowledgement": "no_steps",
}
_VERSION: dict[str, JSON] = {
    "number": 1,
    "published_time": "2026-01-01T10:00:00Z",
    "published_by": "Olivia Owner",
    "is_current": True,
}
_BULK: JSON = {"ids": [9001, 9002]}
#: What is sent, by operation.
REQUESTS: dict[str, JSON] = {
    "start_instance": {
        "process": f"{HOST}/api/processes/77/",
        "name": "Ann Verification",
        "url_parameters": {"country": "Spain"},
    },
    "replace_instance": {
        "name": "Ann Smith Verification",
        "deadline": "2027-01-31T17:00:00Z",
        "priority": "H",
        "tags": ["vip"],
    },
    "change_instance": {"priority": "H", "tags": ["vip"]},
    "complete_step": {
        "step_id": 501,
        "actions": [{"action_id": 7001, "input_object": {"inputValue": "Ann"}}],
    },
    "stop_instances": _BULK,
    "delete_instances": _BULK,
    "delete_instances_in_bulk": _BULK,
    "create_definition": {"definition": _DEFINITION | {"key": "ask-somebody"}},
    "check_unsaved": {"definition": _UNFINISHED},
    "replace_definition": {"revision": 1, "definition": _DEFINITION},
    "publish_draft": {"revision": 1, "acknowledged": ["decline_ends_here:ask"]},
}
#: What comes back when all is well, by operation.
ANSWERS: dict[str, JSON] = {
    "start_instance": _INSTANCE,
    "list_instances": _listing(_INSTANCE),
    "read_instance": _INSTANCE,
    "replace_instance": _CHANGED,
    "change_instance": _INSTANCE | {"priority": "H", "tags": ["vip"]},
    "complete_step": _INSTANCE
    | {"last_updated_time": "2026-01-01T10:05:00Z", "active_step_ids": [502]},
    "stop_instances": _BULK,
    "delete_instances": _BULK,
    "delete_instances_in_bulk": _BULK,
    "list_processes": _page(
        {"id": 77, "url": f"{HOST}/api/processes/77/", "name": "OTP SMS Verification"}
    ),
    "read_process": _SNAPSHOT,
    "list_process_instances": _listing(_INSTANCE),
    "list_light_instances": _listing(
        {"id": 9001, "name": "Ann Verification", "status": "running", "public_url": None}
    ),
    "read_field_values": _listing(
        {
            "value": {"inputValue": "Ann"},
            "instance_id": 9001,
            "instance_name": "Ann Verification",
            "settings": {},
        }
    ),
    "list_definitions": _page(
        {
            "id": 77,
            "url": f"{HOST}/api/workflows/77/",
            "key": "ask-a-customer",
            "name": "Ask a customer",
            "published_version": 1,
        }
    ),
    "create_definition": _DRAFT | {"key": "ask-somebody", "published_version": None},
    "check_unsaved": {"is_publishable": False, "findings": [_FINDING]},
    "read_definition_of": _DRAFT,
    "replace_definition": _DRAFT,
    "check_draft": {"is_publishable": True, "findings": []},
    "publish_draft": {
        "id": 77,
        "key": "ask-a-customer",
        "name": "Ask a customer",
        "published_version": 2,
        "is_changed": True,
    },
    "list_published_versions": _page(_VERSION),
    "read_version": _VERSION | {"definition": _DRAFT["definition"], "changes": []},
    "restore": _DRAFT,
}
#: The refusal shown where a status is described.
REFUSAL_CODES = {
    400: "step_not_active",
    401: "invalid_key",
    404: "not_found",
    409: "draft_conflict",
    413: "too_large",
    422: "idempotency_key_reused",
    429: "rate_limited",
    503: "busy",
}
