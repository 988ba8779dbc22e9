"""Calls to our own server, read for what they ask: to start an instance or to complete a step.

Read from the address alone, whatever the host: a file does not know where it will run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from waypost.engine.errors import Refusal
from waypost.engine.jsonbody import Array, Node, Object, Scalar, Text, normalise
from waypost.engine.references import ID_MARK, INSTANCE, Reference, mark_ids, parse
from waypost.engine.step_types.http_request import HttpRequest

Part: TypeAlias = "str | Reference | IdPath"

_COMPLETE = re.compile(
    r"https?://[^/?#]+/api/instances/(?P<instance>[^/?#]+)/complete_step/?", re.IGNORECASE
)
_START = re.compile(r"https?://[^/?#]+/api/instances/?", re.IGNORECASE)
_PROCESS = re.compile(r"(?:^|/processes/)\s*(?P<number>[0-9]{1,18})\s*/?$")


@dataclass(frozen=True, slots=True)
class IdPath:
    """A number that is known only after publishing, such as `flow/step/field`."""

    path: str


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a request, as pieces of text, references and ids."""

    parts: tuple[Part, ...]

    @property
    def reference(self) -> Reference | None:
        """The reference that it is, and nothing besides."""
        only = self._only
        return only if isinstance(only, Reference) else None

    @property
    def id_path(self) -> str:
        """The path of the id that it is, and nothing besides."""
        only = self._only
        return only.path if isinstance(only, IdPath) else ""

    @property
    def literal(self) -> str | None:
        """The text that it is, when nothing has to be filled in."""
        if all(isinstance(part, str) for part in self.parts):
            return "".join(str(part) for part in self.parts)
        return None

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference in it."""
        return tuple(part for part in self.parts if isinstance(part, Reference))

    @property
    def _only(self) -> Part | None:
        named = [part for part in self.parts if not isinstance(part, str) or part.strip()]
        return named[0] if len(named) == 1 else None


@dataclass(frozen=True, slots=True)
class Filled:
    """One field that the call fills in: which, and its values by the innermost key (`inputValue`,
    `radioItemSelected` …; empty for a bare value).
    """

    field: Given
    values: tuple[tuple[str, Given], ...]

    @property
    def value(self) -> Given | None:
        """The value of a field that has only one."""
        return self.values[0][1] if len(self.values) == 1 else None


@dataclass(frozen=True, slots=True)
class Completion:
    """Completes a step of an instance, ours or another."""

    instance: Given
    step: Given | None
    filled: tuple[Filled, ...]

    @property
    def is_own(self) -> bool:
        """Whether the step is one of the instance that calls."""
        asked = self.instance.reference
        return asked is not None and (asked.step, asked.name) == (INSTANCE, "id")


@dataclass(frozen=True, slots=True)
class Launch:
    """Starts an instance of a process."""

    process: Given | None
    name: Given | None

    @property
    def process_number(self) -> int:
        """The number of the process as written out; 0 when it is not."""
        written = self.process.literal if self.process else None
        found = _PROCESS.search(written.strip()) if written else None
        return int(found["number"]) if found else 0

    @property
    def process_key(self) -> str:
        """The key of the process, when its id is asked for by it."""
        parts = self.process.parts if self.process else ()
        return next((one.path for one in parts if isinstance(one, IdPath)), "")


OwnCall: TypeAlias = Completion | Launch


@lru_cache(maxsize=2048)
def own_call(step: HttpRequest) -> OwnCall | None:
    """What the step asks of our own server, if it does; a body that is no object says nothing."""
    if step.method != "POST":
        return None
    url, url_paths = mark_ids(step.url.strip())
    completes = _COMPLETE.fullmatch(url)
    starts = _START.fullmatch(url)
    if completes is None and starts is None:
        return None
    body, paths = mark_ids(step.body)
    members = _body_members(body)
    if completes is None:
        return Launch(_given(members.get("process"), paths), _given(members.get("name"), paths))
    instance = Given(_with_paths(parse(completes["instance"]), url_paths))
    filled = tuple(_filled(members.get("actions"), paths))
    return Completion(instance, _given(members.get("step_id"), paths), filled)


def own_calls(
    steps: tuple[object, ...], kind: type[Completion] | type[Launch]
) -> Iterator[HttpRequest]:
    """The steps that make such a call, in order."""
    for step in steps:
        if isinstance(step, HttpRequest) and isinstance(own_call(step), kind):
            yield step


def completion_of(step: HttpRequest) -> Completion | None:
    """The call as a completion, when it is one."""
    call = own_call(step)
    return call if isinstance(call, Completion) else None


def launch_of(step: HttpRequest) -> Launch | None:
    """The call as a launch, when it is one."""
    call = own_call(step)
    return call if isinstance(call, Launch) else None


def _body_members(body: str) -> Mapping[str, Node]:
    template = normalise(body)
    if isinstance(template, Refusal) or not isinstance(template.root, Object):
        return {}
    return _members(template.root)


def _members(node: Object) -> Mapping[str, Node]:
    return {
        "".join(part for part in key.parts if isinstance(part, str)): value
        for key, value in node.members
    }


def _filled(node: Node | None, paths: tuple[str, ...]) -> Iterator[Filled]:
    for item in node.items if isinstance(node, Array) else ():
        if isinstance(item, Object):
            members = _members(item)
            field = _given(members.get("action_id"), paths)
            if field is not None:
                yield Filled(field, tuple(_values("", members.get("input_object"), paths)))


def _values(key: str, node: Node | None, paths: tuple[str, ...]) -> Iterator[tuple[str, Given]]:
    """The values in an input object, whatever it is wrapped in."""
    if isinstance(node, Object):
        for inner, value in _members(node).items():
            yield from _values(inner, value, paths)
    elif isinstance(node, Array):
        for item in node.items:
            yield from _values(key, item, paths)
    else:
        given = _given(node, paths)
        if given is not None:
            yield key, given


def _given(node: Node | None, paths: tuple[str, ...]) -> Given | None:
    match node:
        case Text():
            return Given(_with_paths(node.parts, paths))
        case Scalar():
            return Given((node.written,))
        case Reference():
            return Given(_with_paths((node,), paths))
        case _:
            return None


def _with_paths(parts: tuple[str | Reference, ...], paths: tuple[str, ...]) -> tuple[Part, ...]:
    return tuple(_with_path(part, paths) for part in parts)


def _with_path(part: str | Reference, paths: tuple[str, ...]) -> Part:
    if isinstance(part, Reference) and part.step == INSTANCE and part.name.startswith(ID_MARK):
        return IdPath(paths[int(part.name.removeprefix(ID_MARK))])
    return part
