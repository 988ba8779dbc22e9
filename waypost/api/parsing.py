"""Reading the body of a request."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser as NinjaParser


class Parser(NinjaParser):
    """Reads one JSON object; what it raises becomes `invalid_json`."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The object that was sent."""
        try:
            read = msgspec.json.decode(request.body)
        except msgspec.DecodeError:
            # It takes what other systems cut in halves: lone surrogates, which are cleaned later.
            read = json.loads(request.body)
        if not isinstance(read, dict):
            raise ValueError("The body is no object.")
        return read
