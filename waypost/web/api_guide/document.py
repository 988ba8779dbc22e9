"""The OpenAPI document as the page needs it.

It is read where everybody reads it, at /api/openapi.json: rooms beside each other are strangers.
"""

from __future__ import annotations

import json
from functools import cache

import msgspec
from django.http import HttpRequest
from django.urls import resolve

from waypost.engine.json_value import JSON

URL = "/api/openapi.json"


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    """A part of the document; what the page does not show is skipped."""


class Schema(_Part, frozen=True):
    """What a parameter may be."""

    type: str = ""
    format: str = ""
    enum: tuple[JSON, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    any_of: tuple[Schema, ...] = ()

    @property
    def words(self) -> str:
        """`integer, 1 to 500`, `text: V or H` …"""
        told = [one for one in self.any_of if one.type != "null"]
        if told and not self.type:
            return told[0].words
        if self.enum:
            return "one of " + ", ".join(str(one) for one in self.enum if one)
        name = {"string": "text", "integer": "number", "boolean": "true or false"}.get(
            self.type, ""
        )
        is_bounded = self.minimum is not None and (self.maximum or 0) < 2**53
        return f"{name}, {self.minimum} to {self.maximum}" if is_bounded else name


class Parameter(_Part, frozen=True):
    """What goes in the path, behind the question mark, or in a header."""

    name: str
    place: str = msgspec.field(name="in")
    schema: Schema
    description: str = ""
    required: bool = False
    example: str | int = ""


class Content(_Part, frozen=True):
    """An example of a body."""

    example: JSON = None

    @property
    def text(self) -> str:
        """As people read it."""
        return json.dumps(self.example, indent=2, ensure_ascii=False)


class Body(_Part, frozen=True):
    """A body: what is sent, or what comes back."""

    content: dict[str, Content] = {}

    @property
    def shown(self) -> Content:
        """The JSON of it."""
        return self.content.get("application/json", Content())


class Response(Body, frozen=True):
    """An answer."""

    description: str = ""


class Operation(_Part, frozen=True):
    """A method of a path. `method` and `path` are filled in by the guide."""

    operation_id: str
    summary: str
    description: str
    tags: tuple[str, ...]
    responses: dict[int, Response]
    parameters: tuple[Parameter, ...] = ()
    request_body: Body | None = None
    method: str = ""
    path: str = ""

    @property
    def success(self) -> tuple[int, Content]:
        """The status when all is well, with its example."""
        status = min(self.responses)
        return status, self.responses[status].shown

    @property
    def refusals(self) -> list[int]:
        """The statuses when it is not."""
        return sorted(status for status in self.responses if status >= 400)


class Error(_Part, frozen=True):
    """A code of a refusal."""

    code: str
    status: int
    meaning: str


class Tag(_Part, frozen=True):
    """A group of operations."""

    name: str
    description: str


class Server(_Part, frozen=True):
    """Where the API is."""

    url: str


class Info(_Part, frozen=True):
    """The introduction, in Markdown."""

    title: str
    version: str
    description: str


class Document(_Part, frozen=True):
    """The document."""

    info: Info
    servers: tuple[Server, ...]
    tags: tuple[Tag, ...]
    paths: dict[str, dict[str, Operation]]
    errors: tuple[Error, ...] = msgspec.field(name="x-errors")


class Shown(msgspec.Struct, frozen=True):
    """An operation with its example as a command line."""

    operation: Operation
    curl: str


class Group(msgspec.Struct, frozen=True):
    """The operations of a tag."""

    name: str
    description: str
    operations: tuple[Shown, ...]


class Guide(msgspec.Struct, frozen=True):
    """Everything the page shows."""

    info: Info
    server: str
    groups: tuple[Group, ...]
    errors: tuple[Error, ...]


@cache
def read_guide() -> Guide:
    """The document, grouped; it cannot change while the process runs."""
    request = HttpRequest()
    request.method, request.path = "GET", URL
    found = resolve(URL)
    content = found.func(request, *found.args, **found.kwargs).content
    document = msgspec.json.decode(content, type=Document)
    server = document.servers[0].url
    shown = [Shown(one, _curl(server, one)) for one in _operations(document)]
    groups = (
        Group(
            tag.name, tag.description, tuple(one for one in shown if tag.name in one.operation.tags)
        )
        for tag in document.tags
    )
    return Guide(document.info, server, tuple(groups), document.errors)


def _operations(document: Document) -> list[Operation]:
    return [
        msgspec.structs.replace(operation, method=method.upper(), path=path)
        for path, methods in document.paths.items()
        for method, operation in methods.items()
    ]


def _curl(server: str, operation: Operation) -> str:
    """The example as a command line; `$WAYPOST_KEY` holds the key."""
    places = {one.name: one.example for one in operation.parameters if one.place == "path"}
    method = "" if operation.method == "GET" else f"-X {operation.method} "
    lines = [f"curl {method}{server}{operation.path.format(**places)}"]
    lines.append('-H "Authorization: Api-Key $WAYPOST_KEY"')
    headers = [one for one in operation.parameters if one.place == "header"]
    lines += [f'-H "{one.name}: {one.example}"' for one in headers]
    if operation.request_body is not None:
        sent = json.dumps(operation.request_body.shown.example, ensure_ascii=False)
        lines += ['-H "Content-Type: application/json"', f"-d '{sent}'"]
    return " \\\n  ".join(lines)
