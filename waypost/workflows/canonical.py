"""One plain form for a definition: what is as by default is left out, by value.

msgspec leaves out defaults by identity only, so the same workflow read from a file and from the
database would be written in two ways, and look like two versions.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TypeAlias

import msgspec

from waypost.engine.definition import Workflow

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

#: Given at publishing; they belong to keys, not to the definition.
IDS = frozenset({"id", "target_id"})


def plain(part: msgspec.Struct, has_ids: bool = True) -> dict[str, Plain]:
    """A definition, or a part of one, as JSON or YAML can hold it."""
    return _plain_struct(part, frozenset() if has_ids else IDS)


def sha256_of(workflow: Workflow) -> bytes:
    """The same for the same definition, whichever way it came."""
    return hashlib.sha256(msgspec.json.encode(plain(workflow), order="sorted")).digest()


def _plain_struct(struct: msgspec.Struct, without: frozenset[str]) -> dict[str, Plain]:
    config = struct.__struct_config__
    found: dict[str, Plain] = {}
    if config.tag_field is not None:
        found[config.tag_field] = str(config.tag)
    for name, default in _defaults(type(struct)):
        value = getattr(struct, name)
        if name not in without and not _is_same(value, default):
            found[name] = _plain(value, without)
    return found


def _plain(value: object, without: frozenset[str]) -> Plain:
    if isinstance(value, msgspec.Struct):
        return _plain_struct(value, without)
    if isinstance(value, tuple | list):
        return [_plain(item, without) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(one, without) for key, one in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a definition. Use a msgspec Struct.")


def _is_same(value: object, default: object) -> bool:
    """Equal and of the same type: 1 is not true."""
    return type(value) is type(default) and value == default


@lru_cache(maxsize=256)
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, object], ...]:
    return tuple((one.encode_name, _default(one)) for one in msgspec.structs.fields(kind))


def _default(field: msgspec.structs.FieldInfo) -> object:
    """What is left out; the empty list or mapping is made by a function."""
    made = field.default_factory
    return field.default if made is msgspec.NODEFAULT else made()
