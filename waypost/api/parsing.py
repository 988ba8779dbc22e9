"""Reading the body of a request."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser as NinjaParser

from waypost.api.errors import ApiError
from waypost.engine.errors import Refusal
from waypost.workflows.yaml_reading import Value, YamlFault, read_yaml

YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml")


class Parser(NinjaParser):
    """Reads one JSON object; what it raises becomes `invalid_json`.

    A workflow may come as its YAML file, too: it stands for `{"definition": …}`, and what else
    belongs to the request is in the query.
    """

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The object that was sent."""
        if request.content_type in YAML_TYPES:
            return request.GET.dict() | {"definition": _read_file(request.body)}
        try:
            read = msgspec.json.decode(request.body)
        except msgspec.DecodeError:
            # It takes what other systems cut in halves: lone surrogates, which are cleaned later.
            read = json.loads(request.body)
        if not isinstance(read, dict):
            raise ValueError("The body is no object.")
        return read


def _read_file(body: bytes) -> Value:
    read = read_yaml(body.decode(errors="replace"))
    if isinstance(read, YamlFault):
        message = f"Line {read.line}: {read.message} {read.remedy}"
        raise ApiError(Refusal("invalid_yaml", message))
    return read.value
